"""The path of a Service's packets as SVG: a column for each stage, drawn without any program but this one.

The card has a background of its own, light or dark as the viewer wants it, so that it can be read on any page. States
differ by line and mark as well as by colour. Text is held to its measure, whatever font the viewer has.
"""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.edge.escape import xml as fit
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.pipeline import Explanation
from kubectl_akslb.render.marks import colour
from kubectl_akslb.render.picture import Arrow, Box, Picture, Stage, State, pictures
from kubectl_akslb.render.terminal import cells

SIZE, ADVANCE, LEADING = 12, 7.23, 17
"""Of a line of text: its size, the width of a character, the distance of two lines."""

PAD, BOX, GAP, MARGIN = 10, 198, 46, 24
"""Around text in a box, a box's width, between two columns, around everything."""

ROOM = int((BOX - 2 * PAD) / ADVANCE)
WIDTH = 2 * MARGIN + len(Stage) * BOX + (len(Stage) - 1) * GAP
ACROSS = int((WIDTH - 2 * MARGIN - 2 * PAD) / ADVANCE)
"""So many characters fit into a box, and across all columns."""

_NAMES = {State.PASSES: "passes", State.BROKEN: "broken", State.UNSURE: "unsure", State.KEPT_OUT: "out"}
_STYLE = """
.card{fill:#ffffff;stroke:#d0d7de}
text{fill:#1f2328;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:12px}
.stage{fill:#59636e}
.title{font-weight:bold}
.red{fill:#b3261e}.yellow{fill:#7d5600}.green{fill:#1a7f37}.cyan{fill:#0b6e75}
.box{fill:#f6f8fa}
.passes{stroke:#1a7f37;stroke-width:1.5}
.broken{stroke:#b3261e;stroke-width:3}
.unsure{stroke:#9a6700;stroke-width:2;stroke-dasharray:7 3}
.out{stroke:#818b98;stroke-width:1.2;stroke-dasharray:2 3}
.line{fill:none}
@media (prefers-color-scheme:dark){
.card{fill:#0d1117;stroke:#3d444d}
text{fill:#e6edf3}
.stage{fill:#9198a1}
.red{fill:#ff7b72}.yellow{fill:#e3b341}.green{fill:#56d364}.cyan{fill:#76e3ea}
.box{fill:#161b22}
.passes{stroke:#3fb950}
.broken{stroke:#ff7b72}
.unsure{stroke:#d29922}
}
"""


class _Placed(NamedTuple):
    """A box with its place, and its text in lines that fit."""

    box: Box
    x: float
    y: float
    height: float
    lines: tuple[str, ...]


def svg(result: Explanation) -> str:
    """All Services, one below the other."""
    drawn = pictures(result.services)
    body: list[ET.Element] = []
    y = float(MARGIN)
    for number, one in enumerate(drawn):
        group = ET.Element("g", {"role": "group", "aria-label": fit(clean(one.title))})
        elements, y = _service(one, y)
        group.extend(elements)
        body.append(group)
        y += 2 * MARGIN if number + 1 < len(drawn) else 0
    if not drawn:
        body.append(_text("no Service of type LoadBalancer found", MARGIN, y + SIZE))
        y += LEADING
    height = round(y + MARGIN)
    size = {"width": str(WIDTH), "height": str(height)}
    view = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH} {height}", **size}
    root = ET.Element("svg", {**view, "role": "img", "aria-labelledby": "title desc"})
    title = "The path of packets to " + (", ".join(one.title for one in drawn) or "no Service")
    ET.SubElement(root, "title", id="title").text = fit(clean(title))
    ET.SubElement(root, "desc", id="desc").text = fit(clean(" ".join(map(_told, drawn))))
    ET.SubElement(root, "style").text = _STYLE
    card = {"x": "0.5", "y": "0.5", "width": str(WIDTH - 1), "height": str(height - 1), "rx": "8"}
    ET.SubElement(root, "rect", {"class": "card", **card})
    root.extend(body)
    ET.indent(root, space="")
    return ET.tostring(root, "unicode") + "\n"


def _told(one: Picture) -> str:
    """The picture in words, for who does not see it."""
    parts = [f"{one.title}: {one.headline}."]
    for stage in Stage:
        boxes = [f"{', '.join(box.lines)} ({box.state.value})" for box in one.boxes if box.stage is stage]
        if boxes:
            parts.append(f"{stage.value}: {'; '.join(boxes)}.")
    return " ".join(parts)


def _consequence(one: Picture) -> str:
    """The headline without the cause, which stands in a box of its own."""
    for cause in (one.note, one.note.partition(": ")[2]):
        if cause and one.headline.endswith(cause):
            return one.headline.removesuffix(cause).removesuffix(": ")
    return one.headline


