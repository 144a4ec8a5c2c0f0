"""What is done about each state as the program says it, and what is explained then: the cause is gone.

Where a command is printed for it, just that command is run; else the objects are written as an editor would leave them,
or as the kubelet, a controller or the provider does once a person has done in Azure or in the application what is said.
"""

from typing import Any, NamedTuple

from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.verdict import VerdictKind
from tests.causes.cases import CASES, CILIUM, EVENTS, SHARED
from tests.causes.in_azure import InAzure, denied, in_azure, own_address, own_group, pod_routes
from tests.causes.state import (
    FIRST,
    PREFIX,
    SECOND,
    Object,
    block,
    cloud_node_manager,
    daemon_set,
    endpoints,
    event,
    node,
    pod,
    policy,
    port,
)


class Done(NamedTuple):
    """What is done, and what comes of it.

    *printed*: the command that is printed with the fix is run as it stands. *put* are objects as they stand then,
    *change* a merge patch of the Service, *nodes* and *daemon_sets* those that replace the others, *address* what the
    provider writes into the status, *azure* what az tells then, None where that is as before. *adds*: a printed
    command of az has added a security rule. *gone*: the Service is. *kind* is explained then, for *cause* where it is
    not that all works.
    """

    printed: bool = False
    put: tuple[Object, ...] = ()
    change: Object | None = None
    nodes: tuple[Object, ...] | None = None
    daemon_sets: tuple[Object, ...] | None = None
    address: str = ""
    azure: InAzure | None = None
    adds: bool = False
    options: tuple[str, ...] | None = None
    gone: bool = False
    kind: VerdictKind = VerdictKind.WORKS
    cause: Cause | None = None


READY = endpoints(("web-1", FIRST, True))
RUNS = (pod("web-1"), READY)
NODES = (node(1), node(2))
DAEMONS = (daemon_set("kube-proxy"), cloud_node_manager())
SUCCEEDED = event("EnsuredLoadBalancer", "Ensured load balancer", minutes=0, normal=True)
WAITS: Any = {"kind": VerdictKind.PENDING, "cause": Cause.WAITING}
"""The provider has not tried again yet."""


def annotated(**pairs: str) -> Object:
    return {"metadata": {"annotations": {PREFIX + key.replace("_", "-"): value for key, value in pairs.items()}}}


def by_touch() -> Done:
    return Done(printed=True, azure=in_azure())


