"""``kubectl akslb diff`` of files and of git: exit codes, formats, wrong usage, hostile input."""

import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema  # type: ignore[import-untyped]
import pytest
from ruamel.yaml import YAML

from tests.given.command import akslb

ROOT = Path(__file__).parents[2]
BEFORE, AFTER = str(ROOT / "examples/diff/before.yaml"), str(ROOT / "examples/diff/after.yaml")
SCHEMA = json.loads((ROOT / "kubectl_akslb/render/diff.schema.json").read_text())
CHANGED = ("diff", "-f", AFTER, "--old", BEFORE, "--provider-version", "1.34.3")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (CHANGED, 1),
        ((*CHANGED, "--fail-on", "never"), 0),
        ((*CHANGED, "--fail-on", "breaks"), 1),
        (("diff", "-f", BEFORE, "--old", BEFORE), 0),
        (("diff", BEFORE, "--old", AFTER, "--fail-on", "may-break"), 1),
        (("diff", "-f", AFTER, "--old", BEFORE, "-f", "/nowhere/at/all.yaml"), 3),
    ],
)
def test_exits_as_kubectl_diff_does(arguments: tuple[str, ...], code: int) -> None:
    assert code == akslb(*arguments).code


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("diff",), "what is to be applied is not said"),
        (("diff", "svc/web"), "svc/web is no manifest"),
        (("diff", "-f", AFTER, "--old", BEFORE, "--context", "prod"), "but files are given"),
        (("diff", "-f", AFTER, "--old", BEFORE, "--prune", "-l", "app=web"), "about the Services of a cluster"),
        (("diff", "-f", AFTER, "--prune"), "--prune needs labels"),
        (("diff", "-f", AFTER, "--prune", "-l", "app!=web"), "--prune needs labels"),
        (("diff", "-f", AFTER, "-l", "app=web"), "-l chooses what --prune deletes"),
        (("diff", "-f", "-", "--old", "-"), "standard input cannot be both"),
        (("diff", "-f", "-", "--old", "git:main"), "git:REV has no standard input"),
        (("diff", "-k", "k8s", "--old", "git:main"), "git:REV has no -k"),
        (("diff", "-f", AFTER, "--old", "git:main", "--old", BEFORE), "git:REV is the only --old"),
    ],
)
def test_wrong_usage_says_what_to_write(arguments: tuple[str, ...], text: str) -> None:
    ran = akslb(*arguments)
    assert (2, "") == (ran.code, ran.out)
    assert text in ran.err
    assert "hint: " in ran.err


def test_the_document_follows_its_schema() -> None:
    body = json.loads(akslb(*CHANGED, "-o", "json").out)
    jsonschema.validate(body, SCHEMA)
    found = {one["name"]: one for one in body["services"]}
    assert {"web": "breaks", "partners": "exposes", "legacy": "breaks"} == {
        name: one["effect"] for name, one in found.items()
    }
    (web,) = found["web"]["addresses"]
    assert ("public", "internal", False) == (web["old"]["kind"], web["new"]["kind"], web["kept"])
    decisive = [edit["path"][-1].rpartition("-")[2] for edit in found["web"]["edits"] if edit["decisive"]]
    assert (["internal"], 2) == (decisive, len(found["web"]["edits"]))
    assert [("exposes", "198.51.100.0/24")] == [(o["effect"], o["who"]) for o in found["partners"]["consequences"]]
    assert "deleted" == found["legacy"]["fate"]
    assert body == YAML(typ="safe").load(akslb(*CHANGED, "-o", "yaml").out)


def test_markdown_fits_in_a_comment() -> None:
    out = akslb(*CHANGED, "-o", "markdown").out
    assert "| BREAKS | shop/web |" in out
    assert "+ service.beta.kubernetes.io/azure-load-balancer-internal:" in out
    assert 65_536 > len(out)


def test_sarif_names_the_place() -> None:
    (run,) = json.loads(akslb(*CHANGED, "-o", "sarif").out)["runs"]
    first = next(one for one in run["results"] if "shop/web" in one["message"]["text"])
    assert ("diff-breaks", "error") == (first["ruleId"], first["level"])
    assert 2 == first["locations"][0]["physicalLocation"]["region"]["startLine"]


