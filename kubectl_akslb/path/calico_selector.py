"""Calico's selectors over labels: ``app == 'web' && !has(legacy)``. Where a label is not known, neither is the answer.

Documented: docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy (Selectors).
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

Truth: TypeAlias = bool | None
"""True, False, or None where that depends on something that is not known."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<mark>&&|\|\||==|!=|[!(){},])|"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<word>[\w./-]+))""", re.ASCII
)
_LONGEST, _DEEPEST = 10_000, 50
_TEXTS: Mapping[str, tuple[str, Callable[[str, str], bool]]] = {
    "contains": ("", lambda value, part: part in value),
    "starts": ("with", str.startswith),
    "ends": ("with", str.endswith),
}


class UnreadableError(ValueError):
    """A selector that is not one, or is too long or too deep to be read here."""


class Labels:
    """What is known of the labels of something; *is_open* tells of a key whether it may have a label beyond those."""

    __slots__ = ("_is_open", "_known")

    def __init__(self, known: Mapping[str, str], is_open: Callable[[str], bool]) -> None:
        self._known = known
        self._is_open = is_open

    def has(self, key: str) -> Truth:
        """Whether there is a label of this key."""
        return True if key in self._known else None if self._is_open(key) else False

    def holds(self, key: str, test: Callable[[str], bool]) -> Truth:
        """Whether there is one whose value passes a test."""
        return test(self._known[key]) if key in self._known else self.has(key)


def selects(selector: str, labels: Labels) -> Truth:
    """Whether a selector is about what has these labels; the empty one is about everything."""
    if not selector.strip():
        return True
    try:
        return _SelectorReader(selector, labels).whole()
    except UnreadableError:
        return None


def both(one: Truth, other: Truth) -> Truth:
    """Whether both hold."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _negated(one: Truth) -> Truth:
    return None if one is None else not one


class _SelectorReader:
    """Reads a selector from left to right, and evaluates what it reads."""

    def __init__(self, selector: str, labels: Labels) -> None:
        self._labels = labels
        self._tokens = _tokens(selector)
        self._at = 0
        self._depth = 0

    def whole(self) -> Truth:
        found = self._any()
        if self._at < len(self._tokens):
            raise UnreadableError(self._tokens[self._at][1])
        return found

    def _next(self) -> tuple[str, str]:
        if self._at == len(self._tokens):
            raise UnreadableError("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, *texts: str) -> bool:
        """Whether the next marks or words are these; if so they are behind us."""
        following = [text for kind, text in self._tokens[self._at : self._at + len(texts)] if kind != "text"]
        if following != list(texts):
            return False
        self._at += len(texts)
        return True

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise UnreadableError(f"no {text}")

    def _text(self) -> str:
        kind, text = self._next()
        if kind != "text":
            raise UnreadableError(text)
        return text

    def _any(self) -> Truth:
        found = self._all()
        while self._take("||"):
            found = _negated(both(_negated(found), _negated(self._all())))
        return found

    def _all(self) -> Truth:
        found = self._one()
        while self._take("&&"):
            found = both(found, self._one())
        return found

    def _one(self) -> Truth:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UnreadableError("it is too deep")
        if self._take("!"):
            found = _negated(self._one())
        elif self._take("("):
            found = self._any()
            self._expect(")")
        else:
            found = self._plain()
        self._depth -= 1
        return found

    def _plain(self) -> Truth:
        kind, word = self._next()
        if kind != "word":
            raise UnreadableError(word)
        if word in {"all", "global"} and self._take("(", ")"):
            return word == "all"  # whoever is asked about is in a namespace
        if word == "has" and self._take("("):
            _, key = self._next()
            self._expect(")")
            return self._labels.has(key)
        return self._compared(word)

    def _compared(self, key: str) -> Truth:
        if self._take("=="):
            wanted = self._text()
            return self._labels.holds(key, lambda value: value == wanted)
        if self._take("!="):
            wanted = self._text()
            return _negated(self._labels.holds(key, lambda value: value == wanted))
        if self._take("in"):
            listed = self._set()
            return self._labels.holds(key, listed.__contains__)
        if self._take("not", "in"):
            listed = self._set()
            return _negated(self._labels.holds(key, listed.__contains__))
        for word, (second, test) in _TEXTS.items():
            if self._take(*filter(None, (word, second))):
                part = self._text()
                return self._labels.holds(key, lambda value, test=test, part=part: test(value, part))  # type: ignore[misc]
        raise UnreadableError(key)

    def _set(self) -> frozenset[str]:
        self._expect("{")
        found: list[str] = []
        while not self._take("}"):
            found.append(self._text())
            if not self._take(","):
                self._expect("}")
                break
        return frozenset(found)


def _tokens(selector: str) -> list[tuple[str, str]]:
    """The parts of a selector, each with what it is: mark, word, or text in quotes."""
    if len(selector) > _LONGEST:
        raise UnreadableError("it is too long")
    found: list[tuple[str, str]] = []
    at, end = 0, len(selector.rstrip())
    while at < end:
        match = _TOKEN.match(selector, at)
        if match is None:
            raise UnreadableError(selector[at : at + 20])
        kind = match.lastgroup or ""
        found.append(("text" if kind in {"double", "single"} else kind, match[kind]))
        at = match.end()
    return found
