"""The Kubernetes guide on GitBook, page Troubleshooting: Azure: two tables that compare SKUs, and lists of causes."""

from typing import Any

from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.cluster import BASIC, Cluster, Node
from kubectl_akslb.provider.errata import GITBOOK
from kubectl_akslb.provider.version import choose
from tests.doc_claims.row import LIST, TABLE, Case, Check, Row, Table, built, case, same
from tests.given.services import HEALTH_CHECK_NODE_PORT, local, on, port, service

HA_PORTS = {"azure-load-balancer-enable-high-availability-ports": "true"}
INTERNAL = {"azure-load-balancer-internal": "true"}


def _basic(**settings: Any) -> Cluster:
    return on(load_balancer_sku=BASIC, **settings)


def _many_nodes(count: int) -> tuple[Node, ...]:
    return tuple(Node(f"node{number}", (f"10.{number // 250}.{number % 250}.4",)) for number in range(count))


def _difference() -> set[str]:
    """In what the derivations for Basic and Standard differ, for a plain Service."""
    basic, standard = built(service(), _basic()), built(service(), on())
    return {name for name in basic if basic[name] != standard[name]}


#: All that the SKU changes for a plain Service: what a row is about beyond this is Azure's side.
SKU_DIFFERENCE = Check(
    "Basic and Standard differ only in", {"sku", "tcp_reset", "public_ip_skus", "public_ip_zones"}, _difference
)
_AZURE = "a property of Azure's service: nothing that the provider sets"


def _azure_row(name: str, claim: str) -> Row:
    return Row(name, claim, checks=(SKU_DIFFERENCE,), not_derived=_AZURE)


def _pool_size(count: int, cluster: Cluster) -> Case:
    return case(service(), cluster._replace(nodes=_many_nodes(count)), refused=None, probe="Tcp 30080")


LOAD_BALANCER = Table(GITBOOK, "load-balancer-skus", "Azure Load Balancing", TABLE, (
    Row("pool-size", "up to 100 instances on Basic, 1000 on Standard", (_pool_size(101, _basic()), _pool_size(1001, on())),
        not_derived="Azure's limit: the provider does not count instances"),
    _azure_row("pool-boundary", "an availability set on Basic; the virtual network or region on Standard"),
    Row(
        "pool-design", "machines of one availability set on Basic; any machine of the network on Standard",
        checks=(
            Check("azure-load-balancer-mode on Standard", True,
                  lambda: same(service({"azure-load-balancer-mode": "agents"}), service())),
            SKU_DIFFERENCE,
        ),
        not_derived="which machines can be members is Azure's side; on Standard the provider ignores the choice of a set",
    ),
    Row(
        "ha-ports", "not on Basic, available on Standard", (
            case(service({**INTERNAL, **HA_PORTS}, port(80), port(443)), rules=("All 0 to 0",)),
            case(service({**INTERNAL, **HA_PORTS}, port(80), port(443)), _basic(),
                 rules=("Tcp 80 to 80", "Tcp 443 to 443")),
            case(service(HA_PORTS, port(80), port(443)), rules=("Tcp 80 to 80", "Tcp 443 to 443")),
        ), disagrees=("ha-ports-on-standard",),
    ),
    _azure_row("diagnostics", "limited and for public ones on Basic, available on Standard"),
    _azure_row("vip-availability", "not on Basic, available on Standard"),
    _azure_row("fast-ip-mobility", "not on Basic, available on Standard"),
    Row(
        "zones", "zonal on Basic; zonal, zone-redundant and across zones on Standard", (
            case(service(INTERNAL), _basic(), sku="Basic"),
            case(service(), _basic(), public_ip_zones=(None,)),
            case(service(), public_ip_zones=(("1", "2", "3"),)),
        ), disagrees=("zones-on-basic",),
    ),
    Row(
        "outbound-snat-algorithm", "on demand on Basic, preallocated on Standard", (
            case(service(), on(disable_outbound_snat=True), no_outbound_snat=(True,)),
            case(service(), _basic(disable_outbound_snat=True), no_outbound_snat=(False,)),
            case(service(), no_outbound_snat=(False,)),
        ),
    ),
    Row(
        "outbound-snat-frontend", "chosen by Azure on Basic; candidates can be ruled out on Standard", (
            case(service(), on(disable_outbound_snat=True), no_outbound_snat=(True,)),
            case(service(), _basic(disable_outbound_snat=True), no_outbound_snat=(False,)),
        ),
    ),
    Row(
        "security-group", "optional on Basic, required on Standard", (
            case(service(), _basic(), allowed=("Internet",), opened=(("80",),)),
            case(service(), allowed=("Internet",), opened=(("80",),)),
        ), not_derived="whether there must be a group is Azure's side: the provider writes its rules for both SKUs",
    ),
))  # fmt: skip

