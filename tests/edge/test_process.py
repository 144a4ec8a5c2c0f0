"""Programs side by side: output, exit codes, logins, what is not installed."""

import sys
import time
from pathlib import Path

import pytest

from kubectl_akslb.edge import process
from kubectl_akslb.edge.process import NotInstalledError, Running, located, run_together
from kubectl_akslb.errors import AkslbError


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-IS", "-c", code)


def test_output_and_code() -> None:
    done = Running(python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")).finished()
    assert (3, b"out\n", "err\n") == (done.code, done.out, done.err)


def test_much_output_on_both_streams() -> None:
    code = "import sys; [(print('o' * 1000), print('e' * 1000, file=sys.stderr)) for _ in range(1000)]"
    done = Running(python(code)).finished()
    assert (1_001_000, 1_001_000) == (len(done.out), len(done.err))


@pytest.mark.parametrize(
    ("frozen", "given", "seen"),
    [
        (False, {"LD_LIBRARY_PATH": "/mine"}, "/mine"),
        (True, {"LD_LIBRARY_PATH": "/frozen:/mine", "LD_LIBRARY_PATH_ORIG": "/mine"}, "/mine"),
        (True, {"LD_LIBRARY_PATH": "/frozen"}, "None"),
    ],
)
def test_libraries_of_a_frozen_build_are_not_passed_on(
    monkeypatch: pytest.MonkeyPatch, *, frozen: bool, given: dict[str, str], seen: str
) -> None:
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    for name in ("LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    code = "import os; print(os.environ.get('LD_LIBRARY_PATH'), 'LD_LIBRARY_PATH_ORIG' in os.environ)"
    done = Running(python(code)).finished()
    assert [seen, "False"] == done.out.decode().split()


def test_they_run_side_by_side() -> None:
    start = time.monotonic()
    done = run_together([python("import time; time.sleep(0.7)")] * 3)
    assert [0, 0, 0] == [one.code for one in done]
    assert time.monotonic() - start < 2.0


def test_a_child_that_holds_the_pipe_is_not_waited_for() -> None:
    code = "import subprocess, sys; print('x', flush=True); subprocess.Popen(['sleep', '60'])"
    start = time.monotonic()
    done = Running(python(code)).finished()
    assert (0, b"x\n") == (done.code, done.out)
    assert time.monotonic() - start < 20.0


def test_what_is_late_ends_with_all_that_it_started(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    code = f"import subprocess; p = subprocess.Popen(['sleep', '60']); open({str(file)!r}, 'w').write(str(p.pid)); p.wait()"
    running = Running(python(code))
    while not file.exists() or not file.read_text():
        time.sleep(0.05)
    assert running.finished(0.1).code == 124
    for _ in range(100):
        state = Path(f"/proc/{file.read_text()}/stat")
        if not state.exists() or ") Z " in state.read_text():
            return
        time.sleep(0.05)
    pytest.fail("the child lives on")


def test_too_much_output_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MAX_OUT", 1_000_000)
    done = Running(python("import sys\nwhile True: sys.stdout.write('x' * 10_000)")).finished()
    assert (125, b"") == (done.code, done.out)
    assert "it wrote more than 1,000,000 bytes" in done.err


def test_much_on_standard_error_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MAX_ERR", 1_000)
    done = Running(python("import sys; [print('e' * 99, file=sys.stderr) for _ in range(1000)]")).finished()
    assert (0, 1_000) == (done.code, len(done.err))


def test_all_share_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS", 0.5)
    monkeypatch.setattr(process, "LOGIN_SECONDS", 0.1)
    start = time.monotonic()
    done = run_together([python("import time; time.sleep(60)")] * 4)
    assert [124] * 4 == [one.code for one in done]
    assert time.monotonic() - start < 20.0


def test_a_program_is_found_on_the_path_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "kubectl"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    for path in ("", ".", ":", f"bin:{tmp_path}/none"):
        monkeypatch.setenv("PATH", path)
        assert located("kubectl") is None
    with pytest.raises(NotInstalledError):
        Running(("kubectl",))
    monkeypatch.setenv("PATH", f".:{tmp_path}")
    assert located("kubectl") == str(own)
    assert located("/bin/sh") == "/bin/sh"


def test_what_is_late_is_stopped() -> None:
    done = Running(python("import time; print('x', flush=True); time.sleep(60)")).finished(0.5)
    assert (124, b"x\n") == (done.code, done.out)


def test_missing_program() -> None:
    with pytest.raises(NotInstalledError, match="akslb-no-such-program was not found"):
        Running(("akslb-no-such-program",))


def test_a_program_that_cannot_be_started() -> None:
    with pytest.raises(AkslbError, match="cannot be started"):
        Running(("/etc/passwd",))


def test_a_login_is_shown_and_asked_for_once(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(process, "LOGIN_SECONDS", 0.5)
    login = "import sys, time; print('to sign in, open a page', file=sys.stderr); time.sleep(1.5); print('in')"
    waiting = "import time; time.sleep(60)"
    quick = "print('later')"
    started = []
    original = Running.__init__

    def counted(self: Running, argv: tuple[str, ...], *, interactive: bool = False) -> None:
        started.append(argv)
        # The others wait for the login at first, and need none after it.
        original(self, python(waiting) if len(started) == 2 else argv, interactive=interactive)

    monkeypatch.setattr(Running, "__init__", counted)
    done = run_together([python(login), python(quick)])
    assert [b"in\n", b"later\n"] == [one.out for one in done]
    assert 3 == len(started)
    assert "to sign in, open a page\n" == capfd.readouterr().err


@pytest.mark.parametrize(("code", "expected"), [(0, [b"in\n", b"later\n"]), (1, [b"in\n"])])
def test_a_login_without_a_word_is_waited_for(code: int, expected: list[bytes]) -> None:
    login = f"import sys, time; time.sleep(0.7); print('in'); sys.exit({code})"
    start = time.monotonic()
    done = run_together([python(login), python("print('later')")], logs_in=lambda _: False)
    assert expected == [one.out for one in done]
    assert time.monotonic() - start > 0.7


def test_kubectls_log_lines_are_no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LOGIN_SECONDS", 0.5)
    code = "import sys, time; print('E1121 08:54:24 memcache.go:265] x', file=sys.stderr); time.sleep(1); print(1)"
    done = run_together([python(code), python("print(2)")])
    assert [b"1\n", b"2\n"] == [one.out for one in done]


def test_kubectl_does_not_wait_five_times_for_a_server_that_does_not_answer() -> None:
    log = 'E1121 09:39:01.9 1 memcache.go:265] err="couldn\'t get current server API group list: dial tcp: i/o timeout"'
    code = f"import sys, time; print({log!r}, file=sys.stderr, flush=True); time.sleep(60)"
    start = time.monotonic()
    (done,) = run_together([python(code)])
    assert time.monotonic() - start < 3
    assert done.code != 0
    assert "i/o timeout" in done.err
