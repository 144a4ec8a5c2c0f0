"""A KRM function: a ResourceList in, the same with its items mended and with results out.

A ResourceList is a List with a few more keys: its two words are changed, it is mended as any List is, and they are
changed back. So every byte of an item stays that no fix is about. Specification: KRM Functions v1.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kubectl_akslb.errors import AkslbError, InputError
from kubectl_akslb.fix import results
from kubectl_akslb.fix.fixer import fix
from kubectl_akslb.fix.function_config import LINT, FunctionConfig, settings_of
from kubectl_akslb.lint.diagnostic import ERROR
from kubectl_akslb.lint.engine import LintOptions, LintResult, exit_code, lint
from kubectl_akslb.manifest.block import block_lines
from kubectl_akslb.manifest.nodes import Mapping as MappingNode
from kubectl_akslb.manifest.nodes import Node, Scalar, Source, entry
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.splice import Edit, apply
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.named_tuple import NamedTuple

KIND = "ResourceList"
GROUP = "config.kubernetes.io/"

Json = dict[str, Any]
ClusterOf = Callable[[Mapping[str, str]], Cluster]
_NAME = "<ResourceList>"


class KrmAnswer(NamedTuple):
    """The ResourceList to pass on, its results, and the exit code: 1 where a result is not to be let through."""

    output: bytes
    results: tuple[Json, ...]
    code: int


class _List(NamedTuple):
    """A ResourceList as text: *as_list* is the same as a List, *words* is its own apiVersion and kind."""

    text: str
    root: MappingNode
    content: Json
    as_list: str
    words: tuple[str, str]


def run(data: bytes, cluster_of: ClusterOf) -> KrmAnswer:
    """Do what the functionConfig asks for; *cluster_of* makes a cluster of the flags that it may hold.

    InputError where *data* is no ResourceList. What is wrong with the functionConfig or an item is a result.
    """
    given = _read(data)
    try:
        settings = settings_of(given.content.get("functionConfig"))
        cluster = cluster_of(settings.cluster)
    except AkslbError as error:
        text = f"{error.message}. {error.hint}".replace("..", ".")
        return _outcome(given, given.text, [{"message": text, "severity": ERROR}], 1)
    options = LintOptions(settings.select, settings.ignore, policy=settings.policy)
    if settings.mode == LINT:
        found = lint([(_NAME, given.as_list.encode())], cluster, options)
        told = [*results.of_problems(found), *(results.of_finding(one, given.content) for one in found.diagnostics)]
        return _outcome(given, given.text, told, _code(found, settings))
    return _fix(given, cluster, options, settings)


def _fix(given: _List, cluster: Cluster, options: LintOptions, settings: FunctionConfig) -> KrmAnswer:
    done = fix([(_NAME, given.as_list.encode())], cluster, options)
    if done.forbidden:
        return _outcome(given, given.text, [results.of_forbidden(one, given.content) for one in done.forbidden], 1)
    text = _restored(done.files[0].after.decode(), given.words)
    after = parse_data(Source(text))[1]
    content: Json = after if isinstance(after, dict) else {}
    told = [*results.of_problems(done.remaining), *results.of_fixes(given.content, content, done.fixed)]
    told += [results.of_finding(one, content) for one in done.remaining.diagnostics]
    return _outcome(given, text, told, _code(done.remaining, settings))


def _code(found: LintResult, settings: FunctionConfig) -> int:
    return int(exit_code(found, settings.fail_on) != 0)


def _read(data: bytes) -> _List:
    hint = "This is what function runners such as kustomize write; for manifests there is 'kubectl akslb fix'."
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("standard input is not UTF-8", path="<stdin>", hint=hint) from error
    root, content = parse_data(Source(text, "<stdin>", quote=False))
    version = content.get("apiVersion") if isinstance(content, dict) else None
    if not isinstance(content, dict) or content.get("kind") != KIND or not str(version).startswith(GROUP):
        raise InputError(f"standard input is no {KIND} of {GROUP}v1", path="<stdin>", line=1, column=1, hint=hint)
    if not isinstance(root, MappingNode) or not isinstance(content.get("items", []), (list, type(None))):
        raise InputError(f"the items of the {KIND} are no list", path="<stdin>", line=1, column=1, hint=hint)
    version_at, kind_at = _words(root)
    words = (text[version_at.start : version_at.end], text[kind_at.start : kind_at.end])
    return _List(text, root, content, _with_words(text, root, ("v1", "List")), words)


def _words(root: Node) -> tuple[Scalar, Scalar]:
    """Where a list says what it is."""
    version, kind = entry(root, "apiVersion"), entry(root, "kind")
    if version is None or kind is None or not isinstance(version[1], Scalar) or not isinstance(kind[1], Scalar):
        raise InputError(f"this is no {KIND}", path="<stdin>", line=1, column=1)
    return version[1], kind[1]


def _with_words(text: str, root: Node, words: tuple[str, str]) -> str:
    places = _words(root)
    return apply(text, [Edit(at.start, at.end, word) for at, word in zip(places, words, strict=True)])


def _restored(text: str, words: tuple[str, str]) -> str:
    return _with_words(text, parse_data(Source(text))[0], words)


def _outcome(given: _List, text: str, told: Sequence[Json], code: int) -> KrmAnswer:
    """The list with the results behind those that it had."""
    if not told:
        return KrmAnswer(text.encode(), (), code)
    before = given.content.get("results")
    whole = [*(before if isinstance(before, list) else ()), *told]
    return KrmAnswer(_with_results(text, whole).encode(), tuple(told), code)


def _with_results(text: str, whole: Sequence[Json]) -> str:
    root = parse_data(Source(text))[0]
    pair = entry(root, "results")
    if isinstance(root, MappingNode) and root.flow:
        from json import dumps

        if pair is not None:
            return apply(text, [Edit(pair[1].start, pair[1].end, dumps(whole))])
        last = root.entries[-1][1]
        return apply(text, [Edit(last.end, last.end, f', "results": {dumps(whole)}')])
    indent = " " * root.indent if isinstance(root, MappingNode) else ""
    lines = "".join(f"{indent}{line}\n" for line in block_lines({"results": list(whole)}))
    if pair is not None and isinstance(root, MappingNode):
        following = [name.start for name, _ in root.entries if name.start > pair[0].start]
        end = min(following, default=len(text))
        return apply(text, [Edit(pair[0].start, end, lines.lstrip(" ") + (indent if following else ""))])
    body = text.rstrip()
    body = body.removesuffix("...") if body.endswith("\n...") else text
    return body + ("" if body.endswith("\n") else "\n") + lines + text[len(body) :]
