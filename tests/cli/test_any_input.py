"""Whatever stands in a file, ``explain`` gives a whole result or says what is wrong; never a traceback, never a half."""

import json
import re
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.cli.command import Ran, akslb
from tests.render import services
from tests.render.test_document import check

ROOT = Path(__file__).parents[2]
EXAMPLES = [path.read_text() for path in sorted(ROOT.glob("examples/*.yaml"))]
TEXTS = [*services.ALL.values(), *EXAMPLES, "---\n".join(services.ALL.values())]

#: What tends to break readers and renderers of YAML.
TOKENS = (
    "\n---\n", "\n...\n", "---", "- ", ": ", "? ", "\t", "\n", "\r\n", "\r", " " * 7, "#", "'", '"', "|", ">-", "{", "}", "[",
    "]", ",", "&a ", "*a", "<<: ", "!!binary ", "!!str ", "!x ", "~", "null", "yes", "0777", "1e3", ".inf", "-1", "99999999999",
    "%YAML 1.1\n", "@", "`", "\ufeff", "\u2028", "\x00", "\x1b[2J", "\ud83d", "\U0001f600", "kind: List\nitems:\n", "{{ .x }}",
)  # fmt: skip

REPORTED = re.compile(r"^<stdin>(:\d+:\d+)?: error: ", re.MULTILINE)

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A manifest with some of it cut out, doubled, moved or replaced."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 2, 5, 20, 100])))
        with_what = draw(st.sampled_from(TOKENS) | st.just("") | st.just(text[start:end] * 2) | st.text(max_size=5))
        text = text[:start] + with_what + text[end:]
    return text.encode("utf-8", "surrogatepass")


def survives(ran: Ran) -> None:
    """A whole result or none, and a word about everything that could not be read."""
    assert ran.code in {0, 3}, ran
    assert ("error: " in ran.err) == (ran.code == 3), ran
    assert ran.err.replace("\n", "").isprintable(), ran.err
    assert ran.out.replace("\n", "").isprintable(), ran.out


def explained(data: bytes, *arguments: str) -> Ran:
    ran = akslb("explain", "-f", "-", *arguments, stdin=data)
    survives(ran)
    return ran


def machine_readable(data: bytes) -> None:
    ran = explained(data, "-o", "json")
    if ran.out:
        body = json.loads(ran.out)
        check(body)
        assert len(body["problems"]) == len(REPORTED.findall(ran.err))
        assert bool(body["problems"]) == (ran.code == 3)
    else:
        assert 3 == ran.code


@few
@given(st.binary(max_size=200))
@example(b"")
@example(b"\xff\xfe")
@example(b"kind: Service\ntype: LoadBalancer\n\x85")
def test_any_bytes(data: bytes) -> None:
    explained(data)
    machine_readable(b"kind: Service\nspec:\n  type: LoadBalancer\n" + data)


@few
@given(damaged())
def test_a_damaged_manifest_for_machines(data: bytes) -> None:
    machine_readable(data)


@few
@given(damaged(), st.sampled_from([(), ("--why",), ("-o", "yaml"), ("-o", "markdown"), ("-o", "mermaid")]))
def test_a_damaged_manifest_for_people(data: bytes, arguments: tuple[str, ...]) -> None:
    explained(data, *arguments)


@few
@given(damaged())
def test_what_stands_beside_a_damaged_document_is_explained(data: bytes) -> None:
    ran = explained(data.replace(b"web", b"odd") + b"\n---\n" + services.PLAIN.encode())
    # Only a file that is no text at all hides what is readable in it.
    assert re.search("shop/web +public|WORKS +shop/web", ran.out) or "UTF-" in ran.err, ran
