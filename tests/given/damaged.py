"""Manifests with damage, and objects with hostile values."""

from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.given import screens as services
from tests.given.command import Ran

EXAMPLES = [path.read_text() for path in sorted(Path(__file__).parents[2].glob("examples/*.yaml"))]
TEXTS = [*services.ALL.values(), *EXAMPLES, "---\n".join(services.ALL.values())]
#: What tends to break readers and renderers of YAML.
TOKENS = (
    "\n---\n", "\n...\n", "---", "- ", ": ", "? ", "\t", "\n", "\r\n", "\r", " " * 7, "#", "'", '"', "|", ">-", "{", "}", "[",
    "]", ",", "&a ", "*a", "<<: ", "!!binary ", "!!str ", "!x ", "~", "null", "yes", "0777", "1e3", ".inf", "-1", "99999999999",
    "%YAML 1.1\n", "@", "`", "\ufeff", "\u2028", "\x00", "\x1b[2J", "\ud83d", "\U0001f600", "kind: List\nitems:\n", "{{ .x }}",
)  # fmt: skip
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A manifest with some of it cut out, doubled, moved or replaced."""
    text: str = draw(st.sampled_from(TEXTS))
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
