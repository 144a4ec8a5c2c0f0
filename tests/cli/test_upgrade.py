"""``kubectl akslb upgrade``: exit codes, formats, wrong usage, hostile input."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema  # type: ignore[import-untyped]
import pytest
from ruamel.yaml import YAML

from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.plan.change import ERROR, Change, ChangeKind
from kubectl_akslb.plan.effect import Effect
from kubectl_akslb.plan.upgrade import Planned
from kubectl_akslb.render.plan_words import headline
from tests.given.command import akslb

ROOT = Path(__file__).parents[2]
EXAMPLE = str(ROOT / "examples/upgrade.yaml")
INGRESS = str(ROOT / "examples/ingress-nginx.yaml")
SCHEMA = json.loads((ROOT / "kubectl_akslb/render/plan.schema.json").read_text())
BROKEN = ("upgrade", "-f", EXAMPLE, "--from", "1.31.0", "--to", "1.34")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (BROKEN, 1),
        ((*BROKEN, "--fail-on", "never"), 0),
        (("upgrade", "-f", EXAMPLE, "--from", "1.35", "--to", "1.36"), 0),
        (("upgrade", "-f", EXAMPLE, "--from", "1.28", "--to", "1.29"), 0),
        (("upgrade", "-f", EXAMPLE, "--from", "1.28", "--to", "1.29", "--fail-on", "renames"), 1),
        (("upgrade", "-f", EXAMPLE, "--from", "1.33.1", "--to-aks-release", "2026-06-19"), 1),
        (("upgrade", "-f", EXAMPLE, "--from", "1.33", "--to-aks-release", "2026-06-19"), 1),
        (("upgrade", "-f", EXAMPLE, "--from", "1.34", "--to-aks-release", "2026-06-19"), 0),
    ],
)
def test_exits_with_1_from_a_lost_address_up(arguments: tuple[str, ...], code: int) -> None:
    assert code == akslb(*arguments).code


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("upgrade", "-f", EXAMPLE, "--from", "1.31"), "what to upgrade to is not said"),
        (("upgrade", "-f", EXAMPLE, "--to", "1.34"), "what runs now is not said"),
        (("upgrade", "-f", EXAMPLE, "--from", "1.34", "--to", "1.31"), "is older than"),
        (("upgrade", "-f", EXAMPLE, "--from", "1.31", "--to", "soon"), "is not a provider version"),
        (("upgrade", "-f", EXAMPLE, "--from", "1.31", "--to-aks-release", "soon"), "is not an AKS release"),
        (("upgrade", "-f", EXAMPLE, "--from", "1.31", "--to-aks-release", ""), "--to-aks-release is empty"),
        (("upgrade", "-f", EXAMPLE, "--from", " ", "--to", "1.31"), "--from is empty"),
        (("upgrade", "svc/web", "-f", EXAMPLE, "--from", "1.31", "--to", "1.34"), "but files are given"),
    ],
)
def test_wrong_usage_says_what_to_write(arguments: tuple[str, ...], text: str) -> None:
    ran = akslb(*arguments)
    assert (2, "") == (ran.code, ran.out)
    assert text in ran.err
    assert "hint: " in ran.err


def test_the_document_follows_its_schema() -> None:
    body = json.loads(akslb(*BROKEN, "-o", "json").out)
    jsonschema.validate(body, SCHEMA)
    worst = body["services"][0]
    assert ("breaks", "api") == (worst["effect"], worst["name"])
    assert ["no-internet-beside-any"] == [cause["behaviour"] for cause in worst["causes"]]
    edit = {"path": ["spec", "loadBalancerSourceRanges"], "value": ["0.0.0.0/0", "::/0"]}
    assert [edit] == worst["before"]["edits"]
    assert {"breaks": 1, "changes": 1, "same": 1} == body["counts"]
    assert body == YAML(typ="safe").load(akslb(*BROKEN, "-o", "yaml").out)


def test_of_a_minor_alone_no_later_patch_runs_than_that_of_the_aks_release() -> None:
    ran = akslb("upgrade", "-f", EXAMPLE, "--from", "1.33", "--to-aks-release", "2026-06-19", "-o", "json")
    body = json.loads(ran.out)
    assert ("1.33.14", "1.33.14") == (body["from"], body["to"])
    assert {"breaks": 1, "changes": 1, "same": 1} == body["counts"]
    exact = akslb("upgrade", "-f", EXAMPLE, "--from", "1.33.17", "--to-aks-release", "2026-06-19")
    assert (2, True) == (exact.code, "does not go back" in exact.err)


def _service(annotations: dict[str, str], **spec: object) -> bytes:
    metadata = {"name": "web", "namespace": "shop", "annotations": annotations}
    ports = [{"name": "http", "port": 80, "targetPort": 8000}]
    spec = {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": ports, **spec}
    return json.dumps({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}).encode()


#: What teams have met: a manifest, the two releases, what it comes to, what causes it, and the exit code.
MET = {
    "ingress-nginx answers 404 at /": (
        Path(INGRESS).read_bytes(), "1.23", "1.24", "breaks", ["app-protocol-probe"], 1,
    ),
    "Kong's status port is taken": (
        _service({"service.beta.kubernetes.io/port_80_health-probe_port": "8100"}),
        "1.25.16", "1.25.17", "changes", ["literal-probe-port"], 0,
    ),
    "security rules are shared": (_service({}), "1.28.9", "1.29.4", "renames", ["shared-nsg-rules"], 0),
    "dual stack loses IPv6": (
        _service(
            {}, ipFamilyPolicy="RequireDualStack", ipFamilies=["IPv4", "IPv6"], loadBalancerSourceRanges=["0.0.0.0/0"]
        ),
        "1.31.0", "1.33.2", "breaks", ["no-internet-beside-any"], 1,
    ),
    "source ranges count for pods": (
        _service({}, loadBalancerSourceRanges=["203.0.113.0/24"]),
        "1.24.22", "1.25.16", "may break", ["kubernetes-1.25"], 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MET)
def test_what_teams_have_met_is_named_before_it_happens(name: str, tmp_path: Path) -> None:
    data, old, new, effect, causes, code = MET[name]
    file = tmp_path / "service.yaml"
    file.write_bytes(data)
    ran = akslb("upgrade", "-f", str(file), "--from", old, "--to", new, "-o", "json")
    (found,) = json.loads(ran.out)["services"]
    decisive = [cause["behaviour"] for cause in found["causes"] if cause["decisive"]]
    assert (code, effect, causes) == (ran.code, found["effect"], decisive)
    assert name != "ingress-nginx answers 404 at /" or found["before"]["edits"][0]["value"] == "/healthz"


def test_markdown_has_a_row_for_each_service_that_differs() -> None:
    out = akslb(*BROKEN, "-o", "markdown").out
    assert "| breaks | shop/api |" in out
    assert "| changes | shop/partners |" in out
    assert "shop/web" not in out


def test_where_values_alone_change_the_screen_says_that_nobody_is_lost() -> None:
    istio = str(ROOT / "examples/istio-gateway.yaml")
    lines = akslb("upgrade", "-f", istio, "--from", "1.24.17", "--to", "1.24.18").out.splitlines()
    effect, first = (line.split() for line in lines if line.startswith(("  CHANGES", "  changes")))
    assert ["CHANGES", "values", "of", "probe;"] == effect[:4]
    assert ["changes", "probe", "numberOfProbes:"] == first[:3]


def test_a_service_that_is_accepted_from_then_on_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "kong.yaml"
    file.write_bytes(_service({"service.beta.kubernetes.io/port_80_health-probe_port": "8100"}))
    out = akslb("upgrade", "-f", str(file), "--from", "1.25.16", "--to", "1.25.17").out
    assert "CHANGES      the provider accepts it, and refused it before" in out


def test_a_service_that_is_refused_for_another_reason_is_not_accepted() -> None:
    refused = Change(ChangeKind.SERVICE, "shop/web", ERROR, "one", "another", Effect.CHANGES)
    planned = Planned(decode(json.loads(_service({}))), Effect.CHANGES, (refused,))
    assert headline(planned).startswith("values of Service; ")
    accepted = planned._replace(changes=(refused._replace(new=None),))
    assert "the provider accepts it, and refused it before" == headline(accepted)


def test_what_stays_is_counted_with_what_differs() -> None:
    for old, text in (("1.31.0", "  1 more stays as it is"), ("1.34.1", "  3 stay as they are")):
        assert text in akslb("upgrade", "-f", EXAMPLE, "--from", old, "--to", "1.34").out.splitlines()


def test_sarif_names_the_place() -> None:
    (run,) = json.loads(akslb(*BROKEN, "-o", "sarif").out)["runs"]
    first = run["results"][0]
    assert ("upgrade-breaks", "error") == (first["ruleId"], first["level"])
    assert 2 == first["locations"][0]["physicalLocation"]["region"]["startLine"]


def test_junit_fails_for_what_breaks() -> None:
    suite = ET.fromstring(akslb(*BROKEN, "-o", "junit").out)[0]  # noqa: S314 - our own output
    assert ("3", "1") == (suite.attrib["tests"], suite.attrib["failures"])


HOSTILE = """\
apiVersion: v1
kind: Service
metadata:
  name: "web\\e[31m\\n::error::x | <b>`@all"
  namespace: "a b"
  annotations:
    service.beta.kubernetes.io/azure-additional-public-ips: "203.0.113.9, \\e[2J::warning::|<script>]]>"
