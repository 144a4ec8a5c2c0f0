"""``kubectl akslb drift``: exit codes, formats, wrong usage, hostile input."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema  # type: ignore[import-untyped]
import pytest
from ruamel.yaml import YAML

from tests.given.command import akslb

ROOT = Path(__file__).parents[2]
SERVICES = str(ROOT / "examples/drift.yaml")
AZURE = str(ROOT / "examples/azure/drift.json")
SCHEMA = json.loads((ROOT / "kubectl_akslb/render/drift.schema.json").read_text())
DRIFTS = ("drift", "-f", SERVICES, "--azure", AZURE, "--kubernetes-version", "1.34")


def edited(folder: Path, **changes: object) -> str:
    """The resources of the example without what drifts, then with *changes* of the first rule, in a file."""
    resources = json.loads(Path(AZURE).read_text())
    body = next(one for one in resources if one["name"] == "kubernetes")
    for probe in body["probes"]:
        probe["port"] = 30080 if probe["port"] == 8081 else probe["port"]
    for rule in body["loadBalancingRules"]:
        rule["idleTimeoutInMinutes"] = 4
    body["loadBalancingRules"][0] |= changes
    for one in resources:
        one.pop("dnsSettings", None)
    file = folder / "azure.json"
    file.write_text(json.dumps([one for one in resources if "c0ffee" not in one["name"]]))
    return str(file)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (DRIFTS, 1),
        ((*DRIFTS, "--complete"), 1),
        ((*DRIFTS, "--fail-on", "survives"), 1),
        ((*DRIFTS, "--fail-on", "never"), 0),
    ],
)
def test_exits_with_1_where_something_drifts(arguments: tuple[str, ...], code: int) -> None:
    assert code == akslb(*arguments).code


def test_exits_with_0_where_nothing_does(tmp_path: Path) -> None:
    arguments = ("drift", "-f", SERVICES, "--azure", edited(tmp_path), "--kubernetes-version", "1.34")
    ran = akslb(*arguments, "-o", "json")
    assert (0, ["foreign"]) == (ran.code, [one["fate"] for one in json.loads(ran.out)["differences"]])
    assert akslb(*arguments, "--fail-on", "foreign").code == 1


def test_a_threshold_ends_at_its_fate(tmp_path: Path) -> None:
    file = edited(tmp_path, idleTimeoutInMinutes=30)
    arguments = ("drift", "-f", SERVICES, "--azure", file, "--kubernetes-version", "1.34")
    assert [0, 1] == [akslb(*arguments, "--fail-on", fate).code for fate in ("survives", "reverts")]


def test_a_load_balancer_that_is_gone_comes_back(tmp_path: Path) -> None:
    """An empty list of az does not say of what it is; where the other lists are given, it is that one."""
    files = []
    for kind in ("loadBalancers", "networkSecurityGroups", "publicIPAddresses"):
        found = [one for one in json.loads(Path(AZURE).read_text()) if one["type"].endswith(kind)]
        file = tmp_path / f"{kind}.json"
        file.write_text(json.dumps([] if kind == "loadBalancers" else found))
        files += ["--azure", str(file)]
    ran = akslb("drift", "-f", SERVICES, *files, "--kubernetes-version", "1.34", "-o", "json")
    told = {(one["fate"], one["resource"]) for one in json.loads(ran.out)["differences"]}
    assert (1, True) == (ran.code, {("reverts", "loadBalancingRule"), ("reverts", "probe")} <= told)
    alone = akslb("drift", "-f", SERVICES, *files[:2], "--kubernetes-version", "1.34")
    assert (3, True) == (alone.code, "is an empty list" in alone.err)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("drift", "-f", SERVICES), "what stands in Azure is not said"),
        (("drift", "svc/web", "-f", SERVICES, "--azure", AZURE), "but files are given"),
        (("drift", "-A", "--azure", AZURE, "--complete"), "--complete is about files"),
        (("drift", "-f", SERVICES, "--azure", AZURE, "--azure", AZURE), "is given twice"),
    ],
)
def test_wrong_usage_says_what_to_write(arguments: tuple[str, ...], text: str) -> None:
    ran = akslb(*arguments)
    assert (2, "") == (ran.code, ran.out)
    assert text in ran.err
    assert "hint: " in ran.err


def test_the_document_follows_its_schema() -> None:
    body = json.loads(akslb(*DRIFTS, "--complete", "-o", "json").out)
    jsonschema.validate(body, SCHEMA)
    told = [(one["fate"], one["service"], one["resource"], one["field"]) for one in body["differences"]]
    assert told == [
        ("survives", "shop/web", "publicIPAddress", "dnsSettings.domainNameLabel"),
        ("reverts", "shop/web", "loadBalancingRule", "idleTimeoutInMinutes"),
        ("reverts", "shop/web", "probe", "port"),
        ("orphaned", "", "publicIPAddress", ""),
        ("foreign", "", "securityRule", ""),
    ]
    assert {one["upstream"] for one in body["differences"]} - {""}


def test_yaml_is_the_same_document() -> None:
    text = akslb(*DRIFTS, "-o", "yaml").out
    assert json.loads(akslb(*DRIFTS, "-o", "json").out) == YAML(typ="safe").load(text)


def test_sarif_and_junit_hold_every_difference() -> None:
    run = json.loads(akslb(*DRIFTS, "--complete", "-o", "sarif").out)["runs"][0]
    assert ["error", "warning", "warning", "warning", "note"] == [one["level"] for one in run["results"]]
    suite = ET.fromstring(akslb(*DRIFTS, "--complete", "-o", "junit").out)[0]  # noqa: S314 - our own output
    assert ("3", "2") == (suite.get("tests"), suite.get("failures"))


def test_what_is_not_given_is_not_said_to_be_orphaned() -> None:
    body = json.loads(akslb(*DRIFTS, "-o", "json").out)
    assert not [one for one in body["differences"] if one["fate"] == "orphaned"]
    assert any("--complete" in one["why"] for one in body["unchecked"])


@pytest.mark.parametrize("missing", ["publicIPAddresses", "networkSecurityGroups"])
def test_a_kind_that_no_file_holds_is_not_compared(missing: str, tmp_path: Path) -> None:
    resources = json.loads(Path(AZURE).read_text())
    file = tmp_path / "azure.json"
    file.write_text(json.dumps([one for one in resources if missing not in one["id"]]))
    body = json.loads(akslb("drift", "-f", SERVICES, "--azure", str(file), "-o", "json").out)
    kinds = {one["resource"] for one in body["differences"]}
    assert kinds == {"loadBalancingRule", "probe"} | (
        {"publicIPAddress"} if missing == "networkSecurityGroups" else {"securityRule"}
    )
    assert any("no file of --azure holds" in one["why"] for one in body["unchecked"])


def test_load_balancers_have_to_be_given(tmp_path: Path) -> None:
    file = tmp_path / "azure.json"
    file.write_text(json.dumps([one for one in json.loads(Path(AZURE).read_text()) if "publicIP" in one["id"]]))
    ran = akslb("drift", "-f", SERVICES, "--azure", str(file))
    assert (3, "") == (ran.code, ran.out)
    assert "az network lb list" in ran.err


def test_a_manifest_without_uid_is_not_compared(tmp_path: Path) -> None:
    file = tmp_path / "web.yaml"
    file.write_text("".join(line for line in Path(SERVICES).read_text().splitlines(True) if "uid:" not in line))
    ran = akslb("drift", "-f", str(file), "--azure", AZURE, "-o", "json")
    body = json.loads(ran.out)
    assert 0 == ran.code
    assert {"shop/web", "shop/api"} == {one["service"] for one in body["unchecked"] if one["what"] == "all of it"}


HOSTILE = "evil\x1b]8;;http://x\x07|`$(id)`<b>\n- x"


@pytest.mark.parametrize("form", ["text", "markdown", "yaml", "json", "sarif", "junit"])
def test_names_in_azure_do_nothing(form: str, tmp_path: Path) -> None:
    resources = json.loads(Path(AZURE).read_text())
    group = next(one for one in resources if "networkSecurityGroups" in one["id"])
    group["securityRules"][-1]["name"] = HOSTILE
    group["tags"] = {HOSTILE: HOSTILE}
    file = tmp_path / "azure.json"
    file.write_text(json.dumps(resources))
    ran = akslb("drift", "-f", SERVICES, "--azure", str(file), "-v", "-o", form)
    assert 1 == ran.code
    assert "\x1b" not in ran.out
    assert "\x07" not in ran.out
    if form == "markdown":
        assert "<b>" not in ran.out


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[[]]", b'[{"type": "Microsoft.Network/loadBalancers", "name": 5}]', b"\xff\xfe\x00"]
)
def test_bad_output_of_az_is_an_error_with_its_place(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "azure.json"
    file.write_bytes(data)
    ran = akslb("drift", "-f", SERVICES, "--azure", str(file))
    assert (3, "") == (ran.code, ran.out)
    assert "Traceback" not in ran.err
