"""Plain data as YAML in block style, as kubectl writes it: fast, one value in a line, with comments where wanted."""

from collections.abc import Mapping, Sequence
from typing import Any

from kubectl_akslb.manifest.nodes import Path

_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def block_text(body: Mapping[str, Any]) -> str:
    """A mapping as a YAML document."""
    return "\n".join(block_lines(body)) + "\n"


def block_lines(body: Mapping[str, Any], comments: Mapping[Path, str] | None = None) -> list[str]:
    """A mapping as lines; *comments* stand behind the values at their paths."""
    return _mapping(body, (), comments or {}, "")


def _mapping(body: Mapping[str, Any], path: Path, comments: Mapping[Path, str], indent: str) -> list[str]:
    lines = []
    for key, value in body.items():
        comment = " ".join(comments.get((*path, key), "").split()) if comments else ""
        comment = f"  # {comment}" if comment else ""
        name = _scalar(str(key))
        if isinstance(value, Mapping) and value:
            lines += [f"{indent}{name}:{comment}", *_mapping(value, (*path, key), comments, indent + "  ")]
        elif isinstance(value, (list, tuple)) and value:
            lines += [f"{indent}{name}:{comment}", *_sequence(value, indent)]
        else:
            lines.append(f"{indent}{name}: {_scalar(value)}{comment}")
    return lines


def _sequence(items: Sequence[Any], indent: str) -> list[str]:
    lines = []
    for item in items:
        if isinstance(item, Mapping) and item:
            first, *rest = _mapping(item, (), {}, indent + "  ")
            lines += [f"{indent}- {first.lstrip()}", *rest]
        elif isinstance(item, (list, tuple)) and item:
            first, *rest = _sequence(item, indent + "  ")
            lines += [f"{indent}- {first.lstrip()}", *rest]
        else:
            lines.append(f"{indent}- {_scalar(item)}")
    return lines


def _scalar(value: object) -> str:
    """A value in one line: JSON is YAML; a word that can mean nothing else goes without quotes."""
    if isinstance(value, str) and value.isascii() and value[:1].isalpha() and value.lower() not in _WORDS:
        bare = value.replace("-", "").replace("_", "").replace(".", "").replace("/", "")
        if bare.isalnum():
            return value
    from json import dumps

    text = dumps(value, ensure_ascii=False)
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in text)
