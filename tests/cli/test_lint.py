"""``lint`` and ``rules``: exit codes, formats, fixes in files and in pipes, the configuration, and wrong usage."""

import json
import stat
from pathlib import Path

import pytest

from kubectl_akslb.provider.version import NEWEST
from tests.given.command import akslb

MANIFEST = b"""\
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: 10   # minutes
spec:
  type: LoadBalancer
  ports:
  - {port: 443, name: https}
"""
FIXED = MANIFEST.replace(b": 10 ", b': "10" ')
CLEAN = FIXED.replace(
    b"  annotations:\n", b'  annotations:\n    akslb.dev/ignore: "open-to-the-internet: our web site"\n'
)
RULE = "unquoted-annotation-value"


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "web.yaml"
    path.write_bytes(MANIFEST)
    return path


def test_a_finding_names_place_rule_and_remedy(manifest: Path) -> None:
    ran = akslb("lint", "-f", str(manifest), environ={"COLUMNS": "200"})
    assert ran.code == 1
    assert f"{manifest}:7:70: error[{RULE}]: 10 is not a string" in ran.out
    assert 'fix:    write "10"' in ran.out
    assert ran.out.endswith("1 can be fixed with --fix\n")
    assert ran.err == f"note: no version given: assuming the newest known provider, {NEWEST}\n"


def test_a_file_needs_no_flag(manifest: Path) -> None:
    named, bare = akslb("lint", "-f", str(manifest)), akslb("lint", str(manifest))
    assert named == bare
    assert 1 == bare.code
    assert named == akslb("lint", "-f", str(manifest), str(manifest), f"{manifest.parent}/./{manifest.name}")
    both = akslb("lint", str(manifest), "web")
    assert (2, True) == (both.code, "web asks the cluster, but files are given" in both.err)


def test_nothing_to_find(tmp_path: Path) -> None:
    path = tmp_path / "web.yaml"
    path.write_bytes(CLEAN)
    ran = akslb("lint", "-f", str(path), "--provider-version", "1.30.0")
    assert (ran.code, ran.out, ran.err) == (0, "no findings in 1 Service of type LoadBalancer; 1 suppressed\n", "")


@pytest.mark.parametrize(
    ("fail_on", "code"), [("error", 0), ("warning", 0), ("info", 1), ("never", 0)], ids=lambda one: str(one)
)
def test_the_least_severity_that_fails(tmp_path: Path, fail_on: str, code: int) -> None:
    path = tmp_path / "web.yaml"
    path.write_bytes(FIXED)
    assert akslb("lint", "-f", str(path), "--fail-on", fail_on).code == code


def test_never_is_never_an_excuse_for_input_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "web.yaml"
    path.write_bytes(MANIFEST + b"---\nkind: Service\nspec: [\n")
    ran = akslb("lint", "-f", str(path), "--fail-on", "never")
    assert ran.code == 3
    assert f"error[{RULE}]" in ran.out  # what can be read is judged
    assert f"{path}:14:1: error:" in ran.err or f"{path}:1" in ran.err


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_formats_for_machines_are_json_and_nothing_else(manifest: Path, form: str) -> None:
    ran = akslb("lint", "-f", str(manifest), "-o", form)
    assert (ran.code, ran.err) == (1, "")
    assert RULE in json.dumps(json.loads(ran.out))


@pytest.mark.parametrize(
    ("form", "begin"), [("github", "::error "), ("junit", "<?xml "), ("markdown", "| severity | where | what | rule |")]
)
def test_other_formats(manifest: Path, form: str, begin: str) -> None:
    ran = akslb("lint", "-f", str(manifest), "-o", form)
    assert ran.out.startswith(begin)
    assert RULE in ran.out


def test_fix_writes_the_file_in_place_with_its_permissions(manifest: Path) -> None:
    manifest.chmod(0o640)
    ran = akslb("lint", "-f", str(manifest), "--fix")
    assert ran.code == 0
    assert ran.out.startswith(f'fixed {manifest}:7:70 {RULE}: write "10"\n\n')
    assert manifest.read_bytes() == FIXED
    assert stat.S_IMODE(manifest.stat().st_mode) == 0o640
    assert [path.name for path in manifest.parent.iterdir()] == ["web.yaml"]


def test_a_link_stays_a_link(manifest: Path) -> None:
    link = manifest.parent / "link.yaml"
    link.symlink_to(manifest)
    akslb("lint", "-f", str(link), "--fix")
    assert link.is_symlink()
    assert manifest.read_bytes() == FIXED


