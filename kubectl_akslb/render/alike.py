"""Services with one cause: it is said once, for all of them."""

import re
from collections.abc import Hashable, Iterable, Iterator

from kubectl_akslb.path.hop import Reason
from kubectl_akslb.path.verdict import VerdictKind
from kubectl_akslb.pipeline import Explained

_ORDER = {kind: number for number, kind in enumerate(VerdictKind)}
_NUMBER = re.compile("[0-9]+")


def rank(one: Explained) -> int:
    """How bad it is: the worst is 0."""
    return _ORDER[one.path.verdict.kind]


def by_cause(services: Iterable[Explained]) -> list[list[Explained]]:
    """The Services that have one cause and one fix together, the worst first."""
    groups: dict[Hashable, list[Explained]] = {}
    for one in sorted(services, key=rank):
        groups.setdefault(_key(one), []).append(one)
    return list(groups.values())


def _key(one: Explained) -> Hashable:
    """What is the same of Services with one cause: their words differ in their own name, and in numbers, at most."""
    verdict = one.path.verdict
    remedy, client = verdict.remedy, verdict.client
    name = one.derivation.service.full_name
    advice = [remedy.reason] if remedy is not None and remedy.reason is not None else []
    return (
        verdict.kind,
        verdict.hop.name if verdict.hop is not None else None,
        client.group if client is not None else None,
        tuple(_said(verdict.because, name)),
        tuple(_said(advice, name)),
        # What is written into a file mends the Services of that file.
        (remedy.annotations, one.found.path) if remedy is not None and remedy.annotations else None,
    )


def _said(reasons: Iterable[Reason], name: str) -> Iterator[Hashable]:
    for reason in reasons:
        facts = "\0".join(f"{key}={value}" for key, value in reason.facts.items())
        yield reason.cause, _NUMBER.sub("", facts.replace(name, ""))
