"""Objects to Services: one decoder for files, Helm's streams and the API's JSON."""

from collections.abc import Iterator, Mapping

from kubectl_akslb.manifest.fields import Fields, Locator, described, nowhere
from kubectl_akslb.manifest.nodes import Path
from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.model.service import (
    CLUSTER,
    IPV4,
    IPV6,
    LOAD_BALANCER,
    LOCAL,
    SCTP,
    TCP,
    UDP,
    IPFamily,
    Service,
    ServicePort,
)

TYPES = ("ClusterIP", "NodePort", LOAD_BALANCER, "ExternalName")
EXTERNAL_NAME = "ExternalName"
HEADLESS = "None"
SINGLE_STACK, PREFER_DUAL_STACK, REQUIRE_DUAL_STACK = "SingleStack", "PreferDualStack", "RequireDualStack"
_MAX_PORT = 65535


def services(data: object, locate: Locator = nowhere) -> tuple[Service, ...]:
    """Every Service in an object or a list of objects; raises InputError at the first that cannot be one."""
    return tuple(decode(item, path, locate) for path, item in service_objects(data))


def service_objects(data: object) -> Iterator[tuple[Path, Mapping[str, object]]]:
    """The v1 Services in *data* with the path to each; lists are walked, every other kind is passed over."""
    for at, item in objects(data):
        if item["kind"] == "Service" and item.get("apiVersion") in ("v1", None):
            yield at, item


def decode(data: Mapping[str, object], path: Path = (), locate: Locator = nowhere) -> Service:
    """The Service in *data*, which stands at *path* of its document; raises InputError.

    What *data* does not say stays empty: ``with_defaults`` fills it in as the API server would.
    """
    root = Fields(data, path, locate)
    if not root.text("apiVersion"):
        root.fail(("apiVersion",), "is missing", "Write apiVersion: v1.")
    metadata, spec = _required(root, "metadata"), _required(root, "spec")
    if not metadata.text("name"):
        root.fail(
            ("metadata", "name"), "is missing", "Give the Service a name; generateName is not enough to judge it."
        )
    allocate = spec.boolean("allocateLoadBalancerNodePorts")
    return Service(
        name=metadata.text("name"),
        namespace=metadata.text("namespace"),
        uid=metadata.optional_text("uid"),
        type=spec.choice("type", TYPES),
        annotations=metadata.text_map("annotations"),
        ports=_ports(spec),
        labels=metadata.text_map("labels"),
        selector=spec.text_map("selector"),
        load_balancer_class=spec.optional_text("loadBalancerClass"),
        load_balancer_ip=spec.text("loadBalancerIP"),
        load_balancer_source_ranges=spec.texts("loadBalancerSourceRanges"),
        external_traffic_policy=spec.choice("externalTrafficPolicy", (CLUSTER, LOCAL)),
        health_check_node_port=spec.integer("healthCheckNodePort"),
        session_affinity=spec.choice("sessionAffinity", ("None", "ClientIP")),
        allocate_load_balancer_node_ports=True if allocate is None else allocate,
        ip_families=_ip_families(spec),
        ip_family_policy=spec.choice("ipFamilyPolicy", (SINGLE_STACK, PREFER_DUAL_STACK, REQUIRE_DUAL_STACK)),
        cluster_ips=spec.texts("clusterIPs") or tuple(filter(None, [spec.text("clusterIP")])),
        ingress_ips=_ingress_ips(root),
        deleting=metadata.optional_text("deletionTimestamp") is not None,
    )


def with_defaults(service: Service) -> Service:
    """A Service as the API server would store it on a cluster whose first family is IPv4.

    Of what only a cluster knows (the uid, the node ports, the cluster IPs) nothing is made up. PreferDualStack without
    families stays IPv4: whether the cluster has IPv6 is the caller's to say.
    """
    exposed = service.type in {"NodePort", LOAD_BALANCER}
    return service._replace(
        namespace=service.namespace or "default",
        type=service.type or "ClusterIP",
        ports=tuple(_port_with_defaults(port) for port in service.ports),
        external_traffic_policy=service.external_traffic_policy or (CLUSTER if exposed else ""),
        session_affinity=service.session_affinity or "None",
        ip_family_policy=service.ip_family_policy or SINGLE_STACK,
        ip_families=_families_with_defaults(service),
    )


def _required(root: Fields, key: str) -> Fields:
    if root.data.get(key) is None:
        root.fail((key,), "is missing", f"A Service needs {key}:.")
    return root.mapping(key)


def _ports(spec: Fields) -> tuple[ServicePort, ...]:
    fields = spec.mappings("ports")
    if not fields and spec.text("type") != EXTERNAL_NAME and spec.text("clusterIP") != HEADLESS:
        missing = "is missing" if spec.data.get("ports") is None else "is empty"
        spec.fail(("ports",), missing, "A Service needs at least one entry under spec.ports, such as - port: 80.")
    return tuple(_port(index, port) for index, port in enumerate(fields))


def _port(index: int, fields: Fields) -> ServicePort:
    number = fields.integer("port")
    if number is None:
        fields.fail(("port",), "is missing", "Write the port that clients use, such as port: 80.")
    if not 1 <= number <= _MAX_PORT:
        fields.fail(("port",), f"must be from 1 to {_MAX_PORT}, but it is {number}", "Write a valid port number.")
    node_port = fields.integer("nodePort")
    if node_port is not None and not 0 <= node_port <= _MAX_PORT:
        fields.fail(
            ("nodePort",), f"must be from 0 to {_MAX_PORT}, but it is {node_port}", "Write a valid port number."
        )
    return ServicePort(
        index=index,
        name=fields.text("name"),
        protocol=fields.choice("protocol", (TCP, UDP, SCTP)),
        port=number,
        node_port=node_port,
        target_port=_target_port(fields),
        app_protocol=fields.optional_text("appProtocol"),
    )


def _target_port(fields: Fields) -> int | str | None:
    value = fields.data.get("targetPort")
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        found = f"must be a number or the name of a port, but it is {described(value)}"
        fields.fail(("targetPort",), found, "Write a port number, or a port's name as a string.")
    return fields.integer("targetPort")


def _ip_families(spec: Fields) -> tuple[IPFamily, ...]:
    families = spec.texts("ipFamilies")
    for index, family in enumerate(families):
        if family not in {IPV4, IPV6}:
            spec.fail(("ipFamilies", index), f"must be IPv4 or IPv6, but it is {family!r}", "Write IPv4 or IPv6.")
    return tuple(map(IPFamily, families))


def _ingress_ips(root: Fields) -> tuple[str, ...]:
    if root.data.get("status") is None:
        return ()
    ingress = root.mapping("status").mapping("loadBalancer").mappings("ingress")
    return tuple(filter(None, (entry.text("ip") for entry in ingress)))


def _port_with_defaults(port: ServicePort) -> ServicePort:
    return port._replace(protocol=port.protocol or TCP, target_port=port.target_port or port.port)


def _families_with_defaults(service: Service) -> tuple[str, ...]:
    given = tuple(IPV6 if ":" in address else IPV4 for address in service.cluster_ips if address != HEADLESS)
    families = service.ip_families or given or (IPV4,)
    if service.type == EXTERNAL_NAME:
        return service.ip_families
    if service.ip_family_policy == REQUIRE_DUAL_STACK and len(families) == 1:
        return (*families, IPV4 if families[0] == IPV6 else IPV6)
    return families
