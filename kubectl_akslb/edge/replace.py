"""Replace a file so that nothing is lost, whatever happens meanwhile."""

import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from kubectl_akslb.edge.files import read_file
from kubectl_akslb.errors import AkslbError

_AS_IT_WAS = "the file is as it was; check the permissions of its folder, or use --diff"
_PLACES = ("/dev/", "/proc/")
"""Where names of open files are, which come and go with a process."""
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def check_replaceable(path: str) -> None:
    """AkslbError where a file must not be replaced: it is none, is no lasting name of one, or is read-only."""
    if os.path.abspath(path).startswith(_PLACES):  # noqa: PTH100 - as above
        raise AkslbError(
            f"{path} is not fixed in place: it is no file of its own", hint="name the file, or give - for it"
        )
    try:
        found = os.stat(path)  # noqa: PTH116 - as above
    except OSError as error:
        raise AkslbError(f"cannot write {path}: {error.strerror}", hint=_AS_IT_WAS) from None
    if not stat.S_ISREG(found.st_mode):
        raise AkslbError(f"{path} is not fixed in place: it is no file", hint="pipe it in, and name - after -f")
    if not found.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise AkslbError(f"cannot write {path}: it is read-only", hint="make it writable, or use --diff")


def replace_file(path: str, before: bytes, after: bytes) -> None:
    """Write *after* in place of a file that holds *before*, with its owner, its permissions and all its links.

    In one step: a crash leaves the old file or the new one. Only a file with several names, or of somebody who cannot
    be given the new one, is written over; what it was is then beside it until all is written. AkslbError where that
    cannot be done, or the file is not *before* any more: it is then as it was.
    """
    target = os.path.realpath(path)
    check_replaceable(path)
    try:
        with _ending_in_order():
            _replace(target, path, before, after)
    except OSError as error:
        raise AkslbError(f"cannot write {path}: {error.strerror}", hint=_AS_IT_WAS) from None


def _replace(target: str, path: str, before: bytes, after: bytes) -> None:
    found = os.stat(target)  # noqa: PTH116 - as above
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".akslb-")  # noqa: PTH120 - as above
    try:
        with os.fdopen(handle, "wb") as file:
            in_one_step = found.st_nlink == 1 and _given(temporary, target, found)
            file.write(after if in_one_step else before)
            file.flush()
            os.fsync(handle)
        if read_file(target) != before:
            hint = "something else has written it meanwhile: run the command again"
            raise AkslbError(f"{path} has changed while it was being fixed, and is left as it is", hint=hint)
        if in_one_step:
            os.replace(temporary, target)  # noqa: PTH105 - as above
        else:
            _write_over(target, before, after)
    finally:
        if os.path.exists(temporary):  # noqa: PTH110 - as above
            os.unlink(temporary)  # noqa: PTH108 - as above


def _given(temporary: str, target: str, found: os.stat_result) -> bool:
    """Give a new file the owner, the permissions and the attributes of the old one; False where that is not allowed."""
    own = os.stat(temporary)  # noqa: PTH116 - as above
    try:
        if (own.st_uid, own.st_gid) != (found.st_uid, found.st_gid):
            os.chown(temporary, found.st_uid, found.st_gid)
        shutil.copystat(target, temporary)
    except PermissionError:
        return False
    os.utime(temporary)  # it has changed now, whatever time the old one was from
    return True


def _write_over(target: str, before: bytes, after: bytes) -> None:
    with open(target, "r+b") as file:  # noqa: PTH123 - as above
        try:
            file.write(after)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            file.seek(0)
            file.write(before)
            file.truncate()
            raise


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let signals that would end the process at once end it in order, so that nothing is left lying about."""
    before = {}
    try:
        for number in _SIGNALS:
            before[number] = signal.signal(number, _end)
    except ValueError:  # not the main thread: signals are not ours
        pass
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
