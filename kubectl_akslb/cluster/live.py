"""Read a cluster: the Services that are asked for, what decides about them, and the cluster's profile."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from kubectl_akslb.cluster import kubectl
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.kubectl import DAEMON_SETS, NODES
from kubectl_akslb.cluster.process import Finished
from kubectl_akslb.errors import AkslbError

Object = Mapping[str, Any]
_SERVICE_WORDS = frozenset({"svc", "service", "services"})
_LIMIT = 253


class Reading(NamedTuple):
    """What the API said. Lists that could not be read are None, and *notices* say why.

    *missing* are the names that were asked for and are not there.
    """

    services: Sequence[Object]
    slices: Sequence[Object] | None
    events: Sequence[Object] | None
    nodes: Sequence[Object] | None
    daemon_sets: Sequence[Object] | None
    notices: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    kubernetes_version: str = ""


def targets(words: Sequence[str]) -> tuple[str, ...]:
    """The names of Services in the arguments: ``svc/x``, ``svc x y``, ``x y``; none means all."""
    names = list(words)
    if names and names[0].lower() in _SERVICE_WORDS and not any("/" in word for word in names):
        names = names[1:]
    return tuple(dict.fromkeys(_name(word) for word in names))


def _name(word: str) -> str:
    kind, slash, name = word.rpartition("/")
    if slash and kind.lower() not in _SERVICE_WORDS:
        raise AkslbError(f"{word[:80]!r} is no Service", hint="name Services: svc/web, or web")
    legal = name[:1].isalnum() and all(c.isalnum() or c in "-." for c in name) and len(name) <= _LIMIT
    if not (legal and name.isascii()):
        hint = "write svc/NAME, or NAME; a file is given with -f"
        raise AkslbError(f"{word[:80]!r} cannot be the name of a Service", hint=hint)
    return name


def commands(names: Sequence[str], connection: Connection) -> tuple[tuple[str, ...], ...]:
    """The calls of ``read``."""
    return (
        kubectl.services(connection, names),
        kubectl.slices(connection, names),
        kubectl.events(connection, names),
        kubectl.infrastructure(connection),
    )


def read(names: Sequence[str], connection: Connection, meanwhile: Callable[[], object] | None = None) -> Reading:
    """All that ``explain`` needs, in four calls side by side; AkslbError where the Services cannot be read."""
    calls = commands(names, connection)
    done = kubectl.run(*calls, meanwhile=meanwhile)
    services, missing = services_of(done[0], connection)
    if len(done) < len(calls):
        return Reading(services, None, None, None, None, missing=missing)
    notices: list[str] = []
    slices, events, both = (
        optional(one, what, notices)
        for one, what in zip(done[1:], ("ready endpoints", "events", "nodes and versions"), strict=True)
    )
    nodes, daemon_sets = infrastructure_of(both, done[3])
    return Reading(services, slices, events, nodes, daemon_sets, tuple(notices), missing)


def read_profile(connection: Connection) -> Reading:
    """All that ``profile`` needs, in two calls side by side; AkslbError with help where nothing can be read."""
    done = kubectl.run(kubectl.server_version(connection), kubectl.infrastructure(connection))
    version = version_of(done[0])
    notices: list[str] = []
    both = optional(done[-1], "nodes and versions", notices) if len(done) > 1 else None
    if both is None and not version:
        raise _help(done[-1], connection)
    nodes, daemon_sets = infrastructure_of(both, done[-1])
    return Reading((), None, None, nodes, daemon_sets, tuple(notices), (), version)


def read_version(connection: Connection) -> str:
    """The version of Kubernetes, asked for where nothing else has told it; "" where it cannot be read."""
    return version_of(kubectl.run(kubectl.server_version(connection))[0])


def version_of(done: Finished) -> str:
    """The release in the answer to ``/version``, such as ``v1.30.8``."""
    try:
        (answer,) = kubectl.objects(done) if done.code == 0 else ({},)
    except (AkslbError, ValueError):
        return ""
    return str(answer.get("gitVersion", ""))


def services_of(done: Finished, connection: Connection) -> tuple[Sequence[Object], tuple[str, ...]]:
    """The Services, and the names that are not there; anything else that went wrong is an error."""
    if done.code == 0:
        return kubectl.objects(done), ()
    from kubectl_akslb.cluster.trouble import not_found  # noqa: PLC0415 - only what fails pays for it

    missing = not_found(done.err)
    if not missing:
        raise _help(done, connection)
    return kubectl.objects(done), missing


def optional(done: Finished, what: str, notices: list[str]) -> list[dict[str, Any]] | None:
    """The objects that a call gave, or None; a notice says what was refused, by whom, and how it is granted."""
    if done.code == 0:
        return kubectl.objects(done)
    from kubectl_akslb.cluster.trouble import forbidden, help_for  # noqa: PLC0415

    refused = forbidden(done.err)
    notices += (f"not allowed to {one.subject}: {one.missing}. To grant it: {one.grant}" for one in refused)
    if not refused:
        notices.append(f"{what} could not be read: {help_for(done).message}")
    try:
        return kubectl.objects(done) or None
    except AkslbError:
        return None


def infrastructure_of(
    found: list[dict[str, Any]] | None, done: Finished
) -> tuple[Sequence[Object] | None, Sequence[Object] | None]:
    """Nodes and DaemonSets apart, None for what could not be read."""
    refused = ""
    if done.code != 0:
        from kubectl_akslb.cluster.trouble import forbidden  # noqa: PLC0415

        refused = " ".join(one.resource for one in forbidden(done.err))
    nodes = [one for one in found or () if one.get("kind") == "Node"]
    sets = [one for one in found or () if one.get("kind") == "DaemonSet"]
    unread = found is None
    return (
        None if NODES in refused or (unread and not nodes) else nodes,
        None if DAEMON_SETS in refused or (unread and not sets) else sets,
    )


def _help(done: Finished, connection: Connection) -> AkslbError:
    from kubectl_akslb.cluster.trouble import help_for, missing_context  # noqa: PLC0415

    context = missing_context(done.err)
    if context:
        from kubectl_akslb.cluster.near import near_contexts  # noqa: PLC0415

        return near_contexts(context, connection)
    return help_for(done)
