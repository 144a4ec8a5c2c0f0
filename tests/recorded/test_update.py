"""A new release: it is recorded beside the others, and the report says what it changes and what is to do."""

import json
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from conformance import newest, record, update, vectors
from conformance.record import answers_of
from conformance.vectors import Vector
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.version import NEWEST, NEWEST_PATCH
from tests.recorded.known import ANSWERS, VECTORS

Json = dict[str, Any]

OLD, NEW = "v1.36.5", "v1.37.0"
NAMES = ("probe/app-protocol-cluster-http", "probe/app-protocol-cluster-tcp", "probe/udp", "rule/affinity")


def _cases() -> list[Json]:
    return [VECTORS[name].case for name in NAMES]


def _answers(version: str = OLD) -> dict[str, Json]:
    return {name: record.settled(ANSWERS[name].answer(version), version) for name in NAMES}


def _slower(outcome: Json) -> Json:
    """What a release would do that probes less often."""
    changed: Json = json.loads(json.dumps(outcome))
    for load_balancer in changed["loadBalancers"]:
        for probe in load_balancer["probes"]:
            probe["intervalInSeconds"] = 10
    return changed


def _lines(answers: dict[str, Json]) -> str:
    return "".join(json.dumps({"id": name, **answer}) + "\n" for name, answer in answers.items())


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A folder with a few recordings of one release."""
    vectors.write(record.merged({}, OLD, _cases(), _answers()).values(), tmp_path)
    return tmp_path


def test_a_release_that_changes_nothing(
    recorded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(update, "all_cases", lambda: [_AsJson(case) for case in _cases()])
    monkeypatch.setattr(update, "built", lambda _: lambda _: _lines(_answers()))
    assert 1 == update.main([NEW, "--into", str(recorded)])
    text = capsys.readouterr().out
    assert "Nothing that a case shows." in text
    assert "Nowhere: it says what the new release does." in text
    assert "`NEWEST_PATCH[37]` is not there, make it 0" in text
    assert [OLD, NEW] == vectors.versions_of(vectors.read(recorded))


def test_a_release_that_changes_probes(
    recorded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = {name: _slower(answer) for name, answer in _answers().items()}
    monkeypatch.setattr(update, "all_cases", lambda: [_AsJson(case) for case in _cases()])
    monkeypatch.setattr(update, "built", lambda _: lambda _: _lines(changed))
    assert 1 == update.main([NEW.removeprefix("v"), "--into", str(recorded)])
    text = capsys.readouterr().out
    assert "4 cases, 3 with another outcome." in text, "a UDP port has no probe"
    assert (
        "- `loadBalancers[].probes[].intervalInSeconds`: probe/app-protocol-cluster-http,"
        " probe/app-protocol-cluster-tcp, rule/affinity\n  - `5` became `10`" in text
    )
    assert "a row, or another date, for each of the 1 groups above" in text


def test_the_table_of_releases_is_bumped() -> None:
    text = update.VERSIONS.read_text(encoding="utf-8")
    newer = update.bumped(text, "v1.36.99")
    assert "35: 8, 36: 99,\n}  # fmt: skip" in newer
    assert f"{NEWEST.minor}: {NEWEST.patch}, {NEWEST.minor + 1}: 0," in update.bumped(text, f"v1.{NEWEST.minor + 1}.0")
    assert text == update.bumped(text, f"v{NEWEST}") == update.bumped(text, "v1.23.2")


def test_an_area_alone_leaves_the_others(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "all_cases", lambda: [_AsJson(case) for case in _cases()])
    slower = {name: _slower(answer) for name, answer in _answers().items() if name.startswith("probe/")}
    monkeypatch.setattr(record, "built", lambda _: lambda _: _lines(slower))
    assert 0 == record.main([OLD, "--only", "probe", "--into", str(recorded)])
    found = vectors.read(recorded)
    assert set(NAMES) == set(found)
    assert _answers()["rule/affinity"] == found["rule/affinity"].outcome_of(OLD)
    assert slower[NAMES[0]] == found[NAMES[0]].outcome_of(OLD)


def test_an_area_that_is_none(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        record.main([OLD, "--only", "nothing", "--into", str(recorded)])
    assert "no case is in area 'nothing'" in capsys.readouterr().err


def test_without_go_the_recorder_says_so(tmp_path: Path) -> None:
    (tmp_path / "bash").symlink_to(which("bash") or "/bin/bash")
    done = subprocess.run([record.BUILD, OLD], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert (2, "Go is needed to build the recorder, and is not on the PATH: https://go.dev/dl\n") == (
        done.returncode,
        done.stderr,
    )


def test_two_recorded_releases_are_compared_without_recording(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Between these two came the check of addresses, among others."""
    vectors.write((vector for name, vector in VECTORS.items() if name.startswith("address/")), tmp_path)
    assert 0 == update.main(["v1.36.5", "--since", "1.33.6", "--into", str(tmp_path)])
    text = capsys.readouterr().out
    assert text.startswith("# cloud-provider-azure v1.36.5, compared with v1.33.6\n")
    assert "- `error`: address/ipv4-10.0.0.1, address/ipv4-100.64.0.1" in text
    assert 'became `external Service "default/web" cannot use non-public LoadBalancer IP "10.0.0.1"' in text
    assert text.endswith("## What is to do\n\nNothing.\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["v1.37.0", "--since", OLD], "v1.37.0 is not recorded"),
        (["v1.2"], "not a version of the form 1.28.5"),
    ],
)
def test_what_cannot_be_compared(
    arguments: list[str], message: str, recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 1 == update.main([*arguments, "--into", str(recorded)])
    assert message in capsys.readouterr().err


def test_a_release_that_answers_at_random_is_not_recorded() -> None:
    runs = iter((_lines(_answers()), _lines({name: _slower(answer) for name, answer in _answers().items()})))
    with pytest.raises(AkslbError, match=r"v1\.36\.5 answers at random to probe/app-protocol-cluster-http"):
        answers_of(lambda _: next(runs), OLD, _cases())


def test_a_release_that_leaves_a_case_out_is_not_recorded() -> None:
    answers = _answers()
    del answers["rule/affinity"]
    with pytest.raises(AkslbError, match="gave no answer, or one too many, to rule/affinity"):
        answers_of(lambda _: _lines(answers), OLD, _cases())


def test_a_provider_that_does_not_start_is_not_recorded() -> None:
    answers = {name: {"error": "the provider does not start: no credentials"} for name in NAMES}
    with pytest.raises(AkslbError, match=r"v1\.36\.5 does not start: no credentials"):
        answers_of(lambda _: _lines(answers), OLD, _cases())


def test_a_case_that_has_changed_forgets_what_was_recorded_of_it() -> None:
    (case, *_), answers = _cases(), _answers()
    known = {case["id"]: Vector({**case, "nodes": []}, (({"error": "old"}, ("v1.35.0",)),))}
    found = record.merged(known, OLD, [case], answers)
    assert ((answers[case["id"]], (OLD,)),) == found[case["id"]].outcomes


def test_bytes_depend_on_the_recordings_only(recorded: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    vectors.write(reversed(list(vectors.read(recorded).values())), again)
    assert {path.name: path.read_bytes() for path in recorded.glob("*.gz")} == {
        path.name: path.read_bytes() for path in again.iterdir()
    }


def test_newer_releases_are_those_after_the_newest_of_their_minor() -> None:
    released = ["v1.35.9", "v1.36.4", "v1.36.5", "v1.36.6", "v1.36.7", "v1.37.0", "v1.37.1"]
    assert ["v1.36.7", "v1.37.1"] == newest.newer(released, ["v1.35.8", "v1.36.5"])
    assert [] == newest.newer(released[:3], ["v1.36.5"])


def test_every_recorded_release_is_a_known_one() -> None:
    """Versions are told apart by the tables, so a release that they do not know cannot be compared."""
    parsed = [ProviderVersion.parse(version) for version in vectors.versions_of(VECTORS)]
    assert [] == [version for version in parsed if version.patch > NEWEST_PATCH.get(version.minor, -1)]


class _AsJson:
    """A case that is its JSON already."""

    def __init__(self, body: Json) -> None:
        self._body = body
        self.id = body["id"]

    def as_json(self) -> Json:
        """The case."""
        return self._body
