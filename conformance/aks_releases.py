"""Which releases of AKS the table does not know: python -m conformance.aks_releases CHANGELOG.md [--write].

Reads AKS' change log, which names the provider in prose: each release after the last that was read is told, with the sentences
that name the controller or the node manager, and the row that they come to. --write puts the rows into the table and
moves its dates; a person reads the sentences before that is merged.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.aks_releases import LAST_NOTE, READ_ON
from kubectl_akslb.provider.version import NEWEST, OLDEST

TABLE = Path(__file__).parents[1] / "kubectl_akslb" / "provider" / "aks_releases.py"

_RELEASE = re.compile(r"^## Release (\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
_CONTROLLER = re.compile(
    r"cloud[- ]controller[- ]manager|cloud[- ]provider[- ]azure|azure cloud provider", re.IGNORECASE
)
_NODE_MANAGER = re.compile(r"cloud[- ]node[- ]manager", re.IGNORECASE)
_LINK = re.compile(r"\]\([^)]*\)")
_VERSION = re.compile(r"\bv?(1\.\d{2}\.\d{1,2})(?:-\d+)?\b")


class Note(NamedTuple):
    """What the note of one release says of the provider: *kind* is ccm, cnm, or "" where it names neither."""

    released: str
    kind: str
    versions: tuple[ProviderVersion, ...]
    sentences: tuple[str, ...]

    @property
    def row(self) -> str:
        """The row of the table, "" where no release of the provider is named."""
        return " ".join((self.released, self.kind, *map(str, self.versions))) if self.versions else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is new, as Markdown; nothing where nothing is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("changelog", type=Path, help="CHANGELOG.md of github.com/Azure/AKS")
    parser.add_argument("--write", action="store_true", help="put the rows into the table")
    options = parser.parse_args(arguments)
    try:
        text = options.changelog.read_text(encoding="utf-8")
    except OSError as error:
        print(f"error: {error}\nhint: give the file CHANGELOG.md of github.com/Azure/AKS", file=sys.stderr)
        return 2
    notes = tuple(notes_of(text))
    if not notes:
        print(
            "error: this change log names no release\nhint: its headings are '## Release 2026-06-19'", file=sys.stderr
        )
        return 2
    new = [note for note in notes if note.released > LAST_NOTE]
    if new:
        print(report(new))
    if new and options.write:
        TABLE.write_text(extended(TABLE.read_text(encoding="utf-8"), new), encoding="utf-8")
    return 0


def notes_of(text: str) -> Iterator[Note]:
    """The releases of a change log, in its order."""
    parts = _RELEASE.split(text)[1:]
    for released, body in zip(parts[::2], parts[1::2], strict=True):
        yield _note(released, body)


def _note(released: str, body: str) -> Note:
    """The lines that name the provider; those that name the node manager alone count where none names the controller."""
    lines = [line.strip() for line in body.splitlines()]
    controller = [line for line in lines if _CONTROLLER.search(_LINK.sub("]", line))]
    manager = [line for line in lines if _NODE_MANAGER.search(line) and line not in controller]
    for kind, found in (("ccm", controller), ("cnm", manager)):
        versions = {version for line in found for version in _versions(line)}
        if versions:
            return Note(released, kind, tuple(sorted(versions)), tuple(found))
    return Note(released, "", (), tuple(controller + manager))


def _versions(line: str) -> Iterator[ProviderVersion]:
    for text in _VERSION.findall(_LINK.sub("]", line)):
        version = ProviderVersion.parse(text)
        if version >= OLDEST and version.minor <= NEWEST.minor + 2:
            yield version


def report(new: Sequence[Note]) -> str:
    """The text of the pull request."""
    lines = [
        f"# AKS releases after {LAST_NOTE}",
        "",
        "The rows are read out of prose: compare them with the sentences.",
        "",
    ]
    for note in sorted(new):
        lines += [f"## {note.released}", ""]
        lines += [f"    {note.row}", ""] if note.row else ["It names no release of the provider.", ""]
        lines += [f"> {sentence}\n" for sentence in note.sentences]
    return "\n".join(lines).rstrip()


def extended(table: str, new: Sequence[Note]) -> str:
    """The table with the rows of *new*, by date, and the newest of them as the last note that was read."""
    head, start, rest = table.partition('_TABLE = """\\\n')
    rows, end, tail = rest.partition('"""\n')
    merged = sorted({*rows.splitlines(), *(note.row for note in new if note.row)}, key=lambda row: row[:10])
    last = max((note.released for note in new), default=LAST_NOTE)
    head = re.sub(r'^LAST_NOTE = ".*"$', f'LAST_NOTE = "{last}"', head, flags=re.MULTILINE)
    head = re.sub(r'^READ_ON = "(.*)"$', f'READ_ON = "{max(READ_ON, last)}"', head, flags=re.MULTILINE)
    return head + start + "".join(f"{row}\n" for row in _in_order(rows.splitlines(), merged)) + end + tail


def _in_order(known: Sequence[str], merged: Sequence[str]) -> list[str]:
    """By date, and rows of one date as they stand."""
    place = {row: index for index, row in enumerate(known)}
    return sorted(merged, key=lambda row: (row[:10], place.get(row, len(place))))


if __name__ == "__main__":
    sys.exit(main())
