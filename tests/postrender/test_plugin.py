"""plugin.yaml: Helm 4 reads it strictly."""

import re
from pathlib import Path

from kubectl_akslb import __version__
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.postrender.arguments import parse

FILE = Path(__file__).parents[2] / "plugin.yaml"


def test_the_plugin_is_what_helm_4_accepts() -> None:
    _, found = parse_data(Source(FILE.read_text()))
    assert isinstance(found, dict)
    fields = {"apiVersion", "type", "name", "version", "runtime", "sourceURL", "runtimeConfig"}
    assert fields == set(found)  # any other, or one of Helm 3, and Helm 4 refuses the file
    assert ("v1", "postrenderer/v1", "akslb", "subprocess") == tuple(
        found[key] for key in ("apiVersion", "type", "name", "runtime")
    )
    assert __version__ == found["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", found["version"])


def test_the_plugin_runs_what_is_understood() -> None:
    _, found = parse_data(Source(FILE.read_text()))
    assert isinstance(found, dict)
    (command,) = found["runtimeConfig"]["platformCommand"]
    assert "kubectl-akslb" == command["command"]
    assert "post-render" == command["args"][0]
    assert {"--errors-on-stdout": "true"} == parse(command["args"][1:])
    assert "$" not in "".join(command["args"])  # Helm would expand it
