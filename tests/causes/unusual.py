"""Unusual states of a cluster that is valid all the same, most of two things at once, and the verdict on each."""

from typing import Any, NamedTuple

from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.verdict import VerdictKind
from tests.causes.cases import CALICO, CILIUM, LOCAL, NOBODY, SHARED
from tests.causes.state import (
    EXCLUDED,
    FIRST,
    SECOND,
    TAINT,
    Object,
    State,
    cloud_node_manager,
    container,
    daemon_set,
    endpoints,
    load_balancer,
    node,
    pod,
    policy,
    port,
    state,
)

WORKS, DOWN, UNREACHABLE = VerdictKind.WORKS, VerdictKind.DOWN, VerdictKind.UNREACHABLE
DEPENDS, IGNORED = VerdictKind.DEPENDS, VerdictKind.IGNORED


class Unusual(NamedTuple):
    """A state, the verdict on its Service, and the first cause, None where it is of no interest."""

    state: State
    kind: VerdictKind
    cause: Cause | None = None


_UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized"
_DUAL: Object = {"ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "RequireDualStack"}
_NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
_TWO_PODS = (pod("web-1"), pod("web-2", on=SECOND))
_OF_TWO_FAMILIES = (
    pod("web-1", status={"podIPs": [{"ip": "10.244.0.10"}, {"ip": "fd00::10"}]}),
    endpoints(("web-1", FIRST, True)),
    endpoints(("web-1", FIRST, True), family="IPv6"),
)
_NODES_OF_TWO_FAMILIES = (node(1, addresses=("10.224.0.4", "fd01::4")), node(2, addresses=("10.224.0.5", "fd01::5")))
_GONE = "aks-pool-12345678-vmss000009"


def _on_both(first: bool | None, second: bool | None) -> Object:
    return endpoints(("web-1", FIRST, first), ("web-2", SECOND, second))


def _without_selector(**spec: Any) -> Object:
    service = load_balancer(**spec)
    del service["spec"]["selector"]
    return service


def _with_status(*ingress: Object, **more: Any) -> Object:
    return {**load_balancer(**more), "status": {"loadBalancer": {"ingress": list(ingress)}}}


def _by_hand(service: str = "web") -> Object:
    """A slice beside those of the controller, of something that is no pod."""
    piece = endpoints(("x", None, True), name=f"{service}-by-hand")
    piece["metadata"]["labels"]["kubernetes.io/service-name"] = service
    piece["endpoints"][0] |= {"addresses": ["10.9.9.9"]}
    del piece["endpoints"][0]["targetRef"]
    return piece


def _waiting(reason: str, message: str, **spec: Any) -> Object:
    condition = {"type": "PodScheduled", "status": "False", "reason": reason, "message": message}
    return pod("web-1", on=None, ready=False, status={"phase": "Pending", "conditions": [condition]}, **spec)


UNUSUAL: dict[str, Unusual] = {
    # Nodes that go, come, or are none of this pool
    "local-deleting-node": Unusual(state(service=load_balancer(**LOCAL), nodes=[node(1, taints=[TAINT]), node(2)]), WORKS),
    "shared-one-deleting-node": Unusual(state(nodes=[node(1, taints=[TAINT]), node(2)], daemon_sets=SHARED), WORKS),
    "cordoned": Unusual(state(nodes=[node(n, taints=["node.kubernetes.io/unschedulable"]) for n in (1, 2)]), WORKS),
    "one-not-initialised": Unusual(state(nodes=[node(1, taints=[_UNINITIALIZED], provider_id=None), node(2)]), WORKS),
    "local-not-initialised": Unusual(
        state(service=load_balancer(**LOCAL), nodes=[node(1, taints=[_UNINITIALIZED], provider_id=None), node(2)]), DEPENDS
    ),
    "local-node-not-ready": Unusual(state(service=load_balancer(**LOCAL), nodes=[node(1, ready="Unknown"), node(2)]), DOWN),
    "local-node-not-managed": Unusual(
        state(service=load_balancer(**LOCAL), nodes=[node(1, labels={"kubernetes.azure.com/managed": "false"}), node(2)]), DOWN
    ),
    "pod-on-excluded-node": Unusual(state(nodes=[node(1, labels={EXCLUDED: "true"}), node(2)]), WORKS),
    "pod-on-node-not-ready": Unusual(state(nodes=[node(1, ready="Unknown"), node(2)]), DEPENDS, Cause.PODS_ON_LOST_NODES),
    "pod-on-node-that-is-gone": Unusual(
        state(endpoints(("web-1", _GONE, True)), pod("web-1", on=_GONE)), DEPENDS, Cause.PODS_ON_LOST_NODES
    ),
    "local-node-that-is-gone": Unusual(
        state(endpoints(("web-1", _GONE, True)), pod("web-1", on=_GONE), service=load_balancer(**LOCAL)), DOWN
    ),
    "excluded-by-false": Unusual(state(nodes=[node(n, labels={EXCLUDED: "false"}) for n in (1, 2)]), DOWN, Cause.NO_MEMBER),
    "node-of-aws": Unusual(state(nodes=[node(1, provider_id="aws:///eu-west-1a/i-0"), node(2)]), WORKS),
    "local-node-of-aws": Unusual(
        state(service=load_balancer(**LOCAL), nodes=[node(1, provider_id="aws:///eu-west-1a/i-0"), node(2)]), DEPENDS
    ),
    "other-resource-group": Unusual(
        state(nodes=[node(n, labels={"kubernetes.azure.com/resource-group": "onprem"}) for n in (1, 2)]), DOWN, Cause.NO_MEMBER
    ),
    "local-on-virtual-node": Unusual(
        state(
            endpoints(("web-1", SECOND, True)), pod("web-1", on=SECOND),
            service=load_balancer(**LOCAL), nodes=[node(1), node(2, labels={"type": "virtual-kubelet"})],
        ),
        DOWN,
    ),
    "no-network-beside-excluded": Unusual(
        state(nodes=[node(1, conditions=[{"type": "NetworkUnavailable", "status": "True"}]), node(2, labels={EXCLUDED: ""})]),
        DEPENDS, Cause.NODE_HAS_NO_NETWORK,
    ),
    # What slices say, and what pods are
    "published-not-ready": Unusual(
        state(pod("web-1", ready=False), endpoints(("web-1", FIRST, True)), service=load_balancer(publishNotReadyAddresses=True)),
        DEPENDS, Cause.PUBLISHED_NOT_READY,
    ),
    "published-one-not-ready": Unusual(
        state(
            pod("web-1", ready=False), pod("web-2", on=SECOND), _on_both(True, True),
            service=load_balancer(publishNotReadyAddresses=True),
        ),
        DEPENDS, Cause.PUBLISHED_NOT_READY,
    ),
    "slices-behind": Unusual(state(pod("web-1", ready=False), endpoints(("web-1", FIRST, True))), DEPENDS, Cause.SLICES_ARE_BEHIND),
    "slices-behind-evicted": Unusual(
        state({**pod("web-1"), "status": {"phase": "Failed", "reason": "Evicted"}}, endpoints(("web-1", FIRST, True))),
        DEPENDS, Cause.SLICES_ARE_BEHIND,
    ),
    "slice-by-hand-beside": Unusual(state(endpoints(("web-1", FIRST, True)), _by_hand()), DEPENDS, Cause.ENDPOINTS_BY_HAND),
    "slice-by-hand-beside-not-ready": Unusual(
        state(pod("web-1", ready=False), endpoints(("web-1", FIRST, False)), _by_hand()), DEPENDS, Cause.ENDPOINTS_BY_HAND
    ),
    "no-selector": Unusual(state(_by_hand(), service=_without_selector()), DEPENDS, Cause.ENDPOINTS_BY_HAND),
    "no-selector-no-slice": Unusual(state(NOBODY, service=_without_selector()), DOWN, Cause.NO_SELECTOR_NO_ENDPOINTS),
    "no-selector-local": Unusual(state(_by_hand(), service=_without_selector(**LOCAL)), DOWN),
    "one-terminating": Unusual(state(_on_both(None, True), *_TWO_PODS), WORKS),
    "local-terminating-in-pool": Unusual(
        state(_on_both(True, None), *_TWO_PODS, service=load_balancer(**LOCAL), nodes=[node(1, labels={EXCLUDED: ""}), node(2)]),
        DOWN,
    ),
    "port-conflict-on-host": Unusual(
        state(_waiting("Unschedulable", "0/2 nodes are available: 2 node(s) didn't have free ports"), NOBODY), DOWN, Cause.NOT_READY
    ),
    "scheduling-gate": Unusual(
        state(_waiting("SchedulingGated", "", schedulingGates=[{"name": "example.com/x"}]), NOBODY), DOWN, Cause.NOT_READY
    ),
    "readiness-gate": Unusual(
        state(pod("web-1", ready=False, readinessGates=[{"conditionType": "example.com/x"}]), endpoints(("web-1", FIRST, False))),
        DOWN, Cause.NOT_READY,
    ),
    "native-sidecar-listens": Unusual(
        state(pod("web-1", containers=[container(9000)], initContainers=[{**container(8080, name="proxy"), "restartPolicy": "Always"}])),
        WORKS,
    ),
    "host-network": Unusual(state(pod("web-1", hostNetwork=True), policy(podSelector={}), daemon_sets=CALICO), WORKS),
    # Two families
    "dual": Unusual(
        state(*_OF_TWO_FAMILIES, service=_with_status({"ip": "20.1.2.3"}, {"ip": "2603:1020::20"}, **_DUAL), nodes=_NODES_OF_TWO_FAMILIES),
        WORKS,
    ),
    "dual-nodes-of-one": Unusual(
        state(*_OF_TWO_FAMILIES, service=_with_status({"ip": "20.1.2.3"}, {"ip": "2603:1020::20"}, **_DUAL)),
        DEPENDS, Cause.NODE_NOT_ADDRESSED,
    ),
    "dual-status-of-one": Unusual(
        state(*_OF_TWO_FAMILIES, service=load_balancer(**_DUAL), nodes=_NODES_OF_TWO_FAMILIES), DEPENDS, Cause.STATUS_IS_EMPTY
    ),
    "status-of-other-family": Unusual(state(service=load_balancer(address="2603:1020::20")), UNREACHABLE, Cause.STATUS_IS_EMPTY),
    # Fields
    "distribution": Unusual(state(service=load_balancer(trafficDistribution="PreferClose")), WORKS),
    "internal-policy-local": Unusual(state(service=load_balancer(internalTrafficPolicy="Local")), WORKS),
    "no-node-ports-local": Unusual(state(service=load_balancer(allocateLoadBalancerNodePorts=False, **LOCAL)), WORKS),
    "no-node-ports-shared": Unusual(state(service=load_balancer(allocateLoadBalancerNodePorts=False), daemon_sets=SHARED), WORKS),
    "no-node-ports-local-no-floating-ip": Unusual(
        state(service=load_balancer(annotations=_NO_FLOATING_IP, allocateLoadBalancerNodePorts=False, **LOCAL)),
        UNREACHABLE, Cause.NO_NODE_PORT_TO_SEND_TO,
    ),
    "other-class": Unusual(state(service=load_balancer(loadBalancerClass="example.com/x")), IGNORED),
    "proxied": Unusual(state(service=_with_status({"ip": "20.1.2.3", "ipMode": "Proxy"})), UNREACHABLE, Cause.STATUS_IS_PROXIED),
    "proxied-no-floating-ip": Unusual(
        state(service=_with_status({"ip": "20.1.2.3", "ipMode": "Proxy"}, annotations=_NO_FLOATING_IP)), WORKS
    ),
    # Programs on the nodes
    "local-kube-proxy-down": Unusual(
        state(service=load_balancer(**LOCAL), daemon_sets=[daemon_set("kube-proxy", 0), cloud_node_manager()]), DOWN, Cause.NONE_IN_ROTATION
    ),
    "local-cilium": Unusual(state(service=load_balancer(**LOCAL), daemon_sets=CILIUM), WORKS),
    "shared-cilium": Unusual(
        state(daemon_sets=(cloud_node_manager(sidecar=True), daemon_set("cilium"))), DEPENDS, Cause.NO_KUBE_PROXY_WITH_CILIUM
    ),
    # Policies
    "policy-of-service-port": Unusual(
        state(policy({"ports": [{"port": 80, "protocol": "TCP"}]}), service=load_balancer(**LOCAL), daemon_sets=CALICO),
        UNREACHABLE, Cause.POLICIES_KEEP_OUT,
    ),
    "policy-of-other-protocol": Unusual(
        state(policy({"ports": [{"port": 8080, "protocol": "UDP"}]}), service=load_balancer(**LOCAL), daemon_sets=CALICO),
        UNREACHABLE, Cause.POLICIES_KEEP_OUT,
    ),
    "policies-add-up": Unusual(state(policy(), policy({}, name="open"), service=load_balancer(**LOCAL), daemon_sets=CALICO), WORKS),
    "ports-of-two-protocols": Unusual(
        state(service=load_balancer(ports=[port(53), {"name": "udp", "port": 53, "targetPort": 8080, "protocol": "UDP"}])), DOWN
    ),
}  # fmt: skip
