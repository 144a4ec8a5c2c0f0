"""What Azure refuses of what the provider sends, told beforehand.

``Sent.refusals`` goes from a derivation, and the state that it is a part of, to the refusals of Azure in the order in
which they would come. A Service with one is pending: what its *stage* would have written is
not there, and ``kubectl describe`` shows the code behind SyncLoadBalancerFailed; the stages before it stand. Where
*unless* is not empty Azure refuses only if that does not hold, and nobody has said whether it does: then it depends.

Each check is one function, named in ``_CHECKS`` with its row of the table of events (``provider/events.py``), which has
code, remedy and the command that confirms it. What the provider itself refuses is in the derivation: a Service that it
refuses is not looked at beyond the stage that it reached.
"""

from collections.abc import Callable, Iterator

from kubectl_akslb.azure.refused import frontends, private_links, public_ips, rules, security_group
from kubectl_akslb.azure.refused.sent import Evidence, Objection, SentState
from kubectl_akslb.model.derivation import (
    LOAD_BALANCER_STAGE,
    PRIVATE_LINK_STAGE,
    SECURITY_GROUP_STAGE,
    Derivation,
    Stage,
)
from kubectl_akslb.model.provenance import Origin
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.behaviours import listed

GENERIC = "refused-by-azure"
"""The lint rule that explains what no rule of its own does."""
_STAGES: tuple[Stage, Stage, Stage] = (LOAD_BALANCER_STAGE, SECURITY_GROUP_STAGE, PRIVATE_LINK_STAGE)


class AzureRefusal(NamedTuple):
    """One refusal of Azure.

    *row* is the row of the table of events, *code* ARM's code, "" where it is not known. *stage* is the step of the
    reconcile that fails. *because* says which values Azure objects to, *origin* where the first of them comes from.
    *evidence* is DOCUMENTED, OBSERVED or INFERRED. *unless* names what would make Azure accept, and nobody has said.
    *rule* is the id of the lint rule that explains it.
    """

    row: str
    code: str
    stage: Stage
    evidence: Evidence
    because: str
    origin: Origin
    remedy: str
    confirm: str
    unless: str = ""
    rule: str = GENERIC


class Sent(SentState):
    """All that the provider sends, with what Azure refuses of it."""

    def refusals(self, derivation: Derivation) -> tuple[AzureRefusal, ...]:
        """The refusals of one Service, those of the load balancer first."""
        if derivation.ignored is not None or derivation.load_balancer is None or derivation.load_balancer.serves_pods:
            return ()  # what a container load balancer has in Azure's way, the provider refuses itself
        found = [_refusal(check, objection) for check in _CHECKS for objection in check.find(self, derivation)]
        return tuple(sorted(found, key=lambda refusal: _STAGES.index(refusal.stage)))


class Check(NamedTuple):
    """One thing that Azure refuses: its row among the events, the step that fails, and the function that finds it.

    A row without a published code is no row of events: its *remedy* stands here.
    """

    row: str
    stage: Stage
    find: Callable[[SentState, Derivation], Iterator[Objection]]
    remedy: str = ""
    rule: str = GENERIC


def _refusal(check: Check, found: Objection) -> AzureRefusal:
    from kubectl_akslb.provider.events import CONFIRM, row_of  # a table that is read where Azure refuses something

    row = None if check.remedy else row_of(check.row)
    code, remedy, confirm = ("", check.remedy, CONFIRM["K2"]) if row is None else (row.code, row.remedy, row.confirm)
    return AzureRefusal(
        row=check.row,
        code=code,
        stage=check.stage,
        evidence=found.evidence,
        because=found.because,
        origin=found.origin,
        remedy=remedy,
        confirm=confirm,
        unless=found.unless,
        rule=check.rule,
    )


_LOAD_BALANCER, _SECURITY_GROUP, _PRIVATE_LINK = _STAGES
_CHECKS = (
    Check("R-53", _LOAD_BALANCER, public_ips.bad_tags),
    Check("R-54", _LOAD_BALANCER, public_ips.bad_prefix_id),
    Check("R-51", _LOAD_BALANCER, public_ips.bad_dns_label),
    Check("R-50", _LOAD_BALANCER, public_ips.dns_label_taken),
    Check("R-28", _LOAD_BALANCER, frontends.ipv6_alone),
    Check(
        "F3",
        _LOAD_BALANCER,
        frontends.other_family,
        f"upgrade to {listed(behaviours.SHARED_FRONTENDS_ARE_IPV4.until)}, or give the Service an address of its own",
        "rule-of-other-ip-family",
    ),
    Check(
        "R-32",
        _LOAD_BALANCER,
        frontends.no_private_address,
        "write one address of the frontend's IP family, without mask",
    ),
    Check("R-32", _LOAD_BALANCER, frontends.outside_of_subnet),
    Check("R-32", _LOAD_BALANCER, frontends.public_in_subnet),
    Check("R-34", _LOAD_BALANCER, frontends.reserved_address),
    Check("R-36", _LOAD_BALANCER, frontends.private_address_twice),
    Check("R-44", _LOAD_BALANCER, frontends.public_ip_twice),
    Check(
        "R-15",
        _LOAD_BALANCER,
        rules.port_zero,
        "remove allocateLoadBalancerNodePorts: false, or give each port a nodePort of your own",
        "no-node-ports",
    ),
    Check(
        "R-16",
        _LOAD_BALANCER,
        rules.ha_ports_in_public,
        'write service.beta.kubernetes.io/azure-load-balancer-internal: "true", exactly so',
    ),
    Check(
        "R-16",
        _LOAD_BALANCER,
        rules.sctp_beside_ports,
        'add service.beta.kubernetes.io/azure-load-balancer-enable-high-availability-ports: "true"',
        "sctp-without-ha-ports",
    ),
    Check("R-10", _LOAD_BALANCER, rules.same_backend_port),
    Check("R-11", _LOAD_BALANCER, rules.same_backend_port_on_frontend),
    Check("R-17", _LOAD_BALANCER, rules.idle_timeout_of_basic, "set a timeout between 4 and 30 minutes"),
    Check("R-19", _LOAD_BALANCER, rules.too_many_rules_on_card),
    Check("R-20", _LOAD_BALANCER, rules.too_many_rules),
    Check("R-21", _LOAD_BALANCER, frontends.too_many_frontends),
    Check("R-1", _SECURITY_GROUP, security_group.overlapping_ranges),
    Check("R-2", _SECURITY_GROUP, security_group.invalid_source),
    Check("R-2", _SECURITY_GROUP, security_group.empty_tag, rule="empty-service-tag"),
    Check("R-5", _SECURITY_GROUP, security_group.families_in_one_rule),
    Check("R-6", _SECURITY_GROUP, security_group.too_many_security_rules),
    Check("R-7", _SECURITY_GROUP, security_group.too_many_prefixes),
    Check("R-57", _PRIVATE_LINK, private_links.private_link_on_addresses),
    Check(
        "R-60",
        _PRIVATE_LINK,
        private_links.too_many_private_links,
        "share a private link service, or use a second load balancer",
    ),
)
