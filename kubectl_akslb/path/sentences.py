"""What is said about a cause: the one place where a hop's reasons become words, for explain and for lint alike."""

from collections.abc import Mapping

from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Reason

_SHOWN = 3

#: A clause for each cause; what stands in braces are facts of the reason.
SENTENCES: dict[Cause, str] = {
    # accepted
    Cause.ACCEPTED: "the provider takes it",
    Cause.NOT_AZURE: "Azure's provider does not act on it: {because}",
    Cause.REFUSED_BY_API_SERVER: "the API server refuses {field} {value!r}: {message}",
    Cause.REFUSED_BY_PROVIDER: "the provider refuses it: {message}",
    Cause.REFUSED_BY_AZURE: "Azure refuses it ({code}): {because}",
    Cause.MAY_BE_REFUSED_BY_AZURE: "Azure may refuse it ({code}): {because}",
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
    # network policy
    Cause.POLICIES_UNREAD: "whether a NetworkPolicy keeps it out could not be read",
    Cause.NO_POLICY: "no NetworkPolicy is about these pods",
    Cause.NO_POLICY_ENGINE: "NetworkPolicies are there, and nothing in the cluster enforces them",
    Cause.POLICIES_LET_IN: "the NetworkPolicies of the pods let it in",
    Cause.POLICIES_LET_IN_SOME: "NetworkPolicy {policies} lets in only some addresses to port {port} of the pods",
    Cause.POLICIES_LET_IN_SOME_NODES: (
        "the pods see the nodes' addresses, and NetworkPolicy {policies} lets in only some of them to port {port}"
    ),
    Cause.POLICIES_KEEP_OUT: (
        "the pods see the client's address, and NetworkPolicy {policies} does not let it in to port {port}"
    ),
    Cause.POLICIES_KEEP_OUT_NODES: (
        "the pods see the nodes' addresses, and NetworkPolicy {policies} lets none of them in to port {port}: only what"
        " reaches the node of a pod gets through"
    ),
    Cause.POLICIES_SPARE_CLUSTER: (
        "Azure Network Policy Manager lets in what comes through a load balancer with externalTrafficPolicy Cluster"
    ),
    Cause.POLICIES_SPARE_HOST_NETWORK: "the pods use the network of their node, which NetworkPolicies are not about",
    Cause.OTHER_POLICIES: "{policies} may keep it out: such policies are not evaluated here",
    # pod
    Cause.ENDPOINTS_UNREAD: "whether any pod is ready could not be read",
    Cause.PODS_READY: "{ready} pods are ready on {nodes} nodes, {not_ready} are not",
    Cause.TAKEN_TO_LISTEN: "that they listen on port {target} is not proven by their readiness",
    Cause.PODS_SELECTED: "the selector matches {owners}",
    Cause.PODS_NOT_READ: "which pods the selector matches is not known",
    Cause.NOT_READY: "{pods}: {reason} {message}",
    Cause.NONE_READY: "none of its {pods} pods is ready",
    Cause.ONLY_TERMINATING: "its last {pods} pods are being deleted, and serve until they are gone",
    Cause.PUBLISHED_NOT_READY: "{pods} are not ready, and publishNotReadyAddresses sends to them all the same",
    Cause.NO_ENDPOINTS: "no pod matches its selector, or none has started",
    Cause.NO_SELECTOR: "it has no selector: its endpoints are given by hand",
    Cause.NO_SELECTOR_NO_ENDPOINTS: "it has no selector, and nobody gave it endpoints",
    Cause.ENDPOINTS_BY_HAND: "its endpoints are given by hand, and nothing checks them",
    Cause.SELECTOR_MATCHES_NOTHING: "its selector {selector} matches no pod; the nearest is {nearest} with {labels}",
    Cause.PODS_END: "its pods are those of {owners}, which end",
    Cause.NO_SUCH_PORT_NAME: "no container of {owners} has a port of the name {target!r}, which port {port} leads to",
    Cause.NO_SUCH_PORT_NAME_IN_SOME: "{owners} has no port of the name {target!r}, which port {port} leads to",
    Cause.NOT_IN_ENDPOINT_SLICES: "port {port} leads to {target!r}, which none of its {pods} pods has",
    Cause.PORT_NOT_DECLARED: "port {port} leads to {target}, and {owners} declares only {declared}",
    Cause.MUTUAL_TLS_ONLY: "PeerAuthentication {policy} has the pods refuse what is not mutual TLS of the mesh",
}


def sentence(reason: Reason) -> str:
    """The clause about a reason, without a full stop."""
    return SENTENCES[reason.cause].format_map({name: _said(value) for name, value in reason.facts.items()}).strip(" :")


def _said(value: object) -> object:
    """A fact in words: lists with commas, labels as kubectl writes them."""
    if isinstance(value, Mapping):
        return ",".join(f"{key}={item}" for key, item in value.items())
    if isinstance(value, tuple):
        shown = ", ".join(map(str, value[:_SHOWN]))
        return f"{shown} and {len(value) - _SHOWN} more" if len(value) > _SHOWN else shown
    return value


def sentences(reasons: "tuple[Reason, ...]") -> str:
    """The clauses of several reasons, each once."""
    return "; ".join(dict.fromkeys(map(sentence, reasons)))
