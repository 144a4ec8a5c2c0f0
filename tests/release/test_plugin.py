"""Helm's plugin with the program in it: its plugin.yaml is the one at the top but for the command."""

from pathlib import Path
from typing import Any

import pytest

from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.postrender.arguments import parse
from release.plugin import plugin_yaml

TOP = (Path(__file__).parents[2] / "plugin.yaml").read_text()
ZIPAPP = "${HELM_PLUGIN_DIR}/kubectl-akslb.pyz"


def read(text: str) -> Any:
    return parse_data(Source(text))[1]


def test_only_the_command_differs() -> None:
    top, packaged = read(TOP), read(plugin_yaml(TOP))
    was, now = top.pop("runtimeConfig"), packaged.pop("runtimeConfig")
    assert top == packaged
    assert ["platformCommand"] == list(was) == list(now)


def test_it_runs_the_zipapp_beside_it() -> None:
    windows, others = read(plugin_yaml(TOP))["runtimeConfig"]["platformCommand"]
    arguments = read(TOP)["runtimeConfig"]["platformCommand"][0]["args"]
    assert {"os": "windows", "command": "py", "args": ["-3", ZIPAPP, *arguments]} == windows
    assert {"command": "python3", "args": [ZIPAPP, *arguments]} == others
    assert {"--errors-on-stdout": "true"} == parse(others["args"][2:])


def test_another_plugin_yaml_is_noticed() -> None:
    with pytest.raises(SystemExit, match=r"plugin\.yaml has changed"):
        plugin_yaml(TOP.replace("command: kubectl-akslb", "command: kubectl_akslb"))
