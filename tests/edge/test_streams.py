"""Standard output gets all bytes, or the exit status says that it did not: for every command, wherever it goes."""

import fcntl
import os
import subprocess
import sys
import threading
import time
from functools import cache
from pathlib import Path

import pytest

from kubectl_akslb.edge.files import read_file
from kubectl_akslb.edge.streams import bounded
from kubectl_akslb.errors import AkslbError, InputError

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "kubectl_akslb"]
SERVICE = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec: {type: LoadBalancer, ports: [{port: 80, appProtocol: http}]}\n"
#: More than a pipe takes at once.
BIG = SERVICE + "---\nkind: ConfigMap\ndata: {a: b}\n" * 2_500
LIST = (
    f"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- {SERVICE.replace(chr(10), chr(10) + '  ').rstrip()}\n"
    + "- {kind: ConfigMap, metadata: {name: a}}\n" * 2_000
)
COMMANDS = {
    "post-render": (["post-render"], BIG),
    "fix": (["fix", "-f", "-"], BIG),
    "lint --fix": (["lint", "--fix", "-f", "-"], BIG),
    "explain": (["explain", "-f", "-", "-o", "json"], "---\n".join([SERVICE] * 30)),
    "krm": (["krm"], LIST),
}
#: All commands have the one writer of edge/streams.py, so that two of them, and without a buffer one, are enough for the
#: quick tests: the one that starts by itself, and one of those that start together.
QUICK = {("post-render", ""), ("post-render", "1"), ("explain", "")}
every_command = pytest.mark.parametrize(
    ("name", "unbuffered"),
    [
        pytest.param(name, unbuffered, marks=() if (name, unbuffered) in QUICK else pytest.mark.slow)
        for unbuffered in ("", "1")
        for name in COMMANDS
    ],
)


def environment(unbuffered: str) -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": unbuffered, "NO_COLOR": "1"}


@cache
def whole(name: str) -> tuple[int, bytes]:
    arguments, stdin = COMMANDS[name]
    done = subprocess.run([*PROGRAM, *arguments], input=stdin.encode(), capture_output=True, check=False, cwd=ROOT)
    return done.returncode, done.stdout


@every_command
def test_a_pipe_that_does_not_wait_gets_all(name: str, unbuffered: str) -> None:
    arguments, stdin = COMMANDS[name]
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETFL, fcntl.fcntl(writing, fcntl.F_GETFL) | os.O_NONBLOCK)
    got: list[bytes] = []

    def read() -> None:
        time.sleep(0.5)
        while data := os.read(reading, 100_000):
            got.append(data)

    with subprocess.Popen(
        [*PROGRAM, *arguments], stdin=subprocess.PIPE, stdout=writing, stderr=subprocess.DEVNULL, cwd=ROOT,
        env=environment(unbuffered),
    ) as process:  # fmt: skip
        os.close(writing)
        reader = threading.Thread(target=read)
        reader.start()
        assert process.stdin is not None
        process.stdin.write(stdin.encode())
        process.stdin.close()
        reader.join()
    os.close(reading)
    code, expected = whole(name)
    assert len(expected) > 65_536
    assert (code, expected) == (process.returncode, b"".join(got))


@every_command
def test_a_full_disk_is_an_error(name: str, unbuffered: str) -> None:
    arguments, stdin = COMMANDS[name]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *arguments], input=stdin.encode(), stdout=full, stderr=subprocess.PIPE, check=False, cwd=ROOT,
            env=environment(unbuffered),
        )  # fmt: skip
    assert done.returncode in {1, 3}
    assert b"cannot write to standard output: No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("unbuffered", ["", pytest.param("1", marks=pytest.mark.slow)])
@pytest.mark.parametrize("where", [">/dev/full", ">&-", ">/dev/full 2>&1", ">&- 2>&-"])
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["snat", "--nodes", "3"], ["lint", "--nonsense"]])
def test_what_people_read(arguments: list[str], where: str, unbuffered: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" "$@" {where}', *PROGRAM, *arguments], capture_output=True, check=False, cwd=ROOT,
        env=environment(unbuffered),
    )  # fmt: skip
    assert done.returncode != 0 or (arguments == ["--help"] and ">&-" in where)
    assert b"Traceback" not in done.stderr


@every_command
def test_a_closed_descriptor_is_an_error(name: str, unbuffered: str) -> None:
    arguments, stdin = COMMANDS[name]
    done = subprocess.run(
        ["sh", "-c", '"$0" "$@" >&-', *PROGRAM, *arguments], input=stdin.encode(), capture_output=True, check=False,
        cwd=ROOT, env=environment(unbuffered),
    )  # fmt: skip
    assert done.returncode in {1, 3}
    assert b"standard output is closed" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "name", ["post-render", *(pytest.param(one, marks=pytest.mark.slow) for one in ("fix", "lint --fix", "krm"))]
)
def test_a_reader_who_leaves_a_stream_has_not_got_all(name: str) -> None:
    arguments, stdin = COMMANDS[name]
    script = '("$0" "$@"; echo "exit $?" >&2) | head -c 10 >/dev/null'
    done = subprocess.run(
        ["sh", "-c", script, *PROGRAM, *arguments], input=stdin.encode(), capture_output=True, check=False, cwd=ROOT
    )
    assert b"exit 0" not in done.stderr
    assert b"Traceback" not in done.stderr


def test_no_file_is_read_without_end(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="more than 10 bytes"):
        read_file("/dev/zero", 10)
    (tmp_path / "x").write_bytes(b"0123456789")
    assert read_file(str(tmp_path / "x"), 10) == b"0123456789"
    with (tmp_path / "x").open("rb") as file, pytest.raises(InputError):
        bounded(file, "x", 9)
    for path in (str(tmp_path), "/none", "a\0b"):
        with pytest.raises(AkslbError, match="cannot read"):
            read_file(path)