def test_a_file_without_findings_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "web.yaml"
    path.write_bytes(FIXED)
    before = path.stat()
    akslb("lint", "-f", str(path), "--fix")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_write_that_fails_loses_nothing(manifest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = akslb("lint", "-f", str(manifest), "--fix")
    assert ran.code == 3
    assert "No space left on device" in ran.err
    assert manifest.read_bytes() == MANIFEST
    assert [path.name for path in manifest.parent.iterdir()] == ["web.yaml"]


def test_diff_writes_nothing_and_fails_where_it_would_change_something(manifest: Path) -> None:
    ran = akslb("lint", "-f", str(manifest), "--diff")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.splitlines()[0].startswith("--- a/")
    assert [line for line in ran.out.splitlines()[2:] if line[0] in "+-"] == [
        "-    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: 10   # minutes",
        '+    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"   # minutes',
    ]
    assert manifest.read_bytes() == MANIFEST
    manifest.write_bytes(FIXED)
    assert akslb("lint", "-f", str(manifest), "--diff") == (0, "", "")


def test_what_comes_by_a_pipe_goes_on_by_one() -> None:
    ran = akslb("lint", "-f", "-", "--fix", stdin=MANIFEST)
    assert (ran.code, ran.out) == (0, FIXED.decode())
    assert f"fixed <stdin>:7:70 {RULE}" in ran.err


def test_unsafe_fixes_need_consent(tmp_path: Path) -> None:
    path = tmp_path / "web.yaml"
    text = FIXED.replace(b"azure-load-balancer-tcp-idle-timeout", b"azure-load-balancer-tcp-idle-timeot")
    path.write_bytes(text)
    said = akslb("lint", "-f", str(path), "--fix").out
    assert " ".join(said.split()).endswith("1 can be fixed with --unsafe-fixes")
    assert path.read_bytes() == text
    akslb("lint", "-f", str(path), "--unsafe-fixes")
    assert path.read_bytes() == FIXED


def test_select_and_ignore(manifest: Path) -> None:
    assert akslb("lint", "-f", str(manifest), "--select", "udp-*,sctp-*").code == 0
    assert RULE not in akslb("lint", "-f", str(manifest), "--ignore", RULE).out
    ran = akslb("lint", "-f", str(manifest), "--select", "unquoted-anotation-value")
    assert ran.code == 2
    assert ran.err == f"error: there is no rule 'unquoted-anotation-value'\n  hint: Did you mean {RULE}?\n"


def test_the_configuration_above_the_file(manifest: Path) -> None:
    (manifest.parent / ".git").mkdir()
    folder = manifest.parent / "charts" / "web"
    folder.mkdir(parents=True)
    moved = manifest.rename(folder / "web.yaml")
    config = manifest.parent / ".akslb.yaml"
    config.write_text(f"severity:\n  {RULE}: info\nprofile: aks.yaml\n")
    (manifest.parent / "aks.yaml").write_text(
        "apiVersion: akslb.dev/v1alpha1\nkind: ClusterProfile\nspec:\n  providerVersion: 1.28.4\n"
    )
    ran = akslb("lint", "-f", str(moved))
    assert ran.code == 0
    assert f"info[{RULE}]" in ran.out
    assert ran.err == ""  # the profile says the version
    config.write_text("failOnn: info\n")
    ran = akslb("lint", "-f", str(moved))
    assert ran.code == 3
    assert "there is no setting 'failOnn'" in ran.err
    assert "Did you mean failOn?" in ran.err


def test_a_configuration_by_name(manifest: Path) -> None:
    config = manifest.parent / "strict.yaml"
    config.write_text("failOn: never\n")
    assert akslb("lint", "-f", str(manifest), "--config", str(config)).code == 0
    assert akslb("lint", "-f", str(manifest), "--config", str(config), "--fail-on", "error").code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--diff", "-o", "json"), "--diff cannot go with -o json"),
        (("-f", "-"), "<stdin> is given twice"),
        (("--provider-version", "1.2"), "1.2"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], message: str) -> None:
    ran = akslb("lint", "-f", "-", *arguments, stdin=MANIFEST)
    assert ran.code == 2
    assert ran.out == ""
    assert message in ran.err
    assert "hint:" in ran.err


def test_rules_lists_all_and_prints_one() -> None:
    ran = akslb("rules")
    assert (ran.code, ran.err) == (0, "")
    assert f"\n  {RULE} " in ran.out
    page = akslb("rules", RULE)
    assert page.code == 0
    assert page.out.startswith(f"{RULE}  error  safe fix\n")
    ran = akslb("rules", "udp-without-prob")
    assert (ran.code, ran.out) == (2, "")
    assert "Did you mean udp-without-probe?" in ran.err
