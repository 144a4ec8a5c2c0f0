"""The ingress rule that a NetworkPolicy lacks, as the command that adds it; none where only a person can choose."""

from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_akslb.derive.addresses import Prefix
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.objects import mapping, name_of
from kubectl_akslb.evidence.policies import further_kind
from kubectl_akslb.evidence.state import PolicyEngine
from kubectl_akslb.model.command import Command, flag, on_object
from kubectl_akslb.model.service import IPV4, IPV6, Service
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Reason, Remedy
from kubectl_akslb.path.network_policy import PodPort, Policy
from kubectl_akslb.path.routes import subnets_of_nodes
from kubectl_akslb.path.sources import AZURE_PROBES
from kubectl_akslb.path.verdict import ClientGroup

_EVERYBODY: Mapping[str, str] = {IPV4: "0.0.0.0/0", IPV6: "::/0"}


def policy_remedy(
    reason: Reason,
    policies: Sequence[Policy],
    service: Service,
    evidence: Evidence,
    port: PodPort,
    clients: Prefix | ClientGroup,
) -> Remedy | None:
    """What lets in the *clients* that *reason* keeps out: a rule more in the first of Kubernetes' own policies."""
    policy = next((one for one in policies if further_kind(one) is None), None)
    if policy is None:
        return None
    if reason.cause is Cause.POLICIES_KEEP_OUT:
        blocks = _of_clients(service, clients)
    elif reason.cause in {Cause.POLICIES_KEEP_OUT_NODES, Cause.POLICIES_LET_IN_SOME_NODES}:
        blocks = _of_nodes(service, evidence)
    else:
        return None
    command = _added(policy, service, {"from": [{"ipBlock": {"cidr": one}} for one in blocks]}, port)
    return Remedy(reason=reason, command=command) if blocks and command is not None else None


def _of_clients(service: Service, clients: Prefix | ClientGroup) -> tuple[str, ...]:
    if isinstance(clients, Prefix):
        return (str(clients),)
    if clients is ClientGroup.PROBES:
        return (f"{AZURE_PROBES}/32",)
    return tuple(_EVERYBODY[one] for one in service.ip_families or (IPV4,)) if clients is ClientGroup.INTERNET else ()


def _of_nodes(service: Service, evidence: Evidence) -> tuple[str, ...]:
    """The subnets of the nodes, where Azure was asked; to Cilium no range holds a node."""
    if evidence.engine is PolicyEngine.CILIUM:
        return ()
    found = (prefix for one in subnets_of_nodes(evidence.azure) for prefix in one.prefixes)
    families = set(service.ip_families or (IPV4,))
    return tuple(dict.fromkeys(one for one in found if (IPV6 if ":" in one else IPV4) in families))


def _added(policy: Policy, service: Service, rule: Mapping[str, Any], port: PodPort) -> Command | None:
    from json import dumps

    number = next(iter(port.numbers)) if len(port.numbers) == 1 else port.name
    if not number:
        return None
    rule = {**rule, "ports": [{"port": number, "protocol": port.protocol}]}
    there = isinstance(mapping(policy.get("spec")).get("ingress"), (list, tuple))
    path, value = ("/spec/ingress/-", rule) if there else ("/spec/ingress", [rule])
    patch = dumps([{"op": "add", "path": path, "value": value}], separators=(",", ":"))
    name = name_of(policy)
    return on_object("patch", "networkpolicy", name, service.namespace, "--type=json", flag("--patch", patch))
