"""What the command line names: files, folders, patterns, standard input, Services of a cluster."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from kubectl_akslb.arguments.explain import Arguments
from kubectl_akslb.cli.inputs import told_apart
from kubectl_akslb.edge.files import names_file
from tests.cli.test_process import ROOT
from tests.given import screens as services
from tests.given.command import KUBECTL_AKSLB, Ran, akslb


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two manifests, a third below it, and what is none."""
    (tmp_path / "deploy/below").mkdir(parents=True)
    for name, path in (("b", "b.yaml"), ("a", "a.yml"), ("c", "below/c.json"), ("no", "README.md")):
        (tmp_path / "deploy" / path).write_text(services.manifest(name=name))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*arguments: str) -> list[str]:
    ran = akslb("explain", *arguments, "-o", "json")
    assert (0, "") == (ran.code, ran.err), ran
    return [one["name"] for one in json.loads(ran.out)["services"]]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["deploy"], ["a", "b"]),
        (["-f", "deploy"], ["a", "b"]),
        (["deploy", "-R"], ["a", "b", "c"]),
        (["deploy", "--recursive=true"], ["a", "b", "c"]),
        (["-f", "deploy/*.yaml"], ["b"]),
        (["deploy/b.yaml", "deploy/*.y*ml"], ["b", "a"]),
        (["deploy/**/*.json"], ["c"]),
        (["-f", "deploy/b.yaml,deploy/a.yml"], ["b", "a"]),
        (["-n", "x", "deploy"], ["a", "b"]),
    ],
)
def test_folders_and_patterns(arguments: list[str], expected: list[str]) -> None:
    assert expected == names(*arguments)


@pytest.mark.usefixtures("folder")
def test_lint_reads_a_folder_too() -> None:
    assert "in 3 Services of type LoadBalancer" in akslb("lint", "-R", "deploy").out


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["deploy/none/"], "cannot read 'deploy/none/': No such file or directory"),
        (["deploy/x*.yaml"], "no file matches 'deploy/x*.yaml'"),
        (["nope.yaml"], "cannot read 'nope.yaml': No such file or directory"),
    ],
)
def test_what_is_not_there(arguments: list[str], expected: str) -> None:
    ran = akslb("explain", *arguments)
    assert (3, "") == (ran.code, ran.out)
    assert ran.err.startswith(f"error: {expected}\n")


def test_a_folder_without_manifests(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x")
    ran = akslb("explain", "-f", str(tmp_path))
    expected = f"error: no file of {tmp_path} ends in .yaml, .yml, .json\n  hint: -R reads the folders in it, too\n"
    assert Ran(3, "", expected) == ran


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", ["explain", "lint"])
def test_a_file_that_is_missing_does_not_hide_the_others(command: str) -> None:
    ran = akslb(command, "deploy/a.yml", "nope.yaml", "deploy/b.yaml")
    assert 3 == ran.code
    assert "nope.yaml: error: cannot read 'nope.yaml': No such file or directory\n" in ran.err
    assert "shop/a" in ran.out


@pytest.mark.usefixtures("folder")
def test_nothing_is_mended_where_a_file_is_missing() -> None:
    before = Path("deploy/a.yml").read_bytes()
    ran = akslb("lint", "--fix", "--unsafe-fixes", "deploy/a.yml", "nope.yaml")
    assert (3, "", before) == (ran.code, ran.out, Path("deploy/a.yml").read_bytes())
    assert ran.err.startswith("nope.yaml: error: ")


@pytest.mark.usefixtures("folder")
def test_fix_prints_all_or_nothing() -> None:
    ran = akslb("fix", "deploy/a.yml", "nope.yaml")
    assert (3, "") == (ran.code, ran.out)
    assert ran.err.startswith("nope.yaml: error: cannot read 'nope.yaml': No such file or directory\n")


@pytest.mark.parametrize(
    ("word", "is_file"),
    [
        ("-", True), (".", True), ("a.yaml", True), ("a.yml", True), ("a.json", True), ("deploy/", True),
        ("./web", True), ("*.x", True), ("web", False), ("svc/web", False), ("service/web", False), ("SVC/web", False),
    ],
)  # fmt: skip
def test_a_word_is_a_file_or_a_service(word: str, is_file: bool) -> None:
    assert is_file == names_file(word)
    assert is_file == told_apart(Arguments([word])).manifests


def test_whoever_waits_for_a_silent_pipe_is_told() -> None:
    read, write = os.pipe()
    with subprocess.Popen([*KUBECTL_AKSLB, "explain", "-"], stdin=read, stderr=subprocess.PIPE, cwd=ROOT) as waiting:
        os.close(read)
        assert waiting.stderr is not None
        assert b"waiting for a manifest on standard input\n" == waiting.stderr.readline()
        os.close(write)
    assert 0 == waiting.returncode


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'key: "open\n', "found unexpected end of stream"),
        (b"\x00", "the character U+0000 is not allowed in YAML"),
        (b"a: [b\n", "not valid YAML"),
        (b"a: 1\n b: 2\n", "not valid YAML"),
        (b"a: &x [*x]\n", "stands inside its own anchor"),
        (b"kind: ConfigMap\n---\n\ta: b\n", "a tab stands where only spaces may"),
        (b'{"a": ', "not valid YAML"),
        (b"Error: release not found\n---\ntext\n", "this is text, and no Kubernetes object"),
    ],
)
@pytest.mark.parametrize("command", ["explain", "lint"])
def test_what_is_no_yaml_is_not_taken_for_no_service(command: str, data: bytes, message: str) -> None:
    ran = akslb(command, "-", stdin=data)
    assert 3 == ran.code
    assert message in ran.err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("words", [["-n", "lint", "explain"], ["-n=x", "explain"], ["-nx", "-R=false", "explain"]])
