"""Drift in words: what stands, what is asked for, and what becomes of it; and what makes the provider look again."""

from collections.abc import Iterable, Sequence

from kubectl_akslb.model.command import Command, command, on_object
from kubectl_akslb.plan.drift import Difference, Drift, Fate
from kubectl_akslb.plan.items import DESTINATIONS

MEANING = {
    Fate.SURVIVES: "stays: the provider does not compare it, so only a person puts it right",
    Fate.REVERTS: "is put right by the next reconcile of the Service",
    Fate.ORPHANED: "was made by the provider for a Service, or for an address of one, that is gone",
    Fate.FOREIGN: "was made by somebody else, and is kept",
}
_GOES = "; goes at the next reconcile"
TRIGGERS = (
    "the next reconcile comes with an edit of the Service, with a node that is added or removed, or with a restart of"
    " the cloud controller manager, as AKS does in an upgrade; nothing is reconciled periodically"
)


def place(one: Difference) -> str:
    """The thing by its kind and name."""
    return f"{one.kind.value} {one.path.rpartition('/')[2]}"


def difference(one: Difference) -> str:
    """``port: 8081 → 30080``; a thing that is missing, or that nobody asks for, in words."""
    if one.field:
        return f"{one.field}: {_of_field(one)}"
    if one.fate is Fate.REVERTS:
        if one.stands is None:
            return f"is missing, and comes back: {shown(one.wanted)}"
        return f"goes, because no Service asks for it: {shown(one.stands)}"
    return shown(one.stands) + (_GOES if one.goes else "")


def _of_field(one: Difference) -> str:
    stands = shown(one.stands)
    if one.fate is Fate.REVERTS:
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


def counted(found: Drift) -> str:
    """``2 Services compared with what stands in Azure: 1 survives, 2 revert``."""
    total = len(found.services)
    services = "1 Service" if total == 1 else f"{total} Services"
    parts = []
    for fate in Fate:
        count = len(found.of(fate))
        if count:
            plural = {Fate.SURVIVES: "survive", Fate.REVERTS: "revert"}.get(fate, f"{fate.value}")
            parts.append(f"{count} {fate.value if count == 1 else plural}")
    drifts = any(one.fate is not Fate.FOREIGN for one in found.differences)
    says = ", ".join(parts) if parts else "no drift"
    if parts and not drifts:
        says = f"no drift, {says}"
    return f"{services} compared with what stands in Azure: {says}"


def touch(full_name: str, connection: Sequence[str]) -> Command | None:
    """The edit that makes the provider reconcile a Service, and changes nothing else."""
    namespace, _, name = full_name.rpartition("/")
    now = command("date", "+%s")
    found = on_object("annotate", "svc", name, namespace, "--overwrite", ("akslb.dev/touched=", now))
    return found.on(connection) if found is not None else None


def services_that_revert(found: Drift) -> Iterable[str]:
    """The Services of which something comes back, each once."""
    return dict.fromkeys(one.service for one in found.of(Fate.REVERTS) if one.service)
