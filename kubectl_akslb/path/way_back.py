"""The answer: with floating IP the node sends it from the frontend's address, by the routes of its subnet.

A connection that idles is dropped silently after the rule's timeout, which stops no new one; and a node of the pool
that calls its own internal frontend from outside of Kubernetes may be sent to itself, and fails then.
"""

from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.precedence import setting
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import command
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.outbound_profile import USER_DEFINED_ROUTING
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason

_TYPE = "outbound.outbound_type"
_DEFAULT_ROUTES = command(
    "az", "network", "route-table", "list", "--resource-group", "GROUP",
    "--query", "[].routes[?addressPrefix=='0.0.0.0/0'][]",
)  # fmt: skip


def way_back_hop(derivation: Derivation, cluster: Cluster, evidence: Evidence) -> Hop:
    """Whether the answer gets back. A default route to a firewall takes it away from clients on the internet."""
    del evidence  # routes are Azure's: no object of the cluster tells them
    kind = cluster.outbound.outbound_type
    origin = setting(cluster, _TYPE, "networkProfile.outboundType", kind)
    if is_internal(derivation.service):
        return Hop(HopName.WAY_BACK, Outcome.PASS, Confidence.DOCUMENTED, (Reason(Cause.HAIRPIN),))
    if kind == USER_DEFINED_ROUTING:
        reason = Reason(Cause.ANSWER_THROUGH_FIREWALL, {"type": kind}, origin)
        return Hop(HopName.WAY_BACK, Outcome.DEPENDS, Confidence.DOCUMENTED, (reason,), verify=_DEFAULT_ROUTES)
    return Hop(
        HopName.WAY_BACK, Outcome.PASS, Confidence.DOCUMENTED, (Reason(Cause.ANSWER_RETURNS, {"type": kind}, origin),)
    )
