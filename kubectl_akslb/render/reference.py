"""The registry of annotations and the dated behaviours as pages for a terminal, like kubectl explain."""

from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.annotations import ANNOTATIONS, PREFIX, Annotation
from kubectl_akslb.provider.behaviours import BEHAVIOURS, Behaviour, behaviours_of
from kubectl_akslb.provider.version import NEWEST, OLDEST
from kubectl_akslb.render.terminal import Terminal

COLUMN = 12


def annotation_table(terminal: Terminal) -> str:
    """All annotations by what they are about, one line each."""
    lines = [f"All keys begin with {PREFIX}; {{port}} is the number of a Service port.", ""]
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
    facts.append(("since", row.since.replace(" ", ", ") if row.since else "all versions from 1.23.0"))
    if row.until:
        facts.append(("until", row.until.replace(" ", ", ")))
    lines = [terminal.paint(str(row), "bold")]
    for label, text in facts:
        lines += terminal.labelled(2, label, text, COLUMN, "dim")
    return "\n".join(lines) + "\n"


def changes_page(first: ProviderVersion | None, last: ProviderVersion | None, terminal: Terminal) -> str:
    """The dated behaviours; between two versions those that one has and the other has not."""
    lines: list[str] = []
    for row in BEHAVIOURS:
        change = _change(row, first, last)
        if change is None:
            continue
        mark = "breaks" if row.breaking else ""
        dates = ", ".join(str(version) for version in row.since)
        lines.append(terminal.paint(f"{row}  {dates}", "bold") + (f"  {terminal.paint(mark, 'red')}" if mark else ""))
        if row.until:
            lines += terminal.labelled(2, "until", ", ".join(str(version) for version in row.until), COLUMN, "dim")
        if change:
            lines += terminal.labelled(2, change, row.summary, COLUMN, "dim")
        else:
            lines += terminal.labelled(2, "", row.summary, 2)
        lines += terminal.labelled(2, "source", row.source, COLUMN, "dim")
        lines.append("")
    if not lines:
        return f"nothing changed between {first or OLDEST} and {last or NEWEST}\n"
    return "\n".join(lines)


def _change(row: Behaviour, first: ProviderVersion | None, last: ProviderVersion | None) -> str | None:
    """``gained``, ``lost``, "" where no two versions are compared, or None where the row does not belong."""
    if first is None and last is None:
        return ""
    before = row in behaviours_of(first if first is not None else OLDEST)
    after = row in behaviours_of(last if last is not None else NEWEST)
    if before == after:
        return None
    return "gained" if after else "lost"