def test_junit_fails_for_what_breaks() -> None:
    suite = ET.fromstring(akslb(*CHANGED, "-o", "junit").out)[0]  # noqa: S314 - our own output
    assert ("3", "3") == (suite.attrib["tests"], suite.attrib["failures"])


HOSTILE = """\
apiVersion: v1
kind: Service
metadata:
  name: "web\\e[31m\\n::error::x | <b>`@all"
  namespace: "a b"
  annotations:
    service.beta.kubernetes.io/azure-pip-name: "\\e[2J\\n::warning::|<script>]]>```"
    "x\\n```\\n::error::y": "\\e[1m"
spec:
  type: LoadBalancer
  loadBalancerSourceRanges: ["\\e[1m", 0.0.0.0/0]
  ports: [{port: 80, targetPort: "\\e[5m"}]
"""


@pytest.mark.parametrize("form", ["text", "json", "yaml", "markdown", "sarif", "junit"])
@pytest.mark.parametrize("turn", [False, True])
def test_what_a_manifest_says_does_nothing_where_it_is_printed(form: str, turn: bool, tmp_path: Path) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(HOSTILE)
    other.write_text(HOSTILE.replace("pip-name", "load-balancer-ipv4").replace("port: 80", "port: 81"))
    pair = (other, one) if turn else (one, other)
    ran = akslb("diff", "-f", str(pair[0]), "--old", str(pair[1]), "-o", form, "-v")
    assert 1 == ran.code, ran.err
    assert "\x1b" not in ran.out + ran.err
    assert not [line for line in ran.out.splitlines() if line.startswith("::")]
    if form == "junit":
        ET.fromstring(ran.out)  # noqa: S314 - our own output
    if form == "markdown":
        assert "<b>" not in ran.out
        tags = [line.partition("<summary>")[2].removesuffix("</summary>") for line in ran.out.splitlines()]
        assert any(tags)
        assert not [name for name in tags if "<" in name or "@all" in name]
        assert 0 == ran.out.count("\n```") % 2


@pytest.mark.parametrize("data", [b"a: [", b"\xff\xfe\x00", b"kind: Service\nspec: 1\n", b"- 1\n" * 1000])
@pytest.mark.parametrize("option", ["-f", "--old"])
def test_bad_input_is_told_and_does_not_hide_the_rest(data: bytes, option: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_bytes(data)
    ran = akslb(*CHANGED, option, str(file))
    assert "Traceback" not in ran.err
    assert ran.code in (1, 3)


GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if shutil.which("git") is None:
        pytest.skip("no git: install it")
    folder = tmp_path / "repository"
    (folder / "k8s/deep").mkdir(parents=True)
    shutil.copy(BEFORE, folder / "k8s/shop.yaml")
    shutil.copy(BEFORE, folder / "k8s/deep/shop.yaml")
    (folder / "k8s/notes.txt").write_text("kind: Service\n")
    (folder / "k8s/link.yaml").symlink_to("/etc/passwd")
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "one")):
        subprocess.run((*GIT, *words), cwd=folder, check=True)
    (folder / "k8s/link.yaml").unlink()
    shutil.copy(AFTER, folder / "k8s/shop.yaml")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("words", [("k8s",), ("k8s/shop.yaml",), ("k8s/*.yaml",), ("-f", "k8s"), ("./k8s/shop.yaml",)])
def test_a_revision_of_git_is_what_was_applied(words: tuple[str, ...], repository: Path) -> None:
    body = json.loads(akslb("diff", *words, "--old", "git:main", "-o", "json").out)
    assert ["legacy", "partners", "web"] == sorted(one["name"] for one in body["services"])
    assert "git:main" == body["against"]
    assert (repository / "k8s").is_dir()


def test_a_folder_is_read_in_depth_where_that_is_asked(repository: Path) -> None:
    (repository / "k8s/deep/shop.yaml").write_text("")
    (repository / "k8s/shop.yaml").write_text("")
    assert 3 == len(json.loads(akslb("diff", "-R", "k8s", "--old", "git:main", "-o", "json").out)["services"])


