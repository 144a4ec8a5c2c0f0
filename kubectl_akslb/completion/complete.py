"""What the last word of a command line can become."""

import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress

from kubectl_akslb.completion.table import COMMANDS, RULES
from kubectl_akslb.completion.words import Flag
from kubectl_akslb.edge.streams import OutputError, write_out
from kubectl_akslb.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.cluster.connection import Connection

NO_FILES, FILES = ":4", ":0"
TIMEOUT = "2s"
"""A TAB that takes longer than that is worse than none."""

_SERVICE_WORDS = ("svc", "service", "services")
_TEMPLATE = (
    '{{range .items}}{{if eq .spec.type "LoadBalancer"}}{{.metadata.name}}{{"\\t"}}'
    '{{range .status.loadBalancer.ingress}}{{.ip}} {{end}}{{"\\n"}}{{end}}{{end}}'
)

_SETTINGS = {
    "--sku": ("networkProfile", "loadBalancerSku"),
    "--probe-mode": ("cloudConfig", "clusterServiceLoadBalancerHealthProbeMode"),
    "--backend-pool-type": ("networkProfile", "loadBalancerProfile", "backendPoolType"),
    "--outbound-type": ("networkProfile", "outboundType"),
}
"""The flags whose values the schema of a cluster profile knows, by definition and path."""

Candidates = list[tuple[str, str]]
_HELP = ("--help", "Print help.")


class Completion(NamedTuple):
    """The candidates with a word of help each, and cobra's directive."""

    candidates: Candidates
    directive: str = NO_FILES


def main(words: Sequence[str] | None = None) -> None:
    """Print the candidates for *words*, or for the arguments of the program."""
    answer = complete(sys.argv[1:] if words is None else words)
    lines = [f"{word}\t{' '.join(told.split())}" if told else word for word, told in answer.candidates]
    with suppress(OutputError):  # nobody is there to be helped
        write_out("\n".join([*lines, answer.directive, ""]).encode("utf-8", "replace"))


def complete(words: Sequence[str]) -> Completion:
    """What the last of *words*, which may be empty, can become."""
    before, current = list(words[:-1]), words[-1] if words else ""
    if not before:
        return Completion(_starting(current, [*_below(""), _HELP, ("--version", "Print versions.")]))
    command = " ".join(before[:2]) if " ".join(before[:2]) in COMMANDS else before[0]
    if command not in COMMANDS:
        return Completion([])
    if below := _below(f"{command} "):
        return Completion(_starting(current, [*below, _HELP]) if len(before) == 1 else [])
    flags = {name: flag for flag in COMMANDS[command].flags for name in flag.names}
    name, equals, value = current.partition("=")
    if equals and name in flags:
        found = _values(flags[name], before, value)
        return Completion([(f"{name}={word}", told) for word, told in found.candidates], found.directive)
    last = flags.get(before[-1])
    if last is not None and last.takes_value:
        return _values(last, before, current)
    if current.startswith("-"):
        return Completion(_starting(current, _unused(COMMANDS[command].flags, before)))
    return _words(command, before, current)


def _below(group: str) -> Candidates:
    """The commands of a group; of the group "" those without one, and the groups."""
    names = (name for name in COMMANDS if name.startswith(group) and " " not in name[len(group) :])
    return [(name[len(group) :], COMMANDS[name].text) for name in names]


def _starting(current: str, candidates: Iterable[tuple[str, str]]) -> Candidates:
    return [(word, told) for word, told in candidates if word.startswith(current)]


def _unused(flags: Sequence[Flag], before: Sequence[str]) -> Candidates:
    """The long names of the flags that can still be given."""
    given = {word.partition("=")[0] for word in before}
    return [(flag.names[-1], flag.text) for flag in flags if flag.repeatable or given.isdisjoint(flag.names)]


