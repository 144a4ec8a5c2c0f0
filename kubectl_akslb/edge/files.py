"""Files: read up to a limit, and written."""

from kubectl_akslb.edge.streams import MAX_BYTES, bounded
from kubectl_akslb.errors import AkslbError

MANIFESTS = (".yaml", ".yml", ".json")
"""How the names of manifests end, as kubectl reads them from a folder."""

_SERVICES = ("svc/", "service/", "services/")


def names_service(word: str) -> bool:
    """Whether a word of a command line names a Service by its kind: ``svc/web``."""
    return word.lower().startswith(_SERVICES) and not word.endswith(MANIFESTS)


def names_file(word: str) -> bool:
    """Whether a word of a command line is a path or a pattern by its looks, or ``-``."""
    if names_service(word):
        return False
    path = word.startswith(("./", "../", "/")) or word.endswith("/") or any(mark in word for mark in "\\*?[")
    return path or word in {"-", ".", ".."} or word.endswith(MANIFESTS)


def read_file(path: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a file; AkslbError where it cannot be read, or has more than *limit*."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - pathlib would cost start-up time
            return bounded(file, path, limit)
    except IsADirectoryError:
        raise AkslbError(f"cannot read {path!r}: it is a directory", hint="name a file in it") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise AkslbError(f"cannot read {path!r}: {reason}", hint="check the path and its permissions") from None


def write_file(path: str, data: bytes) -> None:
    """A file of *data*, new or anew; AkslbError where it cannot be written."""
    try:
        with open(path, "wb") as file:  # noqa: PTH123 - as above
            file.write(data)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise AkslbError(f"cannot write {path!r}: {reason}", hint="check the path and its permissions") from None
