"""Write a value as YAML so that it is read back as that value and nothing else."""

import re

from kubectl_akslb.manifest.nodes import DOUBLE, PLAIN, SINGLE, Mapping, Scalar
from kubectl_akslb.manifest.scalars import reads_as_string

_PLAIN_KEY = r"[A-Za-z0-9_./][A-Za-z0-9_./\-]{0,500}\Z"
_PLAIN = r"""(?:[^\s\-?:,\[\]{}#&*!|>'"%@`=<]|-(?=[^\s\-]))[^\s:#]*(?:(?:[ ]|:(?=[^\s#]))[^\s:#]+)*\Z"""
_PLAIN_IN_FLOW = r"[A-Za-z0-9_./+][A-Za-z0-9_./+\-]*\Z"
# A character of these needs an escape. (As a set of all others it would take five times as long to compile.)
_ODD = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def written(value: str | int | bool, style: str, *, flow: bool = False, quote: str = DOUBLE) -> str:
    """*value* in *style* if it can be written so; a string that must not stand unquoted is put in *quote*."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if style == PLAIN and plain_safe(value, flow=flow):
        return value
    quotes = quote if style == PLAIN else style
    if quotes == SINGLE and not _is_odd(value):
        return "'" + value.replace("'", "''") + "'"
    if '"' not in value and "\\" not in value and not _is_odd(value):
        return f'"{value}"'
    return '"' + re.sub(f'["\\\\{_ODD}]', _escape, value) + '"'


def _is_odd(value: str) -> bool:
    """Whether something in *value* has to be escaped; the pattern is costly to compile, and rarely needed."""
    return not value.isprintable() and re.search(f"[{_ODD}]", value) is not None


def written_key(key: str, style: str) -> str:
    """A key in *style* if it can be written so."""
    if style == PLAIN and re.match(_PLAIN_KEY, key) and reads_as_string(key):
        return key
    return written(key, SINGLE if style == SINGLE else DOUBLE)


def plain_safe(value: str, *, flow: bool = False) -> bool:
    """Whether *value* can stand without quotes and still is this string to every YAML reader."""
    pattern = _PLAIN_IN_FLOW if flow else _PLAIN
    return bool(re.match(pattern, value)) and not _is_odd(value) and reads_as_string(value)


def key_style(mapping: Mapping) -> str:
    """The style for a new key of *mapping*: that of its last key."""
    return mapping.entries[-1][0].style if mapping.entries else PLAIN


def value_styles(mapping: Mapping) -> tuple[str, str]:
    """The style for a new value among those of *mapping*, and the quotes for one that needs quotes.

    Quotes are the habit where some value has them without need and none goes without.
    """
    values = [
        value for _, value in mapping.entries if isinstance(value, Scalar) and value.style in {PLAIN, SINGLE, DOUBLE}
    ]
    quoted = [value for value in values if value.style != PLAIN]
    quote = quoted[-1].style if quoted else DOUBLE
    habit = len(quoted) == len(values) and any(plain_safe(value.text) for value in quoted)
    return (quote if habit else PLAIN), quote


def _escape(match: "re.Match[str]") -> str:
    letter = match[0]
    code = ord(letter)
    return _SHORT.get(letter) or (f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")
