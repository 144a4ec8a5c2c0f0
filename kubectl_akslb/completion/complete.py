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

NO_FILES, FILES, MORE = ":4", ":0", ":6"
"""cobra's directives; MORE is about a word that goes on: no blank behind it, and no files."""
TIMEOUT = "2s"
"""A TAB that takes longer than that is worse than none."""

_SERVICE_WORDS = ("svc", "service", "services")
_TEMPLATE = (
    '{{range .items}}{{if eq .spec.type "LoadBalancer"}}{{.metadata.name}}{{"\\t"}}'
    '{{range .status.loadBalancer.ingress}}{{.ip}} {{end}}{{"\\n"}}{{end}}{{end}}'
)

_GATEWAYS = ("get", "gateways.gateway.networking.k8s.io", "-o", "name")
_CLIENTS = [
    ("internet", "Everybody outside."),
    ("vnet", "The virtual network."),
    ("pod/", "A pod of the namespace."),
    ("node/", "A node of the cluster."),
]
_ASKED = {
    "--namespace": ("get", "namespaces", "-o", "name"),
    "--pod-namespace": ("get", "namespaces", "-o", "name"),
    "--node": ("get", "nodes", "-o", "name"),
    "--context": ("config", "get-contexts", "-o", "name"),
    "--old-context": ("config", "get-contexts", "-o", "name"),
    "--cluster": ("config", "get-clusters"),
    "--user": ("config", "get-users"),
}
"""The flags whose values kubectl lists."""

_RULES = ("--select", "--ignore")
_MINORS = ("--kubernetes-version",)
_VERSIONS = ("--provider-version", "--from", "--to")
_AKS_RELEASES = ("--aks-release", "--to-aks-release")

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
        flags_of_all = [_HELP, ("--version", "Print versions.")]
        return Completion(_starting(current, flags_of_all if current.startswith("-") else _below("")))
    command = " ".join(before[:2]) if " ".join(before[:2]) in COMMANDS else before[0]
    if command not in COMMANDS:
        return Completion([])
    if below := _below(f"{command} "):
        return Completion(_starting(current, [_HELP] if current.startswith("-") else below) if len(before) == 1 else [])
    flags = {name: flag for flag in COMMANDS[command].flags for name in flag.names}
    name, equals, value = current.partition("=")
    if equals and name in flags:
        return _values(flags[name], before, value)  # the value alone: the shells' scripts put the flag before it
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
    if flag.is_file:
        return Completion([], FILES)
    return Completion(_starting(current, _known(flag, before, current)))


def _known(flag: Flag, before: Sequence[str], current: str) -> Iterable[tuple[str, str]]:
    """The values that a flag is known to take; those of a cluster are asked for."""
    name = flag.names[-1]
    if name in _RULES:
        return RULES.items()
    if name in (*_MINORS, *_VERSIONS):
        return _versions(current, patches=name in _VERSIONS)
    if name in _AKS_RELEASES:
        from kubectl_akslb.provider.aks_releases import announcements

        return announcements()
    words: Iterable[str] = flag.values
    if name in _SETTINGS:
        from kubectl_akslb.profile.schema import allowed

        words = reversed({word.lower(): word for word in reversed(allowed(*_SETTINGS[name]))}.values())
    if name == "--what-if":
        from kubectl_akslb.profile.flags import WHAT_IF

        words = WHAT_IF
    if name in _ASKED:
        names = _names(_ASKED[name], before, namespaced=False)
        words = [one for one in names if one and one != "NAME"]
    return [(word, "") for word in words]


def _versions(current: str, *, patches: bool) -> Candidates:
    """The minors of the provider, newest first; behind a whole minor and a dot its patches."""
    from kubectl_akslb.provider.version import NEWEST_PATCH

    minor = current.removeprefix("1.").partition(".")[0]
    if patches and current.count(".") == 2 and minor.isdecimal():
        return [(f"1.{minor}.{patch}", "") for patch in range(NEWEST_PATCH.get(int(minor), -1), -1, -1)]
    return [(f"1.{one}", f"the newest provider is 1.{one}.{patch}") for one, patch in reversed(NEWEST_PATCH.items())]


