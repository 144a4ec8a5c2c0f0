"""Start-up stays short because modules that are slow to import are not imported before they are needed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

COMMAND_LINE = {"click", "pydantic", "rich", "typer"}
YAML = {"ruamel", "ruamel.yaml"}
EDGES = {"asyncio", "multiprocessing", "socket", "ssl", "subprocess", "tempfile", "urllib.request"}
SLOW = {"dataclasses", "importlib.metadata", "inspect", "ipaddress", "logging", "pathlib", "unittest"}

#: Per entry what importing it must not load.
FORBIDDEN = {
    "kubectl_akslb": COMMAND_LINE | YAML | EDGES | SLOW | {"json", "re", "typing"},
    "kubectl_akslb.provider.annotations": COMMAND_LINE | YAML | EDGES | SLOW | {"json"},
    "kubectl_akslb.derive.reconcile": COMMAND_LINE | YAML | EDGES | SLOW | {"json"},
    "kubectl_akslb.manifest.load": COMMAND_LINE | YAML | EDGES | SLOW | {"json"},
    "kubectl_akslb.pipeline": COMMAND_LINE | YAML | EDGES | SLOW | {"json"},
    "kubectl_akslb.__main__": COMMAND_LINE | YAML | EDGES | SLOW | {"json", "kubectl_akslb.derive", "re", "typing"},
    "kubectl_akslb.cli.version": COMMAND_LINE | YAML | EDGES | SLOW | {"json"},
    "kubectl_akslb.cli.explain": COMMAND_LINE | YAML | EDGES | SLOW | {"json"},
    "kubectl_akslb.cli.lint": COMMAND_LINE | YAML | EDGES | SLOW | {"json"},
    "kubectl_akslb.cli.run": COMMAND_LINE | YAML | EDGES | SLOW | {"json"},
    "kubectl_akslb.cli.app": YAML | {"asyncio", "pydantic", "rich", "ssl"},
}


def loaded_by(module: str) -> set[str]:
    """The modules that importing *module* adds to those of a bare interpreter."""
    code = f"import sys; bare = set(sys.modules); import {module}; print(*sorted(set(sys.modules) - bare))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", FORBIDDEN)
def test_loads_nothing_slow(module: str) -> None:
    assert set() == loaded_by(module) & FORBIDDEN[module]


def test_what_is_loaded_is_seen() -> None:
    assert {"json", "json.decoder"} <= loaded_by("json")
