"""The provider's ways to read a value; Go's rules and Go's words where they differ from Python's."""

from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.model.provenance import Origin
from kubectl_akslb.provider import refusals

# What Go's strings.TrimSpace removes; str.strip() would also remove the separators U+001C to U+001F.
_WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"  # noqa: E501 - all of Go's
# The most digits a 64-bit number has: longer ones are out of range unread.
_MAX_DIGITS = 19
_ESCAPES = {"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"}


def trim(text: str) -> str:
    """*text* without the white space around it, by Go's strings.TrimSpace."""
    return text.strip(_WHITE_SPACE)


def equal_fold(text: str, other: str) -> bool:
    """Whether two texts are equal without case, by Go's strings.EqualFold."""
    return text == other or (len(text) == len(other) and text.casefold() == other.casefold())


def is_true(origin: Origin) -> bool:
    """Whether a boolean annotation is set: "true" in any case, not trimmed.

    Upstream: consts.expectAttributeInSvcAnnotationBeEqualTo.
    """
    return origin.raw is not None and equal_fold(origin.raw, "true")


def quote(text: str) -> str:
    """*text* in double quotes, as Go's strconv.Quote writes it."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    parts = []
    for character in text:
        if character in '"\\':
            parts.append("\\" + character)
        elif character in _ESCAPES:
            parts.append(_ESCAPES[character])
        elif character.isprintable():
            parts.append(character)
        elif ord(character) < 0x80:
            parts.append(f"\\x{ord(character):02x}")
        elif ord(character) <= 0xFFFF:
            parts.append(f"\\u{ord(character):04x}")
        else:
            parts.append(f"\\U{ord(character):08x}")
    return '"' + "".join(parts) + '"'


def go_integer(text: str, bits: int) -> int | None:
    """The number that Go's strconv.ParseInt reads in base 10, or None where it would not fit or is none."""
    digits = text[1:] if text[:1] in {"+", "-"} else text
    if not digits.isascii() or not digits.isdigit() or len(digits.lstrip("0")) > _MAX_DIGITS:
        return None
    number = int(digits.lstrip("0") or "0")  # Python reads 4300 digits at most, zeros included
    number = -number if text[0] == "-" else number
    return number if -(1 << bits - 1) <= number < 1 << bits - 1 else None


def int32(origin: Origin) -> int:
    """The whole number in an annotation.

    Upstream: consts.extractInt32FromString. Refused with its text where the value is no number of 32 bits.
    """
    text = trim(origin.raw or "")
    number = go_integer(text, 32)
    if number is None:
        reason = why_no_integer(text)
        raise Refused(refusals.NOT_A_WHOLE_NUMBER, origin, quoted=quote(text), reason=reason, value=text)
    return number


def why_no_integer(text: str) -> str:
    """Go's words for text of which ``go_integer`` makes no number."""
    digits = text[1:] if text[:1] in {"+", "-"} else text
    return "value out of range" if digits.isascii() and digits.isdigit() else "invalid syntax"
