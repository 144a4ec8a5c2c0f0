"""The command line of ``post-render``, read by hand: a library for it would take longer than the work."""

from kubectl_akslb.arguments.post_render import OPTIONS
from kubectl_akslb.errors import did_you_mean

USAGE = """\
Usage: helm template CHART | kubectl akslb post-render [OPTIONS]

Reads manifests from standard input and writes them to standard output, byte for byte, with the annotations that keep
Azure's health probes asking for what the pods answer.

Helm 3: --post-renderer kubectl-akslb --post-renderer-args post-render
Helm 4: helm plugin install the checkout or release of kubectl-akslb, then --post-renderer akslb

Options:
"""


class UsageError(Exception):
    """Arguments that are not understood; the text says which, and *hint* what may have been meant."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def parse(arguments: "list[str]") -> "dict[str, str]":
    """The options by their long names; a switch that is given has the value "true". UsageError for anything else."""
    rows = {row[0]: row for row in OPTIONS} | {row[1]: row for row in OPTIONS if row[1]}
    found: dict[str, str] = {}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        flag, equals, value = word.partition("=")
        row = rows.get(flag)
        if row is None or (equals and not row[2]):
            raise _unknown(word, is_switch=row is not None)
        if not row[2]:
            value = "true"
        elif not equals:
            if not rest or rest[0].startswith("--"):
                raise UsageError(f"{flag} needs a {row[2].lower()}")
            value = rest.pop(0)
        if row[3] and value not in row[3]:
            message = f"{flag} must be one of {', '.join(row[3])}, but it is {value!r}"
            raise UsageError(message, did_you_mean(value, row[3]))
        if row[2] and not value:
            raise UsageError(f"{flag} is empty")
        found[row[0]] = value
    return found


def help_text() -> str:
    """What ``--help`` prints."""
    lines = []
    for flag, short, metavar, words, text in OPTIONS:
        name = f"{short}, {flag}" if short else f"    {flag}"
        lines.append(f"  {name + ' ' + ('|'.join(words) or metavar):<42}{text}".rstrip())
    return USAGE + "\n".join(lines) + "\n"


def _unknown(word: str, *, is_switch: bool) -> UsageError:
    if is_switch:
        return UsageError(f"{word.partition('=')[0]} takes no value")
    if not word.startswith("-"):
        return UsageError(f"post-render takes no argument {word!r}: it reads from standard input")
    return UsageError(f"no such option: {word}", did_you_mean(word.partition("=")[0], [row[0] for row in OPTIONS]))
