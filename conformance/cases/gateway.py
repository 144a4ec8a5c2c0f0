"""Container load balancers: what a service gateway refuses, builds, and leaves standing after edits."""

from collections.abc import Iterator
from typing import Any

from conformance.cases.case import Case, Json, case, delete, ensure, history, local, port, service, update

GATEWAY: Json = {
    "serviceGatewayEnabled": True,
    "loadBalancerBackendPoolConfigurationType": "podIP",
    "loadBalancerSku": "service",
}
_TWO_PORTS = (port(80, target=8080), port(443, target=8443))


def _one(name: str, ensured: Json, **settings: Any) -> Case:
    return case(f"gateway/{name}", ensured, config=GATEWAY | settings)


def _then(name: str, *steps: Json) -> Case:
    return history(f"gateway/{name}", *steps, config=GATEWAY)


def _refused() -> Iterator[Case]:
    """Each reason alone, and each with the next, so that their order shows."""
    internal = {"azure-load-balancer-internal": "true"}
    yield _one("internal", service(internal))
    yield _one("internal-in-capitals", service({"azure-load-balancer-internal": "TRUE"}))
    yield _one("internal-with-a-blank", service({"azure-load-balancer-internal": "true "}))
    yield _one("internal-and-affinity", service(internal, sessionAffinity="ClientIP"))
    yield _one("affinity", service(sessionAffinity="ClientIP"))
    yield _one("affinity-and-address", service(sessionAffinity="ClientIP", loadBalancerIP="20.9.0.1"))
    yield _one("address", service(loadBalancerIP="20.9.0.1"))
    yield _one("address-and-families", service(loadBalancerIP="20.9.0.1", families=("IPv4", "IPv6")))
    yield _one("two-families", service(families=("IPv4", "IPv6")))
    yield _one("two-families-ipv6-first", service(families=("IPv6", "IPv4")))
    timeout = "azure-load-balancer-tcp-idle-timeout"
    yield _one("two-families-and-timeout", service({timeout: "3"}, families=("IPv4", "IPv6")))
    for value in ("3", "31", "x", "", "10.5", " 10 ", "4", "30", "+5", '1"0', "99999999999"):
        yield _one(
            f"timeout-{value.strip() or 'empty'}{'-with-blanks' * (value != value.strip())}", service({timeout: value})
        )
    yield _one("timeout-and-named-port", service({timeout: "x"}, port(80, target="http")))
    yield _one("named-port", service(None, port(80, target="http")))
    yield _one(
        "two-named-ports", service(None, port(80, target="http"), port(81, target=81), port(443, target="https"))
    )
    yield _one("named-port-and-sctp", service(None, port(80, target="http"), port(90, "SCTP", target=90)))
    yield _one("sctp", service(None, port(90, "SCTP", target=90)))
    yield _one("sctp-second", service(None, port(80, target=80), port(90, "SCTP", target=90)))
    yield _one("sctp-and-same-target", service(None, port(80), port(81), port(90, "SCTP", target=90)))
    yield _one("same-target", service(None, port(80), port(81)))
    yield _one("same-target-third", service(None, port(80, target=1), port(81, target=2), port(82, target=1)))
    yield _one("same-target-other-protocol", service(None, port(53, target=5353), port(53, "UDP", target=5353)))
    yield _one("port-65535", service(None, port(65535, target=80)))
    yield _one("port-65534", service(None, port(65534, target=65535)))
    yield _one("second-port-65535", service(None, port(80, target=80), port(65535, target=81)))


def _built() -> Iterator[Case]:
    yield _one("tcp", service())
    yield _one("udp", service(None, port(53, "UDP", target=53)))
    yield _one("two-ports", service(None, *_TWO_PORTS))
    yield _one("ipv6", service(families=("IPv6",)))
    yield _one("no-families", service(families=()))
    yield _one("local", local())
    yield _one("no-node-ports", service(allocateLoadBalancerNodePorts=False))
    yield _one(
        "ranges", service({"azure-allowed-ip-ranges": "192.0.2.0/24"}, loadBalancerSourceRanges=["198.51.100.0/24"])
    )
    yield _one("app-protocol", service(None, port(80, app="http")))
    dropped = {
        "azure-allowed-service-tags": "Sql",
        "azure-deny-all-except-load-balancer-source-ranges": "true",
        "azure-dns-label-name": "web",
        "azure-load-balancer-disable-tcp-reset": "true",
        "azure-load-balancer-health-probe-interval": "x",
        "azure-load-balancer-ipv4": "20.9.0.1",
        "azure-pip-ip-tags": "FirstPartyUsage=/Sql",
        "azure-pip-name": "missing",
        "azure-pip-tags": "a=b",
        "azure-pls-create": "true",
        "port_80_no_lb_rule": "true",
        "azure-additional-public-ips": "x",
        "azure-disable-load-balancer-floating-ip": "true",
        "azure-load-balancer-enable-high-availability-ports": "true",
        "azure-load-balancer-resource-group": "other",
    }
    for key, value in dropped.items():
        yield _one(f"dropped/{key}", service({key: value}))
    yield _one("shared-probe", service(), clusterServiceLoadBalancerHealthProbeMode="shared")
    yield _one("tags", service(), tags="a=b")


def _edited() -> Iterator[Case]:
    web, api = service(name="web"), service(None, port(443, target=8443), name="api")
    yield _then("two-services", ensure(web), ensure(api))
    yield _then("again", ensure(web), ensure(web))
    yield _then("deleted", ensure(web), delete(web))
    yield _then("deleted-beside-another", ensure(web), ensure(api), delete(web))
    yield _then("made-anew", ensure(web), delete(web), ensure(web))
    yield _then("other-nodes", ensure(web), update(web, ()))
    yield _then("port-added", ensure(web), ensure(service(None, *_TWO_PORTS, name="web")))
    yield _then("port-removed", ensure(service(None, *_TWO_PORTS, name="web")), ensure(web))
    yield _then("refused-then-edited", ensure(service(sessionAffinity="ClientIP", name="web")), ensure(web))
    refused = service({"azure-load-balancer-internal": "true"}, name="web")
    yield _then("refused-update-beside-another", ensure(web), ensure(refused), ensure(api))
    yield _then("refused-update-then-deleted", ensure(web), ensure(refused), delete(refused))
    parked = service(None, port(65535, target=80), name="web")
    yield _then("parked", ensure(parked), ensure(parked))
    yield _then("parked-update", ensure(web), ensure(parked))
    yield _then(
        "parked-update-then-edited", ensure(web), ensure(parked), ensure(service(None, *_TWO_PORTS, name="web"))
    )
    yield _then("parked-then-deleted", ensure(parked), delete(parked))
    yield _then("parked-update-then-deleted", ensure(web), ensure(parked), delete(parked))
    timeout = service({"azure-load-balancer-tcp-idle-timeout": "20"}, name="web")
    yield _then("timeout-edited", ensure(web), ensure(timeout))
    yield _then("timeout-removed", ensure(timeout), ensure(web))


def _started() -> Iterator[Case]:
    """The settings that belong together, and those that exclude each other."""
    for missing in GATEWAY:
        config = {key: value for key, value in GATEWAY.items() if key != missing}
        yield case(f"gateway/without/{missing}", service(), config=config)
        yield case(f"gateway/alone/{missing}", service(), config={missing: GATEWAY[missing]})
    one = {"name": "kubernetes", "primaryVMSet": "vmss"}
    yield _one("several-load-balancers", service(), multipleStandardLoadBalancerConfigurations=[one])


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _refused()
    yield from _built()
    yield from _edited()
    yield from _started()
