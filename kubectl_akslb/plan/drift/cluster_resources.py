"""Which of all that az listed is the cluster's, and which of its settings that shows."""

from collections.abc import Collection, Sequence
from typing import Any

from kubectl_akslb.azure.resources import AzureLoadBalancer, NetworkSecurityGroup, Resources, group_of
from kubectl_akslb.derive.load_balancer.probes import SHARED_PROBE_NAME
from kubectl_akslb.derive.naming import INTERNAL_SUFFIX, PREFIX_LENGTH, names
from kubectl_akslb.derive.security_group.shared_rules import NAME_PREFIX
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.cluster import BASIC, SHARED, STANDARD, Cluster
from kubectl_akslb.model.service import Service
from kubectl_akslb.plan.drift.difference import Unchecked
from kubectl_akslb.plan.drift.unfinished import GENERATED
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours


class ClusterResources:
    """The resources of the cluster among all that az listed, and what of it is missing."""

    def __init__(self, resources: Resources, services: Sequence[Service], cluster: Cluster) -> None:
        resources = with_empty_lists(resources)
        if resources.load_balancers is None:
            hint = "add the output of: az network lb list --resource-group <node resource group> -o json"
            raise AkslbError("no file of --azure holds load balancers, on which all else depends", hint=hint)
        prefixes = {names(one, cluster).prefix.lower() for one in services}
        self.load_balancers = _of_cluster(resources.load_balancers, prefixes, cluster)
        group = group_of(self.load_balancers[0].id) if self.load_balancers else ""
        groups = {group, *(one.annotations.get(keys.RESOURCE_GROUP, "").strip().lower() for one in services)} - {""}
        self.resource_group = group
        self.public_ips = None
        if resources.public_ips is not None:
            used = {f.public_ip.strip("/").lower() for lb in self.load_balancers for f in lb.frontends if f.public_ip}
            self.public_ips = tuple(
                one
                for one in resources.public_ips
                if not groups or group_of(one.id) in ("", *groups) or one.id.strip("/").lower() in used
            )
        self.security_group, self.no_security_group = _security_group(resources.security_groups, prefixes, group)
        self._ids = {f"loadBalancers/{one.name}".lower(): one.id for one in self.load_balancers}
        self._ids |= {f"publicIPAddresses/{one.name}".lower(): one.id for one in self.public_ips or ()}

    def id_of(self, path: str) -> str:
        """ARM's id of what is at a path, such as ``loadBalancers/kubernetes/probes/a``; "" where no file says it."""
        kind, name, *rest = path.split("/", 2)
        if kind == "securityRules":
            home, rest = self.security_group.id if self.security_group is not None else "", [path]
        else:
            home = self._ids.get(f"{kind}/{name}".lower(), "")
        return "/".join((home.rstrip("/"), *rest)) if home else ""


def with_empty_lists(resources: Resources) -> Resources:
    """A list that is empty does not say of what: where as many are as are missed, they are those."""
    balancers, groups, addresses = resources.load_balancers, resources.security_groups, resources.public_ips
    if resources.empty_lists < sum(one is None for one in (balancers, groups, addresses)):
        return resources
    return resources._replace(load_balancers=balancers or (), security_groups=groups or (), public_ips=addresses or ())


def _of_cluster(
    found: Sequence[AzureLoadBalancer], prefixes: set[str], cluster: Cluster
) -> tuple[AzureLoadBalancer, ...]:
    """Those that bear the cluster's names; of several resource groups the one in which its Services are."""
    own = {cluster.cluster_name.lower(), *(one.name.lower() for one in cluster.load_balancers)}
    if cluster.load_balancer_name:
        own.add(cluster.load_balancer_name.lower())
    named = [
        one
        for one in found
        if one.name.lower().removesuffix(INTERNAL_SUFFIX) in own
        or (one.sku.lower() == BASIC and _serves(one, prefixes))  # named after a set of nodes
    ]
    groups = dict.fromkeys(group_of(one.id) for one in named)
    if len(groups) > 1:
        served = {group_of(one.id) for one in named if _serves(one, prefixes)}
        if len(served) != 1:
            where = ", ".join(sorted(groups)[:4])
            hint = "give the load balancers of the cluster's node resource group alone"
            raise AkslbError(
                f"load balancers of {len(groups)} resource groups bear the cluster's name: {where}", hint=hint
            )
        named = [one for one in named if group_of(one.id) in served]
    return tuple(named)


def _serves(one: AzureLoadBalancer, prefixes: Collection[str]) -> bool:
    """Whether a frontend of it is named after a Service."""
    return any(frontend.name[:PREFIX_LENGTH].lower() in prefixes for frontend in one.frontends)


def _security_group(
    groups: Sequence[NetworkSecurityGroup] | None, prefixes: set[str], resource_group: str
) -> tuple[NetworkSecurityGroup | None, str]:
    """The security group that the provider writes to, or why it is not known."""
    if groups is None:
        return None, "no file of --azure holds security groups: az network nsg list -o json"

    def managed(group: NetworkSecurityGroup) -> bool:
        return any(
            rule.name.startswith((NAME_PREFIX, "shared-")) or rule.name[:PREFIX_LENGTH].lower() in prefixes
            for rule in group.rules
        )

    candidates = [one for one in groups if managed(one)]
    here = [one for one in candidates if resource_group and group_of(one.id) == resource_group]
    if not candidates:
        candidates = [one for one in groups if not resource_group or group_of(one.id) in ("", resource_group)]
        here = candidates if len(candidates) == 1 else []
    chosen = here if len(here) == 1 else candidates
    if len(chosen) == 1:
        return chosen[0], ""
    told = ", ".join(one.name for one in chosen[:4]) or "none"
    return None, f"which security group is the cluster's cannot be told ({told}): give that one alone"


def as_seen(cluster: Cluster, chosen: ClusterResources, unchecked: list[Unchecked]) -> Cluster:
    """The cluster with settings that nobody has given as what stands shows them: an assumption is no drift."""
    changes: dict[str, Any] = {"resource_group": chosen.resource_group or cluster.resource_group}
    told = "give it by --profile, the output of az aks show or an azure.json, to have it compared"
    rules = [rule for lb in chosen.load_balancers for rule in lb.rules if GENERATED.match(rule.name)]
    if "disable_outbound_snat" not in cluster.given and rules:
        off = sum(bool(rule.disable_outbound_snat) for rule in rules)
        if off * 2 > len(rules) and not cluster.disable_outbound_snat:
            changes["disable_outbound_snat"] = True
            unchecked.append(
                Unchecked(
                    "disableOutboundSnat", f"most rules that stand have it, so it is taken for the cluster's: {told}"
                )
            )
    shared = any(rule.probe.lower() == SHARED_PROBE_NAME for rule in rules)
    if "probe_mode" not in cluster.given and shared and cluster.has(behaviours.SHARED_PROBE):
        changes["probe_mode"] = SHARED
        unchecked.append(
            Unchecked(
                "the health probe mode", f"rules that stand use the shared probe, so it is taken to be shared: {told}"
            )
        )
    if "load_balancer_sku" not in cluster.given and chosen.load_balancers:
        basic = all(lb.sku.lower() == BASIC for lb in chosen.load_balancers)
        changes["load_balancer_sku"] = BASIC if basic else STANDARD
    return cluster._replace(**changes)
