"""What the next reconcile changes: it reverts, it was left unfinished, or it is tidied."""

import re
from collections.abc import Iterator

from kubectl_akslb.derive.naming import PREFIX_LENGTH
from kubectl_akslb.derive.security_group.shared_rules import NAME_PREFIX
from kubectl_akslb.derive.state.azure import SERVICE_TAG
from kubectl_akslb.plan.drift.comparison import ReconcileComparison, in_short, is_renumbered, is_unknown, texts
from kubectl_akslb.plan.drift.difference import Difference, Fate
from kubectl_akslb.plan.drift.unfinished import Unfinished
from kubectl_akslb.plan.items import DESTINATIONS, Item, ItemKind, alike, plain
from kubectl_akslb.plan.standing import STANDS

#: The names that the provider itself gives to security rules from 1.29 on.
_MANAGED_NAME = re.compile(rf"^{NAME_PREFIX}_(?:allow_IPv[46]_[0-9a-f]{{32}}|deny-all_IPv[46])$")

#: What a public IP comes back with that is made anew: Azure has given up the one that it had.
_OTHER_ADDRESS = "another address"


def reverting(compared: ReconcileComparison) -> Iterator[Difference]:
    """What reverts, and what the provider can have left so; what is nobody's goes with its load balancer."""
    nobodys = []
    homes: dict[str, list[Unfinished | None]] = {}
    for one in _changed(compared):
        if one.fate is not Fate.REVERTS:
            yield one
            continue
        home = _home(one)
        if home and not one.service and not one.field:
            nobodys.append(one)
            continue
        reason = _unfinished(compared, one)
        homes.setdefault(home, []).append(reason)
        yield _left_so(one, reason)
    for one in nobodys:
        others = homes.get(_home(one), [Unfinished.REFUSED] if compared.refused else [None])
        yield _left_so(one, None if None in others else others[0])


def _changed(compared: ReconcileComparison) -> Iterator[Difference]:
    """What the reconcile changes: values that are put right, things that come back, things that go."""
    for key in {**compared.stands, **compared.comes}:
        stood, comes = compared.stands.get(key), compared.comes.get(key)
        item = comes or stood
        if item is None or not compared.is_checked(item):
            continue
        left = _left_behind(compared, stood, comes)
        if left is not None:
            yield left
            continue
        if stood is None or comes is None:
            told = _whole(compared, item, comes=comes is not None)
            if told is not None:
                yield told
            continue
        for field in {**stood.values, **comes.values}:
            derived = comes.values.get(field)
            old, new = plain(stood.values.get(field)), plain(derived)
            beside = any(one == field for one, *_ in comes.beside)  # it is told as what survives
            if field == "ipAddress" and old and derived is not None and derived.origin is not STANDS:
                new = _OTHER_ADDRESS  # the public IP is deleted, and one is made in its place
            elif alike(field, old, new) or is_unknown(new) or is_renumbered(item, field) or beside:
                continue
            yield compared.difference(Fate.REVERTS, comes, field, old, new, derived)


def _unfinished(compared: ReconcileComparison, one: Difference) -> Unfinished | None:
    """Why the provider can have left it so; None where somebody has edited Azure or the Service."""
    name = one.path.rpartition("/")[2]
    if one.kind is ItemKind.SECURITY_RULE:
        key = (one.kind, name.lower())
        stood, comes = compared.stands.get(key), compared.comes.get(key)
        managed = _MANAGED_NAME.match(name)
        own = comes is not None and name[:PREFIX_LENGTH].lower() in compared.by_prefix
        if one.field not in ("", DESTINATIONS) or not (managed or own):
            return None
        before, after = (texts(item.values.get(DESTINATIONS)) if item is not None else () for item in (stood, comes))
        denies = any(item is not None and plain(item.values["access"]) == "Deny" for item in (stood, comes))
        reason = compared.leavings.of_destinations(before, after, denies=denies)
        return reason or (compared.leavings.halfway(one.service) if stood is None else None)
    if one.field == f"tags.{SERVICE_TAG}":
        return compared.leavings.of_tag(str(one.stands or ""), str(one.wanted or ""))
    if one.field == "publicIPAddressVersion":
        return Unfinished.SHARED  # no hand can change that, and a Service of the other family tries to
    if one.field not in ("", "ipAddress", "frontendIPConfiguration"):
        return None
    if one.service in compared.moving:
        return Unfinished.BALANCED
    return compared.leavings.of_service(one.service)


def _left_behind(compared: ReconcileComparison, stood: Item | None, comes: Item | None) -> Difference | None:
    """What the provider itself has left and tidies now, nobody has edited it; None for all else.

    Addresses that a Service had once, in rules that bear the provider's names; and the shared probe without a rule.
    """
    if stood is None:
        return None
    if stood.shared and comes is None:
        return compared.orphan_that_goes(stood, "", in_short(stood))
    if compared.managed is None or stood.kind is not ItemKind.SECURITY_RULE or not _MANAGED_NAME.match(stood.name):
        return None
    old, new = stood.values, comes.values if comes is not None else {}
    if comes is not None and any(
        not alike(field, plain(old.get(field)), plain(new.get(field)))
        for field in {**old, **new}
        if field != DESTINATIONS and not is_renumbered(comes, field)
    ):
        return None
    after = texts(new.get(DESTINATIONS))
    gone = tuple(one for one in texts(old.get(DESTINATIONS)) if one not in after)
    added = len(after) + len(gone) > len(texts(old.get(DESTINATIONS)))
    if not gone or added or any(compared.after.claims_on(one) for one in gone):
        return None
    if not compared.complete or not compared.held.isdisjoint(gone):
        return None
    return compared.orphan_that_goes(stood._replace(services=()), DESTINATIONS, gone)


def _whole(compared: ReconcileComparison, item: Item, *, comes: bool) -> Difference | None:
    if not compared.complete and not comes and not compared.owner(item):
        return None  # it may be of a Service that is not among those given
    if not comes and compared.is_left(item, compared.stands):
        return compared.orphan_that_goes(item, "", in_short(item))
    stands, wanted = (None, _in_its_place(item)) if comes else (in_short(item), None)
    return compared.difference(Fate.REVERTS, item, "", stands, wanted, item.because)


def _in_its_place(item: Item) -> str:
    """What comes in place of what is missing."""
    return _OTHER_ADDRESS if item.kind is ItemKind.PUBLIC_IP else in_short(item)


def _home(one: Difference) -> str:
    """The load balancer that something is a part of; "" for what is none."""
    parts = one.path.split("/")
    return parts[1] if parts[0] == "loadBalancers" else ""


def _left_so(one: Difference, reason: Unfinished | None) -> Difference:
    return one if reason is None else one._replace(fate=Fate.UNFINISHED, unfinished=reason)
