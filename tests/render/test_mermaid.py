"""The flowchart: every name in it is quoted, and no quote can be left."""

import re

import pytest

from kubectl_akslb.render.mermaid import mermaid
from tests.render import services
from tests.render.services import NASTY, explained, hostile, manifest

#: Every line that a flowchart of ours can have; a label holds neither quotes nor angle brackets.
LABEL = r'"[^"<>`]*"'
LINES = re.compile(
    "|".join(
        (
            r"flowchart LR",
            r"  classDef (up|down|unknown) stroke:#[0-9a-f]{6},stroke-width:2px",
            rf"  subgraph s\d+\[{LABEL}\]",
            rf"    s\d+v\[{LABEL}\]",
            rf"    s\d+f\d+\(\[{LABEL}\]\)",
            rf"    s\d+(f\d+)? -->\|{LABEL}\| s\d+r\d+\[{LABEL}\]",
            rf"    s\d+r\d+ -\.->\|probe\| s\d+r\d+p\[{LABEL}\]",
            r"    class s\d+(r\d+p|c\d+|b) (up|down|unknown)",
            rf"    s\d+c\d+\{{\{{{LABEL}\}}\}}",
            r"    s\d+c\d+ --[x>] s\d+f\d+",
            rf"    s\d+b>{LABEL}\]",
            r"  end",
        )
    )
)


def test_a_flow() -> None:
    assert [
        '  subgraph s0["shop/web"]',
        '    s0f0(["#lt;address of kubernetes-a#lt;uid of shop/web#gt;#gt;"])',
        '    s0f0 -->|"Tcp 80"| s0r0["floating IP"]',
        '    s0r0 -.->|probe| s0r0p["Http :#lt;nodePort of 80#gt;/, 5 s x 2"]',
        "    class s0r0p unknown",
        '    s0c0{{"the internet"}}',
        "    s0c0 --> s0f0",
        "    class s0c0 up",
        '    s0c1{{"the virtual network and peered ones"}}',
        "    s0c1 --> s0f0",
        "    class s0c1 up",
        '    s0c2{{"pods of the cluster"}}',
        "    s0c2 --> s0f0",
        "    class s0c2 up",
        '    s0b>"probe: GET / must get 200, and only 200, from the pods behind port 80"]',
        "    class s0b unknown",
        "  end",
    ] == mermaid(explained(services.APP_PROTOCOL)).splitlines()[4:]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (services.OTHER_CLASS, "Azure's provider does not act on it"),
        (services.REFUSED, "EXTERNAL-IP stays #lt;pending#gt;: SCTP is only supported"),
    ],
)
def test_a_service_without_a_flow_says_why(given: str, expected: str) -> None:
    assert f'    s0v["{expected}' in mermaid(explained(given))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (services.PLAIN, "class s0r0p up"),
        (services.KNOWN_WORKLOAD, "class s0r0p down"),
        (services.APP_PROTOCOL, "class s0r0p unknown"),
    ],
)
def test_a_probe_has_the_colour_of_its_answer(given: str, expected: str) -> None:
    assert expected in mermaid(explained(given))


def test_every_rule_of_every_service_has_its_own_nodes() -> None:
    shown = mermaid(explained(services.DUAL_STACK, manifest("{port: 80, name: a}", "{port: 443, name: b}", name="two")))
    nodes = re.findall(r"(s\d+r\d+)\[", shown)
    assert ["s0r0", "s0r1", "s1r0", "s1r1"] == nodes


@pytest.mark.parametrize("name", services.ALL)
def test_every_line_is_one_we_write(name: str) -> None:
    for line in mermaid(explained(services.ALL[name])).splitlines():
        assert LINES.fullmatch(line), line


@pytest.mark.parametrize("nasty", NASTY)
def test_no_name_breaks_out(nasty: str) -> None:
    shown = mermaid(hostile(nasty))
    for line in shown.split("\n")[:-1]:
        assert LINES.fullmatch(line), line
    assert shown.replace("\n", "").isprintable()
