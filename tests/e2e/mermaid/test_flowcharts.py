"""Flowcharts through Mermaid's own parser, those with hostile names too."""

import shutil
import subprocess
from pathlib import Path

import pytest

from kubectl_akslb.render.mermaid import mermaid
from tests.e2e.apiserver.server import TOOLS
from tests.given import screens as services
from tests.given.screens import NASTY, drawn_with, explained, hostile

pytestmark = pytest.mark.e2e
PARSER = TOOLS / "mermaid" / "parse.mjs"


def parsed(folder: Path, *charts: str) -> "subprocess.CompletedProcess[str]":
    if not PARSER.exists() or shutil.which("node") is None:
        pytest.skip("no parser of Mermaid: run tests/e2e/mermaid/build.sh (needs Node.js and npm)")
    files = []
    for number, chart in enumerate(charts):
        files.append(folder / f"{number}.mmd")
        files[-1].write_text(chart, encoding="utf-8")
    command = ["node", str(PARSER), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def test_mermaid_reads_every_chart(tmp_path: Path) -> None:
    charts = [mermaid(explained(given)) for given in services.ALL.values()]
    charts += [
        mermaid(explained(*services.ALL.values())),
        *(mermaid(made(nasty)) for nasty in NASTY for made in (hostile, drawn_with)),
    ]
    done = parsed(tmp_path, *charts)
    assert 0 == done.returncode, done.stdout
    assert {"flowchart-v2"} == {line.rpartition(": ")[2] for line in done.stdout.splitlines()}
    assert len(charts) == len(done.stdout.splitlines())


def test_the_parser_finds_faults(tmp_path: Path) -> None:
    assert 1 == parsed(tmp_path, 'flowchart LR\n  a["one] --> b\n').returncode