def _words(command: str, before: Sequence[str], current: str) -> Completion:
    """What a word that is no flag can be; its place in the help tells."""
    words = COMMANDS[command].words
    given = bool({"-f", "--filename"} & set(before))
    files = FILES if "FILE" in words or given else NO_FILES
    if words.startswith("CLIENT"):
        return Completion([]) if given else _client_or_service(command, before, current)
    if words.startswith("OLD"):
        return Completion(_objects(before, current), FILES)
    if "svc/NAME" in words:
        return Completion([] if given else _services(before, current), files)
    if command == "rules":
        return Completion(_starting(current, RULES.items()))
    if command == "completion":
        shells = [(shell, "For kubectl-akslb by its own name.") for shell in ("bash", "fish", "zsh")]
        return Completion(_starting(current, shells if not _count(command, before) else []))
    if command == "annotations":
        from kubectl_akslb.provider.annotations import ANNOTATIONS

        return Completion(_starting(current, [(row.short, row.meaning) for row in ANNOTATIONS]))
    return Completion([], files)


def _client_or_service(command: str, before: Sequence[str], current: str) -> Completion:
    """The two words of ``trace``: who, then whither."""
    if _count(command, before):
        return Completion(_objects(before, current, gateways=False))
    kind, slash, _ = current.partition("/")
    if not slash:
        found = _starting(current, _CLIENTS)
        return Completion(found, MORE if any(word.endswith("/") for word, _ in found) else NO_FILES)
    if kind not in {"pod", "node"}:
        return Completion([])
    names = _names(("get", f"{kind}s", "-o", "name"), before, namespaced=kind == "pod")
    return Completion(_starting(current, [(f"{kind}/{name}", "") for name in names]))


def _count(command: str, before: Sequence[str]) -> int:
    """How many words of a command line are neither flags nor their values."""
    valued = {name for flag in COMMANDS[command].flags if flag.takes_value for name in flag.names}
    pairs = zip(before, ["", *before[:-1]], strict=True)
    return sum(not word.startswith("-") and last not in valued for word, last in pairs) - 1


def _objects(before: Sequence[str], current: str, *, gateways: bool = True) -> Candidates:
    """Services as ``svc/NAME``, and Gateways where these were begun."""
    if gateways and current.startswith("gateway/"):
        names = _names(_GATEWAYS, before, namespaced=True)
        return _starting(current, [(f"gateway/{name}", "") for name in names])
    return _services(before, current if len(current) > len("svc/") else "svc/") if current[:4] in "svc/" else []


def _names(asked: Sequence[str], before: Sequence[str], *, namespaced: bool) -> list[str]:
    """The names that kubectl lists, without their kinds."""
    lines = _kubectl(asked, before, namespaced=namespaced)
    return [line.rpartition("/")[2] if asked[0] == "get" else line for line in lines]


def _services(before: Sequence[str], current: str) -> Candidates:
    """The LoadBalancer Services of the namespace, with their addresses; in the form that was begun."""
    if {"-A", "--all-namespaces", "-l", "--selector"} & set(before):
        return []
    kind, slash, _ = current.partition("/")
    if slash and kind not in _SERVICE_WORDS:
        return []
    prefix = f"{kind}/" if slash else ""
    lines = (line.partition("\t") for line in _kubectl(("get", "services", "-o", f"go-template={_TEMPLATE}"), before))
    found = [(prefix + name, address.strip() or "<pending>") for name, _, address in lines if name]
    return _starting(current, [one for one in found if one[0] not in before])


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
        return Connection.of(parse(kept, flags))
    except NotPlainError:
        return Connection()
