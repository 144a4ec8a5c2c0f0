"""Whatever stands in a file, ``explain`` gives a whole result or says what is wrong; never a traceback, never a half."""

import json
import re
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from tests.given import screens as services
from tests.given.command import Ran, akslb
from tests.given.damaged import damaged, few, survives
from tests.given.document import check

ROOT = Path(__file__).parents[2]


REPORTED = re.compile(r"^<stdin>(:\d+:\d+)?: error: ", re.MULTILINE)


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