PUBLIC_IP = Table(GITBOOK, "public-ip-skus", "Azure Load Balancing", TABLE, (
    Row(
        "zones", "zonal on Basic; zone-redundant by default, zonal if asked for on Standard", (
            case(service(), public_ip_zones=(("1", "2", "3"),), public_ip_skus=("Standard",)),
            case(service(), _basic(), public_ip_zones=(None,), public_ip_skus=(None,)),
            case(service(), on(zones=()), public_ip_zones=(None,)),
        ), disagrees=("zones-on-basic",),
    ),
    _azure_row("fast-ip-mobility", "not on Basic, available on Standard"),
    _azure_row("vip-availability", "not on Basic, available on Standard"),
    _azure_row("counters", "not on Basic, available on Standard"),
    Row(
        "security-group", "optional on Basic, required on Standard", (
            case(service(), _basic(), allowed=("Internet",)), case(service(), allowed=("Internet",)),
        ), not_derived="whether there must be a group is Azure's side: the provider writes its rules for both SKUs",
    ),
))  # fmt: skip


def _too_old(kubernetes: str) -> str:
    try:
        return str(choose(kubernetes=kubernetes).version)
    except AkslbError as error:
        return str(error).splitlines()[0]


def _old_release(kubernetes: str) -> Check:
    expected = f"{kubernetes} is older than 1.23.0, the oldest provider version that is known"
    return Check(f"Kubernetes {kubernetes}", expected, lambda: _too_old(kubernetes))


_OLD = "a fault of a release before the provider left Kubernetes: we say that it is not known"
_CREDENTIALS = Check("no derivation is refused for want of rights", None, lambda: built(service(), on())["refused"])

PENDING = Table(GITBOOK, "pending", "LoadBalancer Service remains in pending status", LIST, (
    Row("configuration", "wrong credentials in the configuration", checks=(_CREDENTIALS,),
        not_derived="credentials are not part of a derivation"),
    Row("rights", "credentials without rights on load balancer, security group, public IP or machines",
        checks=(_CREDENTIALS,), not_derived="rights are not part of a derivation"),
    Row("security-rule-of-1.8", "in 1.8 a security rule without a source prefix", (
        case(service(), allowed=("Internet",)),
    ), (_old_release("1.8"),), not_derived=_OLD),
))  # fmt: skip

UNREACHABLE = Table(GITBOOK, "unreachable", "Public IP of Load Balancer cannot be accessed", LIST, (
    Row("machine", "the machine does not work", (case(service(), on(nodes=()), probe="Tcp 30080"),),
        not_derived="the state of nodes: the probe is the same with none"),
    Row("container-port", "the container does not listen on the port",
        checks=(Check("another targetPort", True,
                      lambda: same(service({}, port()._replace(target_port=9999)), service())),),
        not_derived="the provider does not read targetPort"),
    Row("firewall", "a firewall or security group blocks the port; open it", (
        case(service(), allowed=("Internet",), opened=(("80",),), denied=False),
        case(service(load_balancer_source_ranges=("10.0.0.1/24",)), allowed=(), denied=True),
    )),
    Row("silent-pods", "some containers do not answer, and probes hit those too", (
        case(service(), probe="Tcp 30080"),
        case(local(), probe=f"Http {HEALTH_CHECK_NODE_PORT} /healthz"),
    ), disagrees=("probes-of-node-ports",)),
    Row("probe", "Azure probes node address and node port of the Service", (
        case(service({}, port(80), port(443)), probes=("Tcp 30080", "Tcp 30443")),
        case(local(), probe=f"Http {HEALTH_CHECK_NODE_PORT} /healthz"),
        case(service(), on(probe_mode="shared"), probe="Http 10256 /healthz"),
    ), disagrees=("probes-of-node-ports",)),
    Row("balanced", "Kubernetes spreads probes over all containers of the Service",
        (case(service(), probe="Tcp 30080"),), not_derived="kube-proxy's side"),
    Row("removed", "a probe that hits a bad container takes the machine out",
        (case(service(), every=((5, 2),)),), not_derived="Azure's side; after as many failures as the probe says"),
))  # fmt: skip

REQUESTS = Table(GITBOOK, "requests", "Excessive Azure ARM API call requests", LIST, (
    Row("metadata", "use the instance metadata", checks=(_old_release("1.9"),),
        not_derived="a setting of old nodes: not part of a derivation"),
    Row("routes", "reconcile routes less often", checks=(_old_release("1.9"),),
        not_derived="a flag of the controller: not part of a derivation"),
))  # fmt: skip

TABLES = (LOAD_BALANCER, PUBLIC_IP, PENDING, UNREACHABLE, REQUESTS)
