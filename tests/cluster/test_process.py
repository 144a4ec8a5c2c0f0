"""Programs side by side: output, exit codes, logins, what is not installed."""

import sys
import time

import pytest

from kubectl_akslb.cluster import process
from kubectl_akslb.cluster.process import NotInstalledError, Running, run_together
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
