"""What CONTRIBUTING says of the tree as a whole: exceptions have reasons, and tests start from one place."""

import ast
import re
import subprocess
from pathlib import Path

from kubectl_akslb.provider.version import NEWEST

ROOT = Path(__file__).parents[1]
FILES = [
    ROOT / name
    for name in subprocess.check_output(["git", "ls-files", "*.py"], cwd=ROOT, text=True).split()
    if (ROOT / name).exists()
]
PRODUCT = [path for path in FILES if path.is_relative_to(ROOT / "kubectl_akslb")]
NOQA = re.compile(r"# noqa(?!: [A-Z]+\d+(?:, [A-Z]+\d+)* - \w)")


def test_every_exception_to_the_linter_has_its_reason() -> None:
    assert [] == [
        f"{path.relative_to(ROOT)}:{number}"
        for path in FILES
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if NOQA.search(line)
    ]


def test_only_tables_are_formatted_by_hand() -> None:
    found = []
    for path in PRODUCT:
        text = path.read_text(encoding="utf-8")
        if "# fmt: skip" in text:
            functions = [one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.FunctionDef)]
            inside = {number for one in functions for number in range(one.lineno, (one.end_lineno or 0) + 1)}
            lines = enumerate(text.splitlines(), 1)
            found += [f"{path}:{number}" for number, line in lines if "# fmt: skip" in line and number in inside]
    assert [] == found


IMPORTED = re.compile(r"^from tests\.([\w.]+) import", re.MULTILINE)


def test_what_tests_of_several_folders_start_from_is_in_one_place() -> None:
    """Beside its own folder a test imports from tests/given/ alone, or asks the recordings, Go's parsers, real tools."""
    found = []
    for path in FILES:
        folder, *rest = path.relative_to(ROOT).parts
        if folder == "tests" and rest[0] not in REAL:
            others = {module.partition(".")[0] for module in IMPORTED.findall(path.read_text(encoding="utf-8"))}
            found += [f"{'/'.join(rest)}: {other}" for other in sorted(others - SHARED - {rest[0]})]
    assert [] == found


SHARED = frozenset({"given", "conformance", "recorded", "fuzz"})
REAL = frozenset({"e2e", "docs"})
"""Their tests run real tools, which tests/e2e/ starts."""


def test_no_test_names_the_newest_release() -> None:
    """It asks the table, so that a new release is no change of the tests; these hold dates and reports of releases."""
    numbers = NEWEST.major, NEWEST.minor, NEWEST.patch
    named = re.compile(rf"\"v?{re.escape(str(NEWEST))}\"|Version\({', '.join(map(str, numbers))}\)")
    dated = {
        "provider/test_aks_releases.py",
        "recorded/test_aks_releases.py",
        "recorded/test_update.py",
        "cli/test_screens.py",
    }
    tests = [path for path in FILES if path.is_relative_to(ROOT / "tests")]
    found = {str(path.relative_to(ROOT / "tests")) for path in tests if named.search(path.read_text(encoding="utf-8"))}
    assert set() == found - dated


#: What makes a Context: the entrances of the derivation, those of a path and a comparison, which derive by themselves, and
#: errata, which stand below it.
TAKES_BOTH = frozenset(
    {
        "derive/context.py", "derive/deletion.py", "derive/naming.py", "derive/reconcile.py",
        "path/remedy.py", "plan/compare_manifests.py", "provider/errata.py",
    }
)  # fmt: skip


RELEASE = re.compile(r"\b1\.[2-9]\d(\.\d+)?\b")
#: Where releases are rows, what a document says, the oldest release that is known, or examples of what to type.
DATED = ("provider/", "arguments/", "completion/", "cli/", "model/version.py", "doctor/checks/kubectl.py")
ROWS = ("provider/refusals.py", "provider/events.py", "provider/workloads.py")


def test_sentences_take_their_dates_from_rows() -> None:
    found = []
    for path in PRODUCT:
        name = str(path.relative_to(ROOT / "kubectl_akslb"))
        if name.startswith(DATED) and name not in ROWS:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        described = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
        found += [
            f"{name}:{one.lineno}: {one.value}"
            for one in ast.walk(tree)
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in described
            if RELEASE.search(one.value) and " " in one.value
        ]
    assert [] == found


