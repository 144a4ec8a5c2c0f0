"""What two Services do otherwise, for a person at a terminal, and as Markdown, a document, SARIF and JUnit."""

from typing import Any

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.edge.escape import markdown as escaped
from kubectl_akslb.manifest.block import block_text
from kubectl_akslb.model.count import counted
from kubectl_akslb.path.sentences import sentences
from kubectl_akslb.path.verdict import Path
from kubectl_akslb.plan.compare import Aspect, Comparison, FieldPath, Line, Trait, TraitDifference
from kubectl_akslb.plan.compare_manifests import Chosen
from kubectl_akslb.plan.effect import Effect
from kubectl_akslb.producers.gateway_api import REFERENCE
from kubectl_akslb.render.document import API_VERSION, problems_json
from kubectl_akslb.render.plan_formats import Row, junit_of, sarif_of
from kubectl_akslb.render.plan_text import COLOURS, COLUMN, LABEL, joined
from kubectl_akslb.render.terminal import Terminal, wrap

Json = dict[str, Any]
Sides = tuple[Chosen, Chosen]
_ADDRESS = (
    "DNS has to lead to the new address; to take the old one along, make it a public IP of your own before, and name it"
    " on both in turn: a public IP that the provider has made goes with the old Service"
)


def compare_text(found: Comparison, sides: Sides, notices: tuple[str, ...], terminal: Terminal) -> str:
    """The whole comparison."""
    old, new = sides
    count = len(found.differences)
    says = "nothing differs" if not count else f"{counted(count, 'difference')} at layer 4"
    blocks = [
        [terminal.paint(line, "bold") for line in wrap(clean(f"{old.title} → {new.title}: {says}"), terminal.width)]
    ]
    if found.differences:
        blocks.append(_differences(found.differences, terminal))
    if found.lines:
        lines = wrap(clean(f"to keep what the old one has, on {new.title}:"), terminal.width)
        blocks.append([*lines, *(f"{' ' * LABEL}{clean(text)}" for text in keeping(found, new))])
    if found.left and found.lines:
        names = ", ".join(dict.fromkeys(named(one.trait) for one in found.left))
        blocks.append(terminal.labelled(0, "stays", f"also with these lines: {names}", 7, "bold"))
    notices = (*((_ADDRESS,) if _loses_address(found) else ()), *notices)
    blocks.append([line for notice in notices for line in terminal.labelled(0, "note", notice, 6, "dim")])
    return joined(blocks)


def _loses_address(found: Comparison) -> bool:
    return any(one.trait.aspect is Aspect.ADDRESS and one.effect is Effect.LOSES_ADDRESS for one in found.left)


def _differences(found: tuple[TraitDifference, ...], terminal: Terminal) -> list[str]:
    lines = []
    before = None
    for one in found:
        label = one.trait.aspect.value if one.trait.aspect is not before else ""
        before = one.trait.aspect
        colour = COLOURS.get(one.effect, "red") if one.effect is not Effect.CHANGES else "bold"
        lines += terminal.labelled(LABEL, label, sentence(one), COLUMN + 3, "bold", colour)
    return lines


def named(trait: Trait) -> str:
    """What a trait is called, in few words."""
    return f"{trait.aspect.value}{f' ({trait.what})' if trait.what else ''}"


def sentence(one: TraitDifference) -> str:
    """``TCP 443: 15 min → 4 min``; what only one of them has is said so."""
    what = one.trait.what
    if one.trait.aspect is Aspect.CLIENTS:
        if not one.old:
            return f"{what}: {one.new} by the new one alone"
        return f"{what}: {one.old} by the old one alone" if not one.new else f"{what}: {one.old} → {one.new}"
    if one.trait.aspect is Aspect.PORTS:
        return f"{what} is served by the {'new' if not one.old else 'old'} one alone"
    head = f"{what}: " if what else ""
    why = f": {sentences(one.because)}" if one.because else ""
    return f"{head}{one.old or 'none'} → {one.new or 'none'}{why}"


def keeping(found: Comparison, new: Chosen) -> list[str]:
    """The lines to paste, as they stand in the object that they are written to; another one is named above them.

    An object that is to be created is written as a whole.
    """
    bodies: dict[tuple[str, FieldPath], Json] = {}
    if new.added is not None:
        body = bodies.setdefault(("", ()), {})
        for step in REFERENCE[:-1]:
            body = body.setdefault(str(step), {})
        body[str(REFERENCE[-1])] = _reference(new)
    for line in found.lines:
        spot = new.written(line)
        if new.added is not None and spot is not None and spot.holder is new.added:
            continue
        path = spot.path if spot is not None else line.path
        own = spot is None or spot.holder.data is new.found.itself.data
        title = "" if own or spot is None else f"# {spot.holder.kind} {spot.holder.name}"
        outer = path[:2] if spot is not None and spot.holder.kind == "ConfigMap" else ()  # its values are texts
        _put(bodies.setdefault((title, outer), {}), path[len(outer) :], line)
    lines: list[str] = []
    for (title, outer), body in bodies.items():
        texts = block_text(body).rstrip("\n").split("\n")
        if outer:
            texts = _block(str(outer[0]), str(outer[1]), texts)
        lines += [*([title] if title else ()), *texts]
    for one in created(found, new):
        lines += ["---", f"# {one['kind']} {one['metadata']['name']}, which is new"]
        lines += block_text({key: value for key, value in one.items() if key != "data"}).rstrip("\n").split("\n")
        for key, text in one["data"].items():
            lines += _block("data", key, text.rstrip("\n").split("\n"))
    return lines


