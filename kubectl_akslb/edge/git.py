"""Manifests as they were at a revision, out of the repository that they are in: read, and nothing of it is run.

Only plumbing is called, which knows no hooks, filters, textconv, pager or external diff; it is told to fetch nothing,
and to trust no repository that lies in another. A revision is looked up once, and from then on only its hash is used.
"""

import os
from collections.abc import Callable, Sequence
from fnmatch import fnmatch

from kubectl_akslb.edge.files import MANIFESTS
from kubectl_akslb.edge.process import Finished, NotInstalledError, Running
from kubectl_akslb.edge.streams import MAX_BYTES
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.named_tuple import NamedTuple

PREFIX = "git:"
MOST_FILES = 5000
_AT_ONCE = 8
_LIMIT = 200
_SAFE = (
    "git", "--no-pager", "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs",
    "-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
    "-c", "protocol.allow=never",
)  # fmt: skip
_VARIABLES = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
_REGULAR = frozenset({"100644", "100755"})
_FOLDER = "040000"


class _Blob(NamedTuple):
    name: str
    digest: str
    size: int


def revision(text: str) -> str | None:
    """The revision in ``git:REV``; None where *text* is a file."""
    return text.removeprefix(PREFIX) if text.startswith(PREFIX) else None


def manifests_at(rev: str, words: Sequence[str], *, recursive: bool) -> tuple[list[tuple[str, bytes]], tuple[str, ...]]:
    """The files, folders and patterns of a command line as they were, under the names that they have there.

    Also the files among *words* that were not there. AkslbError where there is no such revision, or no repository.
    """
    _check(rev)
    found: dict[str, bytes] = {}
    missing: list[str] = []
    commits: dict[str, str] = {}
    for word in words:
        folder, wanted = _split(word)
        if folder not in commits:
            commits[folder] = _commit(rev, folder)
        blobs = _listed(commits[folder], folder, wanted, recursive=recursive)
        if not blobs:
            missing.append(word)
        for blob, data in zip(blobs, _read(folder, blobs), strict=True):
            found[os.path.join(folder, blob.name) if folder != "." else blob.name] = data  # noqa: PTH118 - pathlib would cost start-up time
    return list(found.items()), tuple(missing)


def _check(rev: str) -> None:
    bad = not rev or rev.startswith("-") or len(rev) > _LIMIT or ":" in rev or not rev.isprintable() or " " in rev
    if bad:
        raise AkslbError(f"{rev[:_LIMIT]!r} is no revision", hint="write git:main, git:HEAD~1, git:v1.2 or a hash")


def _split(word: str) -> tuple[str, str]:
    """The folder that a word is looked for in, one that is there now; and the file, the pattern, or "" for all."""
    if os.path.isdir(word):  # noqa: PTH112 - as above
        return word.rstrip("/") or "/", ""
    folder, name = os.path.split(word.rstrip("/"))
    names = [name]
    while folder and (_is_pattern(folder) or not os.path.isdir(folder)):  # noqa: PTH112 - as above
        folder, above = os.path.split(folder)
        names.insert(0, above)
    return folder or ".", "/".join(names)


def _is_pattern(word: str) -> bool:
    return any(mark in word for mark in "*?[")


def _commit(rev: str, folder: str) -> str:
    done = _run([_git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")])[0]
    digest = done.out.decode("ascii", "replace").strip()
    if done.code == 0 and digest.isalnum():
        return digest
    said = done.err.strip().removeprefix("fatal: ").split("\n")[0]
    if said:
        raise AkslbError(f"git, in {folder}: {said}", hint="git:REV needs the repository that the manifests are in")
    hint = "git branch -a and git tag list what there is; in CI, fetch it first (fetch-depth: 0)"
    raise AkslbError(f"there is no revision {rev!r} in the repository of {folder}", hint=hint)


def _listed(commit: str, folder: str, wanted: str, *, recursive: bool) -> list[_Blob]:
    """The regular files of a folder of a commit that are meant; what is *wanted* may be a folder that is gone now."""
    if _is_pattern(wanted):
        found = _entries(commit, folder, "./", recursive=recursive or "/" in wanted)
    else:
        found = _entries(commit, folder, f"./{wanted}", recursive=recursive and not wanted)
        if wanted and any(mode == _FOLDER for mode, _ in found):
            found, wanted = _entries(commit, folder, f"./{wanted}/", recursive=recursive), ""
    fits = _test(wanted)
    blobs = [blob for mode, blob in found if mode in _REGULAR and fits(blob.name)]
    if len(blobs) > MOST_FILES:
        raise AkslbError(f"{folder} has more than {MOST_FILES:,} manifests at that revision", hint="name fewer")
    large = next((blob for blob in blobs if blob.size > MAX_BYTES), None)
    if large is not None:
        raise AkslbError(f"{large.name} is larger than {MAX_BYTES:,} bytes at that revision", hint="name another file")
    return blobs


def _entries(commit: str, folder: str, path: str, *, recursive: bool) -> list[tuple[str, _Blob]]:
    """What stands at a path below the folder, each with its mode."""
    deep = ("-r",) if recursive else ()
    done = _run([_git(folder, "ls-tree", "-z", "-l", *deep, commit, "--", path)])[0]
    if done.code:
        said = done.err.strip().removeprefix("fatal: ").split("\n")[0]
        raise AkslbError(f"git, in {folder}: {said}", hint="see what git ls-tree says there")
    found = []
    for line in done.out.decode("utf-8", "surrogateescape").split("\0"):
        head, tab, name = line.partition("\t")
        fields = head.split()
        if tab and len(fields) == 4:
            size = int(fields[3]) if fields[3].isdigit() else MAX_BYTES + 1
            found.append((fields[0], _Blob(name, fields[2], size)))
    return found


def _test(wanted: str) -> Callable[[str], bool]:
    """Whether the name of a file, below the folder, is meant."""
    if not wanted:
        return lambda name: name.endswith(MANIFESTS)
    if _is_pattern(wanted):
        return lambda name: name.count("/") == wanted.count("/") and fnmatch(name, wanted)
    return lambda name: name == wanted


def _read(folder: str, blobs: Sequence[_Blob]) -> list[bytes]:
    found: list[bytes] = []
    for first in range(0, len(blobs), _AT_ONCE):
        some = blobs[first : first + _AT_ONCE]
        for blob, done in zip(some, _run([_git(folder, "cat-file", "blob", one.digest) for one in some]), strict=True):
            if done.code:
                said = done.err.strip().removeprefix("fatal: ").split("\n")[0]
                raise AkslbError(f"git cannot read {blob.name}: {said}", hint="a partial clone has to fetch it first")
            found.append(done.out)
    return found


def _git(folder: str, *words: str) -> tuple[str, ...]:
    return (*_SAFE, "-C", folder, *words)


def _run(commands: Sequence[Sequence[str]]) -> list[Finished]:
    try:
        running = [Running(argv, variables=_VARIABLES) for argv in commands]
    except NotInstalledError as error:
        raise AkslbError(error.message, hint="install git, or give the old manifest as a file: --old FILE") from None
    return [one.finished() for one in running]
