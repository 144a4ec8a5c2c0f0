"""The screens in pages that are written by hand: written anew where a command prints something else by now.

What a page leaves out by ``…`` stays left out. Commands that need a cluster, Helm or a package index are left to
tests/docs, which runs all of them.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from docs.session import ROOT
from tests.docs.needs import needs, not_run
from tests.docs.pages import ELLIPSIS, Block, blocks, command_pages, printed_as
from tests.docs.shell import Ran, path, run

_KUBECTL = f"""#!/bin/sh
[ "$1" = akslb ] && shift
PYTHONPATH="{ROOT}" exec "{sys.executable}" -m kubectl_akslb "$@"
"""


def renew() -> tuple[list[str], list[str]]:
    """The pages that were written anew, and the places where what is shown cannot be found in what is printed."""
    written, lost = [], []
    for page in command_pages():
        name = page.relative_to(ROOT).as_posix()
        before = page.read_text(encoding="utf-8")
        after = before.split("\n")
        for ran in reversed([one for block in blocks(page) if _can_run(block) for one in _stale(block)]):
            renewed = aligned(str(ran.command.shown), ran.printed)
            if renewed is None:
                lost.append(f"{name}:{ran.command.line}: {ran.command.text}")
                continue
            start = ran.command.line + ran.command.text.count("\n")
            indent = after[start - 1][: len(after[start - 1]) - len(after[start - 1].lstrip())]
            lines = [f"{indent}{line}".rstrip() for line in renewed.split("\n")]
            after[start : start + str(ran.command.shown).count("\n") + 1] = lines
        if after != before.split("\n"):
            page.write_text("\n".join(after), encoding="utf-8")
            written.append(name)
    return written, lost


def _can_run(block: Block) -> bool:
    shown = any(one.shown is not None for one in block.commands)
    return shown and not any(needs(one.text) or not_run(one.text) for one in block.commands)


def _stale(block: Block) -> Iterator[Ran]:
    """What the commands of a block print where the page shows something else."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name in ("examples", "docs"):
            shutil.copytree(ROOT / name, folder / name)
        for name in ("plugin.yaml", "examples/cluster.yaml"):
            shutil.copy(ROOT / name, folder)
        (folder / "bin").mkdir()
        for name in ("kubectl", "kubectl-akslb"):
            (folder / "bin" / name).write_text(_KUBECTL, encoding="utf-8")
            (folder / "bin" / name).chmod(0o755)
        environment = {"HOME": made, "COLUMNS": "80", "KUBECONFIG": os.devnull, "PATH": path(folder / "bin")}
        for ran in run(block.commands, folder, environment):
            if ran.command.shown is not None and not printed_as(ran.command.shown, ran.printed):
                yield ran


def aligned(shown: str, printed: str) -> str | None:
    """What is shown of *printed* now: the parts between the ``…`` of *shown*, each found again by its ends.

    A paragraph ends where it ends now; None where something else is not to be found.
    """
    lines = [line.rstrip() for line in printed.strip("\n").split("\n")]
    found: list[str] = []
    at = 0
    parts = _parts(shown.split("\n"))
    for number, part in enumerate(parts):
        if part == [ELLIPSIS]:
            found.append(ELLIPSIS)
            continue
        first = at if number == 0 else _find(part[0], lines, at)
        if first is None:
            return None
        last = len(lines) - 1 if number == len(parts) - 1 else _find(part[-1], lines, first, len(part))
        if last is None and "" in part:
            return None
        if last is None:
            last = lines.index("", first) - 1 if "" in lines[first:] else len(lines) - 1
        found += [_with_gaps(line, part) for line in lines[first : last + 1]]
        at = last + 1
    return "\n".join(found)


def _parts(shown: Sequence[str]) -> list[list[str]]:
    """The lines between those that stand for any number of them, and these."""
    parts: list[list[str]] = []
    for line in shown:
        if line.strip() == ELLIPSIS or not parts or parts[-1] == [ELLIPSIS]:
            parts.append([line.strip() if line.strip() == ELLIPSIS else line])
        else:
            parts[-1].append(line)
    return parts


def _find(wanted: str, lines: Sequence[str], start: int, length: int = 1) -> int | None:
    """The line that is most like *wanted*; of several the one that is nearest to where it stood."""
    near = get_close_matches(wanted, lines[start:], n=1, cutoff=0.6)
    if not near:
        return None
    places = [index for index in range(start, len(lines)) if lines[index] == near[0]]
    return min(places, key=lambda index: abs(index - (start + length - 1)))


def _with_gaps(line: str, part: Sequence[str]) -> str:
    """A printed line as the page shows it: with the ``…`` of the shown line that it still is."""
    return next((one for one in part if ELLIPSIS in one and printed_as(one, line)), line)