def _block(field: str, key: str, texts: list[str]) -> list[str]:
    """A text below a key of a field, as a block of its own."""
    return [f"{field}:", f"  {key}: |", *(f"    {text}" for text in texts)]


def created(found: Comparison, new: Chosen) -> list[Json]:
    """The objects that are to be created, with what the lines set in them."""
    if new.added is None:
        return []
    fields: Json = {}
    for line in found.lines:
        spot = new.written(line)
        if spot is not None and spot.holder is new.added:
            _put(fields, spot.path[2:], line)
    return [{**new.added.data, "data": {"service": block_text(fields)}}]


def _put(body: Json, path: FieldPath, line: Line) -> None:
    *above, key = map(str, path)
    for step in above:
        body = body.setdefault(step, {})
    body[key] = _value(line)


def _value(line: Line) -> object:
    return list(line.value) if isinstance(line.value, tuple) else line.value


def _reference(new: Chosen) -> Json:
    """How the maker refers to the object that is to be created."""
    found: Json = new.found.itself.data["spec"]["infrastructure"]["parametersRef"]
    return found


def _kept(line: Line, new: Chosen) -> Json:
    spot = new.written(line)
    holder = spot.holder if spot is not None else new.found.itself
    return {
        "object": f"{holder.kind} {holder.name}",
        "path": list(map(str, spot.path if spot is not None else line.path)),
        "value": _value(line),
        "keeps": [named(trait) for trait in line.keeps],
    }


def _keep(found: Comparison, new: Chosen) -> list[Json]:
    """Each line with its object; the reference to an object that is to be created keeps what is set there."""
    lines = [_kept(line, new) for line in found.lines]
    if new.added is None:
        return lines
    there = [name for line in lines if line["path"][0] == "data" for name in line["keeps"]]
    maker = new.found.itself
    path = list(map(str, REFERENCE))
    keeps = list(dict.fromkeys(there))
    return [{"object": f"{maker.kind} {maker.name}", "path": path, "value": _reference(new), "keeps": keeps}, *lines]


def compare_document(found: Comparison, sides: Sides, notices: tuple[str, ...]) -> Json:
    """The comparison as a document, kind ServiceComparison."""
    old, new = sides
    return {
        "apiVersion": API_VERSION,
        "kind": "ServiceComparison",
        "old": _side(old, found.old),
        "new": _side(new, found.new),
        "effect": found.effect.value,
        "differences": [_difference(one) for one in found.differences],
        "keep": _keep(found, new),
        "create": created(found, new),
        "left": [named(one.trait) for one in found.left],
        "notices": list(notices),
        "problems": problems_json((*old.problems, *new.problems)),
    }


def _side(one: Chosen, path: Path) -> Json:
    service = one.side.service
    return {
        "object": one.title,
        "name": service.name,
        "namespace": service.namespace,
        "file": one.found.path,
        "line": one.found.line,
        "providerVersion": str(one.side.cluster.provider_version),
        "verdict": path.verdict.kind.value,
        "why": sentences(path.verdict.because),
    }


def _difference(one: TraitDifference) -> Json:
    return {
        "aspect": one.trait.aspect.value,
        "of": one.trait.what,
        "old": one.old or None,
        "new": one.new or None,
        "effect": one.effect.value,
        "text": sentence(one),
    }


def compare_markdown(found: Comparison, sides: Sides, notices: tuple[str, ...]) -> str:
    """The comparison for a pull request or a runbook."""
    old, new = sides
    lines = [f"### {escaped(old.title)} → {escaped(new.title)}", ""]
    if not found.differences:
        lines += ["Nothing differs at layer 4.", ""]
    else:
        lines += ["| what | effect | |", "| --- | --- | --- |"]
        for one in found.differences:
            cells = one.trait.aspect.value, one.effect.value.upper(), sentence(one)
            lines.append("| " + " | ".join(map(escaped, cells)) + " |")
        lines.append("")
    if found.lines:
        texts = (clean(text).replace("```", "` ` `") for text in keeping(found, new))
        lines += [f"To keep what the old one has, on {escaped(new.title)}:", "", "```yaml", *texts, "```", ""]
    if found.left and found.lines:
        names = ", ".join(dict.fromkeys(named(one.trait) for one in found.left))
        lines += [escaped(f"Stays also with these lines: {names}."), ""]
    lines += [f"> {escaped(notice)}\n" for notice in ((_ADDRESS,) if _loses_address(found) else ()) + notices]
    return "\n".join(lines).rstrip("\n") + "\n"


def _rows(found: Comparison, sides: Sides) -> list[Row]:
    new = sides[1]
    return [Row(named(one.trait), one.effect, sentence(one), new.found) for one in found.differences]


def compare_sarif(found: Comparison, sides: Sides) -> str:
    """The differences as SARIF 2.1.0, at the place of the new one."""
    old, new = sides
    problems = (*old.problems, *new.problems)
    return sarif_of("compare", _rows(found, sides), problems, f"{old.title} to {new.title}")


def compare_junit(found: Comparison, sides: Sides) -> str:
    """A test for each difference; it fails from a lost address up."""
    old, new = sides
    return junit_of("compare", f"{old.title} to {new.title}", _rows(found, sides), (*old.problems, *new.problems))
