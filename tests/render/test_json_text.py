"""JSON with an indentation is what Python's library makes of it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from kubectl_akslb.render.json_text import json_text

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
BODIES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner))


@given(BODIES)
def test_is_the_librarys(body: object) -> None:
    shown = json_text(body)
    assert shown in {
        json.dumps(body, indent=2, ensure_ascii=escaped).replace("\x7f", "\\u007f") + "\n" for escaped in (True, False)
    }
    assert json.loads(json.dumps(body)) == json.loads(shown)
    assert shown.replace("\n", "").isprintable()
