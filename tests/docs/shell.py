"""Run the commands of a block in bash, or where no shell is needed in this process, and tell what each printed."""

import os
import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest

from tests.docs.pages import Block, Command
from tests.given.command import akslb

_MARK = "\x1e"
TIME_LIMIT = 300
#: A call of this program that a shell only splits into words.
_PLAIN = re.compile(r"kubectl akslb( [\w./:=,@%+\"' -]*)?")


class Ran(NamedTuple):
    """What a command printed on both streams, and its exit code."""

    command: Command
    printed: str
    code: int


def run(commands: Sequence[Command], folder: Path, environment: Mapping[str, str]) -> list[Ran]:
    """Run *commands* in one shell; an exit code is seen by the next command, as at a prompt."""
    script = "".join(f"{one.text}\ncode=$?; printf '{_MARK}%d{_MARK}' $code; (exit $code)\n" for one in commands)
    parts = _bash(f"set -o pipefail -o nounset\n{script}", folder, environment).stdout.split(_MARK)
    return [Ran(one, *_pair(parts, 2 * index)) for index, one in enumerate(commands)]


def run_script(block: Block, folder: Path, environment: Mapping[str, str]) -> Ran:
    """Run commands that show nothing as one script, which ends at the first error."""
    text = "\n".join(one.text for one in block.commands)
    done = _bash(f"set -o errexit -o pipefail -o nounset\n{text}\n", folder, environment)
    return Ran(Command(block.line, text, None), done.stdout, done.returncode)


def is_plain(block: Block) -> bool:
    """Whether all its commands are calls of this program, with nothing in them that only a shell knows."""
    return all(_PLAIN.fullmatch(one.text) for one in block.commands)


def run_here(commands: Sequence[Command], folder: Path, environment: Mapping[str, str]) -> list[Ran]:
    """Run plain commands in this process, which is several times quicker than to start the program for each."""
    found = []
    with pytest.MonkeyPatch.context() as here, patch.dict(os.environ, environment, clear=True):
        here.chdir(folder)
        for one in commands:
            done = akslb(*shlex.split(one.text)[2:], together=True)
            found.append(Ran(one, done.out, done.code))
    return found


def _bash(script: str, folder: Path, environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment, text=True, check=False, timeout=TIME_LIMIT,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def _pair(parts: Sequence[str], index: int) -> tuple[str, int]:
    """What was printed, and the exit code; -1 where the shell ended before."""
    return (parts[index], int(parts[index + 1])) if index + 1 < len(parts) else (parts[-1], -1)


def path(*folders: Path | str) -> str:
    """A PATH of *folders* before those of the system: what else is installed here must not matter."""
    return os.pathsep.join([*map(str, folders), "/usr/local/bin", "/usr/bin", "/bin"])
