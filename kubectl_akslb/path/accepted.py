"""Whether the Service is taken at all: by the API server, by the provider, and by Azure of what the provider sends."""

import re
from collections.abc import Sequence

from kubectl_akslb.azure.refusals import AzureRefusal
from kubectl_akslb.azure.refused.sent import INFERRED
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.evidence.objects import mapping, text
from kubectl_akslb.model.command import kubectl
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.path import api_server
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hindrances import moved, public_ip_elsewhere
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason, Remedy
from kubectl_akslb.path.reconciled import accepted_live, being_deleted, kept, unexplained

_CONFLICT = r"(?s:trying to consume the port (?P<port>\d+) .* loadBalancing rule (?P<rule>\S+))"
_NAME_LENGTH = 32
"""So many characters of a UID name what stands in Azure. Upstream: GetLoadBalancerName."""


def accepted_hop(context: PathContext, refusals: Sequence[AzureRefusal] = ()) -> Hop:
    """Whether the Service is taken, as far as its manifest decides; *refusals* are Azure's, of what is sent."""
    service, evidence = context.service, context.evidence
    if evidence.source is EvidenceSource.FILES and service.uid is None:
        faults = (
            *api_server.faults(context),
            *api_server.other_faults(evidence.own, context.cluster),
            *api_server.taken_node_ports(service, evidence.objects),
            *api_server.over_quota(service, evidence.objects),
        )
        if faults:
            return Hop(HopName.ACCEPTED, Outcome.DROP, Confidence.CERTAIN, faults)
    ignored = context.derivation.ignored
    if ignored is not None:
        reason = Reason(Cause.NOT_AZURE, {"because": ignored.value}, ignored.origin)
        return Hop(HopName.ACCEPTED, Outcome.DROP, Confidence.CERTAIN, (reason,))
    deleted = being_deleted(context)
    if deleted is not None:
        return deleted
    refusal = context.derivation.refusal
    if refusal is not None:
        facts = {"message": refusal.message, "stage": refusal.stage, "code": refusal.code.code}
        remedy = Remedy(reason=Reason(Cause.REMEDY, {"text": refusal.code.remedy}, refusal.origin))
        reason = Reason(Cause.REFUSED_BY_PROVIDER, facts, refusal.origin)
        found = public_ip_elsewhere(context, evidence)
        reasons = (*found, *_taken_by(refusal.message, evidence), reason, *kept(evidence))
        remedy = moved(found[0], refusal.origin) if found else remedy
        return Hop(HopName.ACCEPTED, Outcome.DROP, Confidence.CERTAIN, reasons, remedy)
    seen = accepted_live(context)
    happened = seen is not None and (seen.outcome is Outcome.DROP or seen.confidence is Confidence.OBSERVED)
    if seen is not None and happened and not (refusals and unexplained(seen, evidence)):
        return seen  # what happened beats what was to be expected
    return _expected(context.derivation, evidence, refusals, seen)


def _expected(derivation: Derivation, evidence: Evidence, refusals: Sequence[AzureRefusal], seen: Hop | None) -> Hop:
    """What Azure does with what it is sent; *seen* is what happened so far."""
    if refusals:
        decided = [one for one in refusals if one.evidence != INFERRED and not one.unless]
        refused = _refused_by_azure((decided or refusals)[0], Outcome.DROP if decided else Outcome.DEPENDS)
        if seen is None or seen.outcome is not Outcome.DROP:
            return refused._replace(because=(*refused.because, *kept(evidence))) if decided else refused
        told = (one for one in seen.because if one.cause in (Cause.SYNC_FAILED, Cause.SYNC_FAILED_SINCE))
        return refused._replace(outcome=Outcome.DROP, because=(*refused.because, *told), verify=seen.verify)
    if evidence.not_known:
        reasons = tuple(Reason(Cause.CONTROLLER_NOT_KNOWN, {"what": what}) for what in evidence.not_known)
        verify = kubectl("get", "services", "--output=yaml", namespace=derivation.service.namespace)
        return Hop(HopName.ACCEPTED, Outcome.UNKNOWN, Confidence.UNREAD, reasons, verify=verify)
    sure = Confidence.ASSUMED if evidence.made_by_assumption else Confidence.CERTAIN
    return seen or Hop(HopName.ACCEPTED, Outcome.PASS, sure, (Reason(Cause.ACCEPTED),))


def _taken_by(message: str, evidence: Evidence) -> tuple[Reason, ...]:
    """The Service that has the port of an address: the provider names a rule, and rules are named after UIDs."""
    conflict = re.search(_CONFLICT, message)
    if conflict is None:
        return ()
    for one in evidence.objects.of("Service"):
        metadata = mapping(one.get("metadata"))
        name = f"a{text(metadata.get('uid')).replace('-', '')}"[:_NAME_LENGTH]
        if len(name) == _NAME_LENGTH and conflict["rule"].startswith(name):
            facts = {
                "service": f"{text(metadata.get('namespace'))}/{text(metadata.get('name'))}",
                "port": conflict["port"],
            }
            return (Reason(Cause.PORT_IS_TAKEN_BY, facts),)
    return ()


def _refused_by_azure(refusal: AzureRefusal, outcome: Outcome) -> Hop:
    """A refusal that is documented or was seen decides; one that is inferred, or hangs on what nobody said, is open."""
    facts = {**refusal._asdict(), "code": refusal.code or refusal.row}
    cause = Cause.REFUSED_BY_AZURE if outcome is Outcome.DROP else Cause.MAY_BE_REFUSED_BY_AZURE
    remedy = Remedy(reason=Reason(Cause.REMEDY, {"text": refusal.remedy}, refusal.origin))
    confidence = Confidence.ASSUMED if refusal.evidence == INFERRED else Confidence.DOCUMENTED
    return Hop(HopName.ACCEPTED, outcome, confidence, (Reason(cause, facts, refusal.origin),), remedy)
