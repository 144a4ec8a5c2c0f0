"""Who can reach a Service, through both layers: Azure's security group, then kube-proxy on the node.

The security rules are the provider's (certain). That the virtual network may pass unless a rule denies it is Azure's
default rule AllowVnetInBound. kube-proxy drops what spec.loadBalancerSourceRanges does not name, for packets that still
carry the frontend's address; it reads neither service tags nor annotations.
"""

from collections.abc import Sequence

from kubectl_akslb.derive.access import INTERNET, source_ranges_origin
from kubectl_akslb.derive.addresses import AddressError, Prefix, parse_cidr
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.nsg import floating_ip_disabled
from kubectl_akslb.derive.precedence import annotation, by_provider
from kubectl_akslb.derive.readers import is_true, trim
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.network import SecurityRule
from kubectl_akslb.model.provenance import Derived, Origin
from kubectl_akslb.model.reach import DOCUMENTED, Client, Reach
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours as since

NSG = "security group"
KUBE_PROXY = "kube-proxy"
NETWORK = "network"
PODS = "pods of the cluster"

_VNET_DEFAULT = by_provider("default rule", "AllowVnetInBound")


def reach(derivation: Derivation, cluster: Cluster) -> Reach:
    """Who can reach the Service of *derivation*."""
    service = derivation.service
    if derivation.load_balancer is None or (derivation.refusal is not None and not derivation.security_rules):
        return Reach("nobody: the reconcile does not get as far as the security rules", ())
    allowing = [rule for rule in derivation.security_rules if rule.access.value == "Allow"]
    denying = [rule for rule in derivation.security_rules if rule.access.value == "Deny"]
    filtered = _kube_proxy_ranges(service, cluster)
    clients = [_internet(service, cluster, allowing, filtered)]
    clients += _ranges(service, allowing, filtered)
    clients += _tags(allowing, filtered)
    clients.append(_virtual_network(service, allowing, denying, filtered))
    pods = _pods(service, cluster, filtered)
    if pods is not None:
        clients.append(pods)
    if denying and floating_ip_disabled(service, cluster):
        clients.append(_probes(denying))
    return Reach(_summary(service, clients), tuple(clients))


def _kube_proxy_ranges(service: Service, cluster: Cluster) -> tuple[Prefix, ...] | None:
    """The ranges that kube-proxy lets in, or None where it does not filter."""
    if not service.load_balancer_source_ranges or floating_ip_disabled(service, cluster):
        return None
    prefixes = []
    for item in service.load_balancer_source_ranges:
        try:
            prefixes.append(parse_cidr(trim(item)))
        except AddressError:
            continue
    return tuple(prefixes)


def _internet(
    service: Service, cluster: Cluster, allowing: Sequence[SecurityRule], filtered: tuple[Prefix, ...] | None
) -> Client:
    name = "the internet"
    for rule in allowing:
        if INTERNET in rule.sources.value or any(source in {"0.0.0.0/0", "::/0"} for source in rule.sources.value):
            if filtered is not None and not any(prefix.length == 0 for prefix in filtered):
                why = "the security group lets it in, but kube-proxy drops all but spec.loadBalancerSourceRanges"
                return Client(name, _no(source_ranges_origin(service)), KUBE_PROXY, why)
            if is_internal(service):
                return Client(name, _no(annotation(service, keys.INTERNAL)), NETWORK, "the address is private")
            return Client(name, _yes(rule.sources.origin), NSG, f"rule {rule.name.value}")
    if is_internal(service):
        return Client(name, _no(annotation(service, keys.INTERNAL)), NETWORK, "the address is private")
    internal = annotation(service, keys.INTERNAL)
    if internal.raw is not None and internal.raw.lower() == "true":
        why = f"no rule lets it in: the address is public, but the security rules take {internal.raw!r} for internal"
        return Client(name, _no(internal), NSG, why)
    closed = annotation(service, keys.DISABLE_NSG_RULE)
    if is_true(closed) and cluster.has(since.DISABLE_NSG_RULE):
        return Client(name, _no(closed), NSG, "the provider writes no rule; only rules of your own can let it in")
    origin = allowing[0].sources.origin if allowing else by_provider("sources", None)
    return Client(name, _no(origin), NSG, "no rule lets it in")


def _ranges(service: Service, allowing: Sequence[SecurityRule], filtered: tuple[Prefix, ...] | None) -> list[Client]:
    clients = []
    seen = set()
    for rule in allowing:
        for source in rule.sources.value:
            if "/" not in source or source in seen:
                continue
            seen.add(source)
            clients.append(_range(service, rule, source, filtered))
    return clients


