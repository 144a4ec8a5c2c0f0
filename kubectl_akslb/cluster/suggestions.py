"""What a person may have meant by a name that is not there."""

from collections.abc import Iterator, Sequence

from kubectl_akslb.cluster import kubectl
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.errors import AkslbError, did_you_mean
from kubectl_akslb.model.command import Command


def near_contexts(name: str, connection: Connection) -> AkslbError:
    """The error for a context that the kubeconfig does not have."""
    (done,) = kubectl.run(kubectl.contexts(connection))
    known = done.out.decode("utf-8", "replace").split() if done.code == 0 else []
    hint = _meant(name, known) or (f"there is {', '.join(known[:8])}" if known else "kubectl config get-contexts")
    return AkslbError(f"the kubeconfig has no context {name!r}", hint=hint)


def not_there(services: Sequence[object], missing: Sequence[str], connection: Connection) -> Iterator[AkslbError]:
    """The errors for the names that are *missing*; where no name was given and nothing found, for the namespace."""
    for name in missing:
        yield near_services(name, connection)
    if not services and not missing and connection.namespace is not None:
        error = near_namespaces(connection.namespace, connection)
        if error is not None:
            yield error


def near_services(name: str, connection: Connection) -> AkslbError:
    """The error for a Service that is not there: similar names, and namespaces that have one of that name."""
    here, everywhere = kubectl.run(kubectl.names(connection), kubectl.elsewhere(name, connection))
    known = [word.rpartition("/")[2] for word in here.out.decode("utf-8", "replace").split()] if here.code == 0 else []
    found = kubectl.objects(everywhere) if everywhere.code == 0 else []
    namespaces = [str((one.get("metadata") or {}).get("namespace", "")) for one in found]
    where = f" in namespace {connection.namespace}" if connection.namespace else " in the namespace of the context"
    if namespaces:
        others = f"; also in {', '.join(namespaces[1:6])}" if len(namespaces) > 1 else ""
        hint = f"there is one in namespace {namespaces[0]}: {Command(('-n', namespaces[0]))}{others}"
    else:
        hint = _meant(name, known)
    if not hint and known:
        hint = f"there is {', '.join(sorted(known)[:8])}"
    elif not hint:
        hint = "the namespace has no Service; -A shows all" if here.code == 0 else "its Services may not be listed"
    return AkslbError(f"there is no Service {name!r}{where}", hint=hint)


def near_namespaces(name: str, connection: Connection) -> AkslbError | None:
    """The error for a namespace that is not there; None where it is, or where that may not be known."""
    (done,) = kubectl.run(kubectl.namespaces(connection))
    known = [word.rpartition("/")[2] for word in done.out.decode("utf-8", "replace").split()]
    if done.code != 0 or name in known:
        return None
    return AkslbError(f"there is no namespace {name!r}", hint=_meant(name, known) or f"there is {', '.join(known[:8])}")


def _meant(name: str, known: Sequence[str]) -> str:
    longer = [one for one in known if name in one][:3]
    return did_you_mean(name, known, 3) or (f"Did you mean {' or '.join(longer)}?" if longer else "")
