"""Patches as text: for Flux, for kustomize, and as kubectl's commands.

A patch is written as YAML in a text block, every value of it in double quotes unless it can mean nothing else, so that
it is read as it was meant by whoever reads it.

kustomize takes a merge patch also where the object has no annotations yet, and does nothing where there is no such
object; but of a null for an annotation it makes the text "null" where the patch has a target (kustomize#5995). A JSON
patch takes an annotation away, but fails where it is not there. So a merge patch sets it first.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.fix.patch import Patch
from kubectl_akslb.manifest.block import block_lines, block_text
from kubectl_akslb.model.command import command, flag, name_fault

Json = dict[str, Any]

_DEFAULT_NAMESPACE = "default"
"""What kustomize takes for the namespace of an object that names none."""
_MEANING = frozenset(".*+?()[]{}|^$\\")


def flux(patches: Sequence[Patch]) -> str:
    """``postRenderers`` for the spec of a Flux HelmRelease."""
    if not patches:
        return "postRenderers: []\n"
    head = ["postRenderers:", "  - kustomize:", "      patches:"]
    return "\n".join([*head, *_listed(patches, " " * 8)]) + "\n"


def component(patches: Sequence[Patch]) -> str:
    """A ``kustomization.yaml`` that others name under ``components``."""
    head = ["apiVersion: kustomize.config.k8s.io/v1alpha1", "kind: Component"]
    if not patches:
        return "\n".join([*head, "patches: []"]) + "\n"
    return "\n".join([*head, "patches:", *_listed(patches, "  ")]) + "\n"


def commands(patches: Sequence[Patch], namespace: str = "", connection: Sequence[str] = ()) -> str:
    """A command of kubectl for each object; *namespace* is for those that name none, *connection* is the cluster."""
    from json import dumps

    lines = []
    for one in patches:
        group = one.api_version.rpartition("/")[0]
        resource = f"{one.kind.lower()}{f'.{group}' if group else ''}/{one.name}"
        where = one.namespace or namespace
        words = ["patch", resource, *([flag("--namespace", where)] if where else [])]
        content = dumps(one.changes, separators=(",", ":")).replace("\x7f", "\\u007f")  # ASCII, all of it printable
        lines += [f"# {reason}" for reason in _reasons(one)]
        fault = name_fault(one.kind, one.name, where)
        patch = command("kubectl", *words, "--type=merge", flag("--patch", content)).on(connection)
        lines.append(f"# {clean(fault)}" if fault else str(patch))
    return "".join(f"{line}\n" for line in lines)


def _listed(patches: Iterable[Patch], indent: str) -> list[str]:
    """The items of a list of patches."""
    lines = []
    for one in patches:
        lines += [f"{indent}# {reason}" for reason in _reasons(one)]
        removed = _removed(one)
        lines += _item(one, block_text(_body(one, dict.fromkeys(removed, ""))), indent)
        if removed:
            lines += _item(one, "".join(_removal(key) for key in removed), indent)
    return lines


def _item(one: Patch, text: str, indent: str) -> list[str]:
    lines = [f"{indent}- target:", *(f"{indent}    {line}" for line in block_lines(target(one)))]
    return [*lines, f"{indent}  patch: |-", *(f"{indent}    {line}" for line in text.splitlines())]


def _removed(one: Patch) -> list[str]:
    """The annotations of the object itself that go."""
    annotations = one.changes.get("metadata", {}).get("annotations", {})
    return [key for key, value in annotations.items() if value is None]


def _removal(key: str) -> str:
    """An operation of a JSON patch (RFC 6902)."""
    pointer = key.replace("~", "~0").replace("/", "~1")
    first, second = block_lines({"op": "remove", "path": f"/metadata/annotations/{pointer}"})
    return f"- {first}\n  {second}\n"


def target(one: Patch) -> Json:
    """What kustomize selects the object by: its name and namespace are patterns there."""
    group, _, version = one.api_version.rpartition("/")
    found = {"group": group, "version": version, "kind": one.kind, "name": _pattern(one.name)}
    if one.namespace or one.others:
        found["namespace"] = _pattern(one.namespace or _DEFAULT_NAMESPACE)
    return {key: value for key, value in found.items() if value}


def body(one: Patch) -> Json:
    """The patch as an object, which has to have a name; null takes a key away."""
    return _body(one, {})


def _body(one: Patch, instead: Json) -> Json:
    """The patch as an object, with these values in place of its annotations."""
    metadata: Json = {"name": one.name}
    if one.namespace:
        metadata["namespace"] = one.namespace
    changes = dict(one.changes)
    metadata.update(changes.pop("metadata", {}))
    if instead:
        metadata["annotations"] = {**metadata["annotations"], **instead}
    return {"apiVersion": one.api_version, "kind": one.kind, "metadata": metadata, **changes}


def _pattern(text: str) -> str:
    """A regular expression of Go that matches *text* only."""
    return "".join(f"\\{letter}" if letter in _MEANING else letter for letter in text)


def _reasons(one: Patch) -> list[str]:
    """What it is for, each thing once: two ports can have one cure."""
    return list(dict.fromkeys(f"{clean(reason.rule)}: {clean(reason.title)}" for reason in one.reasons))