def test_pages_of_rules_take_their_dates_from_rows() -> None:
    found = []
    for path in (ROOT / "kubectl_akslb/lint/rules").glob("*.md"):
        prose = re.sub(r"```.*?```|\{[^}]*\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        found += [f"{path.name}: {one[0]}" for one in RELEASE.finditer(prose)]
    assert [] == found


#: What makes a PathContext, and what is one.
MAKES_CONTEXT = frozenset({"path/context.py", "path/trace.py"})


def _taking(*parameters: str) -> set[str]:
    """The files with a function that takes all of these."""
    found = set()
    for path in PRODUCT:
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = {arg.arg for arg in one.args.args} if isinstance(one, ast.FunctionDef) else set()
            if names.issuperset(parameters):
                found.add(str(path.relative_to(ROOT / "kubectl_akslb")))
    return found


def test_a_service_on_its_cluster_is_one_value() -> None:
    assert set() == _taking("service", "cluster") - TAKES_BOTH


def test_what_hops_ask_is_one_value() -> None:
    assert set() == _taking("derivation", "cluster", "evidence") - MAKES_CONTEXT


#: A command and what it finds have one name: its options are declared under it, and typer shows them as its page.
COMMANDS = frozenset({"Capacity", "Drift", "Fix", "Trace"})
#: Generated, one for each command, and named with its module.
OF_ITS_MODULE = frozenset({"Arguments"})


def test_one_name_is_one_class() -> None:
    places: dict[str, list[str]] = {}
    for path in PRODUCT:
        for one in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(one, ast.ClassDef):
                places.setdefault(one.name, []).append(str(path.relative_to(ROOT / "kubectl_akslb")))
    found = {name: files for name, files in places.items() if len(files) > 1}
    assert {} == {name: files for name, files in found.items() if name not in COMMANDS | OF_ITS_MODULE}
    assert all("cli/commands.py" in found[name] for name in COMMANDS)


def test_many_arguments_have_names() -> None:
    """Of a Derived all but its value and its origin; of any other record, where there are more than eight."""
    found = []
    for path in PRODUCT:
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id[0].isupper():
                most = 2 if one.func.id == "Derived" else 8
                if len(one.args) > most:
                    found.append(f"{path.relative_to(ROOT)}:{one.lineno}: {one.func.id}")
    assert [] == found


#: So many assertions compare a sentence of the program, where a code or an enum would tell the same: fewer are better, and then
#: this falls with them. What holds screens and pages as a whole are files, which are not counted.
PROSE_AT_MOST = 323
_SENTENCE = re.compile(r"[a-z]{2,} [a-z]+ [a-z]+")


def test_tests_assert_meaning_not_prose() -> None:
    found = []
    for path in FILES:
        if path.is_relative_to(ROOT / "tests"):
            tests = [
                one for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(one, ast.Assert)
            ]
            found += [
                f"{path.relative_to(ROOT)}:{one.lineno}" for one in tests if any(map(_is_prose, ast.walk(one.test)))
            ]
    assert len(found) <= PROSE_AT_MOST, "\n".join(found)


def _is_prose(one: ast.AST) -> bool:
    text = one.value if isinstance(one, ast.Constant) else None
    return isinstance(text, str) and len(text.split()) >= 4 and _SENTENCE.search(text) is not None


#: One thing in several layers: its facts, its derivation, the hop that asks it, its command, how it is shown.
ONE_THING = frozenset({
    "capacity", "cluster", "compare", "context", "diff", "drift", "events", "explain", "fix", "frontends",
    "helm", "installation", "krm", "kubectl", "lint", "live_state", "outbound", "ports", "profile", "reach",
    "reference", "refusals", "security_group", "service", "snat", "trace", "upgrade", "verdict", "verify",
    "version", "workload_settings", "workloads",
})  # fmt: skip
#: Told by their folder: in manifest/ YAML's, in derive/, azure/ and path/ the load balancer's, in lint/ and cli/ lint's.
BY_FOLDER = frozenset({"files", "load", "nodes", "objects", "parse", "rule", "rules", "stream"})


def test_files_of_one_name_are_one_thing() -> None:
    places: dict[str, set[Path]] = {}
    for path in PRODUCT:
        made_or_a_rule = path.parent.name in {"arguments", "rules"}
        if path.stem not in {"__init__", "__main__"} and not made_or_a_rule:
            places.setdefault(path.stem, set()).add(path.parent)
    assert set() == {name for name, folders in places.items() if len(folders) > 1} - ONE_THING - BY_FOLDER
