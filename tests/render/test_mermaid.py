"""The flowchart: every line is one that we write, and no name can get out of its label."""

import re

import pytest

from kubectl_akslb.render.mermaid import mermaid
from tests.given import screens as services
from tests.given.screens import NASTY, drawn_with, explained, hostile, manifest

#: What may stand between quotes: neither quotes nor angle brackets, but for the line breaks between our own lines.
LABEL = r'"(?:[^"<>`]|<br>)*"'
NODE = r"s\d+[carnpb]\d*"
LINES = re.compile(
    "|".join(
        (
            r"flowchart LR",
            r"  classDef (passes|broken|unsure|out) stroke:#[0-9a-f]{6},stroke-width:\dpx(,stroke-dasharray:\d \d)?",
            rf"  subgraph s\d+\[{LABEL}\]",
            r"    direction LR",
            rf"    s\d+c\d+\{{\{{{LABEL}\}}\}}",
            rf"    s\d+a\d+\(\[{LABEL}\]\)",
            rf"    s\d+r\d+\[{LABEL}\]",
            rf"    s\d+n\d+\[\[{LABEL}\]\]",
            rf"    s\d+p\d+\({LABEL}\)",
            rf"    s\d+b>{LABEL}\]",
            rf"    {NODE} (-->|--x|-\.->|-\.-x|-\.-) {NODE}",
            rf"    class {NODE} (passes|broken|unsure|out)",
            r"  end",
        )
    )
)


def test_a_path_and_what_breaks_it() -> None:
    assert [
        '  subgraph s0["✗ shop/web: DOWN"]',
        "    direction LR",
        '    s0c0{{"the internet"}}',
        "    class s0c0 passes",
        '    s0c1{{"the virtual network and peered ones"}}',
        "    class s0c1 passes",
        '    s0c2{{"pods of the cluster"}}',
        "    class s0c2 passes",
        '    s0a0(["a public address"])',
        "    class s0a0 passes",
        '    s0r0["80/TCP<br>probe HTTP /: 404 ✗"]',
        "    class s0r0 passes",
        '    s0n0[["no node in rotation"]]',
        "    class s0n0 broken",
        '    s0p0("app=web")',
        "    class s0p0 passes",
        "    s0c0 --> s0a0",
        "    s0c1 --> s0a0",
        "    s0c2 --> s0a0",
        "    s0a0 --> s0r0",
        "    s0r0 --x s0n0",
        "    s0n0 --x s0p0",
        '    s0b>"probe: GET / gets 404 from ingress-nginx, and Azure needs 200"]',
        "    class s0b broken",
        "    s0b -.- s0n0",
        "  end",
    ] == mermaid(explained(services.KNOWN_WORKLOAD)).splitlines()[5:]


def test_every_box_of_every_service_has_its_own_name() -> None:
    shown = mermaid(explained(services.DUAL_STACK, manifest("{port: 80, name: a}", "{port: 443, name: b}", name="two")))
    boxes = re.findall(r"^    (s\d+[carnp]\d+)[^ ]", shown, re.MULTILINE)
    assert len(boxes) == len(set(boxes))
    assert {"s0r0", "s0r1", "s1r0"} <= set(boxes)


@pytest.mark.parametrize("name", services.ALL)
def test_every_line_is_one_we_write(name: str) -> None:
    for line in mermaid(explained(services.ALL[name])).splitlines():
        assert LINES.fullmatch(line), line


@pytest.mark.parametrize("nasty", NASTY)
def test_no_name_breaks_out(nasty: str) -> None:
    for shown in (mermaid(hostile(nasty)), mermaid(drawn_with(nasty))):
        for line in shown.split("\n")[:-1]:
            assert LINES.fullmatch(line), line
        assert shown.replace("\n", "").isprintable()


def test_the_worst_stands_first() -> None:
    kinds = re.findall(
        r'subgraph \w+\[".*: ([A-Z]+)"\]', mermaid(explained(f"{services.PLAIN}---\n{services.REFUSED}"))
    )
    assert ["PENDING", "WORKS"] == kinds[:2]
