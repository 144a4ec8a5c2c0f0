"""A file that is fixed in place stays what it was but for its bytes, or is left alone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kubectl_akslb.edge.replace import check_replaceable, replace_file
from kubectl_akslb.errors import AkslbError
from tests.given.command import akslb

ROOT = Path(__file__).parents[2]
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: LoadBalancer, ports: [{port: 80, appProtocol: http}]}\n"
as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"before")
    return path


def test_bytes_mode_and_links(file: Path) -> None:
    file.chmod(0o640)
    hard = file.with_name("hard.yaml")
    hard.hardlink_to(file)
    soft = file.with_name("soft.yaml")
    soft.symlink_to(file)
    number = file.stat().st_ino
    replace_file(str(soft), b"before", b"after, and longer")
    assert soft.is_symlink()
    assert hard.read_bytes() == file.read_bytes() == b"after, and longer"
    assert (file.stat().st_ino, file.stat().st_mode & 0o777) == (number, 0o640)
    hard.unlink()
    replace_file(str(file), b"after, and longer", b"x")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"x", 0o640)
    assert sorted(path.name for path in file.parent.iterdir()) == ["a.yaml", "soft.yaml"]


@as_root
def test_the_owner_stays(file: Path) -> None:
    os.chown(file, 65534, 65533)
    file.chmod(0o660)
    replace_file(str(file), b"before", b"after")
    found = file.stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (65534, 65533, 0o660)


@as_root
def test_who_cannot_give_it_away_writes_over_it(file: Path) -> None:
    file.parent.chmod(0o777)
    file.chmod(0o666)
    number = file.stat().st_ino
    code = f"import os; from kubectl_akslb.edge.replace import replace_file; os.setgid(65533); os.setuid(65534); replace_file({str(file)!r}, b'before', b'after')"
    for folder in file.parent.parents:
        if len(folder.parts) > 2:  # what pytest has made below /tmp
            folder.chmod(folder.stat().st_mode | 0o011)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    assert (file.read_bytes(), file.stat().st_ino, file.stat().st_uid) == (b"after", number, 0)


def test_what_changed_meanwhile_stays(file: Path) -> None:
    with pytest.raises(AkslbError, match="has changed while"):
        replace_file(str(file), b"another", b"after")
    assert file.read_bytes() == b"before"
    assert [path.name for path in file.parent.iterdir()] == ["a.yaml"]


def test_a_read_only_file_stays(file: Path) -> None:
    file.write_text(SERVICE)
    file.chmod(0o444)
    ran = akslb("lint", "--fix", "-f", str(file))
    assert (ran.code, file.read_text()) == (3, SERVICE)
    assert "read-only" in ran.err


def test_no_file_of_its_own(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (
        "/dev/stdin",
        "/dev/fd/0",
        "/proc/self/fd/0",
        "/dev/null",
        str(tmp_path / "pipe"),
        str(tmp_path / "none"),
    ):
        with pytest.raises(AkslbError):
            check_replaceable(path)


def test_standard_input_by_its_path_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(SERVICE)
    with path.open("rb") as stdin:
        done = subprocess.run(
            [sys.executable, "-m", "kubectl_akslb", "lint", "--fix", "-f", "/dev/stdin"],
            stdin=stdin, cwd=ROOT, capture_output=True, check=False,
        )  # fmt: skip
    assert (done.returncode, path.read_text()) == (3, SERVICE)
    assert b"not fixed in place" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_nothing_behind(file: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(_: int) -> None:
        os.kill(os.getpid(), number)

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(SystemExit) as ended:
        replace_file(str(file), b"before", b"after")
    assert ended.value.code == 128 + number
    assert file.read_bytes() == b"before"
    assert [path.name for path in file.parent.iterdir()] == ["a.yaml"]


def test_a_failed_write_puts_back_what_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.with_name("hard.yaml").hardlink_to(file)
    calls = []

    def full(number: int) -> None:
        calls.append(number)
        if len(calls) == 2:  # the first is for the copy that stands beside it
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AkslbError, match="No space left"):
        replace_file(str(file), b"before", b"after, and longer")
    assert file.read_bytes() == b"before"
