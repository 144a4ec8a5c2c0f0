"""Start kubectl before the command line is imported: the two take equally long, and run side by side.

The arguments are read here only to guess. What the command line makes of them decides: it takes over a kubectl that
was started with exactly the arguments that it needs, and all others are stopped. All of them only read.
"""

import atexit
from collections.abc import Sequence

from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.live import commands, targets
from kubectl_akslb.cluster.process import start_early, stop_early
from kubectl_akslb.edge.files import names_file
from kubectl_akslb.errors import AkslbError

COMMANDS = frozenset({"explain"})

SHORT = {"-n": "--namespace", "-l": "--selector"}
FLAGS = frozenset({
    "--namespace", "--selector", "--context", "--kubeconfig", "--cluster", "--user", "--as", "--request-timeout",
})  # fmt: skip
_OTHERS = frozenset({
    "-o", "--output", "--kubernetes-version", "--provider-version", "--sku", "--probe-mode", "--backend-pool-type",
    "--outbound-type", "--nodes", "--zones", "--aks", "--profile", "--color", "--interval",
})  # fmt: skip
"""Flags with a value that say nothing about kubectl."""


def start(arguments: Sequence[str]) -> None:
    """Start the kubectl calls that *arguments* will need, if that can be guessed."""
    guess = guessed(arguments)
    if guess is not None:
        atexit.register(stop_early)
        start_early(commands(*guess))


def guessed(arguments: Sequence[str]) -> tuple[tuple[str, ...], Connection] | None:
    """The names and the connection that *arguments* mean, or None where anything in them is not plain."""
    if not arguments or arguments[0] not in COMMANDS:
        return None
    fields: dict[str, str] = {}
    words: list[str] = []
    everywhere = False
    rest = iter(arguments[1:])
    for word in rest:
        flag, equals, value = SHORT.get(word, word).partition("=")
        if word in {"-A", "--all-namespaces"}:
            everywhere = True
        elif names_file(word):
            return None
        elif not word.startswith("-"):
            words.append(word)
        elif flag in FLAGS or flag in _OTHERS:
            given = value if equals else next(rest, "")
            fields[flag] = given
        elif word not in {"--az", "-v", "--verbose", "-w", "--watch"}:
            return None
    try:
        names = targets(words)
    except AkslbError:
        return None
    if names and (everywhere or "--selector" in fields):
        return None
    return names, Connection(
        namespace=fields.get("--namespace"),
        all_namespaces=everywhere,
        selector=fields.get("--selector"),
        context=fields.get("--context"),
        kubeconfig=fields.get("--kubeconfig"),
        cluster=fields.get("--cluster"),
        user=fields.get("--user"),
        as_user=fields.get("--as"),
        request_timeout=fields.get("--request-timeout"),
    )
