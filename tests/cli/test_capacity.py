"""``capacity`` as people run it."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from kubectl_akslb.manifest.block import block_text
from tests.given import az
from tests.given.command import akslb
from tests.given.streams import service

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = jsonschema.Draft202012Validator(
    json.loads((ROOT / "kubectl_akslb/render/capacity.schema.json").read_text())
)


def written(path: Path, count: int) -> str:
    path.write_text("---\n".join(block_text(service(name=f"web-{number}")) for number in range(count)))
    return str(path)


def counted(*arguments: str) -> tuple[int, dict[str, Any]]:
    ran = akslb("capacity", *arguments, "-o", "json")
    assert "" == ran.err
    body: dict[str, Any] = json.loads(ran.out)
    VALIDATOR.validate(body)
    return ran.code, body


@pytest.mark.parametrize(
    ("count", "more", "code", "verdict", "room"),
    [
        (3, 0, 0, "fits", 296),
        (250, 0, 0, "near", 49),
        (298, 1, 0, "near", 0),
        (299, 1, 1, "full", 0),
        (400, 0, 1, "full", 0),
    ],
)
def test_the_verdict_and_its_exit_code(
    count: int, more: int, code: int, verdict: str, room: int, tmp_path: Path
) -> None:
    words = ["-f", written(tmp_path / "now.yaml", count)]
    if more:
        added = tmp_path / "new.yaml"
        added.write_text(block_text(service(name="new")))
        words += ["--add", str(added)]
    found, body = counted(*words)
    assert (code, verdict, room, count, more) == (
        found,
        body["verdict"],
        body["roomForServices"],
        body["services"],
        body["added"],
    )


def test_explain_and_capacity_agree(tmp_path: Path) -> None:
    """As many Services as do not fit are those that Azure refuses."""
    file = written(tmp_path / "now.yaml", 305)
    _, body = counted("-f", file)
    (over,) = [row for row in body["limits"] if row["exceeded"]]
    explained = json.loads(akslb("explain", "-f", file, "-o", "json").out)["services"]
    refused = [one for one in explained if one["verdict"]["kind"] == "pending"]
    assert -over["left"] == len(refused) == 6


def test_what_stands_needs_no_cluster(tmp_path: Path) -> None:
    file = tmp_path / "lb.json"
    file.write_text(json.dumps(az.load_balancer()))
    code, body = counted("--azure", str(file))
    assert (0, None) == (code, body["services"])


def test_a_file_that_cannot_be_read_counts_nothing(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("kind: Service\n  spec: [\n")
    ran = akslb("capacity", "-f", str(file))
    assert (3, "") == (ran.code, ran.out)


@pytest.mark.parametrize("form", ["text", "markdown", "yaml"])
def test_formats(form: str, tmp_path: Path) -> None:
    ran = akslb("capacity", "-f", written(tmp_path / "now.yaml", 300), "-o", form)
    assert 1 == ran.code
    assert "full" in ran.out.lower()
    assert form != "text" or all(len(line) <= 80 for line in ran.out.splitlines())