@pytest.mark.parametrize(
    ("rev", "text"),
    [
        ("nowhere", "there is no revision"), ("--help", "is no revision"), ("main:k8s", "is no revision"),
        ("", "is no revision"), ("a b", "is no revision"), ("main\n", "is no revision"), ("$(touch x)", "is no revision"),
        ("`touch x`", "is no revision"), ("main;touch", "there is no revision"),
    ],
)  # fmt: skip
def test_what_is_no_revision_is_told(rev: str, text: str, repository: Path) -> None:
    ran = akslb("diff", "k8s", "--old", f"git:{rev}")
    assert (3, "") == (ran.code, ran.out)
    assert text in ran.err
    assert not (repository / "x").exists()


def test_nothing_of_a_repository_is_run(repository: Path) -> None:
    """Whatever a repository configures, reading a revision of it starts none of it."""
    script = repository / "evil"
    script.write_text(f"#!/bin/sh\ntouch {repository}/ran\ncat\n")
    script.chmod(0o755)
    (repository / ".gitattributes").write_text("*.yaml diff=evil filter=evil\n")
    for key in ("diff.evil.textconv", "diff.evil.command", "filter.evil.smudge", "core.fsmonitor", "core.pager",
                "diff.external", "core.sshCommand", "alias.cat-file", "core.editor"):  # fmt: skip
        subprocess.run((*GIT, "config", key, str(script)), cwd=repository, check=True)
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        shutil.copy(script, repository / ".git/hooks" / hook)
    assert 1 == akslb("diff", "k8s/shop.yaml", "--old", "git:HEAD").code
    assert not (repository / "ran").exists()


def test_a_file_that_is_new_is_said_so(repository: Path) -> None:
    shutil.copy(AFTER, repository / "k8s/new.yaml")
    ran = akslb("diff", "k8s/new.yaml", "--old", "git:main")
    assert "k8s/new.yaml is not in main: all of it is new" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    "words",
    [
        ("-f", "k8s"),
        ("-f", "k8s/"),
        ("k8s/shop.yaml",),
        ("k8s/*.yaml",),
        ("-R", "-f", "k8s/deep"),
        ("k8s/deep/shop.yaml",),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_what_is_gone_since_the_revision_is_deleted(words: tuple[str, ...], whole: bool, repository: Path) -> None:
    """A pull request that takes all manifests away deletes all Services, whether or not their folder is left."""
    shutil.rmtree(repository / "k8s")
    if not whole:
        (repository / "k8s/deep").mkdir(parents=True)
    ran = akslb("diff", *words, "--old", "git:main", "-o", "json")
    body = json.loads(ran.out)
    assert (1, {"deleted"}) == (ran.code, {one["fate"] for one in body["services"]})
    assert ["legacy", "partners", "web"] == sorted(one["name"] for one in body["services"])
    assert f"{words[-1]} is there no more: all of it is deleted" in body["notices"]
    missing = akslb("diff", "k8s/typo.yaml", "--old", "git:main")
    assert (3, "") == (missing.code, missing.out)


def test_files_behind_a_comma_are_those_of_the_revision(repository: Path) -> None:
    ran = akslb("diff", "-f", "k8s/shop.yaml,k8s/notes.yaml", "--old", "git:main", "-o", "json")
    assert (3, True) == (ran.code, "k8s/notes.yaml" in ran.err)
    (repository / "k8s/notes.yaml").write_text("")
    body = json.loads(akslb("diff", "-f", "k8s/shop.yaml,k8s/notes.yaml", "--old", "git:main", "-o", "json").out)
    assert ["legacy", "partners", "web"] == sorted(one["name"] for one in body["services"])
    assert ["k8s/notes.yaml is not in main: all of it is new"] == [one for one in body["notices"] if "k8s" in one]


def test_outside_a_repository_git_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    shutil.copy(AFTER, tmp_path / "web.yaml")
    ran = akslb("diff", str(tmp_path / "web.yaml"), "--old", "git:main")
    assert (3, True) == (ran.code, "not a git repository" in ran.err)
