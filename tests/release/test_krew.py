"""krew's manifest, by the rules of its validator and of those who review its index."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from kubectl_akslb import __version__
from release.krew import MANIFEST, TEMPLATE, UNKNOWN, known, render

#: What krew knows, from its validator.
PLATFORMS = [
    "windows/386",
    "windows/amd64",
    "windows/arm64",
    "linux/386",
    "linux/amd64",
    "linux/arm",
    "linux/arm64",
    "linux/ppc64le",
    "darwin/386",
    "darwin/amd64",
    "darwin/arm64",
]
OFFERED = {"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64"}


def read(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


PLUGIN = read(MANIFEST.read_text())
SPEC = PLUGIN["spec"]


def matches(platform: str, selector: Any) -> bool:
    labels = dict(zip(("os", "arch"), platform.split("/"), strict=True))
    return all(labels[key] == value for key, value in selector["matchLabels"].items())


def test_the_head() -> None:
    assert "krew.googlecontainertools.github.com/v1alpha2" == PLUGIN["apiVersion"]
    assert "Plugin" == PLUGIN["kind"]
    assert MANIFEST.stem == PLUGIN["metadata"]["name"]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", PLUGIN["metadata"]["name"])
    assert not PLUGIN["metadata"]["name"].startswith("kube")
    assert f"v{__version__}" == SPEC["version"]
    assert re.fullmatch(r"v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", SPEC["version"])
    assert SPEC["homepage"].startswith("https://")


def test_krew_knows_every_field() -> None:
    # It ignores what it does not know, so that a misspelt field would be noticed by nobody.
    assert {"apiVersion", "kind", "metadata", "spec"} == set(PLUGIN)
    assert {"version", "homepage", "shortDescription", "description", "caveats", "platforms"} == set(SPEC)
    for platform in SPEC["platforms"]:
        assert {"selector", "uri", "sha256", "bin"} == set(platform)


def test_each_platform_is_offered_once() -> None:
    for platform in PLATFORMS:
        found = [one for one in SPEC["platforms"] if matches(platform, one["selector"])]
        assert (platform in OFFERED) == len(found)
    for one in SPEC["platforms"]:
        assert {"os", "arch"} == set(one["selector"]["matchLabels"])


def test_the_archives() -> None:
    for one in SPEC["platforms"]:
        windows = one["selector"]["matchLabels"]["os"] == "windows"
        assert one["uri"].startswith(f"{SPEC['homepage']}/releases/download/{SPEC['version']}/")
        assert one["uri"].endswith(".zip" if windows else ".tar.gz")
        assert one["bin"].endswith(".exe") == windows
        assert re.fullmatch("[0-9a-f]{64}", one["sha256"])


def test_no_checksum_is_made_up() -> None:
    assert {UNKNOWN} == {one["sha256"] for one in SPEC["platforms"]}


def test_the_texts() -> None:
    assert len(SPEC["shortDescription"]) <= 60
    assert "\n" not in SPEC["shortDescription"]
    assert not SPEC["shortDescription"].endswith(".")
    description = SPEC["description"]
    assert max(map(len, description.splitlines())) <= 80
    # What it does, not how it is used: options and commands stand in its help.
    assert not re.search(r"(^|\s)-{1,2}[a-z]|kubectl akslb|```|^[*-] ", description, re.MULTILINE)
    # Only what is left to do, and no description once more.
    assert "kubectl_complete-akslb" in SPEC["caveats"]
    assert "http" not in SPEC["caveats"]


def test_the_archives_of_a_release_fill_it(tmp_path: Path) -> None:
    names = [one["uri"].rpartition("/")[2] for one in SPEC["platforms"]]
    for name in names:
        (tmp_path / name).write_bytes(name.encode())
    filled = render(TEMPLATE.read_text(), "v9.8.7", known(tmp_path))
    spec = read(filled)["spec"]
    assert "v9.8.7" == spec["version"]
    assert len(names) == len({one["sha256"] for one in spec["platforms"]})
    assert {f"{SPEC['homepage']}/releases/download/v9.8.7/{name}" for name in names} == {
        one["uri"] for one in spec["platforms"]
    }
    # But for the version and the checksums it is the manifest in the repository.
    plain = re.sub("sha256: [0-9a-f]{64}", f'sha256: "{UNKNOWN}"', filled).replace("v9.8.7", f"v{__version__}")
    assert MANIFEST.read_text().endswith(f"\n{plain}")


def test_an_archive_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"kubectl-akslb-linux-amd64\.tar\.gz is missing"):
        render(TEMPLATE.read_text(), "v1.0.0", known(tmp_path))


def test_an_expression_that_only_the_bot_knows() -> None:
    with pytest.raises(SystemExit, match=r"\{\{ trimPrefix"):
        render('version: {{ trimPrefix "v" .TagName }}\n', "v1.0.0", lambda _: UNKNOWN)
