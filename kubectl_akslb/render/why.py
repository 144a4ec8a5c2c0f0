"""The trail of one value: which source won, which it shadowed, which were not set, since when, decided by whom."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from kubectl_akslb.errors import assert_never
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.provenance import DEFAULT, PROVIDER, Derived, Origin, Placeholder
from kubectl_akslb.pipeline import Explained, Explanation
from kubectl_akslb.render import verdict as words
from kubectl_akslb.render.arm import to_arm
from kubectl_akslb.render.terminal import Terminal, wrap

ALL = "all"
UNKNOWN_UID = "<uid of "


def matching(reasons: Mapping[str, Derived[Any]], wanted: str) -> list[str]:
    """The paths that *wanted* means: a whole path, the end or the beginning of one, or a pattern with ``*``."""
    if wanted == ALL:
        return list(reasons)
    if "*" in wanted:
        pattern = wanted.replace("[", "[[]").replace("?", "[?]")
        patterns = [before + pattern + behind for before in ("", "*.") for behind in ("", ".*")]
        return [path for path in reasons if any(fnmatchcase(path, one) for one in patterns)]
    exact = [path for path in reasons if path == wanted or path.endswith("." + wanted)]
    return exact or [path for path in reasons if _within(path, wanted)]


def _within(path: str, wanted: str) -> bool:
    """Whether *path* lies below *wanted*, wherever that begins."""
    for start in (0, path.find("." + wanted) + 1):
        rest = path[start:]
        if rest.startswith(wanted) and rest[len(wanted) :][:1] in {".", "["}:
            return True
    return False


def trail(path: str, derived: Derived[Any], terminal: Terminal) -> list[str]:
    """The trail of the value at *path*, one source a line where it has room."""
    lines = _head(path, shown(derived.value), terminal)
    considered = derived.considered if derived.origin in derived.considered else (derived.origin, *derived.considered)
    passed = False
    for origin in considered:
        won = origin == derived.origin and not passed
        missing = _missing(derived, origin) if won else "not set"
        lines += _source(origin, missing, won=won, passed=passed, terminal=terminal)
        passed = passed or won
    for note in derived.notes:
        lines += _folded(f"note: {note}", terminal)
    if derived.upstream:
        lines += _folded(f"decided by {derived.upstream}", terminal, "dim")
    return lines


def _head(path: str, value: str, terminal: Terminal) -> list[str]:
    """The path and its value; what has no room beside the path stands below it."""
    text = f"{path} = {terminal.shorten(value)}"
    first, *rest = wrap(text, terminal.width if len(text) <= terminal.width else terminal.width - 4)
    return [terminal.paint(path, "bold") + first.removeprefix(path), *(f"    {line}" for line in rest)]


def _folded(text: str, terminal: Terminal, *styles: str) -> list[str]:
    """A sentence about a value, in lines that stand below each other."""
    first, *rest = wrap(terminal.shorten(text), terminal.width - 6)
    return [terminal.paint(line, *styles) for line in (f"    {first}", *(f"      {line}" for line in rest))]


def _missing(derived: Derived[Any], origin: Origin) -> str:
    """What to say of a winner where nothing stands."""
    if origin.kind == PROVIDER:
        return "decides"
    unknown = isinstance(derived.value, Placeholder) or UNKNOWN_UID in str(derived.value)
    return "not set; only the cluster can tell" if unknown else "not set"


def _source(origin: Origin, missing: str, *, won: bool, passed: bool, terminal: Terminal) -> list[str]:
    quiet = not won and (origin.raw is None or origin.kind in {DEFAULT, PROVIDER} or not passed)
    name = f"{'  →' if won else '   '} {terminal.shorten(named(origin))}:"
    value = missing if origin.raw is None else repr(origin.raw) + ("" if won or quiet else "  (shadowed)")
    value = terminal.shorten(value)
    fits = len(name) + 1 + len(value) <= terminal.width
    lines = [f"{name} {value}"] if fits else [name, *(f"      {line}" for line in wrap(value, terminal.width - 6))]
    styles = ("green",) if won else ("dim",) if quiet else ()
    return [terminal.paint(line, *styles) for line in lines]


def named(origin: Origin) -> str:
    """An origin as a person would name it."""
    match origin.kind:
        case "default":
            return f"default of {origin.path}"
        case "cluster":
            return f"cluster: {origin.path}"
        case "provider":
            return f"provider: {origin.path}"
        case "annotation" | "spec":
            return origin.path
        case _:
            assert_never(origin.kind)


def shown(value: object) -> str:
    """A value as it stands in ARM: texts bare, lists with commas, true and false in lower case."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (tuple, list)):
        return ", ".join(shown(item) for item in value) or "(none)"
    return str(value)


def in_short(derived: Derived[Any], prefix: str) -> str:
    """The reason of a value in a few words: where it comes from, without *prefix*."""
    origin = derived.origin
    if origin.kind == DEFAULT:
        return "default"
    if origin.kind == PROVIDER or origin.raw is None:
        return origin.path
    return f"{origin.path.removeprefix(prefix)} {origin.raw!r}"


def trails(reasons: Mapping[str, Derived[Any]], wanted: Sequence[str], terminal: Terminal) -> list[str]:
    """The trails of every value that one of *wanted* means, an empty line between them."""
    paths = dict.fromkeys(path for one in wanted for path in matching(reasons, one))
    lines: list[str] = []
    for path in paths:
        lines += [*trail(path, reasons[path], terminal), ""]
    return lines[:-1]


def trails_of(one: Explained, cluster: Cluster, terminal: Terminal, wanted: Sequence[str]) -> list[str]:
    """The trails of a Service's values under its name."""
    name = one.derivation.service.full_name
    found = trails(_reasons(one.derivation, cluster), wanted, terminal._replace(uid=f"<uid of {name}>"))
    return [terminal.paint(name, "bold"), *found] if found else []


def unmatched(result: Explanation, wanted: Sequence[str]) -> list[str]:
    """Those of *wanted* that are no path of any Service."""
    found = [_reasons(one.derivation, result.cluster) for one in result.services]
    return [path for path in wanted if not any(matching(reasons, path) for reasons in found)]


def _reasons(derivation: Derivation, cluster: Cluster) -> Mapping[str, Derived[Any]]:
    """The reason of each value by its path; what keeps the provider from making more comes first."""
    if derivation.ignored is not None:
        return {"ignored": derivation.ignored}
    refusal = derivation.refusal
    if refusal is None:
        return to_arm(derivation, cluster).reasons
    stopped = f"stops at the {refusal.stage}: {words.WHAT_STANDS[refusal.stage]}"
    return {
        "refusal": Derived(refusal.message, refusal.origin, notes=(stopped,)),
        **to_arm(derivation, cluster).reasons,
    }
