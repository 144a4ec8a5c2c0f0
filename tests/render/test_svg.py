"""The drawing: XML that says what it shows, in which no text leaves its box and nothing lies upon anything else."""

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from kubectl_akslb.pipeline import Explanation
from kubectl_akslb.render.svg import ADVANCE, ROOM, folded, svg
from kubectl_akslb.render.terminal import cells
from tests.given import screens as services
from tests.given.screens import NASTY, drawn_with, explained, hostile, manifest

NAMESPACE = "{http://www.w3.org/2000/svg}"
LONG = manifest(*[f"{{port: {n}, name: p{n}, appProtocol: http}}" for n in range(80, 92)], name="a-" * 31 + "a")
GIVEN = {**services.ALL, "twelve ports, a long name": LONG}

Area = tuple[float, float, float, float]


def parsed(result: Explanation) -> ET.Element:
    return ET.fromstring(svg(result))  # noqa: S314 - our own text


def rectangles(root: ET.Element) -> list[Area]:
    """Left, top, right and bottom of each box, without the card that everything is on."""
    found = []
    for rect in root.iter(f"{NAMESPACE}rect"):
        x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        if "card" not in rect.attrib["class"]:
            found.append((x, y, x + width, y + height))
    return found


def texts(root: ET.Element) -> list[Area]:
    found = []
    for text in root.iter(f"{NAMESPACE}text"):
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        assert float(text.attrib["textLength"]) == pytest.approx(cells(text.text or "") * ADVANCE, abs=0.1)
        found.append((x, y - 11, x + float(text.attrib["textLength"]), y + 4))
    return found


def overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def within(inner: Area, outer: Area) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


@pytest.mark.parametrize("name", GIVEN)
def test_nothing_lies_upon_anything_else(name: str) -> None:
    root = parsed(explained(GIVEN[name], services.PLAIN))
    boxes, lines = rectangles(root), texts(root)
    assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]
    assert not [pair for pair in combinations(lines, 2) if overlap(*pair)]
    for line in lines:
        met = [box for box in boxes if overlap(line, box)]
        assert all(within(line, box) for box in met), line
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert all(within(area, (0, 0, width, height)) for area in (*boxes, *lines))


def test_it_says_what_it_shows() -> None:
    root = parsed(explained(services.KNOWN_WORKLOAD))
    assert "img" == root.attrib["role"]
    named = {element.attrib["id"]: element.text or "" for element in root if "id" in element.attrib}
    assert set(root.attrib["aria-labelledby"].split()) == set(named)
    assert "shop/web: DOWN" in named["title"]
    for word in ("GET / gets 404", "clients: the internet (passes)", "nodes: no node in rotation (broken)", "app=web"):
        assert word in named["desc"]


@pytest.mark.parametrize("nasty", NASTY)
def test_no_name_breaks_out(nasty: str) -> None:
    text = svg(drawn_with(nasty))
    ET.fromstring(svg(hostile(nasty)))  # noqa: S314 - our own text
    root = ET.fromstring(text)  # noqa: S314 - our own text
    allowed = {"svg", "title", "desc", "style", "rect", "g", "text", "path"}
    assert allowed >= {element.tag.removeprefix(NAMESPACE) for element in root.iter()}
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on") or "href" in name]
    assert text.replace("\n", "").isprintable()


def test_nothing_is_fetched_and_no_program_runs() -> None:
    text = svg(explained(*services.ALL.values()))
    assert not re.search(r"<script|@import|url\(|href|foreignObject", text)
    assert ["http://www.w3.org/2000/svg"] == re.findall(r"https?://[^\"' ]+", text)


def test_a_page_without_services_says_so() -> None:
    assert "no Service of type LoadBalancer found" in svg(explained())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("short", ["short"]),
        ("two words that do not fit", ["two words that", "do not fit"]),
        ("a-name-that-is-much-too-long", ["a-name-that-is-", "much-too-long"]),
        ("abcdefghijklmnopqrstuvwxyz", ["abcdefghijklmno", "pqrstuvwxyz"]),
        ("漢字漢字漢字漢字漢字", ["漢字漢字漢字漢", "字漢字"]),
        ("", [""]),
    ],
)
def test_folded(text: str, lines: list[str]) -> None:
    assert lines == folded(text, 15)
    assert all(cells(line) <= ROOM for line in folded(text * 9, ROOM))


def test_the_worst_stands_first_and_its_cause_once() -> None:
    root = parsed(explained(f"{services.PLAIN}---\n{services.REFUSED}"))
    drawn = ["".join(each.itertext()) for each in root.iter() if each.tag.endswith("}text")]
    titles = [text for text in drawn if re.fullmatch(r"\S .*: [A-Z]+", text)]
    assert ["PENDING", "WORKS"] == [title.rpartition(": ")[2] for title in titles[:2]]
    (said,) = [text for text in drawn if "SCTP" in text]
    assert "EXTERNAL-IP" not in said
