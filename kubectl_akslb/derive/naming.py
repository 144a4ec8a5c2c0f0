"""The names of what the provider creates, with their suffixes and length limits.

Upstream: azure_standard.go. All lengths are in characters; Azure allows 80, and five are kept for ``-IPv6``.
"""

from kubectl_akslb.derive.precedence import annotation
from kubectl_akslb.derive.readers import trim
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.provenance import PROVIDER, SPEC, Derived, Origin, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, LOAD_BALANCER, IPFamily, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.derive.context import Context

PREFIX_LENGTH = 32
MAX_NAME = 80
IPV6_SUFFIX = "-IPv6"
INTERNAL_SUFFIX = "-internal"


class Names(NamedTuple):
    """What all names of one Service are made of."""

    prefix: str
    uid: Origin
    subnet: Origin | None
    dual_stack: bool
    limit: int
    #: Whether public IPs are named for their family; that came earlier than dual stack for frontends and rules.
    dual_stack_public_ips: bool
    #: Whether a frontend name that is cut must end in a letter or an underscore.
    clean_ending: bool

    def suffix(self, family: IPFamily) -> str:
        """``-IPv6`` for the second family of a dual-stack Service."""
        return IPV6_SUFFIX if family is IPV6 and self.dual_stack else ""


def names(service: Service, cluster: Cluster) -> Names:
    """The parts of the names of *service*; without a UID the prefix is the placeholder ``a<uid of namespace/name>``.

    Upstream: cloudprovider.DefaultLoadBalancerName, isServiceDualStack.
    """
    return Names(
        prefix_of(service),
        Origin(SPEC, "metadata.uid", service.uid),
        internal_subnet(service),
        len(service.ip_families) == 2 and cluster.has(behaviours.DUAL_STACK),
        MAX_NAME - len(IPV6_SUFFIX) if cluster.has(behaviours.NAME_LIMIT_75) else MAX_NAME,
        len(service.ip_families) == 2 and cluster.has(behaviours.FAMILY_PUBLIC_IPS),
        cluster.has(behaviours.FRONTEND_NAME_ENDING),
    )


def prefix_of(service: Service) -> str:
    """What the names of all that is made for *service* begin with. Upstream: cloudprovider.DefaultLoadBalancerName."""
    if service.uid is None:
        return "a" + Placeholder(f"uid of {service.full_name}")
    return ("a" + service.uid.replace("-", ""))[:PREFIX_LENGTH]


def is_internal(service: Service) -> bool:
    """Whether the Service goes on the internal load balancer. Upstream: requiresInternalLoadBalancer."""
    return service.annotations.get(keys.INTERNAL) == "true"


def internal_subnet(service: Service) -> Origin | None:
    """The subnet annotation, where it counts. Upstream: getInternalSubnet."""
    source = annotation(service, keys.INTERNAL_SUBNET)
    if source.raw is None or trim(source.raw) == "" or not is_internal(service):
        return None
    return source


def rule_name(parts: Names, protocol: str, port: object, family: IPFamily) -> Derived[str]:
    """The name of the rule for a port; a per-port probe has the same name.

    Upstream: getLoadBalancerRuleName. The subnet is cut so that the name stays within the limit.
    """
    tail = f"{protocol}-{port}"
    if parts.subnet is None or parts.subnet.raw is None:
        name = f"{parts.prefix}-{tail}"
        considered: tuple[Origin, ...] = (parts.uid,)
    else:
        room = parts.limit - (PREFIX_LENGTH + 1 + len(tail)) - 1
        name = f"{parts.prefix}-{parts.subnet.raw[:room]}-{tail}"
        considered = (parts.uid, parts.subnet)
    return Derived(name + parts.suffix(family), parts.uid, considered=considered, upstream="getLoadBalancerRuleName")


def renamed(name: Derived[str], before: Names, parts: Names) -> Derived[str]:
    """The name of a rule or a probe, made of *before*, for a Service of which all but the prefix is the same."""
    value = parts.prefix + name.value[len(before.prefix) :]
    return Derived(value, parts.uid, considered=(parts.uid, *name.considered[1:]), upstream=name.upstream)


