"""The command: arguments, files, exit codes, and which words go where."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from kubectl_akslb.arguments.post_render import OPTIONS
from kubectl_akslb.manifest.nodes import Scalar, Source
from kubectl_akslb.manifest.parse import parse
from kubectl_akslb.postrender.arguments import UsageError, help_text
from kubectl_akslb.postrender.arguments import parse as parse_arguments
from kubectl_akslb.postrender.main import error_document
from tests.given.charts import PATH, protocol_of, service

ROOT = Path(__file__).parents[2]
STREAM = service("port: 80, appProtocol: http")
BROKEN = service("port: 80, appProtocol: http", "  labels: {}\n  labels: {}\n")


class Done(NamedTuple):
    """How a run ended."""

    code: int
    out: str
    err: str


def run(given: str | bytes, *arguments: str, **environment: str) -> Done:
    data = given if isinstance(given, bytes) else given.encode()
    code = "import sys; from kubectl_akslb.postrender.main import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=data, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=False,
    )  # fmt: skip
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_stream_goes_through() -> None:
    done = run(STREAM)
    assert (0, "") == (done.code, done.err)
    assert f"{protocol_of(80)}: tcp\n" in done.out
    assert (0, done.out, "") == run(done.out)


def test_warnings_go_to_standard_error() -> None:
    done = run(BROKEN)
    assert (0, BROKEN) == (done.code, done.out)
    assert done.err.startswith(
        "kubectl-akslb post-render: warning\n  line 7 of the stream: the document is passed on as it is"
    )


def test_on_failure_there_is_nothing_on_standard_output() -> None:
    done = run(STREAM + BROKEN, "--strict")
    assert (1, "") == (done.code, done.out)
    assert "1 error, so nothing is passed on (warnings count, by --strict)" in done.err
    assert "Remove one of them" in done.err


def test_errors_on_standard_output_are_a_document_that_is_no_mapping() -> None:
    done = run(BROKEN, "--strict", "--errors-on-stdout")
    assert 0 == done.code
    node = parse(Source(done.out))
    assert isinstance(node, Scalar)
    assert done.err.split() == node.text.split()


@pytest.mark.parametrize("text", ["a: b", "- x\n\n  y\n", "tab\there \x1b[31m \x85 \u2028 \ufeff end", "  lead", "é😀"])
def test_error_document_holds_any_text(text: str) -> None:
    node = parse(Source(error_document(f"first: {text}").decode()))
    assert isinstance(node, Scalar)
    assert "".join(f"first: {text}".split()).isprintable() is False or "".join(text.split()) in "".join(
        node.text.split()
    )


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--strikt"], 2, "Did you mean --strict?"),
        (["--strict=yes"], 2, "--strict takes no value"),
        (["file.yaml"], 2, "takes no argument 'file.yaml': it reads from standard input"),
        (["--policy"], 2, "--policy needs a file"),
        (["--policy="], 2, "--policy is empty"),
        (["--unknown", "what"], 2, "--unknown must be one of path, tcp, leave, fail, but it is 'what'"),
        (["--policy", "/none"], 3, "cannot read '/none': No such file or directory"),
        (["--profile", "/none"], 3, "cannot read '/none': No such file or directory"),
        (["--provider-version", "new"], 3, "'new' is not a provider version"),
        (["--kubernetes-version", "1.5"], 3, "older than 1.23.0"),
        (["--probe-mode", "mine"], 3, "mine"),
        (["--report", "/none/report.json"], 3, "cannot write '/none/report.json'"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], code: int, message: str) -> None:
    done = run(STREAM, *arguments)
    assert (code, "") == (done.code, done.out)
    assert message in done.err
    assert "Traceback" not in done.err
    shown = run(STREAM, *arguments, "--errors-on-stdout")
    assert 0 == shown.code
    assert message in shown.out


def test_options_have_two_spellings() -> None:
    wanted = {"--policy": "a", "--strict": "true", "--namespace": "n"}
    assert wanted == parse_arguments(["--policy", "a", "--strict", "-n", "n"])
    assert wanted == parse_arguments(["--strict", "--policy=a", "--namespace=n"])
    with pytest.raises(UsageError):
        parse_arguments(["--"])


def test_help_names_every_option() -> None:
    assert 0 == run("", "--help").code
    assert all(row[0] in help_text() and row[4] in help_text() for row in OPTIONS)


def test_dry_run_prints_the_difference_only() -> None:
    done = run(STREAM, "--dry-run")
    assert [f"+    {protocol_of(80)}: tcp"] == [line for line in done.out.splitlines() if line.startswith("+    ")]
    assert "" == run("kind: A\n", "--dry-run").out


@pytest.mark.parametrize(
    ("stream", "argument", "expected"),
    [
        (STREAM, "--help", "Usage: helm template CHART | kubectl akslb post-render [OPTIONS]"),
        (STREAM, "--dry-run", f"+    {protocol_of(80)}: tcp"),
        ("kind: A\n", "--dry-run", "kubectl-akslb post-render: nothing would be changed"),
        (service("port: 80"), "--dry-run", "kubectl-akslb post-render: nothing would be changed"),
    ],
)
def test_what_is_no_stream_stops_helm_4_which_shows_it(stream: str, argument: str, expected: str) -> None:
    done = run(stream, argument, "--errors-on-stdout")
    assert (0, "") == (done.code, done.err)
    node = parse(Source(done.out))
    assert isinstance(node, Scalar)
    assert expected in node.text


def test_report(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    run(STREAM, "--report", str(path))
    assert [protocol_of(80)] == [one["annotation"] for one in json.loads(path.read_text())["changes"]]
    run("kind: A\n", AKSLB_REPORT=str(path))
    assert [] == json.loads(path.read_text())["changes"]
    run(BROKEN, "--strict", "--report", str(path))
    assert [[], 1] == [json.loads(path.read_text())["changes"], len(json.loads(path.read_text())["errors"])]


def test_cluster_options(tmp_path: Path) -> None:
    assert STREAM == run(STREAM, "--kubernetes-version", "1.23").out
    assert STREAM == run(STREAM, "--probe-mode", "shared", "--provider-version", "1.30.1").out
    profile = tmp_path / "profile.yaml"
    profile.write_text("apiVersion: akslb.dev/v1alpha1\nkind: ClusterProfile\nspec: {kubernetesVersion: '1.23'}\n")
    assert STREAM == run(STREAM, "--profile", str(profile)).out
    assert STREAM != run(STREAM, "--profile", str(profile), "--kubernetes-version", "1.30").out


def test_policy_file(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    head = "apiVersion: akslb.dev/v1alpha1\nkind: AnnotationPolicy\n"
    policy.write_text(f"{head}spec:\n  rules:\n  - match: {{name: w*}}\n    unknown: leave\n    set: {{{PATH}: /x}}\n")
    assert f"    {PATH}: /x\n" in run(STREAM, "--policy", str(policy)).out
    policy.write_text(f"{head}spec:\n  unknown: leave\n")
    assert STREAM == run(STREAM, "--policy", str(policy)).out
    assert STREAM != run(STREAM, "--policy", str(policy), "--unknown=tcp").out


def test_standard_input_that_is_a_terminal() -> None:
    leader, follower = os.openpty()
    code = "import sys; from kubectl_akslb.postrender.main import main; sys.exit(main([]))"
    done = subprocess.run([sys.executable, "-c", code], stdin=follower, cwd=ROOT, capture_output=True, check=False)
    os.close(leader)
    os.close(follower)
    assert (2, b"") == (done.returncode, done.stdout)
    assert b"nothing is piped into standard input" in done.stderr


def test_a_reader_that_goes_away() -> None:
    code = "import sys; from kubectl_akslb.postrender.main import main; sys.exit(main([]))"
    big = STREAM + "---\nkind: A\n" * 100_000
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        process.stdin.write(big.encode())
        process.stdin.close()
        said = process.stderr.read()
    assert (1, b"") == (process.returncode, said)


def test_without_arguments_it_renders() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kubectl_akslb"], input=STREAM.encode(), cwd=ROOT, capture_output=True, check=True
    )
    assert run(STREAM).out == done.stdout.decode()


#: What no stream may load, and what only streams with something to do may load.
NEVER = {"typer", "rich", "click", "dataclasses", "inspect", "ipaddress", "logging", "pathlib", "asyncio", "subprocess"}


@pytest.mark.parametrize(
    ("stream", "forbidden"),
    [
        ("kind: A\n", NEVER | {"ruamel", "json", "kubectl_akslb.postrender.render", "kubectl_akslb.model", "typing"}),
        (service("port: 80"), NEVER | {"ruamel", "json", "kubectl_akslb.derive.reconcile"}),
        (STREAM, NEVER | {"ruamel", "json", "kubectl_akslb.profile"}),
    ],
    ids=["nothing", "no http probe", "http probe"],
)
def test_loads_only_what_is_needed(stream: str, forbidden: set[str]) -> None:
    code = (
        "import sys; bare = set(sys.modules); from kubectl_akslb.postrender.main import main; main([]);"
        "print(*sorted(set(sys.modules) - bare), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=stream.encode(), cwd=ROOT, capture_output=True, check=True
    )
    assert set() == set(done.stderr.decode().split()) & forbidden


FAULTY = """\
import sys
from kubectl_akslb.postrender import render
from kubectl_akslb.postrender.main import main
def fails(*_):
    raise ZeroDivisionError("with a text of the stream")
render.postrender = fails
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("on_stdout", [False, True])
def test_a_fault_of_the_program_is_an_error(on_stdout: bool) -> None:
    flags = ["--errors-on-stdout"] if on_stdout else []
    done = subprocess.run(
        [sys.executable, "-c", FAULTY, *flags], input=STREAM, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == (0 if on_stdout else 4)
    assert "a fault of this program: ZeroDivisionError" in done.stderr
    assert "text of the stream" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert done.stdout.startswith("|\n  kubectl-akslb post-render: error: a fault" if on_stdout else "")
    assert bool(done.stdout) == on_stdout