REMEDIES: dict[str, Done] = {
    "selector": Done(printed=True, put=(READY,)),
    "target-port-number": Done(
        change={"spec": {"ports": [port(target=9090)]}},
        put=(endpoints(("web-1", FIRST, True), ports=[{"name": "http", "port": 9090, "protocol": "TCP"}]),),
    ),
    "target-port-name": Done(printed=True, put=(READY,)),
    "second-port": Done(
        printed=True,
        put=(endpoints(("web-1", FIRST, True), ports=[{"name": name, "port": 8080, "protocol": "TCP"} for name in ("http", "https")]),),
    ),
    **dict.fromkeys(("not-listening", "crash-loop", "image-pull", "ipam", "evicted", "secret-not-there"), Done(put=RUNS)),
    "local-on-excluded": Done(printed=True),
    "all-excluded": Done(printed=True),
    "managed-false": Done(printed=True),
    **dict.fromkeys(("virtual-nodes", "no-provider-id", "node-of-no-scale-set", "node-not-ready", "node-network"), Done(nodes=NODES)),
    "deleting-taint": Done(nodes=(node(2),), put=(endpoints(("web-1", SECOND, True)), pod("web-1", on=SECOND))),
    "no-node-ports": Done(printed=True),
    "policy-except": Done(put=(policy({"from": [block("0.0.0.0/0")]}),)),
    "policy-named-port": Done(printed=True),
    "policy-end-port": Done(printed=True),
    "policy-default-deny": Done(
        put=(policy({"from": [block("10.224.0.0/16")], "ports": [{"port": 8080, "protocol": "TCP"}]}, podSelector={}),)
    ),
    "policy-namespace-selector": Done(printed=True),
    "redirect": Done(printed=True),
    "tls-port": Done(printed=True),
    **dict.fromkeys(("strict", "strict-of-aks", "strict-beside-init-container", "strict-ambient"), Done(
        put=(
            {
                "apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication", "metadata": {"name": "web"},
                "spec": {
                    "selector": {"matchLabels": {"app": "web"}}, "mtls": {"mode": "STRICT"},
                    "portLevelMtls": {"8080": {"mode": "PERMISSIVE"}},
                },
            },
        ),
    )),
    "policy-keeps-out-probes": Done(printed=True),
    "terminating-on-local": Done(put=(READY,)),
    "terminating": Done(put=(READY,)),
    "status-of-a-name": Done(printed=True, address="20.1.2.3"),
    "ipv6-mismatch": Done(
        put=(
            {**pod("web-1"), "status": {**pod("web-1")["status"], "podIPs": [{"ip": "10.244.0.10"}, {"ip": "fd00::10"}]}},
            endpoints(("web-1", FIRST, True), family="IPv6"),
        ),
    ),
    "no-readiness": Done(put=(pod("web-1"),)),
    **dict.fromkeys(("address-of-cilium", "cilium-takes-address"), Done(address="20.1.2.3")),
    "stale-status": Done(printed=True, address="10.224.0.100"),
    "failed-since": Done(put=(SUCCEEDED,)),
    "shared-address": Done(change={"spec": {"ports": [port(8443)]}}),
    "deletion-hangs": Done(gone=True),
    "sidecar-down": Done(daemon_sets=SHARED),
    "sidecar-down-somewhere": Done(daemon_sets=SHARED),
    "kube-proxy-down": Done(daemon_sets=DAEMONS),
    "kube-proxy-gone": Done(daemon_sets=DAEMONS),
    "cilium-down": Done(daemon_sets=CILIUM),
    "network-plugin-down": Done(daemon_sets=(*DAEMONS, daemon_set("azure-cns"))),
    **dict.fromkeys(("slices-by-hand", "slices-of-other-protocol", "slices-of-other-name"), Done(put=(READY,))),
    "nodes-without-address": Done(nodes=NODES),
    "nodes-of-other-family": Done(nodes=(node(1, addresses=("10.224.0.4", "fd01::4")), node(2, addresses=("10.224.0.5", "fd01::5")))),
    "basic-shared": Done(options=("--sku", "standard")),
    "before-shared-mode": Done(daemon_sets=SHARED),
    "windows": Done(put=(endpoints(("web-1", FIRST, True), ("web-2", SECOND, True)), pod("web-2", on=SECOND))),
    "toggled": Done(daemon_sets=SHARED),
    "toggled-back": Done(options=("--probe-mode", "shared")),
    "ranges-and-tags": Done(printed=True),
    "no-port-left": Done(printed=True),
    "health-threshold": Done(change=annotated(azure_load_balancer_health_probe_num_of_probe="2")),
    "idle-timeout": Done(change=annotated(azure_load_balancer_tcp_idle_timeout="30")),
    "internal-spelled": Done(printed=True, address="10.224.0.100"),
    **dict.fromkeys(EVENTS, Done(put=(SUCCEEDED,), address="20.1.2.3")),
    # In Azure
    **{name: by_touch() for name, case in CASES.items() if case.azure is not None},
    "azure-foreign-denial": Done(printed=True, adds=True, azure=in_azure(denied("deny-all", 200, sourceAddressPrefix="Internet"))),
    "azure-foreign-denial-of-some": Done(azure=in_azure()),
    "azure-subnet-group-of-your-own": Done(printed=True, adds=True, azure=in_azure(own_group())),
    "azure-probes-denied": Done(printed=True, adds=True, azure=in_azure(denied("no-probes", 150, sourceAddressPrefix="AzureLoadBalancer"))),
    "azure-machine-deallocated": Done(printed=True, azure=in_azure(), nodes=NODES),
    "azure-answers-by-firewall": Done(azure=in_azure()),
    "azure-cluster-failed": Done(azure=in_azure(), address="20.1.2.3"),
    **{
        f"azure-{name}": Done(azure=in_azure(pod_routes(n1="4", n2="5")))
        for name in ("route-of-kubenet-missing", "route-of-kubenet-stale", "routes-of-kubenet-all-missing")
    },
    "azure-quota": Done(azure=in_azure(), address="20.1.2.3"),
    "azure-address-in-other-group": Done(printed=True, **WAITS),
    "azure-address-not-there": Done(azure=in_azure(own_address()), **WAITS),
    "azure-address-in-use": Done(azure=in_azure(own_address()), **WAITS),
}  # fmt: skip
del REMEDIES["healthy-in-azure"]