def frontend_name(parts: Names, family: IPFamily) -> Derived[str]:
    """The name of the frontend. Upstream: getDefaultFrontendIPConfigName, getFrontendIPConfigNames."""
    if parts.subnet is None or parts.subnet.raw is None:
        return Derived(
            parts.prefix + parts.suffix(family),
            parts.uid,
            considered=(parts.uid,),
            upstream="getDefaultFrontendIPConfigName",
        )
    segment = parts.subnet.raw
    room = parts.limit - PREFIX_LENGTH - 1
    if len(segment) > room:
        segment = segment[:room]
        if parts.clean_ending and not segment[-1].isalpha() and segment[-1] != "_":
            segment = segment[:-1] + "_"
    name = f"{parts.prefix}-{segment}{parts.suffix(family)}"
    return Derived(name, parts.uid, considered=(parts.uid, parts.subnet), upstream="getDefaultFrontendIPConfigName")


def public_ip_name(parts: Names, cluster: Cluster, prefix_id: Origin | None, family: IPFamily) -> Derived[str]:
    """The generated name of a public IP. Upstream: getPublicIPName."""
    considered: tuple[Origin, ...] = (parts.uid,)
    name = f"{cluster.cluster_name}-{parts.prefix}"
    length = len(cluster.cluster_name) + 1 + PREFIX_LENGTH
    if prefix_id is not None and prefix_id.raw:
        segment = prefix_id.raw.rstrip("/").rpartition("/")[2] if not prefix_id.raw.endswith("/") else ""
        if segment:
            name += "-" + segment
            length += 1 + len(segment)
            considered = (parts.uid, prefix_id)
    if cluster.has(behaviours.PUBLIC_IP_NAME_LIMIT) and length > MAX_NAME - len(IPV6_SUFFIX):
        cut = length - (MAX_NAME - len(IPV6_SUFFIX))
        if parts.uid.raw is None:
            # What the limit leaves of an unknown UID stays a placeholder.
            cut = min(cut, length - len(cluster.cluster_name) - 1 - PREFIX_LENGTH)
        name = name[: len(name) - cut]
    told_apart = parts.dual_stack_public_ips or cluster.has(behaviours.IPV6_SUFFIX_EVERYWHERE)
    suffix = IPV6_SUFFIX if family is IPV6 and told_apart else ""
    return Derived(name + suffix, parts.uid, considered=considered, upstream="getPublicIPName")


def family_of_name(name: str) -> IPFamily:
    """The IP family of what is called so: on a cluster with both, what is for IPv6 says it at the end of its name."""
    return IPV6 if name.lower().endswith(IPV6_SUFFIX.lower()) else IPV4


def multiple_load_balancers(cluster: Cluster) -> bool:
    """Whether Services are spread over several load balancers. Upstream: UseMultipleStandardLoadBalancers."""
    return bool(cluster.load_balancers) and cluster.is_standard and cluster.has(behaviours.MULTIPLE_LOAD_BALANCERS)


def load_balancer_name(context: "Context") -> Derived[str]:
    """The load balancer of a cluster with one of each kind. Upstream: getAzureLoadBalancerName."""
    source = annotation(context.service, keys.INTERNAL)
    base = context.cluster.load_balancer_name or context.cluster.cluster_name
    if source.raw == "true":
        return Derived(base + INTERNAL_SUFFIX, source, considered=(source,), upstream="requiresInternalLoadBalancer")
    notes: tuple[str, ...] = ()
    if source.raw is not None and source.raw.lower().strip() == "true":
        notes = (f"{source.raw!r} is not exactly 'true': Azure builds a public load balancer",)
    public = Origin(PROVIDER, LOAD_BALANCER, base)
    return Derived(
        base,
        source if source.raw is not None else public,
        considered=(source, public),
        notes=notes,
        upstream="requiresInternalLoadBalancer",
    )


def network_path(cluster: Cluster, group: str = "") -> str:
    """What ARM's ids of network resources begin with: in a resource *group*, by default that of the cluster."""
    group = group or cluster.resource_group
    return f"/subscriptions/{cluster.subscription}/resourceGroups/{group}/providers/Microsoft.Network"


def frontend_id(cluster: Cluster, load_balancer: str, frontend: str) -> str:
    """ARM's id of a frontend, as errors and events of the provider name it."""
    return f"{network_path(cluster)}/loadBalancers/{load_balancer}/frontendIPConfigurations/{frontend}"


def is_internal_name(name: str) -> bool:
    """Whether a load balancer of this name is internal. Upstream: isInternalLoadBalancer."""
    return name.lower().endswith(INTERNAL_SUFFIX)
