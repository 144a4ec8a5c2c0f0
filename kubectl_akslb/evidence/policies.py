"""The kinds of policies that may close pods or nodes beside Kubernetes' own: their APIs, and what enforces them.

A cluster has a kind if its API server has the API group. Azure Network Policy Manager enforces Kubernetes' own alone.
"""

from collections.abc import Collection

from kubectl_akslb.evidence.objects import Object, text
from kubectl_akslb.evidence.state import PolicyEngine
from kubectl_akslb.named_tuple import NamedTuple

CILIUM_GROUP, ADMIN_GROUP = "cilium.io", "policy.networking.k8s.io"
CALICO_GROUPS = ("crd.projectcalico.org", "projectcalico.org")
"""Calico's own API group comes with an API server, or with newer definitions; the other is how it stores the same."""


class PolicyKind(NamedTuple):
    """A kind of policies, *resource* of one of *groups*; *engines* enforce it.

    *version* is the one of the group that it came with, "" where all have it. *name* tells it from others of its kind.
    """

    kind: str
    resource: str
    groups: tuple[str, ...]
    engines: frozenset[PolicyEngine]
    version: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """What it is called among the kinds that were read."""
        return self.name or self.kind


_CILIUM, _CALICO = frozenset({PolicyEngine.CILIUM}), frozenset({PolicyEngine.CALICO})
FURTHER_POLICIES = (
    PolicyKind("CiliumNetworkPolicy", "ciliumnetworkpolicies", (CILIUM_GROUP,), _CILIUM),
    PolicyKind("CiliumClusterwideNetworkPolicy", "ciliumclusterwidenetworkpolicies", (CILIUM_GROUP,), _CILIUM),
    PolicyKind("NetworkPolicy", "networkpolicies", CALICO_GROUPS, _CALICO, name="NetworkPolicy.projectcalico.org"),
    PolicyKind("GlobalNetworkPolicy", "globalnetworkpolicies", CALICO_GROUPS, _CALICO),
    PolicyKind("HostEndpoint", "hostendpoints", CALICO_GROUPS, _CALICO),
    PolicyKind("AdminNetworkPolicy", "adminnetworkpolicies", (ADMIN_GROUP,), _CILIUM | _CALICO, "v1alpha1"),
    PolicyKind(
        "BaselineAdminNetworkPolicy", "baselineadminnetworkpolicies", (ADMIN_GROUP,), _CILIUM | _CALICO, "v1alpha1"
    ),
    PolicyKind("ClusterNetworkPolicy", "clusternetworkpolicies", (ADMIN_GROUP,), _CILIUM | _CALICO, "v1alpha2"),
)


def counts(kind: PolicyKind, engine: PolicyEngine | None) -> bool:
    """Whether policies of this kind may be enforced in a cluster with this engine."""
    return engine is None or engine in kind.engines


def unread(read: Collection[str], engine: PolicyEngine | None) -> tuple[str, ...]:
    """The resources, with their groups, of kinds that *engine* may enforce and that were not *read*."""
    own = () if "NetworkPolicy" in read else ("networkpolicies",)
    further = (
        f"{one.resource}.{one.groups[0]}" for one in FURTHER_POLICIES if counts(one, engine) and one.key not in read
    )
    return (*own, *further)


def group_of(policy: Object) -> str:
    """The API group of a policy."""
    group, slash, _ = text(policy.get("apiVersion")).partition("/")
    return group if slash else ""


def further_kind(policy: Object) -> PolicyKind | None:
    """Which of these kinds a policy is; None for Kubernetes' own."""
    group = group_of(policy)
    alike = [one for one in FURTHER_POLICIES if one.kind == policy.get("kind")]
    return next((one for one in alike if group in one.groups), None)
