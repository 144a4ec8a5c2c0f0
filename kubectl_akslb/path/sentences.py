"""What is said about a cause: the one place where a hop's reasons become words, for explain and for lint alike."""

from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Reason

#: A clause for each cause; what stands in braces are facts of the reason.
SENTENCES: dict[Cause, str] = {
    # accepted
    Cause.ACCEPTED: "the provider takes it",
    Cause.NOT_AZURE: "Azure's provider does not act on it: {because}",
    Cause.REFUSED_BY_API_SERVER: "the API server refuses {field} {value!r}: {message}",
    Cause.REFUSED_BY_PROVIDER: "the provider refuses it: {message}",
    Cause.REFUSED_BY_AZURE: "Azure refuses it: {message}",
    Cause.REMEDY: "{text}",
    # address
    Cause.HAS_ADDRESS: "it has an address of the kind that is meant",
    Cause.STATUS_IS_STALE: "its address is still {address}, and the Service is {kind} by now: the next reconcile changes it",
    Cause.OTHER_ADDRESS: "its address is {address}, and it asks for {asked}: the next reconcile changes it",
    Cause.PUBLIC_NOT_INTERNAL: 'the address is public: {value!r} is not exactly "true"',
    # rule
    Cause.HAS_RULES: "a load-balancing rule takes it",
    Cause.NO_RULE: "no port has a load-balancing rule, so nothing reaches the nodes",
    Cause.OTHER_FAMILY: "the rule {rule} for {family} stands on the frontend {frontend} of the other IP family",
    # security group
    Cause.OPEN: "rule {rule} lets it in",
    Cause.NO_SECURITY_RULE: "no rule lets it in",
    Cause.NO_RANGE_OR_TAG: "{item!r} is neither a range nor a service tag: Azure refuses the rule",
    Cause.BAD_RANGE_CLOSES: "{items} is no range, so the provider denies all that no other range lets in",
    Cause.DENIED: "rule {rule} denies it, and no rule lets it in before",
    Cause.DENIED_BUT_RANGES: "rule {rule} denies all but the ranges that are let in",
    Cause.PROBES_DENIED: "rule {rule} denies every port of the nodes, to Azure's health probes too",
    Cause.PRIVATE_ADDRESS: "the address is private",
    Cause.NOT_EXACTLY_INTERNAL: "the address is public, but the security rules take {value!r} for internal",
    Cause.RULES_DISABLED: "the provider writes no rule: only rules of your own let it in",
    Cause.RULES_FOR_NODES: (
        "HA ports keep the floating IP, but the security rules are for the nodes: none of them matches, only the"
        " default rule for the virtual network"
    ),
}


def sentence(reason: Reason) -> str:
    """The clause about a reason, without a full stop."""
    return SENTENCES[reason.cause].format_map(reason.facts)


def sentences(reasons: "tuple[Reason, ...]") -> str:
    """The clauses of several reasons, each once."""
    return "; ".join(dict.fromkeys(map(sentence, reasons)))
