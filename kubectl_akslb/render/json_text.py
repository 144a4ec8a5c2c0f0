"""Documents for machines: JSON is indented, and without a character that acts on a terminal.

Python's library has no fast encoder for JSON with an indentation: of a cluster's explanation it took half of the time.
So lines are put together here, and what stands on them is left to the library.
"""

from collections.abc import Callable
from json import dumps
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Literal

from kubectl_akslb.errors import assert_never

_STEP = "  "
_WORDS = {None: "null", True: "true", False: "false"}


def in_form(body: dict[str, object], form: Literal["yaml", "json"]) -> str:
    """A document in one of the formats for machines."""
    if form == "yaml":
        from kubectl_akslb.manifest.block import block_text

        return block_text(body)
    if form == "json":
        return json_text(body)
    assert_never(form)


def json_text(body: object) -> str:
    """*body* as JSON; characters that could act on a terminal are escaped, for they come from manifests."""
    text = indented(body, encode_basestring)
    if not text.replace("\n", "").isprintable():
        text = indented(body, encode_basestring_ascii).replace("\x7f", "\\u007f")
    return text + "\n"


def indented(value: object, encode: Callable[[str], str], before: str = "\n") -> str:
    """*value* as ``json.dumps(value, indent=2)`` writes it, its strings by *encode*; *before* begins its lines."""
    if isinstance(value, str):
        return encode(value)
    if isinstance(value, dict):
        if not value:
            return "{}"
        inner = before + _STEP
        pairs = [f"{encode(key)}: {indented(item, encode, inner)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(pairs)}{before}}}"
    if isinstance(value, (list, tuple)):
        if not value:
            return "[]"
        inner = before + _STEP
        return f"[{inner}{f',{inner}'.join([indented(item, encode, inner) for item in value])}{before}]"
    return _WORDS[value] if value is None or isinstance(value, bool) else dumps(value)
