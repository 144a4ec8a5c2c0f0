"""The words of a command line that are manifests: files, folders, patterns, standard input, a kustomization."""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output
from kubectl_akslb.edge.files import MANIFESTS, names_file, names_service
from kubectl_akslb.errors import AkslbError, InputError
from kubectl_akslb.named_tuple import NamedTuple

if TYPE_CHECKING:
    from typing import TypeAlias

    from kubectl_akslb.arguments import capacity, diff, drift, explain, fix, lint, upgrade

    Arguments: TypeAlias = (
        capacity.Arguments
        | diff.Arguments
        | drift.Arguments
        | explain.Arguments
        | fix.Arguments
        | lint.Arguments
        | upgrade.Arguments
    )

STDIN = "-"
_URLS = ("http://", "https://")
Inputs = list[tuple[str, bytes]]


class NamedInputs(NamedTuple):
    """What the command line names: Services of a cluster, and files, folders, patterns; ``-`` is standard input."""

    services: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    recursive: bool = False
    kustomization: str | None = None

    @property
    def manifests(self) -> bool:
        """Whether manifests are read, and nothing is asked of a cluster."""
        return bool(self.files) or self.kustomization is not None


def told_apart(given: "Arguments") -> NamedInputs:
    """The Services and the manifests that are named; what is there as a file, or looks like one, is a manifest."""
    services: list[str] = []
    files = list(given.filename or ())
    for word in given.service or ():
        there = not names_service(word) and os.path.exists(word)  # noqa: PTH110 - pathlib would cost start-up time
        (files if there or names_file(word) or word.count("/") > 1 else services).append(word)
    return NamedInputs(tuple(services), tuple(files), given.recursive, given.kustomize)


def words_of(named: NamedInputs) -> tuple[str, ...]:
    """The files, folders and patterns, each by itself."""
    return tuple(part for one in named.files for part in _listed(one))


def is_nothing(word: str, *, recursive: bool) -> bool:
    """Whether there is no file that is meant."""
    try:
        found = _expanded(word, recursive=recursive)
    except AkslbError:
        return True
    return not any(map(os.path.lexists, found))


def read(named: NamedInputs) -> tuple[Inputs, tuple[InputError, ...]]:
    """The bytes of all manifests, and those that cannot be read; an error where that is the only one."""
    from kubectl_akslb.manifest.load import check_text

    inputs: Inputs = []
    problems: list[InputError] = []
    for path in _paths(named, problems):
        try:
            name, data = opt.STDIN_NAME if path == STDIN else path, opt.read_file(path)
            check_text(data, name)
            inputs.append((name, data))
        except output.WrongUsageError:
            raise
        except AkslbError as error:
            problems.append(_problem(error, path))
    if named.kustomization is not None:
        inputs.append((f"<kustomization {named.kustomization}>", _built(named.kustomization)))
    if not inputs and len(problems) == 1:
        only = problems[0]
        raise only if only.line else AkslbError(only.message, only.hint)
    return inputs, tuple(problems)


def _problem(error: AkslbError, path: str) -> InputError:
    return error if isinstance(error, InputError) else InputError(error.message, path=path, hint=error.hint)


def _paths(named: NamedInputs, problems: list[InputError]) -> Iterator[str]:
    """The files that are meant, each once; wrong usage where standard input is named twice, as for kubectl."""
    seen: set[str] = set()
    for word in words_of(named):
        if word == STDIN and STDIN in seen:
            raise output.WrongUsageError(f"{opt.STDIN_NAME} is given twice", hint="it can be read only once")
        try:
            found = _expanded(word, recursive=named.recursive)
        except AkslbError as error:
            problems.append(_problem(error, word))
            continue
        for path in found:
            same = os.path.normpath(path)
            if same not in seen:
                seen.add(same)
                yield path


def _listed(word: str) -> Sequence[str]:
    """The files of ``a.yaml,b.yaml``, as kubectl takes it; a file of this name goes before."""
    there = "," not in word or os.path.exists(word)  # noqa: PTH110 - pathlib would cost start-up time
    return (word,) if there else [part for part in word.split(",") if part]


def _expanded(word: str, *, recursive: bool) -> Sequence[str]:
    """The files of a folder or a pattern, in the order of their names; any other word as it is."""
    if word == STDIN:
        return (word,)
    if word.startswith(_URLS):
        raise AkslbError(f"{word!r} is a URL, and nothing is fetched", hint="pipe it in: curl -fsSL URL | … -f -")
    if os.path.isdir(word):  # noqa: PTH112 - pathlib would cost start-up time
        found = sorted(_inside(word, recursive=recursive))
        if not found:
            hint = "name another one" if recursive else "-R reads the folders in it, too"
            raise AkslbError(f"no file of {word} ends in {', '.join(MANIFESTS)}", hint=hint)
        return found
    if any(mark in word for mark in "*?[") and not os.path.exists(word):  # noqa: PTH110 - pathlib takes too long to import
        from glob import glob

        found = sorted(glob(word, recursive=True))  # noqa: PTH207 - pathlib takes too long to import
        if not found:
            raise AkslbError(f"no file matches {word!r}", hint="check the path")
        return found
    return (word,)


def _inside(folder: str, *, recursive: bool) -> Iterable[str]:
    for top, folders, names in os.walk(folder):
        if not recursive:
            folders.clear()
        yield from (os.path.join(top, name) for name in names if name.endswith(MANIFESTS))  # noqa: PTH118 - pathlib takes too long to import


def _built(folder: str) -> bytes:
    """What ``kubectl kustomize`` prints for a folder."""
    from kubectl_akslb.cluster.kubectl import run
    from kubectl_akslb.cluster.kubectl_errors import LOGGED

    (done,) = run(("kubectl", "kustomize", folder))
    if done.code:
        logged = LOGGED.findall(done.err)
        said = logged[-1] if logged else done.err.strip().removeprefix("error: ") or f"it ended with {done.code}"
        raise AkslbError(f"kubectl kustomize {folder}: {said}", hint="run it alone to see what is wrong")
    return done.out