def _range(service: Service, rule: SecurityRule, source: str, filtered: tuple[Prefix, ...] | None) -> Client:
    try:
        prefix = parse_cidr(source)
    except AddressError:
        why = "neither a range nor a service tag: Azure refuses the rule"
        return Client(source, _no(rule.sources.origin), NSG, why, DOCUMENTED)
    if filtered is None or any(own.contains(prefix) for own in filtered):
        return Client(source, _yes(rule.sources.origin), NSG, f"rule {rule.name.value}")
    if any(prefix.contains(own) for own in filtered):
        why = "kube-proxy lets only a part of it through"
        return Client(source, Derived(None, source_ranges_origin(service)), KUBE_PROXY, why)
    why = "kube-proxy drops it: it is not in spec.loadBalancerSourceRanges"
    return Client(source, _no(source_ranges_origin(service)), KUBE_PROXY, why)


def _tags(allowing: Sequence[SecurityRule], filtered: tuple[Prefix, ...] | None) -> list[Client]:
    clients = []
    seen = set()
    for rule in allowing:
        for source in rule.sources.value:
            if "/" in source or source == INTERNET or source in seen:
                continue
            seen.add(source)
            if not source:
                why = "an empty service tag: Azure refuses the rule"
                clients.append(Client("(empty service tag)", _no(rule.sources.origin), NSG, why, DOCUMENTED))
            elif filtered is None:
                clients.append(Client(source, _yes(rule.sources.origin), NSG, f"rule {rule.name.value}"))
            else:
                why = "kube-proxy drops what of it is not in spec.loadBalancerSourceRanges"
                clients.append(Client(source, Derived(None, rule.sources.origin), KUBE_PROXY, why))
    return clients


def _virtual_network(
    service: Service,
    allowing: Sequence[SecurityRule],
    denying: Sequence[SecurityRule],
    filtered: tuple[Prefix, ...] | None,
) -> Client:
    name = "the virtual network and peered ones"
    if denying and not allowing:
        rule = denying[0]
        return Client(name, _no(rule.access.origin), NSG, f"nothing is let in before rule {rule.name.value} denies it")
    if denying:
        rule = denying[0]
        why = f"only from the ranges let in: rule {rule.name.value}"
        return Client(name, Derived(None, rule.access.origin), NSG, why)
    if filtered is not None and not any(prefix.length == 0 for prefix in filtered):
        why = "the default rule AllowVnetInBound passes it, then kube-proxy drops what is not in the ranges"
        return Client(name, Derived(None, source_ranges_origin(service)), KUBE_PROXY, why, DOCUMENTED)
    why = "the default rule AllowVnetInBound passes it; no rule of the provider denies it"
    return Client(name, _yes(_VNET_DEFAULT), NSG, why, DOCUMENTED)


def _pods(service: Service, cluster: Cluster, filtered: tuple[Prefix, ...] | None) -> Client | None:
    """Pods that use the Service's external address. Since Kubernetes 1.25 kube-proxy filters them too."""
    if not filtered or cluster.provider_version.minor < 25 or any(prefix.length == 0 for prefix in filtered):
        return None
    why = "only if their addresses are in spec.loadBalancerSourceRanges: kube-proxy of Kubernetes 1.25 filters them too"
    return Client(PODS, Derived(None, source_ranges_origin(service)), KUBE_PROXY, why, DOCUMENTED)


def _probes(denying: Sequence[SecurityRule]) -> Client:
    rule = denying[0]
    why = f"rule {rule.name.value} denies every port of the nodes, the health probes of Azure too"
    return Client("Azure's health probes (168.63.129.16)", _no(rule.access.origin), NSG, why, DOCUMENTED)


def _summary(service: Service, clients: Sequence[Client]) -> str:
    internet = clients[0]
    if internet.verdict.value:
        return "everybody on the internet"
    passing = [client.name for client in clients[1:] if client.verdict.value and "virtual network" not in client.name]
    partly = [client.name for client in clients[1:] if client.verdict.value is None and "/" in client.name]
    named = passing + partly
    if named:
        shown = ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
        return f"only {shown}" + (", and the virtual network" if _vnet_passes(clients) else "")
    if not passes(clients):
        pods = any(client.verdict.value is not False for client in clients)
        return "nobody outside the cluster" if pods else "nobody"
    if is_internal(service):
        return "the virtual network and what is peered with it"
    return "nobody outside the virtual network"


def passes(clients: Sequence[Client]) -> bool:
    """Whether anybody but the cluster's own pods may get in."""
    return any(client.verdict.value is not False and client.name != PODS for client in clients)


def _vnet_passes(clients: Sequence[Client]) -> bool:
    return any("virtual network" in client.name and client.verdict.value for client in clients)


def _yes(origin: Origin) -> Derived[bool | None]:
    return Derived(True, origin)


def _no(origin: Origin) -> Derived[bool | None]:
    return Derived(False, origin)
