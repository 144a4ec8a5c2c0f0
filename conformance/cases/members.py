"""Which nodes are members of the backend pool: the real service controller chooses whom the provider is given."""

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.cases.case import NODES, Case, Json, case, ensure, history, local, service, update

EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers"
MANAGED = "kubernetes.azure.com/managed"
RESOURCE_GROUP = "kubernetes.azure.com/resource-group"
AUTOSCALER = "ToBeDeletedByClusterAutoscaler"
UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized"
POOLS = {"card": "nodeIPConfiguration", "address": "nodeIP"}

#: What a node is from its first day on. A virtual node that is not excluded is left out: up to 1.27 at least no Service
#: is reconciled beside a node that has no virtual machine ("instance not found").
FROM_THE_START: Mapping[str, Json] = {
    "plain": {},
    "excluded": {"labels": {EXCLUDE: "true"}},
    "excluded-without-value": {"labels": {EXCLUDE: ""}},
    "excluded-false": {"labels": {EXCLUDE: "false"}},
    "excluded-no": {"labels": {EXCLUDE: "no"}},
    "not-managed": {"labels": {MANAGED: "false"}},
    "not-managed-in-capitals": {"labels": {MANAGED: "False"}},
    "managed": {"labels": {MANAGED: "true"}},
    "control-plane": {"labels": {"node-role.kubernetes.io/control-plane": ""}},
    "master": {"labels": {"node-role.kubernetes.io/master": ""}},
    "master-by-role": {"labels": {"kubernetes.io/role": "master"}},
    "agent-by-role": {"labels": {"kubernetes.io/role": "agent"}},
    "other-resource-group": {"labels": {RESOURCE_GROUP: "other"}},
    "own-resource-group": {"labels": {RESOURCE_GROUP: "RG"}},
    "not-ready-and-uninitialized": {"notReady": True, "taints": [UNINITIALIZED]},
    "virtual-and-excluded": {"labels": {"type": "virtual-kubelet", EXCLUDE: "true"}, "noInstance": True},
}
#: What becomes of a node that was a member. Nodes without a provider ID are left out: what some patches of 1.25 to 1.27 do
#: with them is told apart by the module of the service controller, not by the provider's release.
LATER: Mapping[str, Json] = {
    "excluded": {"labels": {EXCLUDE: "true"}},
    "excluded-false": {"labels": {EXCLUDE: "false"}},
    "not-managed": {"labels": {MANAGED: "false"}},
    "not-ready": {"notReady": True},
    "chosen-by-the-autoscaler": {"taints": [AUTOSCALER]},
    "being-deleted": {"deleting": True},
    "being-deleted-by-the-autoscaler": {"deleting": True, "taints": [AUTOSCALER]},
    "cordoned": {"taints": ["node.kubernetes.io/unschedulable"]},
}


def _cases() -> Iterator[Case]:
    first, second = NODES
    for pool, kind in POOLS.items():
        config = {"loadBalancerBackendPoolConfigurationType": kind}
        for policy, made in (("cluster", service()), ("local", local())):
            at = f"members/{pool}/{policy}"
            for name, looks in FROM_THE_START.items():
                nodes = (first, {**second, **looks})
                yield case(f"{at}/{name}", made, config=config, nodes=nodes)
            for name, looks in LATER.items():
                steps: tuple[Any, ...] = (ensure(made), update(made, (first, {**second, **looks})))
                yield history(f"{at}/later/{name}", *steps, config=config, nodes=NODES)


def cases() -> Iterator[Case]:
    """All of them."""
    return (one._replace(shows=("members",)) for one in _cases())
