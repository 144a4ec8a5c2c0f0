"""Drift in words: what stands, what is asked for, and what becomes of it; and what makes the provider look again."""

from collections.abc import Iterable, Sequence

from kubectl_akslb.model.command import Command, command, on_object
from kubectl_akslb.model.count import counted
from kubectl_akslb.plan.drift.difference import Difference, Drift, Fate
from kubectl_akslb.plan.drift.unfinished import Unfinished
from kubectl_akslb.plan.items import DESTINATIONS

MEANING = {
    Fate.SURVIVES: "stays: the provider does not compare it, so only a person puts it right",
    Fate.REVERTS: "is put right by the next reconcile of the Service",
    Fate.UNFINISHED: "was left so by the provider, and changes at the next reconcile: nobody need have edited it",
    Fate.ORPHANED: "was made by the provider for a Service, or for an address of one, that is gone",
    Fate.FOREIGN: "was made by somebody else, and is kept",
}
#: Why the provider leaves it to its next reconcile.
LEFT_BY_PROVIDER = {
    Unfinished.REFUSED: "the provider refuses a Service, and stops halfway",
    Unfinished.NEW: "the provider has not come to the end of this Service yet: its status has no address",
    Unfinished.MOVED: "the provider has given the Service another public IP, and is not done",
    Unfinished.SHARED: "Services that have, had, or ask for one address undo each other's rules",
    Unfinished.NODES: "nodes came or went, or Services share the rules for nodes, and not each was reconciled since",
    Unfinished.LEFT: "it was left when a Service gave up the address, which another one has",
    Unfinished.BALANCED: "the provider moves the Service to another load balancer",
}
_CHANGES = (Fate.REVERTS, Fate.UNFINISHED)
_GOES = "; goes at the next reconcile"
TRIGGERS = (
    "the next reconcile comes with an edit of the Service, with a node that is added or removed, or with a restart of"
    " the cloud controller manager, as AKS does in an upgrade; nothing is reconciled periodically"
)

BY_HAND = (
    "the provider does not look at what it made for a Service that is gone; by hand, in this order, once nobody uses it"
)


def changes(one: Difference) -> bool:
    """Whether the next reconcile changes it."""
    return one.fate in _CHANGES or one.goes


def place(one: Difference) -> str:
    """The thing by its kind and name."""
    return f"{one.kind.value} {one.path.rpartition('/')[2]}"


def difference(one: Difference) -> str:
    """``port: 8081 → 30080``; a thing that is missing, or that nobody asks for, in words."""
    if one.field:
        return f"{one.field}: {_of_field(one)}"
    if one.fate in _CHANGES:
        if one.stands is None:
            return f"is missing, and comes back: {shown(one.wanted)}"
        return f"goes, because no Service asks for it: {shown(one.stands)}"
    return shown(one.stands) + (_GOES if one.goes else "")


def unedited(one: Difference) -> str:
    """Why nobody need have made it; "" where the provider has not left it so."""
    return f"nobody need have edited it: {LEFT_BY_PROVIDER[one.unfinished]}" if one.unfinished is not None else ""


def _of_field(one: Difference) -> str:
    stands = shown(one.stands)
    if one.fate in _CHANGES:
        origin = one.because.origin.path if one.because is not None and one.because.origin.raw is not None else ""
        why = f" ({origin})" if origin.startswith(("spec", "service.beta")) else ""
        return f"{stands} → {shown(one.wanted)}{why}"
    if one.fate is Fate.SURVIVES:
        if one.wanted is None or one.wanted == ():
            return f"{stands} stays, and nobody asks for it"
        return f"{stands} stays, and {shown(one.wanted)} is meant"
    if one.fate is Fate.ORPHANED and one.field == DESTINATIONS:
        return f"{stands}, which no Service has" + (_GOES if one.goes else " and nothing removes")
    return stands


def shown(value: object) -> str:
    """A value as ARM writes it."""
    if value is None or value in ("", ()):
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(shown, value)) if isinstance(value, tuple) else str(value)


def summary(found: Drift) -> str:
    """``2 Services compared with what stands in Azure: 1 survives, 2 revert``."""
    total = len(found.services)
    services = counted(total, "Service")
    compared = total - len(found.not_compared)
    if compared < total:
        services = f"{compared:,} of {services}"
    parts = []
    for fate in Fate:
        count = len(found.of(fate))
        if count:
            plural = {Fate.SURVIVES: "survive", Fate.REVERTS: "revert"}.get(fate, f"{fate.value}")
            parts.append(f"{count:,} {fate.value if count == 1 else plural}")
    drifts = any(one.fate is not Fate.FOREIGN for one in found.differences)
    if compared and not drifts:
        parts.insert(0, "no drift")
    says = ", ".join(parts) or "nothing to compare"
    return f"{services} compared with what stands in Azure: {says}"


def touch(full_name: str, connection: Sequence[str]) -> Command | None:
    """The edit that makes the provider reconcile a Service, and changes nothing else."""
    namespace, _, name = full_name.rpartition("/")
    now = command("date", "+%s")
    found = on_object("annotate", "svc", name, namespace, "--overwrite", ("akslb.dev/touched=", now))
    return found.on(connection) if found is not None else None


def services_to_reconcile(found: Drift) -> Iterable[str]:
    """The Services of which a reconcile puts something right, each once; one that is refused is refused again."""
    changing = filter(changes, found.differences)
    return dict.fromkeys(one.service for one in changing if one.service and one.unfinished is not Unfinished.REFUSED)