def test_options_stand_in_front_of_the_command_too(words: list[str]) -> None:
    ran = akslb(*words, "deploy", "-o", "json")
    assert (0, ["a", "b"]) == (ran.code, [one["name"] for one in json.loads(ran.out)["services"]])


@pytest.mark.parametrize("words", [["-n"], ["-n", "x"], ["-n", "x", "rules"], ["--no-such", "explain"], ["-A", "none"]])
def test_options_in_front_of_what_takes_none_are_wrong_usage(words: list[str]) -> None:
    assert 2 == akslb(*words).code


@pytest.mark.usefixtures("folder")
def test_a_comma_in_the_name_of_a_file_is_part_of_it() -> None:
    Path("a,b.yaml").write_text(services.manifest(name="both"))
    assert ["both"] == names("-f", "a,b.yaml")


@pytest.mark.parametrize("word", ["https://example.org/web.yaml", "http://example.org/web.yaml"])
def test_nothing_is_fetched(word: str) -> None:
    ran = akslb("explain", "-f", word)
    assert (3, "") == (ran.code, ran.out)
    assert "is a URL, and nothing is fetched" in ran.err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", ["explain", "lint", "fix"])
def test_what_is_no_yaml_is_told_beside_the_others(command: str) -> None:
    Path("deploy/broken.yaml").write_text("a: [1\n")
    ran = akslb(command, "deploy")
    assert 3 == ran.code
    assert "broken.yaml:2:1: error: not valid YAML" in ran.err
    Path("deploy/broken.yaml").write_text("a: {{ .Values.a }}: {\n")
    assert 3 != akslb(command, "deploy").code


def test_that_nothing_came_is_told() -> None:
    ran = akslb("explain", "-", stdin=b"")
    assert (0, "note: standard input is empty\n") == (ran.code, ran.err)


@pytest.mark.parametrize("data", [b"# nothing\n", b"a: 1\n", b"- a\n", b"null\n", b"kind: Secret\ndata: [\n"])
def test_yaml_without_a_service_is_no_error(data: bytes) -> None:
    ran = akslb("explain", "-", stdin=data)
    assert (0, "") == (ran.code, ran.err)


@pytest.mark.usefixtures("folder")
def test_a_file_that_is_no_text_is_told_beside_the_others() -> None:
    Path("deploy/wide.yaml").write_bytes("kind: Service".encode("utf-16"))
    ran = akslb("explain", "deploy")
    assert 3 == ran.code
    assert "shop/a" in ran.out
    assert ran.err.startswith("deploy/wide.yaml:1:1: error: the file is UTF-16, not UTF-8\n")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("flag", [["-n", "shop"], ["-n=shop"], ["-nshop"], ["--namespace=shop"]])
def test_the_namespace_is_that_of_objects_that_name_none(flag: list[str]) -> None:
    ran = akslb("explain", "deploy", *flag, "-o", "json")
    assert ["shop", "shop"] == [one["namespace"] for one in json.loads(ran.out)["services"]]
    assert 0 == akslb("lint", "deploy", *flag).code


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("zones", "expected"),
    [("1,2", 0), (" 1, 3", 0), ("", 0), ("2,2", 0), ("1,x", 2), ("4", 2), ("1;2", 2)],
)
def test_zones_are_checked(zones: str, expected: int) -> None:
    ran = akslb("explain", "deploy/a.yml", f"--zones={zones}")
    assert expected == ran.code
    assert ("--zones must be 1, 2, 3" in ran.err) == (expected != 0)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("flag", "verbose"), [("-v", True), ("-v=6", True), ("-v=true", True), ("-v=0", False)])
def test_verbose_takes_a_level_as_kubectl_does(flag: str, verbose: bool) -> None:
    assert verbose == (akslb("explain", "deploy/a.yml", flag).out == akslb("explain", "deploy/a.yml", "-v").out)
