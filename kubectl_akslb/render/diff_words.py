"""What applying manifests does, in words: the worst first, the address, the clients, the edits that decide."""

from collections.abc import Iterator

from kubectl_akslb.manifest.nodes import PLAIN
from kubectl_akslb.manifest.quoting import written
from kubectl_akslb.path.sentences import sentences
from kubectl_akslb.path.verdict import Path, VerdictKind
from kubectl_akslb.plan.applied import FieldEdit
from kubectl_akslb.plan.change import ERROR, Change, ChangeKind
from kubectl_akslb.plan.consequence import Consequence
from kubectl_akslb.plan.diff import APPLY, ServiceDiff, ServiceFate
from kubectl_akslb.plan.effect import Effect
from kubectl_akslb.plan.kept_addresses import AddressChange, ServiceAddress
from kubectl_akslb.render import plan_words


def headline(one: ServiceDiff) -> str:
    """The worst of it in one sentence."""
    planned = one.planned
    if planned.effect is Effect.SAME:
        return "nothing"
    refused = next((change for change in planned.changes if change.field in (APPLY, ERROR) and change.new), None)
    if refused is not None:
        return plan_words.value_change(refused)
    if one.fate is ServiceFate.DELETED:
        return f"it is deleted: {'; '.join(map(address, one.addresses)) or 'it had no address'}"
    return _failing(one) or _otherwise(one)


def _failing(one: ServiceDiff) -> str:
    """That it does not work then, and did; "" where that is not so."""
    old, new = one.planned.old, one.planned.new
    if new is None or not new.verdict.kind.fails:
        return ""
    if old is None:
        return f"it is new, and does not work: {sentences(new.verdict.because)}"
    return verdict(old, new) if not old.verdict.kind.fails else ""


def _otherwise(one: ServiceDiff) -> str:
    planned = one.planned
    lost = [change for change in one.addresses if change.old is not None and change.kept is False]
    if lost:
        return address(lost[0])
    told = next((each for each in planned.consequences if each.effect is planned.effect), None)
    if one.fate is ServiceFate.CREATED:
        comes = ", ".join(_new(each.new) for each in one.addresses if each.new is not None)
        return f"it is new{f', with {comes}' if comes else ''}{f': {told.who} gets in' if told is not None else ''}"
    if told is not None:
        return consequence(told)
    change = next((each for each in changes(one) if each.effect is planned.effect), None)
    return plan_words.value_change(change) if change is not None else plan_words.headline(planned)


def verdict(old: Path | None, new: Path | None) -> str:
    """``WORKS → DOWN: GET / gets 404 …``."""
    words = [path.verdict.kind.value.upper() for path in (old, new) if path is not None]
    if new is None or not words:
        return ""
    text = " → ".join(dict.fromkeys(words)) + (", as before" if len(words) > 1 and words[0] == words[1] else "")
    why = sentences(new.verdict.because)
    client = new.verdict.client
    if new.verdict.kind in (VerdictKind.WORKS, VerdictKind.IGNORED) or not why:
        return text
    return f"{text}: {f'{client.name}: ' if client is not None and client.name not in why else ''}{why}"


def consequence(one: Consequence) -> str:
    """What happens to whom; an edit of the access is no accident."""
    if one.after is not None:
        return plan_words.consequence(one)
    if one.effect is Effect.EXPOSES:
        return f"{one.who} gets in, and did not before"
    return f"{one.who} gets in no more"


def address(one: AddressChange) -> str:
    """What becomes of an address."""
    old, new = one.old, one.new
    if old is None:
        return f"{_new(new)} comes" if new is not None else ""
    name = _old(old)
    if one.kept:
        return f"{name} is kept"
    if one.kept is None:
        return f"{name} is kept if its subnet is the same and still has it"
    if new is None:
        stays = old.kind == "public" and not old.managed
        return f"{name} goes" + (f"; the public IP {old.resource} stays, the provider has not made it" if stays else "")
    return f"{name} goes, {_new(new)} comes"


def _old(one: ServiceAddress) -> str:
    return f"{one.text if one.known else f'its {one.kind} {one.family} address'}{_where(one)}"


def _where(one: ServiceAddress) -> str:
    """The public IP or the subnet, where its name says more than the Service's own."""
    if not one.resource or "<uid" in one.resource or not one.is_asked_for:
        return ""
    return f" (public IP {one.resource})" if one.kind == "public" else f" (in subnet {one.resource})"


def _new(one: ServiceAddress | None) -> str:
    if one is None:
        return "none"
    article = "an" if one.kind == "internal" else "a"
    return f"{one.text if one.known else f'{article} {one.kind} {one.family} address'}{_where(one)}"


def connections(one: ServiceDiff) -> str:
    """Whether those that stand are cut."""
    if one.fate is ServiceFate.CREATED:
        return ""
    return "those that stand are cut" if one.is_interrupted else "those that stand are not cut"


def changes(one: ServiceDiff) -> list[Change]:
    """What is worth a line: not what comes or goes with a new or a deleted Service, nor what follows from a name."""
    if one.fate in (ServiceFate.CREATED, ServiceFate.DELETED):
        return []
    moved = any(each.kept is False for each in one.addresses)
    found = []
    for change in one.planned.changes:
        of_address = change.kind in (ChangeKind.FRONTEND, ChangeKind.PUBLIC_IP) and moved
        of_name = (
            change.kind is ChangeKind.SECURITY_RULE
            and change.field == "name"
            and one.planned.effect is not Effect.RENAMES
        )
        if not of_address and not of_name:
            found.append(change)
    return found


def edits(found: tuple[FieldEdit, ...]) -> Iterator[str]:
    """The lines of the manifest that go, and those that come."""
    for edit in found:
        name = _path(edit)
        if edit.old is not None:
            yield f"- {name}: {_value(edit.old)}"
        if edit.new is not None:
            yield f"+ {name}: {_value(edit.new)}"


def _path(edit: FieldEdit) -> str:
    if edit.path[:2] == ("metadata", "annotations"):
        return str(edit.path[2])
    if edit.path[:2] == ("spec", "ports"):
        field = ".".join(map(str, edit.path[3:]))
        return f"spec.ports[{edit.path[2]}]{f'.{field}' if field else ''}"
    return ".".join(map(str, edit.path))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_value(item)}' for key, item in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_value, value))}]"
    return written(value, PLAIN) if isinstance(value, str) else str(value)
