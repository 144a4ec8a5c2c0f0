"""What holds for every stream, asked of Go's own parsers."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from kubectl_akslb.errors import InputError
from kubectl_akslb.fix.fixer import fix
from kubectl_akslb.lint.annotation_policy import Policy, PolicyRule
from kubectl_akslb.manifest import compose
from kubectl_akslb.manifest.load import load
from kubectl_akslb.manifest.nodes import Node, Path, Source
from kubectl_akslb.manifest.objects import objects
from kubectl_akslb.model.command import is_label
from kubectl_akslb.model.service import LOAD_BALANCER
from kubectl_akslb.postrender.assumed import assumed_cluster
from kubectl_akslb.postrender.outline import may_matter, outline
from kubectl_akslb.postrender.render import PostRendered, PostRenderOptions, postrender
from tests.fuzz.oracle import Document, Oracle, Stream

CLUSTER = assumed_cluster()[0]
#: The policy sets an annotation on every Service: whatever one it leaves alone, it has not read.
OPTIONS = PostRenderOptions(CLUSTER, Policy((PolicyRule("all", annotations=(("example.com/fuzz", "x"),)),)))
ANNOTATIONS: tuple[Path, ...] = (("metadata", "annotations"), ("spec", "infrastructure", "annotations"))
_COMPOSE = compose.compose
_COMMENT = re.compile(r"# c\d+\.")


@lru_cache(maxsize=64)
def _composed(text: str, path: str, line: int, quote: bool) -> tuple[Node | InputError, int | None]:
    source = Source(text, path, line, quote=quote)
    try:
        return _COMPOSE(source), source.unread
    except InputError as error:
        return error, None


def compose_once(source: Source) -> Node:
    """``compose``, from memory where it has read the text before: each command reads it anew, which takes half the time."""
    found, source.unread = _composed(source.text, source.path, source.first_line, source.quote)
    if isinstance(found, InputError):
        raise found
    return found


def broken(data: bytes, oracle: Oracle) -> Iterator[str]:
    """The laws that *data* breaks, each as a sentence."""
    stream = oracle(data)
    before = stream.documents
    yield from _reading(data, stream)
    done = postrender(data, OPTIONS)
    output = done.output
    yield from _silent(data, stream, done)
    if done.changes:
        yield from _written("post-render", data, output, before, oracle)
        again = postrender(output, OPTIONS)
        if again.output != output:
            yield "post-render: a second run changes it again"
    elif output != data and data.strip():
        yield "post-render: bytes changed without a change"
    try:
        fixed = fix([("x.yaml", data)], CLUSTER)
    except InputError:
        return
    if fixed.files[0].after != data:
        yield from _written("fix", data, fixed.files[0].after, before, oracle)


def _silent(data: bytes, stream: Stream, done: PostRendered) -> Iterator[str]:
    """Where kubectl gets a Service of type LoadBalancer that we do not read, lint and post-render say so."""
    wanted = sorted(
        str(item["metadata"].get("name"))
        for one in stream.objects
        for _, item in objects(one)
        if item["kind"] == "Service" and item.get("apiVersion") == "v1" and _is_balancer(item)
    )
    if not wanted:
        return
    try:
        loaded = load(data, "x.yaml")
    except InputError:
        pass
    else:
        read = sorted(one.service.name for one in loaded.services)
        if not loaded.problems and (len(read) < len(wanted) or not set(wanted) <= set(read)):
            yield f"kubectl gets the Services {wanted}, lint has {read} and is silent"
    parts = outline(data)
    if not any(may_matter(data, part) for part in parts):
        yield "kubectl gets a Service, and post-render passes the stream on unread"
    found = (*done.warnings, *done.left, *done.errors)
    touched = {one.target for one in done.changes} | {one.target for one in found}
    if "" not in touched and len(set(wanted)) > sum(one.startswith("Service ") for one in touched):
        yield f"kubectl gets the Services {wanted}, post-render has {sorted(touched)} and is silent"


def _is_balancer(item: Any) -> bool:
    metadata, spec = item.get("metadata"), item.get("spec")
    return isinstance(metadata, dict) and isinstance(spec, dict) and spec.get("type") == LOAD_BALANCER


def _reading(data: bytes, stream: Stream) -> Iterator[str]:
    """What kubectl reads as a Service, we read: or it is a problem that we tell."""
    before = stream.documents
    if before is None:
        return
    try:
        loaded = load(data, "x.yaml", every_type=True)
    except InputError:
        return  # the file as a whole is refused, and said so
    read = [one.service.name for one in loaded.services]
    for document in before:
        for name in _services(document):
            if name in read:
                read.remove(name)
            elif not any("is not allowed in YAML" in one.message for one in loaded.problems):
                why = "; ".join(one.message for one in loaded.problems) or "without a word"
                yield f"kubectl reads Service {name!r}, and we do not: {why}"


def _services(document: Document) -> Iterator[str]:
    """The names of the LoadBalancer Services that kubectl reads and any API server takes."""
    if not document.strict.taken or not document.kyaml.taken:
        return
    for _, item in objects(document.kubectl.data):
        if item["kind"] == "Service" and item.get("apiVersion") == "v1" and _is_valid(item):
            yield item["metadata"]["name"]


def _is_valid(item: Any) -> bool:
    metadata, spec = item.get("metadata"), item.get("spec")
    if not isinstance(metadata, dict) or not isinstance(spec, dict) or spec.get("type") != LOAD_BALANCER:
        return False
    texts = [
        metadata.get("name"),
        *_values(metadata, "annotations"),
        *_values(metadata, "labels"),
        *_values(spec, "selector"),
    ]
    ports = spec.get("ports")
    known = {"metadata": {"name", "labels", "annotations"}, "spec": {"type", "ports", "selector"}}
    return (
        isinstance(texts[0], str)
        and is_label(texts[0])
        and all(isinstance(one, str) for one in texts)
        and isinstance(ports, list)
        and bool(ports)
        and all(isinstance(one, dict) and _is_port(one) for one in ports)
        and set(metadata) <= known["metadata"]
        and set(spec) <= known["spec"]
    )


def _is_port(port: Any) -> bool:
    names = [port.get(key, "") for key in ("name", "appProtocol")]
    return (
        set(port) <= {"name", "port", "targetPort", "appProtocol"}
        and all(isinstance(name, str) for name in names)
        and type(port.get("port")) is int
        and 0 < port["port"] < 65536
        and (port.get("targetPort") is None or type(port["targetPort"]) in (int, str))
    )


def _values(holder: Any, key: str) -> list[Any]:
    found = holder.get(key)
    return list(found.values()) if isinstance(found, dict) else [] if found is None else [0]


def _written(who: str, data: bytes, output: bytes, before: list[Document] | None, oracle: Oracle) -> Iterator[str]:
    """What came out can be read by whoever read what went in, and differs only as it may."""
    text = data.decode(errors="replace")
    lost = sorted(set(_COMMENT.findall(text)) - set(_COMMENT.findall(output.decode(errors="replace"))))
    if who == "fix":  # an annotation that goes takes along what stands behind it
        beside = {one for line in text.splitlines() if "/" in line for one in _COMMENT.findall(line)}
        lost = [one for one in lost if one not in beside]
    if lost:
        yield f"{who}: comments got lost: {lost}"
    if before is None:
        return
    after = oracle(output).documents
    if after is None or len(after) != len(before):
        yield f"{who}: kubectl cuts the output into other documents"
        return
    for old, new in zip(before, after, strict=True):
        if old.text == new.text:
            continue
        for parser in ("kubectl", "strict", "kyaml"):
            one, other = getattr(old, parser), getattr(new, parser)
            if one.taken and not other.taken:
                yield f"{who}: {parser} refuses what came out: {other.error}"
            elif one.taken and who == "post-render":
                yield from (f"{who}: {parser} sees a change at {path}" for path in _changes(one.data, other.data))


def _changes(old: Any, new: Any) -> Iterator[str]:
    """Where objects differ otherwise than in annotations that are new and are texts."""
    ours, theirs = list(objects(old)), list(objects(new))
    if [at for at, _ in ours] != [at for at, _ in theirs]:
        yield "the objects"
        return
    for (at, one), (_, other) in zip(ours, theirs, strict=True):
        if one == other:
            continue
        first, second = _without(one), _without(other)
        if first != second:
            yield f"{at}, outside of annotations"
        for path in ANNOTATIONS:
            yield from (f"{at} {fault}" for fault in _annotations(_get(one, path), _get(other, path)))


def _annotations(was: Any, now: Any) -> Iterator[str]:
    """What is wrong with annotations that were *was* and are *now*."""
    if not isinstance(now, dict):
        if was != now:
            yield "annotations are no mapping"
        return
    before = was if isinstance(was, dict) else {}
    for key, value in now.items():
        if key not in before and not isinstance(value, str):
            yield f"{key} is no text"
        elif before.get(key) is not None and before[key] != value and not isinstance(before[key], str):
            yield f"{key}, which was no text"
    if set(before) - set(now):
        yield "annotations are gone"


def _get(item: Any, path: Path) -> Any:
    for step in path:
        item = item.get(step) if isinstance(item, dict) else None
    return item


def _without(item: Any) -> Any:
    """An object without the places where annotations may be added."""
    if not isinstance(item, dict):
        return item
    copied = {key: dict(value) if isinstance(value, dict) else value for key, value in item.items()}
    if isinstance(copied.get("metadata"), dict):
        copied["metadata"].pop("annotations", None)
    spec = copied.get("spec")
    if item.get("kind") == "Gateway" and isinstance(spec, dict):
        infrastructure = {k: v for k, v in (spec.get("infrastructure") or {}).items() if k != "annotations"}
        spec["infrastructure"] = infrastructure
    return copied
