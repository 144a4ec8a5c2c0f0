"""The path of a Service's packets as a Mermaid flowchart: clients, address, rules, nodes, pods, and what breaks it."""

from collections.abc import Iterator

from kubectl_akslb.edge.escape import mermaid as label
from kubectl_akslb.pipeline import Explanation
from kubectl_akslb.render.picture import Box, Picture, Stage, State, pictures

MOST_TEXT = 50_000
"""Mermaid draws no longer text unless its maxTextSize is raised."""

_CLASSES = {State.PASSES: "passes", State.BROKEN: "broken", State.UNSURE: "unsure", State.KEPT_OUT: "out"}
_ARROWS = {State.PASSES: "-->", State.BROKEN: "--x", State.UNSURE: "-.->", State.KEPT_OUT: "-.-x"}
_SHAPES = {
    Stage.CLIENTS: ("{{", "}}"),
    Stage.ADDRESS: ("([", "])"),
    Stage.RULES: ("[", "]"),
    Stage.NODES: ("[[", "]]"),
    Stage.PODS: ("(", ")"),
}


def mermaid(result: Explanation) -> str:
    """One flowchart for all Services."""
    lines = [
        "flowchart LR",
        "  classDef passes stroke:#2e7d32,stroke-width:2px",
        "  classDef broken stroke:#c62828,stroke-width:4px",
        "  classDef unsure stroke:#f9a825,stroke-width:2px,stroke-dasharray:6 3",
        "  classDef out stroke:#757575,stroke-width:1px,stroke-dasharray:2 3",
    ]
    for index, one in enumerate(pictures(result.services)):
        lines += _service(f"s{index}", one)
    return "\n".join(lines) + "\n"


def _service(key: str, drawn: Picture) -> Iterator[str]:
    yield f"  subgraph {key}[{label(drawn.title)}]"
    yield "    direction LR"
    for box in drawn.boxes:
        left, right = _SHAPES[box.stage]
        yield f"    {key}{box.key}{left}{_lines(box)}{right}"
        yield f"    class {key}{box.key} {_CLASSES[box.state]}"
    for arrow in drawn.arrows:
        yield f"    {key}{arrow.start} {_ARROWS[arrow.state]} {key}{arrow.end}"
    if drawn.note:
        state = next((box.state for box in drawn.boxes if box.key == drawn.broken), State.BROKEN)
        yield f"    {key}b>{label(drawn.note)}]"
        yield f"    class {key}b {_CLASSES[State.BROKEN if state is State.PASSES else state]}"
        yield f"    {key}b -.- {key}{drawn.broken}"
    yield "  end"


def _lines(box: Box) -> str:
    """The lines of a box as one label; no name can bring a line break in, for its angle brackets are escaped."""
    return '"' + "<br>".join(label(line)[1:-1] for line in box.lines) + '"'
