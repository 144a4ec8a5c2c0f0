"""The whole program as a process: start, standard input, pipes that close, and a disk that is full."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.given import screens as services
from tests.given.command import KUBECTL_AKSLB

ROOT = Path(__file__).parents[2]
#: More than a pipe holds, so that a reader who leaves is noticed.
MANY = "---\n".join([services.PLAIN] * 100)
NONE = "no Service of type LoadBalancer found\n"


def start(*arguments: str, stdin: str = "", redirect: str = "") -> subprocess.CompletedProcess[str]:
    command = ["sh", "-c", f'"$0" "$@" {redirect}', *KUBECTL_AKSLB] if redirect else KUBECTL_AKSLB
    return subprocess.run(
        [*command, *arguments], input=stdin, capture_output=True, text=True, check=False, cwd=ROOT,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
    )  # fmt: skip


def test_standard_input() -> None:
    done = start("explain", "-f", "-", stdin=services.PLAIN)
    assert (0, "") == (done.returncode, done.stderr)
    assert re.match(r"✓ shop/web +public  <stdin>:1\n  WORKS  ", done.stdout)


def test_utf_8_whatever_the_locale() -> None:
    done = start("explain", "-f", "-", stdin=services.PLAIN).stdout
    assert "✓" in done
    command = ["env", "LC_ALL=C", "PYTHONIOENCODING=ascii", "PYTHONUTF8=0", *KUBECTL_AKSLB, "explain", "-f", "-"]
    plain = subprocess.run(command, input=services.PLAIN.encode(), capture_output=True, check=True, cwd=ROOT)
    assert "✓" in plain.stdout.decode()


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_reader_who_leaves_is_no_error(form: str) -> None:
    script = f'("$0" "$@" -o {form}; echo "exit $?" >&2) | head -n 1'
    command = ["sh", "-c", script, *KUBECTL_AKSLB, "explain", "-f", "-"]
    done = subprocess.run(command, input=MANY, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ("exit 0\n", 1) == (done.stderr, done.stdout.count("\n"))


def test_a_full_disk_is_an_error() -> None:
    done = start("explain", "-f", "-", stdin=services.PLAIN, redirect="> /dev/full")
    expected = "error: cannot write to standard output: No space left on device\n  hint: what was written so far is not complete\n"
    assert (3, "", expected) == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("redirect", "code", "expected"),
    [
        (">&-", 3, "error: standard output is closed\n  hint: leave it open, or redirect it to a file\n"),
        (
            "<&-",
            2,
            "error: nothing is piped into standard input\n  hint: pipe a manifest in, or name a file after -f\n",
        ),
    ],
)
def test_a_closed_stream_is_an_error(redirect: str, code: int, expected: str) -> None:
    done = start("explain", "-f", "-", stdin="a: 1\n", redirect=redirect)
    assert (code, "", expected) == (done.returncode, done.stdout, done.stderr)


def test_where_standard_error_is_closed_the_exit_code_says_it() -> None:
    done = start("explain", "-f", "-", stdin="kind: Service\nspec: {type: LoadBalancer\n", redirect="2>&-")
    assert (3, "") == (done.returncode, done.stdout)


def test_the_help_needs_no_cluster() -> None:
    done = start("--help")
    assert (0, "") == (done.returncode, done.stderr)
    assert "Explain, lint and fix what Azure makes of a Kubernetes Service" in done.stdout


def test_the_help_of_a_command_ends_with_examples_that_fit_a_terminal() -> None:
    text = start("lint", "--help").stdout.rpartition("Examples:\n")[2]
    assert "    # What is wrong with a file?\n    kubectl akslb lint -f examples/ingress-nginx.yaml \\\n" in text
    assert 80 >= max(map(len, text.splitlines()))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a process alone")
def test_ctrl_c_ends_a_command_without_a_trace() -> None:
    command = [sys.executable, "-m", "kubectl_akslb", "explain", "-f", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        assert "waiting for a manifest" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        assert (130, "") == (running.wait(30), running.stderr.read())
