"""Read a plain command line as typer would. What is not plain is left to typer, which alone tells what is wrong."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

SWITCH, TEXT, MANY, NUMBER = "switch", "text", "many", "number"

ALL = "all"
"""What an option means whose value is left out."""

_SAID = {"true": True, "1": True, "t": True, "false": False, "0": False, "f": False}


class NotPlainError(Exception):
    """Arguments that typer has to read."""


def parse(
    words: "Sequence[str]", flags: "Mapping[str, tuple[str, str, tuple[str, ...]]]", positional: str = ""
) -> "dict[str, Any]":
    """The values by the names of the parameters; those that are not given are left out.

    *flags* say for each flag which parameter it is, its kind, and the values that it takes, none for any. NotPlainError
    for whatever is not sure to be right: typer tells.
    """
    found: dict[str, Any] = {}
    rest = list(words)[::-1]
    while rest:
        word = rest.pop()
        if word == "-" or not word.startswith("-"):
            if not positional:
                raise NotPlainError
            found.setdefault(positional, []).append(word)
            continue
        flag, equals, value = word.partition("=")
        if not flag.startswith("--") and len(flag) > 2:  # -f- or -nshop: the value stands behind the letter
            flag, equals, value = word[:2], "=", word[2:]
        name, kind, allowed = flags.get(flag, ("", "", ()))
        if not name or (equals and kind == SWITCH):
            raise NotPlainError
        if kind == SWITCH:
            found[name] = True
        elif kind == MANY:
            found.setdefault(name, []).append(value if equals else _next(rest))
        else:
            found[name] = _value(value if equals else _next(rest), kind, allowed)
    return found


def _next(rest: "list[str]") -> str:
    """The value of an option: the word behind it, unless that may be an option."""
    if not rest or (rest[-1].startswith("-") and rest[-1] != "-"):
        raise NotPlainError
    return rest.pop()


def _value(value: str, kind: str, allowed: "tuple[str, ...]") -> "str | int":
    if kind == NUMBER and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if kind == NUMBER or (allowed and value not in allowed):
        raise NotPlainError
    return value


def as_kubectl_takes_them(
    words: "Sequence[str]", switches: "Collection[str]", bare: "Collection[str]" = ()
) -> "list[str]":
    """What kubectl knows and typer does not: ``-n=x``, ``--recursive=true``; and *bare* options without a value."""
    end = words.index("--") if "--" in words else len(words)
    found: list[str] = []
    for index, word in enumerate(words[:end]):
        flag, equals, value = word.partition("=")
        if flag in switches and equals and (value.lower() in _SAID or value.isdecimal()):
            found += [flag] if _SAID.get(value.lower(), True) else []  # a number is how much kubectl says: -v=6
        elif equals and len(flag) == 2 and flag[0] == "-" and flag[1].isalpha() and flag not in switches:
            found += [flag, value]
        elif word in bare and (index + 1 >= end or words[index + 1].startswith("-")):
            found.append(f"{word}={ALL}")
        else:
            found.append(word)
    return [*found, *words[end:]]
