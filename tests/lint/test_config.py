"""The configuration file: where it is looked for, what it may say, and how a fault in it is shown."""

import pytest

from kubectl_akslb.errors import InputError
from kubectl_akslb.lint.config import Config, find_config, read_config, with_config
from kubectl_akslb.lint.diagnostic import ERROR, WARNING
from kubectl_akslb.lint.engine import LintOptions

FULL = b"""# how we lint
select: ["*"]
ignore:
  - open-to-the-internet
severity:
  udp-without-probe: warning
failOn: warning
profile: clusters/prod.yaml
"""


def test_all_settings() -> None:
    wanted = Config(
        "/repo/.akslb.yaml", ("*",), ("open-to-the-internet",), (("udp-without-probe", WARNING),), WARNING,
        "/repo/clusters/prod.yaml",
    )  # fmt: skip
    assert wanted == read_config(FULL, "/repo/.akslb.yaml")


def nowhere(_: str) -> bool:
    """Whether a folder is the root of a repository, where there is none."""
    return False


@pytest.mark.parametrize("data", [b"", b"# nothing\n", b"{}", b"select:\nignore: null\nseverity:\n"])
def test_an_empty_file_says_nothing(data: bytes) -> None:
    assert Config("c") == read_config(data, "c")


@pytest.mark.parametrize(
    ("there", "folder", "wanted"),
    [
        (["/repo/.akslb.yaml"], "/repo/apps/web", "/repo/.akslb.yaml"),
        (["/repo/.akslb.yaml", "/repo/apps/.akslb.yaml"], "/repo/apps/web", "/repo/apps/.akslb.yaml"),
        (["/repo/.akslb.yml", "/repo/.akslb.yaml"], "/repo", "/repo/.akslb.yaml"),
        (["/.akslb.yaml"], "/a", "/.akslb.yaml"),
        ([], "/repo/apps", ""),
        (["/other/.akslb.yaml"], "/repo", ""),
    ],
)
def test_the_nearest_one_above_counts(there: list[str], folder: str, wanted: str) -> None:
    assert wanted == find_config(folder, lambda path: b"" if path in there else None, nowhere).path


def test_a_relative_folder_ends_the_search() -> None:
    asked: list[str] = []
    find_config("a/b", lambda path: asked.append(path), nowhere)
    assert ["a/b/.akslb.yaml", "a/b/.akslb.yml", "a/.akslb.yaml", "a/.akslb.yml", ".akslb.yaml", ".akslb.yml"] == asked


@pytest.mark.parametrize(
    ("data", "line", "message", "hint"),
    [
        (b"- a\n", 1, "the configuration is no mapping", "Write keys such as"),
        (b"a: b\n", 1, "there is no setting 'a'", "Remove it."),
        (b"# a\nselct: []\n", 2, "there is no setting 'selct'", "Did you mean select?"),
        (b"select:\n  - a-rule\n", 2, "there is no rule 'a-rule'", "lists all"),
        (
            b"ignore: open-to-the-internets\n",
            1,
            "there is no rule 'open-to-the-internets'",
            "Did you mean open-to-the-internet?",
        ),
        (b"select: {a: b}\n", 1, "select must be a list of rules", "Write ids"),
        (b"select: [1]\n", 1, "select must be a list of rules", "Write ids"),
        (b"severity: warning\n", 1, "severity must be a mapping", "Write an id and a severity"),
        (b"severity:\n  no-node-ports: fatal\n", 2, "'fatal' is no severity", "Write error, warning, info."),
        (b"severity:\n  a-rule: info\n", 2, "there is no rule 'a-rule'", "lists all"),
        (b"failOn: often\n", 1, "'often' is no severity", "or never"),
        (b"failOn: [info]\n", 1, "failOn must be a text", "single value"),
        (b"select: [\n", 2, "not valid YAML", ""),
        (b"\xff", 0, "not UTF-8", "UTF-8"),
        (b"#" * 1_100_000, 0, "more than a megabyte", "right file"),
    ],
)
def test_a_fault_has_its_place(data: bytes, line: int, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        read_config(data, ".akslb.yaml")
    error = caught.value
    assert (line, ".akslb.yaml") == (error.line, error.path)
    assert message in error.message
    assert hint in error.hint


def test_the_command_line_wins() -> None:
    config = Config("c", ("probe-*",), ("udp-*",), (("no-node-ports", WARNING),), WARNING)
    assert LintOptions(("probe-*",), ("udp-*",), (("no-node-ports", WARNING),), WARNING) == with_config(
        LintOptions(), config
    )
    given = LintOptions(("no-*",), ("a-*",), (("no-node-ports", ERROR),))
    wanted = LintOptions(("no-*",), ("udp-*", "a-*"), (("no-node-ports", WARNING), ("no-node-ports", ERROR)), ERROR)
    assert wanted == with_config(given, config, fail_on=ERROR)


def test_the_root_of_a_repository_ends_the_search() -> None:
    there = {"/a/.akslb.yaml"}

    def found(root: str) -> str:
        return find_config("/a/b/c", lambda path: b"" if path in there else None, lambda folder: folder == root).path

    assert found("/a") == "/a/.akslb.yaml"
    assert found("/a/b") == ""
    assert found("/a/b/c") == ""


@pytest.mark.parametrize("path", ["/etc/passwd", "../x.yaml", "a/../../x.yaml", "..", "C:/x.yaml", "a\\..\\..\\x"])
def test_a_profile_is_below_the_configuration(path: str) -> None:
    with pytest.raises(InputError, match="not below this one"):
        read_config(f"profile: '{path}'\n".encode(), "/a/.akslb.yaml")
