"""Archives: the same bytes on every machine, with executable bits and without links."""

import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from release.archive import checksums, digest, pack

TIME = 1_700_000_001


@pytest.fixture(autouse=True)
def _time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(TIME))


def tree(folder: Path, mode: int = 0o755) -> Path:
    """A folder as a build makes it: a program, a library behind a link, and a text."""
    made = folder / "program"
    (made / "lib").mkdir(parents=True)
    (made / "run").write_bytes(b"#!/bin/sh\n")
    (made / "run").chmod(mode)
    (made / "lib" / "z.so").write_bytes(b"library")
    (made / "a.so").symlink_to(Path("lib", "z.so"))
    (made / "again").symlink_to("lib", target_is_directory=True)
    return made


def test_a_tarball_holds_files_only(tmp_path: Path) -> None:
    with tarfile.open(pack(tree(tmp_path), tmp_path / "a.tar.gz")) as tar:
        found = {(one.name, one.isreg(), one.mode, one.mtime, one.uid, one.uname) for one in tar}
        library = tar.extractfile("program/a.so")
        assert library is not None
        assert b"library" == library.read()
    assert found == {
        ("program/a.so", True, 0o644, TIME, 0, ""),
        ("program/again/z.so", True, 0o644, TIME, 0, ""),
        ("program/lib/z.so", True, 0o644, TIME, 0, ""),
        ("program/run", True, 0o755, TIME, 0, ""),
    }


def test_a_zip_says_what_is_executable(tmp_path: Path) -> None:
    folder = tree(tmp_path, mode=0o644)  # as on Windows, where no file has the bit
    with zipfile.ZipFile(pack(folder, tmp_path / "a.zip", executable=("run",))) as file:
        modes = {one.filename: one.external_attr >> 16 & 0o777 for one in file.infolist()}
        assert {(2023, 11, 14, 22, 13, 20)} == {one.date_time for one in file.infolist()}
    assert modes == {
        "program/a.so": 0o644,
        "program/again/z.so": 0o644,
        "program/lib/z.so": 0o644,
        "program/run": 0o755,
    }


@pytest.mark.parametrize("suffix", [".tar.gz", ".zip", ".tgz"])
def test_the_same_files_make_the_same_archive(tmp_path: Path, suffix: str) -> None:
    made = []
    for number in (1, 2):
        folder = tree(tmp_path / str(number))
        os.utime(folder / "run", (number, number))
        made.append(digest(pack(folder, tmp_path / f"{number}{suffix}")))
    assert made[0] == made[1]


def test_sha256sum_checks_the_checksums(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"1")
    (tmp_path / "folder").mkdir()
    text = checksums(tmp_path).read_text()
    assert "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b  one\n" == text
    assert text == checksums(tmp_path).read_text()  # not of itself
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, check=True, capture_output=True)
