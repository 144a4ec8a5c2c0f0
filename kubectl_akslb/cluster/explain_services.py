"""Explain Services as the API server has them: as from files, with more evidence, and with their state."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.live_state import live_state
from kubectl_akslb.cluster.producers import with_maker
from kubectl_akslb.cluster.reading import Reading
from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.evidence import EvidenceSource
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.lint.assume import with_assumed_addresses
from kubectl_akslb.lint.stream import Stream
from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.manifest.load import FoundService, found_in_cluster
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import LOAD_BALANCER, Service
from kubectl_akslb.path.confirm import explain_command
from kubectl_akslb.path.hop import Hop
from kubectl_akslb.path.verdict import Path, Verdict, VerdictKind
from kubectl_akslb.pipeline import Explained, Explanation, Read, azure_notices, explain_services, lacks_address

if TYPE_CHECKING:
    from kubectl_akslb.azure.resources import Resources
    from kubectl_akslb.cluster.lint_streams import Around

Object = Mapping[str, Any]


def explain(
    reading: Reading,
    cluster: Cluster,
    notices: Sequence[str],
    *,
    connection: Connection,
    named: bool,
    now: datetime,
    making: Sequence[FoundService] = (),
    azure: "Resources | None" = None,
) -> Explanation:
    """Explain what was read: the Services that were *named*, whatever their type, else those of type LoadBalancer.

    *making* are those that a controller makes of an object that was read. *azure* is what really stands there, None
    where nobody asked.
    """
    chosen: list[tuple[Object, FoundService]] = []
    problems: list[InputError] = []
    others = 0
    for one in reading.services:
        try:
            found = with_maker(_found(one, len(chosen)), making)
        except InputError as error:
            name = "/".join(str((one.get("metadata") or {}).get(key, "")) for key in ("namespace", "name"))
            problems.append(InputError(f"Service {name}: {error.message}", path="the API server", hint=error.hint))
            continue
        if named or found.service.type == LOAD_BALANCER:
            chosen.append((one, found))
        else:
            others += 1
    beside = tuple(_neighbours(reading, len(reading.services)))
    # Services share addresses and priorities in the order of their creation, and are shown in the order of kubectl.
    named_ones = frozenset(found.document for _, found in chosen)
    chosen = sorted((*chosen, *beside), key=lambda pair: _created(pair[0]))
    objects = Objects((*reading.services, *reading.neighbours, *reading.objects))
    read = Read(objects, EvidenceSource.CLUSTER, reading.kinds, reading.notices, now, azure)
    asking = [service for _, found in chosen if not lacks_address(service := with_defaults(found.service), read)]
    cluster = with_assumed_addresses(asking, cluster, azure)
    texts = _Texts({found.document: one for one, found in chosen}, reading)
    explained = explain_services(
        [found for _, found in chosen],
        cluster,
        read,
        texts.of,
        shown=named_ones,
    )
    judgements = [_connected(one, connection.words) for one in explained]
    places = {id(one): index for index, one in enumerate(reading.services)}
    order = [places[id(one)] for one, found in chosen if found.document in named_ones]
    shown: tuple[Explained, ...] = tuple(one for _, one in sorted(zip(order, judgements, strict=True), key=_place))
    said = (*notices, *azure_notices(azure))
    return Explanation(cluster, said, shown, tuple(problems), others, azure=azure)


def _neighbours(reading: Reading, first: int) -> Iterator[tuple[Object, FoundService]]:
    """The other Services, numbered from *first*; what cannot be read of them is passed over."""
    for index, one in enumerate(reading.neighbours, first):
        try:
            yield one, _found(one, index)
        except InputError:
            continue


def load_balancers(reading: Reading) -> tuple[Service, ...]:
    """The Services of type LoadBalancer, in the order of their creation; what is none at all is passed over."""
    found = []
    for index, one in enumerate(sorted(reading.services, key=_created)):
        try:
            service = with_defaults(_found(one, index).service)
        except InputError:
            continue
        if service.type == LOAD_BALANCER:
            found.append(service)
    return tuple(found)


def _connected(one: Explained, words: Sequence[str]) -> Explained:
    """The Service with its state, and with commands that ask the API server that it was read from."""
    state = live_state(one.context, one.path)
    path = one.path._replace(verdict=_settled_by_azure(one))
    return one._replace(live=state, path=path_on(path, words), connection=tuple(words))


def _settled_by_azure(one: Explained) -> Verdict:
    """The verdict, with the command that looks at Azure where all works as far as the cluster tells."""
    verdict, evidence = one.path.verdict, one.evidence
    in_azure = any((node.provider_id or "").lower().startswith("azure:") for node in evidence.nodes or ())
    if verdict.kind is not VerdictKind.WORKS or evidence.azure is not None or not in_azure:
        return verdict
    return verdict._replace(verify=explain_command(one.derivation.service, "--az"))


class _Texts:
    """The Services as lint writes them, by their number; what stands around them is sorted once somebody asks."""

    def __init__(self, services: Mapping[int, Object], reading: Reading) -> None:
        self._services = services
        self._reading = reading

    @cached_property
    def _around(self) -> "Around":
        from kubectl_akslb.cluster.lint_streams import Around

        return Around(self._reading.objects)

    def of(self, found: FoundService) -> tuple[FoundService, Stream] | None:
        """A Service as YAML with what stands around it, as lint has it; None for those of other types."""
        from kubectl_akslb.cluster.lint_streams import is_load_balancer, stream

        service = self._services[found.document]
        if not is_load_balancer(service):
            return None
        read = Stream(*stream(service, self._around))
        return read.services[0], read


def path_on(path: Path, words: Sequence[str]) -> Path:
    """The same path, with these words in every command of kubectl."""

    def hops(found: Sequence[Hop]) -> tuple[Hop, ...]:
        return tuple(one._replace(verify=one.verify.on(words)) if one.verify is not None else one for one in found)

    verdict = path.verdict
    (deciding,) = hops((verdict.hop,)) if verdict.hop is not None else (None,)
    verify = verdict.verify.on(words) if verdict.verify is not None else None
    return Path(
        verdict._replace(hop=deciding, verify=verify),
        hops(path.common),
        tuple(one._replace(hops=hops(one.hops)) for one in path.ports),
        tuple(one._replace(hops=hops(one.hops)) for one in path.clients),
    )


def now() -> datetime:
    """The time that ages are counted from."""
    return datetime.now(timezone.utc)


def _place(pair: tuple[int, Explained]) -> int:
    return pair[0]


def _created(one: Object) -> str:
    return str((one.get("metadata") or {}).get("creationTimestamp", ""))


def _found(one: Object, index: int) -> FoundService:
    typed = one if one.get("apiVersion") else {"apiVersion": "v1", **one}
    return found_in_cluster(decode(typed), index, typed)