spec:
  type: LoadBalancer
  loadBalancerSourceRanges: ["\\e[1m", 0.0.0.0/0]
  ports: [{port: 80}]
"""


@pytest.mark.parametrize("form", ["text", "json", "yaml", "markdown", "sarif", "junit"])
def test_what_a_manifest_says_does_nothing_where_it_is_printed(form: str, tmp_path: Path) -> None:
    file = tmp_path / "web.yaml"
    file.write_text(HOSTILE)
    ran = akslb("upgrade", "-f", str(file), "--from", "1.28.14", "--to", "1.29", "-o", form, "-v")
    assert ran.code in (0, 1), ran.err
    assert "\x1b" not in ran.out + ran.err
    assert not [line for line in ran.out.splitlines() if line.startswith("::")]
    if form == "junit":
        ET.fromstring(ran.out)  # noqa: S314 - our own output
    if form == "markdown":
        assert "<b>" not in ran.out


@pytest.mark.parametrize("data", [b"", b"a: [", b"\xff\xfe\x00", b"kind: Service\nspec: 1\n", b"- 1\n" * 1000])
def test_bad_input_is_told_and_does_not_hide_the_rest(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_bytes(data)
    ran = akslb("upgrade", "-f", str(file), "-f", EXAMPLE, "--from", "1.31.0", "--to", "1.34")
    assert "Traceback" not in ran.err
    assert ran.code in (1, 3)
