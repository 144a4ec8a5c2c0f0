"""The registry of annotations and the dated behaviours as pages for a terminal, like kubectl explain."""

from collections.abc import Iterator

from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider.annotations import ANNOTATIONS, PREFIX, Annotation
from kubectl_akslb.provider.behaviours import BEHAVIOURS, Behaviour, behaviours_of, listed
from kubectl_akslb.provider.version import NEWEST, OLDEST
from kubectl_akslb.render.marks import COLUMN, LABEL
from kubectl_akslb.render.terminal import Terminal, wrap


def annotation_table(terminal: Terminal) -> str:
    """All annotations by what they are about, one line each."""
    lines = [*wrap(f"All keys begin with {PREFIX}; {{port}} is the number of a Service port.", terminal.width), ""]
    for scope in dict.fromkeys(row.scope for row in ANNOTATIONS):
        lines.append(terminal.paint(scope.upper(), "bold"))
        for row in ANNOTATIONS:
            if row.scope == scope:
                lines.append(f"  {row.short}")
                lines += terminal.labelled(0, "", row.meaning, 6)
        lines.append("")
    return "\n".join(lines)


def annotation_page(row: Annotation, terminal: Terminal) -> str:
    """One annotation with all that is known of it."""
    facts = [("meaning", row.meaning), ("read as", row.reading), ("default", row.default or "none")]
    facts.append(("since", listed(row.since) if row.since else f"all versions from {OLDEST}"))
    if row.until:
        facts.append(("until", listed(row.until)))
    lines = [terminal.paint(str(row), "bold")]
    for label, text in facts:
        lines += terminal.labelled(LABEL, label, text, COLUMN, "dim")
    return "\n".join(lines) + "\n"


class _Change(NamedTuple):
    """A behaviour that is gained or lost, and the release that does it."""

    release: ProviderVersion
    row: Behaviour
    lost: bool = False


def changes_page(
    first: ProviderVersion | None, last: ProviderVersion | None, terminal: Terminal, *, verbose: bool = False
) -> str:
    """The dated behaviours by release; between two versions what the later has and the earlier has not, or the reverse.

    With *verbose* also the provider's functions that decide.
    """
    changes = sorted(_changes(first, last), key=lambda change: change.release)
    if not changes:
        return f"nothing changed between {first or OLDEST} and {last or NEWEST}\n"
    lines: list[str] = []
    for change in changes:
        lines += _change_lines(change, terminal, verbose=verbose)
    return "\n".join([*lines, ""])


def _change_lines(change: _Change, terminal: Terminal, *, verbose: bool) -> list[str]:
    row = change.row
    mark = f"  {terminal.paint('breaks', 'bold', 'red')}" if row.breaking else ""
    release = str(change.release)
    lines = [f"{' ' * LABEL}{release.ljust(COLUMN - LABEL)}{terminal.paint(row, 'bold')}{mark}"]
    lines += terminal.labelled(0, "", f"no longer: {row.summary}" if change.lost else row.summary, COLUMN)
    for label, dates in (("since", row.since), ("until", row.until)):
        if len(dates) > 1 or (dates and dates[0] != change.release):
            lines += terminal.labelled(0, "", f"{label} {listed(dates)}", COLUMN)
    if verbose:
        lines += terminal.labelled(0, "", f"decided by {row.source}", COLUMN)
    return lines


def _changes(first: ProviderVersion | None, last: ProviderVersion | None) -> Iterator[_Change]:
    """Every behaviour at its first release; between two versions those that one has and the other has not."""
    if first is None and last is None:
        yield from (_Change(row.since[0], row) for row in BEHAVIOURS)
        return
    start, end = first if first is not None else OLDEST, last if last is not None else NEWEST
    before, after = behaviours_of(start), behaviours_of(end)
    low, high = min(start, end), max(start, end)
    later = behaviours_of(high)
    for row in BEHAVIOURS:
        if (row in before) != (row in after):
            dates = row.since if row in later else row.until
            between = [date for date in dates if low < date <= high]
            yield _Change(min(between, default=high), row, lost=row in before)
