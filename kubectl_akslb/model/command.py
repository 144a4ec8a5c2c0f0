"""Commands that are printed for somebody to paste: lists of arguments, of which a shell makes just these arguments.

Nothing here runs a command, and nothing elsewhere writes one as text: names, addresses and values come from manifests
and clusters, and a shell reads whatever is pasted into it.
"""

import re
from collections.abc import Sequence
from typing import TypeAlias

from kubectl_akslb.named_tuple import NamedTuple

KUBECTL = "kubectl"

_PLAIN = re.compile(r"(?!=)[A-Za-z0-9_@%+=:,./-]+\Z")
_NAME = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z"
_LABEL_LENGTH = 63
_SUBDOMAIN_LENGTH = 253


class Command(NamedTuple):
    """A program and its arguments. An argument can be in parts, of which some are the output of another command."""

    words: "tuple[Word, ...]"

    def __str__(self) -> str:
        """The command for a POSIX shell, in one line, with nothing in it that acts on a terminal."""
        return " ".join(_word(word) for word in self.words)

    def on(self, connection: Sequence[str]) -> "Command":
        """The same with these words for every kubectl in it: which API server, and as whom (``--context=prod``)."""
        words = tuple(_on(word, connection) for word in self.words)
        if not connection or words[:1] != (KUBECTL,):
            return Command(words)
        after = 3 if words[1:2] == ("akslb",) else 1  # kubectl takes no flag before the name of a plugin, nor do we
        return Command((*words[:after], *connection, *words[after:]))


Part: TypeAlias = "str | Command"
Word: TypeAlias = "str | tuple[Part, ...]"


def command(program: str, *words: Word) -> Command:
    """The command that runs *program*; a word that is no constant is a ``flag``, or stands behind one or a ``--``."""
    return Command((program, *words))


def flag(name: str, value: str) -> str:
    """``--name=value`` as one argument, so that no value can pass for an option of its own."""
    return f"{name}={value}"


def kubectl(*words: Word, namespace: str = "") -> Command | None:
    """A command of kubectl, in this namespace if there is one; None where no cluster can have such a namespace."""
    if not namespace:
        return Command((KUBECTL, *words))
    return Command((KUBECTL, *words[:1], flag("--namespace", namespace), *words[1:])) if is_label(namespace) else None


def on_object(verb: str, kind: str, name: str, namespace: str, *options: Word) -> Command | None:
    """*verb* of kubectl on the object ``kind/name``; None where no cluster can have one of this name."""
    return kubectl(verb, f"{kind}/{name}", *options, namespace=namespace) if is_subdomain(name) else None


def in_order(*commands: Command) -> str:
    """Commands of which each runs if the one before it went well."""
    return " && ".join(str(one) for one in commands)


def is_label(name: str) -> bool:
    """Whether Kubernetes takes *name* for a namespace or a Service (DNS-1123; RFC 1035 forbids a first digit too)."""
    return len(name) <= _LABEL_LENGTH and re.match(_NAME, name) is not None


def is_subdomain(name: str) -> bool:
    """Whether Kubernetes takes *name* for an object of most kinds (DNS-1123)."""
    return len(name) <= _SUBDOMAIN_LENGTH and all(re.match(_NAME, part) for part in name.split("."))


def name_fault(kind: str, name: str, namespace: str = "") -> str:
    """Why no command can be given for an object: no cluster has one of this name; "" where one can."""
    if namespace and not is_label(namespace):
        return f"{namespace!r} is no valid name of a namespace"
    return "" if is_subdomain(name) else f"{name!r} is no valid name of a {kind}"


def _on(word: Word, connection: Sequence[str]) -> Word:
    if isinstance(word, str):
        return word
    return tuple(part if isinstance(part, str) else part.on(connection) for part in word)


def _word(word: Word) -> str:
    """One argument as a shell reads it."""
    if isinstance(word, str):
        return quoted(word)
    return "".join(quoted(part) if isinstance(part, str) else f'"$({part})"' for part in word if part != "")


def quoted(text: str) -> str:
    """One word of a command line, as a POSIX shell reads it."""
    if _PLAIN.match(text):
        return text
    if text.isprintable():
        return "'" + text.replace("'", "'\"'\"'") + "'"
    return "$'" + "".join(_escaped(character) for character in text) + "'"


def _escaped(character: str) -> str:
    """A character between ``$'`` and ``'``, as bash and zsh know it; to other shells it is text all the same."""
    if character in "\\'":
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
