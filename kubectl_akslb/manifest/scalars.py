"""What the API server makes of YAML: plain data, by the rules of sigs.k8s.io/yaml.

kubectl, Helm and the API server read YAML with go-yaml v2 and hand on JSON. Its rules are YAML 1.1's and its own:
``yes``, ``on`` and ``y`` are booleans, ``0777`` is octal, ``1_000`` is a number, ``1:20`` and dates are strings.
"""

import re

from kubectl_akslb.manifest.nodes import PLAIN, Mapping, Node, Scalar

_TRUE = ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
_FALSE = ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")
NULL = ("", "~", "null", "Null", "NULL")
_NAN = (".nan", ".NaN", ".NAN")
_INFINITE = (".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF")
_MINUS_INFINITE = ("-.inf", "-.Inf", "-.INF")

Resolved = str | int | float | bool | None

_WORDS: dict[str, Resolved] = {
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
    **dict.fromkeys(NULL, None),
    **dict.fromkeys(_NAN, float("nan")),
    **dict.fromkeys(_INFINITE, float("inf")),
    **dict.fromkeys(_MINUS_INFINITE, float("-inf")),
}
# Go decides by the first character whether a plain scalar can be anything but a string; so does this.
_NUMERIC = frozenset("+-.0123456789")

_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
# Few values need these: they are compiled when one does.
_OCTAL = r"([-+]?)0[oO]?([0-7]+)\Z"
_HEX = r"([-+]?)0[xX]([0-9a-fA-F]+)\Z"
_BINARY = r"([-+]?)0[bB]([01]+)\Z"
_FLOAT = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"
_MIN_INT, _MAX_INT = -(2**63), 2**64 - 1
_LONGEST = 1000
_NO_UTF_8 = "[\udc80-\udcff]"
_DIGIT_GAP = r"(?<=[0-9])_(?=[0-9])"
_FLOAT_INTEGERS = 1e21
"""Go writes a whole float below this as an integer in JSON, so ``port: 80.0`` is 80."""

_STR = "tag:yaml.org,2002:str"
_BINARY_TAG = "tag:yaml.org,2002:binary"
_TYPED = {
    "tag:yaml.org,2002:bool": bool,
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:null": type(None),
}


class NotPlainDataError(ValueError):
    """A node that has no counterpart in JSON, such as a null key; *node* is where it stands."""

    def __init__(self, message: str, node: Node) -> None:
        super().__init__(message)
        self.node = node


def resolve(text: str) -> Resolved:
    """What an untagged plain scalar stands for."""
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in _NUMERIC else text


def reads_as_string(text: str) -> bool:
    """Whether *text* without quotes would stay the string it is (other quoting needs aside)."""
    return isinstance(resolve(text), str)


def scalar(node: Scalar) -> Resolved:
    """The value of a scalar node, its tag and quotes considered; raises NotPlainDataError."""
    if node.tag:
        return _tagged(node)
    return resolve(node.text) if node.style == PLAIN else node.text


def plain(node: Node) -> object:
    """The data of a node as ``json.loads`` would give it; raises NotPlainDataError."""
    if isinstance(node, Scalar):
        if node.style == PLAIN or node.tag:
            return scalar(node)
        return node.text
    if isinstance(node, Mapping):
        return _mapping(node)
    return [plain(item) for item in node.items]


def key_text(node: Scalar) -> str:
    """A key as JSON has it: ``80:`` is "80", ``yes:`` is "true"; raises NotPlainDataError for a null key."""
    value = node.text if node.style != PLAIN and not node.tag else scalar(node)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        message = "a key is null"
        raise NotPlainDataError(message, node)
    return str(value)


def is_merge(key: Scalar) -> bool:
    """Whether a key is YAML's merge key ``<<``."""
    return key.text == "<<" and ((key.style == PLAIN and not key.tag) or key.tag == "tag:yaml.org,2002:merge")


def _mapping(node: Mapping) -> dict[str, object]:
    data: dict[str, object] = {}
    for key, value in node.entries:
        text = key.text
        if text == "<<" and is_merge(key):
            _merge(data, value)
            continue
        if not key.tag and (key.style != PLAIN or (text not in _WORDS and text[0] not in _NUMERIC)):
            data[text] = plain(value)
        else:
            data[key_text(key)] = plain(value)
    if len(data) < len(node.entries) and not any(is_merge(key) for key, _ in node.entries):
        message = "two keys of this mapping are the same in JSON"
        raise NotPlainDataError(message, node)
    return data


def _merge(data: dict[str, object], value: Node) -> None:
    """Merge as go-yaml v2 does: at the place of the ``<<``, so that it also overrides the keys before it."""
    sources = (value,) if isinstance(value, Mapping) else tuple(reversed(getattr(value, "items", ())))
    if isinstance(value, Scalar) or not all(isinstance(source, Mapping) for source in sources):
        message = "a merge key (<<) needs a mapping or a list of mappings"
        raise NotPlainDataError(message, value)
    for source in sources:
        if isinstance(source, Mapping):
            data.update(_mapping(source))


def _number(text: str) -> Resolved:
    """The number *text* is, else *text*; it begins with a digit, a sign or a full stop."""
    if text[0] == ".":
        digits = re.sub(_DIGIT_GAP, "", text)
        return _float(digits, text) if re.match(_FLOAT, digits) else text
    digits = text.replace("_", "")
    if len(digits) > _LONGEST:  # no integer of 64 bits, in whatever base, but for zeros in front
        return _float(digits, text) if re.match(_FLOAT, digits) else text
    if _DECIMAL.match(digits):
        return _bounded(int(digits), digits, text)
    for pattern, base in ((_OCTAL, 8), (_HEX, 16), (_BINARY, 2)):
        found = re.match(pattern, digits)
        if found:
            return _bounded(int(found[1] + found[2], base), digits, text)
    return _float(digits, text) if re.match(_FLOAT, digits) else text


def _bounded(value: int, digits: str, text: str) -> Resolved:
    """An integer that fits 64 bits; one that does not is read as a float, or stays a string."""
    # ParseUint takes no sign: "+18446744073709551615" does not fit.
    highest = _MAX_INT if digits[0] not in "+-" else 2**63 - 1
    if _MIN_INT <= value <= highest:
        return value
    return _float(digits, text) if re.match(_FLOAT, digits) else text


def _float(digits: str, text: str) -> Resolved:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        return text
    return int(value) if value.is_integer() and abs(value) < _FLOAT_INTEGERS else value


def _tagged(node: Scalar) -> Resolved:
    """A scalar with an explicit tag: a standard tag must fit the text, any other tag leaves a string."""
    if node.tag == _BINARY_TAG:
        return _binary(node)
    wanted = _TYPED.get(node.tag)
    if node.tag == _STR or wanted is None:
        return node.text
    value = resolve(node.text)
    fits = type(value) is wanted or (wanted is float and type(value) is int)
    if not fits:
        message = f"{node.text!r} does not fit its tag !!{node.tag.rpartition(':')[2]}"
        raise NotPlainDataError(message, node)
    return value


def _binary(node: Scalar) -> str:
    from base64 import b64decode

    try:
        text = b64decode("".join(node.text.split()), validate=True).decode(errors="surrogateescape")
        # Go's JSON has U+FFFD for each byte that is no UTF-8.
        return re.sub(_NO_UTF_8, "\ufffd", text)
    except ValueError as error:
        message = "a !!binary value is not valid base64"
        raise NotPlainDataError(message, node) from error
