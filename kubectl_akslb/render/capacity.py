"""How much of Azure's limits is used: as text, as Markdown, and for machines (``capacity.schema.json``)."""

from collections.abc import Sequence
from typing import Any

from kubectl_akslb.azure.capacity import BY_CODE, PUBLIC_IPS, Capacity, LimitRow
from kubectl_akslb.edge.escape import clean
from kubectl_akslb.edge.escape import markdown as escaped
from kubectl_akslb.model.command import command
from kubectl_akslb.render.document import API_VERSION
from kubectl_akslb.render.marks import LABEL
from kubectl_akslb.render.terminal import Terminal, table

_NEAR = 0.8
_QUOTA = command("az", "network", "list-usages", "--location", "westeurope", "--output", "json")


def verdict(found: Capacity) -> tuple[str, str]:
    """The verdict in one word, and its colour."""
    if found.exceeded:
        return "FULL", "red"
    return ("NEAR", "yellow") if any(_is_near(row) for row in found.rows) else ("FITS", "green")


def _is_near(row: LimitRow) -> bool:
    return row.most is not None and row.total >= row.most * _NEAR


def headline(found: Capacity) -> str:
    """What is exceeded, or how many more fit, and what they hit first."""
    if found.exceeded:
        over = found.exceeded[0]
        more = f", and {len(found.exceeded) - 1} limits more" if len(found.exceeded) > 1 else ""
        return f"{_named(over)}: {over.total:,} of {over.most:,}, {-(over.left or 0):,} too many{more}"
    first = found.first
    if first is None:
        return "nothing is used yet"
    room = first.room or 0
    quota = any(row.code == PUBLIC_IPS and row.most is None for row in found.rows)
    unless = ", if the quota of public IPs allows" if quota else ""
    services = "Service" if room == 1 else "Services"
    return f"room for {room:,} more {services} of one port{unless}; {_named(first)} come first"


def _named(row: LimitRow) -> str:
    what = BY_CODE[row.code].what
    return f"{what} ({row.scope})" if row.scope else what


def capacity_text(found: Capacity, terminal: Terminal, notices: Sequence[str] = ()) -> str:
    """The verdict, a row for each limit, what helps, and what is not known."""
    word, colour = verdict(found)
    lines = [*terminal.labelled(0, word, headline(found), 8, "bold", colour), ""]
    rows = _numbers_right(_table(found))
    head, *shown = (clean(line) for line in table(rows, LABEL, widest=50))
    lines += [terminal.paint(head, "dim"), *shown]
    lines.append("")
    helped = [row for row in found.rows if _is_near(row)] or ([found.first] if found.first is not None else [])
    for row in {row.code: row for row in helped}.values():
        lines += terminal.labelled(0, "helps", f"{BY_CODE[row.code].what}: {BY_CODE[row.code].helps}", 8, "bold")
    if any(row.code == PUBLIC_IPS and row.most is None for row in found.rows):
        lines += terminal.labelled(0, "quota", "how many public IPs the subscription may have, Azure tells:", 8, "bold")
        lines.append(terminal.verbatim(0, "", str(_QUOTA), 8))
        lines += terminal.labelled(0, "", "what it prints, in a file, is read by --azure FILE", 8)
    for notice in notices:
        lines += terminal.labelled(0, "note", notice, 8, "dim")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _table(found: Capacity) -> list[tuple[str, ...]]:
    """The head and a row for each limit; what there will be only where something is added."""
    then = ("THEN",) if found.added else ()
    return [("LIMIT", "NOW", *then, "MOST", "LEFT"), *(_cells(row, added=bool(found.added)) for row in found.rows)]


def _numbers_right(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows with all columns but the first as wide as their widest number, which ends at the right."""
    columns = [(cells, max(map(len, cells))) for cells in zip(*(row[1:] for row in rows), strict=True)]
    return [(row[0], *(cells[index].rjust(width) for cells, width in columns)) for index, row in enumerate(rows)]


def _cells(row: LimitRow, *, added: bool) -> tuple[str, ...]:
    most, left = ("?", "?") if row.most is None or row.left is None else (f"{row.most:,}", f"{row.left:,}")
    return _named(row), f"{row.now:,}", *((f"{row.total:,}",) if added else ()), most, left


def capacity_markdown(found: Capacity, notices: Sequence[str] = ()) -> str:
    """A table, for a pull request."""
    word, _ = verdict(found)
    head, *rows = _table(found)
    table = [tuple(map(str.lower, head)), ("---",) * len(head), *(tuple(map(escaped, row)) for row in rows)]
    lines = [f"**{word.lower()}**: {escaped(headline(found))}", "", *(f"| {' | '.join(row)} |" for row in table)]
    lines += ["", *(f"> {escaped(notice)}" for notice in notices)]
    return "\n".join(lines).rstrip() + "\n"


def capacity_document(found: Capacity, notices: Sequence[str] = ()) -> dict[str, Any]:
    """All limits for machines; codes are stable."""
    word, _ = verdict(found)
    first = found.first
    return {
        "apiVersion": API_VERSION,
        "kind": "Capacity",
        "verdict": word.lower(),
        "services": found.services,
        "added": found.added,
        "roomForServices": found.room,
        "first": first.code if first is not None else None,
        "limits": [
            {
                "code": row.code,
                "what": BY_CODE[row.code].what,
                "scope": row.scope,
                "now": row.now,
                "added": row.added,
                "total": row.total,
                "most": row.most,
                "left": row.left,
                "perService": row.each,
                "exceeded": row.left is not None and row.left < 0,
                "helps": BY_CODE[row.code].helps,
            }
            for row in found.rows
        ],
        "notices": list(notices),
    }
