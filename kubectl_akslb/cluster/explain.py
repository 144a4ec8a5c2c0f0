"""Explain Services as the API server has them: the same derivation as for a file, and beside it their state."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from kubectl_akslb.cluster.judge import judged, last_failure
from kubectl_akslb.cluster.live import Reading
from kubectl_akslb.cluster.state import Surroundings, states
from kubectl_akslb.derive.outbound import derive_outbound
from kubectl_akslb.errors import InputError
from kubectl_akslb.lint.assume import with_assumed_addresses
from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.manifest.load import FoundService
from kubectl_akslb.manifest.nodes import PLAIN, Scalar, Source
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.live import LiveState
from kubectl_akslb.model.service import LOAD_BALANCER
from kubectl_akslb.pipeline import Explained, Explanation, explain_services

Object = Mapping[str, Any]
_NO_NODE = Scalar("", PLAIN, 0, 0)
_NO_TEXT = Source("")
_NO_ADDRESS = ("cannot find public IP with IP address", "doesn't exist", "failed to find PIP", ") not found")


def explain(reading: Reading, cluster: Cluster, notices: Sequence[str], *, named: bool, now: datetime) -> Explanation:
    """Explain what was read: the Services that were *named*, whatever their type, else those of type LoadBalancer."""
    chosen: list[tuple[Object, FoundService]] = []
    problems: list[InputError] = []
    others = 0
    for one in reading.services:
        try:
            found = _found(one, len(chosen))
        except InputError as error:
            name = "/".join(str((one.get("metadata") or {}).get(key, "")) for key in ("namespace", "name"))
            problems.append(InputError(f"Service {name}: {error.message}", path="the API server", hint=error.hint))
            continue
        if named or found.service.type == LOAD_BALANCER:
            chosen.append((one, found))
        else:
            others += 1
    outbound = derive_outbound(cluster)
    # Services share addresses and priorities in the order of their creation, and are shown in the order of kubectl.
    chosen.sort(key=lambda pair: _created(pair[0]))
    around = Surroundings(reading.slices, reading.events, reading.nodes)
    live = tuple(states([one for one, _ in chosen], around, now))
    services = [found.service for (_, found), state in zip(chosen, live, strict=True) if not _lacks_address(state)]
    cluster = with_assumed_addresses([with_defaults(service) for service in services], cluster)
    explained = explain_services([found for _, found in chosen], cluster, outbound)
    judgements = [judged(one, state) for one, state in zip(explained, live, strict=True)]
    places = {id(one): index for index, one in enumerate(reading.services)}
    order = [places[id(one)] for one, _ in chosen]
    shown: tuple[Explained, ...] = tuple(one for _, one in sorted(zip(order, judgements, strict=True), key=_place))
    return Explanation(cluster, outbound, tuple(notices), shown, tuple(problems), others)


def now() -> datetime:
    """The time that ages are counted from."""
    return datetime.now(timezone.utc)


def _lacks_address(state: LiveState) -> bool:
    """Whether Azure has said that a public IP is not there; all others that Services ask for are taken to exist."""
    failed = last_failure(state)
    return failed is not None and any(text in failed.message for text in _NO_ADDRESS)


def _place(pair: tuple[int, Explained]) -> int:
    return pair[0]


def _created(one: Object) -> str:
    return str((one.get("metadata") or {}).get("creationTimestamp", ""))


def _found(one: Object, index: int) -> FoundService:
    typed = one if one.get("apiVersion") else {"apiVersion": "v1", **one}
    return FoundService(decode(typed), index, "", 0, "", _NO_NODE, (), _NO_TEXT)