def _values(flag: Flag, before: Sequence[str], current: str) -> Completion:
    """What the value of a flag can be."""
    name = flag.names[-1]
    if flag.values:
        return Completion(_starting(current, [(value, "") for value in flag.values]))
    if flag.is_file:
        return Completion([], FILES)
    if name in {"--select", "--ignore"}:
        return Completion(_starting(current, RULES.items()))
    if name in _SETTINGS:
        from kubectl_akslb.profile.schema import allowed

        words = {word.lower(): word for word in reversed(allowed(*_SETTINGS[name]))}
        return Completion(_starting(current, [(word, "") for word in reversed(words.values())]))
    asked = {
        "--namespace": ("get", "namespaces", "-o", "name"),
        "--context": ("config", "get-contexts", "-o", "name"),
        "--cluster": ("config", "get-clusters"),
        "--user": ("config", "get-users"),
    }.get(name)
    if asked is None:
        return Completion([])
    lines = _kubectl(asked, before, namespaced=False)
    names = [line.rpartition("/")[2] if name == "--namespace" else line for line in lines]
    return Completion(_starting(current, [(one, "") for one in names if one and one != "NAME"]))


def _words(command: str, before: Sequence[str], current: str) -> Completion:
    """What a word that is no flag can be."""
    if COMMANDS[command].on_services:
        return Completion([]) if {"-f", "--filename"} & set(before) else _services(before, current)
    if command == "rules":
        return Completion(_starting(current, RULES.items()))
    if command == "completion":
        return Completion(_starting(current, [("bash", "For kubectl-akslb by its own name.")]))
    if command == "annotations":
        from kubectl_akslb.provider.annotations import ANNOTATIONS

        return Completion(_starting(current, [(row.short, row.meaning) for row in ANNOTATIONS]))
    return Completion([])


def _services(before: Sequence[str], current: str) -> Completion:
    """The LoadBalancer Services of the namespace, with their addresses; in the form that was begun."""
    if {"-A", "--all-namespaces", "-l", "--selector"} & set(before):
        return Completion([])
    kind, slash, _ = current.partition("/")
    if slash and kind not in _SERVICE_WORDS:
        return Completion([])
    prefix = f"{kind}/" if slash else ""
    lines = (line.partition("\t") for line in _kubectl(("get", "services", "-o", f"go-template={_TEMPLATE}"), before))
    found = [(prefix + name, address.strip() or "<pending>") for name, _, address in lines if name]
    return Completion(_starting(current, [one for one in found if one[0] not in before]))


def _kubectl(arguments: Sequence[str], before: Sequence[str], *, namespaced: bool = True) -> list[str]:
    """The lines that kubectl prints, with the flags given so far; none where it fails, whatever the reason."""
    from kubectl_akslb.edge.process import Running
    from kubectl_akslb.errors import AkslbError

    connection = _connection(before[1:])
    scope = connection.scope if namespaced else ()
    limit = () if arguments[0] == "config" else ("--request-timeout", TIMEOUT)
    flags = connection._replace(request_timeout=None).flags
    try:
        done = Running(("kubectl", *arguments, *scope, *flags, *limit)).finished(float(TIMEOUT.rstrip("s")) + 1)
    except AkslbError:
        return []
    return done.out.decode("utf-8", "replace").splitlines() if done.code == 0 else []


def _connection(words: Sequence[str]) -> "Connection":
    """What kubectl's own flags among *words* say; words that cannot be understood yet say nothing."""
    from kubectl_akslb.arguments.explain import FLAGS as ALL
    from kubectl_akslb.arguments.parse import SWITCH, NotPlainError, as_kubectl_takes_them, parse
    from kubectl_akslb.cluster.connection import Connection

    flags = {flag: row for flag, row in ALL.items() if row[0] in Connection._fields}
    switches = [flag for flag, row in flags.items() if row[1] == SWITCH]
    kept: list[str] = []
    rest = as_kubectl_takes_them(words, switches)[::-1]
    while rest:
        word = rest.pop()
        flag, equals, _ = word.partition("=")
        if flag in flags:
            kept.append(word)
            kept += [rest.pop()] if rest and not equals and flag not in switches else []
    try:
        values = parse(kept, flags)
    except NotPlainError:
        return Connection()
    return Connection(**values)._replace(as_group=tuple(values.get("as_group", ())))
