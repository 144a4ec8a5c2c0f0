"""Random Services on random clusters, with nasty values."""

from collections.abc import Mapping
from types import MappingProxyType

from hypothesis import strategies as st

from kubectl_akslb.model.cluster import (
    BASIC,
    NODE_IP,
    NODE_IP_CONFIGURATION,
    SERVICE_NODE_PORT,
    SHARED,
    STANDARD,
    Cluster,
    ExistingPublicIP,
    LoadBalancerConfiguration,
    Node,
)
from kubectl_akslb.model.service import CLUSTER, IPV4, IPV6, LOCAL, SCTP, TCP, UDP, Service, ServicePort
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.annotations import ANNOTATIONS, PortAnnotation
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.provider.version import NEWEST_PATCH

NUMBERS = [
    "", " ", "0", "2", "4", "5", "30", " 31 ", "+60", "-1", "100", "101", "2147483647", "2147483648", "9" * 25,
    "1_0", "0x10", "5.0", "\u0663", "80", "443", "65535", "65536", "http",
]  # fmt: skip
#: The last ones change their length or their letters when their case is changed, or are no white space in Go.
WORDS = [
    "true", "True", " true", "TRUE", "false", "http", "HTTPS ", "tcp", "grpc", "null", "\x00",
    "\ufb05", "\u0130", "http\u017f", "\x1f",
]  # fmt: skip
PATHS = ["/", "/healthz", "/a?b=c d", "no-slash", "/" * 200]
ADDRESSES = [
    "20.0.0.1", "10.0.0.4", "10.0.0.4 ", "300.1.1.1", "1.2.3", "01.2.3.4", "::", "2001:db8::1", "fe80::1%eth0",
    "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8:9", "fd00::1,20.0.0.1", "10.0.0.4,,10.0.0.5",
]  # fmt: skip
RANGES = [
    "10.0.0.0/8", "10.1.2.3/8", "0.0.0.0/0", "::/0", "10.0.0.0/8, 10.0.0.0/9", "192.0.2.0/25,192.0.2.128/25",
    "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "2001:db8::/32", "::ffff:10.0.0.0/104", "10.0.0.0", ",", "/",
]  # fmt: skip
LISTS = ["a,b", "a b", "Internet", "AzureCloud, Sql", "a=b,c=null, d = e,=f,g=h=i", "Microsoft=x", "ip", "IP-IPv6"]
NASTY = NUMBERS + WORDS + PATHS + ADDRESSES + RANGES + LISTS + ["n" * 100, "sub_net-1.x", "/ids/prefix/", "/ids/prefix"]
values = st.sampled_from(NASTY) | st.text(max_size=12)


@st.composite
def service_ports(draw: st.DrawFn) -> tuple[ServicePort, ...]:
    numbers = draw(st.lists(st.sampled_from([1, 53, 80, 443, 8080, 65535]), min_size=1, max_size=4))
    return tuple(
        ServicePort(
            index,
            draw(st.sampled_from(["", "http", "https", "80", "p" * 15])),
            draw(st.sampled_from([TCP, TCP, UDP, SCTP, "DCCP"])),
            number,
            draw(st.none() | st.sampled_from([0, 30080, 32767])),
            draw(st.sampled_from([None, 80, "http"])),
            draw(st.none() | st.sampled_from(["http", "HTTPS", "tcp", "grpc", "kubernetes.io/h2c", ""])),
        )
        for index, number in enumerate(numbers)
    )


@st.composite
def annotations(draw: st.DrawFn, ports: tuple[ServicePort, ...]) -> Mapping[str, str]:
    keys = []
    for row in draw(st.lists(st.sampled_from(ANNOTATIONS), max_size=10)):
        number = draw(st.sampled_from([*(port.port for port in ports), 7]))
        keys.append(row.for_port(number) if isinstance(row, PortAnnotation) else str(row))
    # Read-only: a derivation that writes into its input fails.
    return MappingProxyType({key: draw(values) for key in keys})


FAMILIES = [(), (IPV4,), (IPV6,), (IPV4, IPV6), (IPV6, IPV4)]


@st.composite
def services(draw: st.DrawFn, name: str = "web") -> Service:
    ports = draw(service_ports())
    return Service(
        name=name,
        namespace=draw(st.sampled_from(["shop", "n" * 63])),
        uid=draw(st.sampled_from([None, "", "9f3f4a1e-0001-4f00-8000-00000000000a"])),
        type=draw(st.sampled_from(["LoadBalancer"] * 9 + ["ClusterIP", ""])),
        annotations=draw(annotations(ports)),
        ports=ports,
        load_balancer_class=draw(st.sampled_from([None] * 9 + ["example.com/other", ""])),
        load_balancer_ip=draw(st.just("") | st.sampled_from(ADDRESSES)),
        load_balancer_source_ranges=tuple(draw(st.lists(st.sampled_from(RANGES), max_size=3))),
        external_traffic_policy=draw(st.sampled_from([CLUSTER, LOCAL, "local", ""])),
        health_check_node_port=draw(st.none() | st.sampled_from([0, 31000])),
        session_affinity=draw(st.sampled_from(["None", "ClientIP", ""])),
        allocate_load_balancer_node_ports=draw(st.booleans()),
        ip_families=draw(st.sampled_from(FAMILIES)),
        cluster_ips=draw(st.sampled_from([(), ("10.0.0.10",), ("fd00::10",), ("None",), ("10.0.0.10", "fd00::10")])),
        ingress_ips=draw(st.sampled_from([(), ("20.0.0.1",), ("2001:db8::1",), ("20.0.0.1", "2001:db8::1")])),
    )


versions = st.integers(23, 36).flatmap(
    lambda minor: st.builds(ProviderVersion, st.just(1), st.just(minor), st.integers(0, NEWEST_PATCH[minor]))
)
POOLS = (LoadBalancerConfiguration("kubernetes"), LoadBalancerConfiguration("lb-2", allow_service_placement=False))
NODES = (Node("node-0", ("10.0.0.4", "fd00::4")), Node("node-1", ("10.0.0.5",)))


@st.composite
def clusters(draw: st.DrawFn) -> Cluster:
    version = draw(versions)
    return Cluster(
        version,
        behaviours_of(version),
        given=frozenset(draw(st.lists(st.sampled_from(Cluster._fields[3:]), max_size=4))),
        cluster_name=draw(st.sampled_from(["kubernetes", "c" * 60])),
        load_balancer_name=draw(st.sampled_from(["", "own"])),
        load_balancer_sku=draw(st.sampled_from([STANDARD, "Standard", BASIC])),
        disable_outbound_snat=draw(st.booleans()),
        probe_mode=draw(st.sampled_from([SERVICE_NODE_PORT, SHARED, "Shared"])),
        shared_probe_port=draw(st.sampled_from([10256, 10356])),
        pool_type=draw(st.sampled_from([NODE_IP_CONFIGURATION, NODE_IP, "podIP"])),
        tags=draw(st.sampled_from([{}, {"team": "web", "Team": "shop"}])),
        zones=draw(st.sampled_from([None, (), ("1", "2", "3")])),
        nodes=draw(st.sampled_from([None, (), NODES])),
        existing_public_ips=draw(st.sampled_from([(), (ExistingPublicIP("ip", "20.0.0.1"),)])),
        load_balancers=draw(st.sampled_from([(), POOLS])),
    )
