"""Every command of the documentation is run as it stands there, and prints what the page says.

With CI=true all of them in a shell, by the installed program; else those that need no shell in this process.
"""

import difflib
import os
import re
from pathlib import Path

import pytest

from tests.docs.conftest import Surroundings
from tests.docs.needs import NOT_RUN, NotRun, needs, not_run
from tests.docs.pages import Block, Command, blocks, command_pages, printed_as
from tests.docs.shell import Ran, is_plain, run, run_here, run_script

BLOCKS = [block for page in command_pages() for block in blocks(page)]

#: Commands that judge: 1 says that something was found. Others may end with 1 where the page shows the error.
_JUDGES = re.compile(r"kubectl akslb (lint|snat|doctor|trace|capacity|upgrade|drift|diff|compare)\b[^|]*$")


def block_needs(block: Block) -> set[str]:
    return {need for one in block.commands for need in needs(one.text)}


def parameters() -> list[object]:
    return [
        pytest.param(block, id=block.id, marks=[pytest.mark.e2e] if block_needs(block) else [])
        for block in (_without_those_not_run(block) for block in BLOCKS)
        if block.commands
    ]


def _without_those_not_run(block: Block) -> Block:
    return block._replace(commands=tuple(one for one in block.commands if not_run(one.text) is None))


@pytest.mark.parametrize("block", parameters())
def test_commands_do_what_the_page_says(block: Block, surroundings: Surroundings) -> None:
    needed = block_needs(block)
    environment = surroundings.environment(block, needed)
    folder = surroundings.folder(needed)
    if is_plain(block) and not needed and os.environ.get("CI") != "true":
        ran = run_here(block.commands, folder, environment)
    elif all(one.shown is None for one in block.commands):
        ran = [run_script(block, folder, environment)]
    else:
        ran = run(block.commands, folder, environment)
    for one in ran:
        check(block, one)
    if not needed and "~" not in "".join(one.text for one in block.commands):
        left = [path for path in Path(environment["HOME"]).rglob("*") if path.is_file()]
        assert [] == left, "docs/install.md says that nothing is written"


def check(block: Block, ran: Ran) -> None:
    """A command succeeds, or judges, and prints what the page shows."""
    place = f"{block.page}:{ran.command.line}: {ran.command.text}"
    fails = _JUDGES.search(ran.command.text) or (ran.command.shown or "").startswith("Error: ")
    allowed = (0, 1) if fails else (0,)
    assert ran.code in allowed, f"{place}\nends with {ran.code}:\n{ran.printed}"
    if ran.command.shown is not None and not printed_as(ran.command.shown, ran.printed):
        compared = difflib.unified_diff(ran.command.shown.splitlines(), ran.printed.splitlines(), "page", "printed")
        pytest.fail(f"{place}\n" + "\n".join(compared))


def test_there_are_commands_on_all_pages_that_tell_how_to_use_it() -> None:
    found = {block.page for block in BLOCKS}
    assert {"README.md", "docs/install.md", "docs/troubleshooting/pending.md", "docs/cli/explain.md"} <= found


@pytest.mark.parametrize("row", NOT_RUN, ids=lambda row: row.pattern)
def test_no_excuse_is_stale(row: NotRun) -> None:
    texts = [one.text for block in BLOCKS for one in block.commands]
    assert any(row == not_run(text) for text in texts), "no page has such a command any more: drop the row"


@pytest.mark.parametrize(
    ("command", "printed", "code"),
    [
        (Command(3, "echo a", "a"), "b\n", 0),
        (Command(3, "false", None), "", 1),
        (Command(3, "kubectl akslb lint -f a.yaml", "fine"), "fine\n", 3),
        (Command(3, "kubectl akslb explain -f a.yaml", "fine"), "fine\n", 1),
    ],
)
def test_a_command_that_does_something_else_is_told(command: Command, printed: str, code: int) -> None:
    block = Block("docs/page.md", 2, (command,))
    with pytest.raises((AssertionError, pytest.fail.Exception), match=r"docs/page\.md:3: "):
        check(block, Ran(command, printed, code))