def _service(one: Picture, top: float) -> tuple[list[ET.Element], float]:
    """One Service from *top* on, and where it ends."""
    drawn: list[ET.Element] = []
    y = top
    for text, style in ((one.title, f"title {colour(one.kind)}"), (_consequence(one), "")):
        for line in folded(text, ACROSS) if text else ():
            drawn.append(_text(line, MARGIN, y + SIZE, style))
            y += LEADING
    y += LEADING / 2
    stages = {box.stage for box in one.boxes}
    drawn += [_text(stage.value, _column(stage), y + SIZE, "stage") for stage in Stage if stage in stages]
    y += LEADING + 4
    placed = _placed(one.boxes, y)
    drawn += [each for arrow in one.arrows for each in _arrow(arrow, placed)]
    drawn += [part for each in placed.values() for part in _box(each, broken=each.box.key == one.broken)]
    y = max(each.y + each.height for each in placed.values())
    if one.note:
        y += LEADING
        state = next((box.state for box in one.boxes if box.key == one.broken), State.BROKEN)
        note = _Placed(Box("note", Stage.CLIENTS, (), state), MARGIN, y, 0, tuple(folded(one.note, ACROSS)))
        note = note._replace(height=_height(note.lines))
        drawn += _rect(note, WIDTH - 2 * MARGIN)
        y += note.height
    return drawn, y


def _column(stage: Stage) -> float:
    return MARGIN + list(Stage).index(stage) * (BOX + GAP)


def _placed(boxes: Sequence[Box], top: float) -> dict[str, _Placed]:
    """Every box in the column of its stage, each column in the middle of the highest."""
    columns: dict[Stage, list[_Placed]] = {}
    for box in boxes:
        lines = tuple(piece for line in box.lines for piece in folded(line, ROOM))
        columns.setdefault(box.stage, []).append(_Placed(box, _column(box.stage), 0, _height(lines), lines))
    heights = {stage: sum(each.height + PAD for each in column) - PAD for stage, column in columns.items()}
    found: dict[str, _Placed] = {}
    for stage, column in columns.items():
        y = top + (max(heights.values()) - heights[stage]) / 2
        for each in column:
            found[each.box.key] = each._replace(y=y)
            y += each.height + PAD
    return found


def _height(lines: Sequence[str]) -> float:
    return len(lines) * LEADING + 2 * PAD - (LEADING - SIZE)


def _box(each: _Placed, *, broken: bool) -> Iterator[ET.Element]:
    yield from _rect(each, BOX)
    if broken:
        yield _mark(each.x + BOX, each.y, each.box.state)


def _rect(each: _Placed, width: float) -> Iterator[ET.Element]:
    area = {"x": f"{each.x:g}", "y": f"{each.y:g}", "width": f"{width:g}", "height": f"{each.height:g}"}
    yield ET.Element("rect", {"class": f"box {_NAMES[each.box.state]}", **area, "rx": "6"})
    for number, line in enumerate(each.lines):
        yield _text(line, each.x + PAD, each.y + PAD + SIZE - 2 + number * LEADING)


def _mark(x: float, y: float, state: State) -> ET.Element:
    """A cross at a corner of the box where the path breaks."""
    arm = 6
    path = f"M{x - arm:g} {y - arm:g}l{2 * arm} {2 * arm}m0 {-2 * arm}l{-2 * arm} {2 * arm}"
    style = _NAMES[State.UNSURE if state is State.UNSURE else State.BROKEN]
    return ET.Element("path", {"class": f"line {style}", "stroke-dasharray": "none", "d": path})


def _arrow(arrow: Arrow, placed: dict[str, _Placed]) -> Iterator[ET.Element]:
    """A curve from one box to another, with a head, or with a cross in its middle where nothing gets through."""
    start, end = placed[arrow.start], placed[arrow.end]
    x, y = start.x + BOX, start.y + start.height / 2
    to, down = end.x, end.y + end.height / 2
    middle = (x + to) / 2
    line = {"class": f"line {_NAMES[arrow.state]}"}
    yield ET.Element("path", line, d=f"M{x:g} {y:g}C{middle:g} {y:g} {middle:g} {down:g} {to:g} {down:g}")
    if arrow.state in {State.BROKEN, State.KEPT_OUT}:
        at = (y + down) / 2
        head = f"M{middle - 4:g} {at - 4:g}l8 8m0 -8l-8 8"
    else:
        head = f"M{to - 6:g} {down - 4:g}l6 4l-6 4"
    yield ET.Element("path", line, style="stroke-dasharray:none", d=head)


def _text(text: str, x: float, y: float, style: str = "") -> ET.Element:
    named = {"class": style} if style else {}
    length = {"textLength": f"{cells(text) * ADVANCE:.2f}", "lengthAdjust": "spacingAndGlyphs"}
    element = ET.Element("text", {**named, "x": f"{x:g}", "y": f"{y:g}", **length})
    element.text = fit(clean(text))
    return element


def folded(text: str, room: int) -> list[str]:
    """*text* in lines of at most *room* columns, broken at blanks, else behind a mark in a name, else anywhere."""
    lines = [""]
    for word in clean(text).split():
        if cells(lines[-1]) + 1 + cells(word) <= room and lines[-1]:
            lines[-1] += f" {word}"
            continue
        pieces = list(_pieces(word, room))
        lines = [*lines, *pieces] if lines[-1] else [*lines[:-1], *pieces]
    return lines


def _pieces(word: str, room: int) -> Iterator[str]:
    while cells(word) > room:
        end = 1
        while end < len(word) and cells(word[: end + 1]) <= room:
            end += 1
        at = max(word.rfind(mark, 0, end) for mark in "-./=_,:")
        cut = at + 1 if at > room // 3 else end
        yield word[:cut]
        word = word[cut:]
    yield word
