"""What a cluster says about the provider's work on a Service: its deletion, its events, its status.

Every failed attempt leaves an event, and the provider tries again at least every five minutes: while it fails, a
failure is the newest of its events. Until it succeeds, Azure keeps what the Service had before.
"""

from kubectl_akslb.derive.context import Context
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.model.command import Command, on_object
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.service import Service
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.cilium_addresses import by_cilium
from kubectl_akslb.path.confirm import confirm_command
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hindrances import hindrances
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason, Remedy
from kubectl_akslb.path.settle import settled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from kubectl_akslb.model.live_state import ServiceEvent

NEW = 120
"""Seconds in which a new Service usually gets its address."""

_CONTROLLERS = frozenset({"", "service-controller", "azure-cloud-provider", "cloud-controller-manager"})
_ADVICE = frozenset({
    "InvalidSourceRanges", "InvalidAllowedIPRanges", "ConflictConfiguration", "UnAvailableLoadBalancer",
})  # fmt: skip
"""Warnings that the provider gives and goes on."""

KEEPING = frozenset({Cause.SYNC_FAILED_SINCE, Cause.KEEPS_WHAT_IT_HAD})
"""Causes by which Azure keeps what the Service had: its address, and who gets in."""

_UNEXPLAINED = frozenset({Cause.EVENTS_UNREAD, Cause.NO_EVENT})
"""A Service without an address, and nothing that was seen says why."""


def last_failure(evidence: Evidence) -> "ServiceEvent | None":
    """The newest event that says that an attempt failed, if no later one says that it succeeded."""
    found = [
        one for one in evidence.events or () if one.type != "Normal" and not one.over and one.source in _CONTROLLERS
    ]
    failures = [one for one in found if one.reason not in _ADVICE]
    return next(iter(failures or (found if not evidence.addresses else ())), None)


def unexplained(hop: Hop, evidence: Evidence) -> bool:
    """Whether *hop* says that the provider's work is not done, and nothing that was seen says why."""
    failed = last_failure(evidence)
    return hop.because[0].cause in _UNEXPLAINED or (hop.outcome is Outcome.DROP and failed is not None and failed.vague)


def kept(evidence: Evidence) -> tuple[Reason, ...]:
    """That Azure keeps what the Service had, where it had something."""
    return (Reason(Cause.KEEPS_WHAT_IT_HAD, {"addresses": evidence.addresses}),) if evidence.addresses else ()


def being_deleted(context: PathContext) -> Hop | None:
    """Somebody deleted the Service, and the provider has yet to remove what stands in Azure, or fails to."""
    if not context.evidence.deleting:
        return None
    failed = last_failure(context.evidence)
    reasons = (Reason(Cause.BEING_DELETED), *((_failure(failed, Cause.SYNC_FAILED),) if failed is not None else ()))
    verify = _confirm(failed, context)
    return Hop(HopName.ACCEPTED, Outcome.DROP, Confidence.OBSERVED, reasons, _remedy(failed), verify)


def accepted_live(context: PathContext) -> Hop | None:
    """What status and events say: pending, failed since, or done. None where neither of them was read."""
    service, evidence = context.service, context.evidence
    failed = last_failure(evidence)
    if failed is not None:
        cause = Cause.SYNC_FAILED_SINCE if evidence.addresses else Cause.SYNC_FAILED
        return Hop(
            HopName.ACCEPTED,
            Outcome.DROP,
            Confidence.OBSERVED,
            (_failure(failed, cause),),
            _remedy(failed),
            _confirm(failed, context),
        )
    if not evidence.addresses:
        # A manifest that was never applied may hold an empty status, too.
        stored = evidence.source is EvidenceSource.CLUSTER or (service.uid is not None and evidence.ingress is not None)
        return _hindered(_pending(service, evidence), context, evidence) if stored else None
    if evidence.events is None:
        unread = evidence.source is EvidenceSource.CLUSTER
        reasons = (Reason(Cause.ACCEPTED), Reason(Cause.EVENTS_UNREAD)) if unread else (Reason(Cause.ACCEPTED),)
        return Hop(HopName.ACCEPTED, Outcome.PASS, Confidence.ASSUMED if unread else Confidence.CERTAIN, reasons)
    return Hop(HopName.ACCEPTED, Outcome.PASS, Confidence.OBSERVED, (Reason(Cause.ACCEPTED),))


def _only_ensured(events: "Sequence[ServiceEvent]") -> bool:
    from kubectl_akslb.provider.events import ENSURED

    return all(one.reason in ENSURED for one in events)


def _pending(service: Service, evidence: Evidence) -> Hop:
    verify = _describe(service)
    remedy = None
    if evidence.age is not None and evidence.age < NEW:
        cause = Cause.WAITING
    elif evidence.events is None:
        cause = Cause.EVENTS_UNREAD
    elif not _only_ensured(evidence.events):
        cause, verify = Cause.ATTEMPT_GOES_ON, on_object("get", "svc", service.name, service.namespace, "--watch")
    else:
        cause, remedy = Cause.NO_EVENT, Remedy(reason=Reason(Cause.CONTROLLER_MAY_NOT_RUN))
    facts = {"age": evidence.age}
    return Hop(HopName.ACCEPTED, Outcome.DROP, Confidence.OBSERVED, (Reason(cause, facts),), remedy, verify)


def _hindered(pending: Hop, context: Context, evidence: Evidence) -> Hop:
    """The same with what stands in the way, in the cluster or in Azure: that leads, where nothing else says why."""
    found = (*by_cilium(evidence), *hindrances(context, evidence))
    if not found:
        return pending
    return settled(pending._replace(because=found, remedy=None, verify=None), context.service)


def _failure(event: "ServiceEvent", cause: Cause) -> Reason:
    facts = {"why": event.cause or event.message, "message": event.message, "age": event.age, "times": event.times}
    return Reason(cause, facts)


def _remedy(event: "ServiceEvent | None") -> Remedy | None:
    return Remedy(reason=Reason(Cause.REMEDY, {"text": event.fix})) if event is not None and event.fix else None


def _confirm(event: "ServiceEvent | None", context: Context) -> Command | None:
    """What confirms the cause of an event; kubectl describe where nothing does."""
    found = confirm_command(event.confirm, context) if event is not None else None
    return found if found is not None else _describe(context.service)


def _describe(service: Service) -> Command | None:
    return on_object("describe", "svc", service.name, service.namespace)
