"""``kubectl akslb compare``: what differs at layer 4, the lines that keep it, exit codes, formats, bad input."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema  # type: ignore[import-untyped]
import pytest
from ruamel.yaml import YAML

from tests.given.command import akslb

ROOT = Path(__file__).parents[2]
INGRESS, GATEWAY = str(ROOT / "examples/compare/ingress.yaml"), str(ROOT / "examples/gateway.yaml")
BEFORE, AFTER = str(ROOT / "examples/diff/before.yaml"), str(ROOT / "examples/diff/after.yaml")
SCHEMA = json.loads((ROOT / "kubectl_akslb/render/compare.schema.json").read_text())
MIGRATED = ("compare", INGRESS, GATEWAY, "--provider-version", "1.34.3")
WEB = "kind: Service\napiVersion: v1\nmetadata: {name: web, namespace: %s, annotations: {%s}}\nspec: {type: LoadBalancer, %sports: [%s]}\n"
PORT = "{name: https, port: 443}"
AZURE = "service.beta.kubernetes.io/azure-"


def body(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(akslb("compare", *arguments, "-o", "json").out)
    jsonschema.validate(found, SCHEMA)
    return found


def pair(tmp_path: Path, old: tuple[str, str, str], new: tuple[str, str, str], *more: str) -> dict[str, Any]:
    """What differs between two Services: annotations, spec, ports."""
    files = []
    for name, one in (("old", old), ("new", new)):
        file = tmp_path / f"{name}.yaml"
        file.write_text(WEB % (name, *one))
        files.append(str(file))
    return body(*files, "--provider-version", "1.34.3", *more)


ROWS: dict[str, tuple[tuple[str, str, str], tuple[str, str, str], set[tuple[str, str]], list[str]]] = {
    "nothing but the address": (("", "", PORT), ("", "", PORT), {("address", "loses address")}, []),
    "public and internal": (
        (f"{AZURE}load-balancer-internal: 'true'", "", PORT), ("", "", PORT),
        {("address", "loses address"), ("clients", "exposes"), ("address", "changes"), ("outbound", "changes")},
        [f"{AZURE}load-balancer-internal"],
    ),
    "ranges": (
        ("", "loadBalancerSourceRanges: [192.0.2.0/24], ", PORT), ("", "", PORT),
        {("address", "loses address"), ("clients", "exposes")}, ["loadBalancerSourceRanges"],
    ),
    "a port less": (
        ("", "", f"{PORT}, {{name: b, port: 80}}"), ("", "", PORT), {("address", "loses address"), ("ports", "breaks")}, [],
    ),
    "idle timeout": (
        (f"{AZURE}load-balancer-tcp-idle-timeout: '20'", "", PORT), ("", "", PORT),
        {("address", "loses address"), ("idle timeout", "changes")}, [f"{AZURE}load-balancer-tcp-idle-timeout"],
    ),
    "idle timeout of the new one": (
        ("", "", PORT), (f"{AZURE}load-balancer-tcp-idle-timeout: '20'", "", PORT),
        {("address", "loses address"), ("idle timeout", "changes")}, [f"{AZURE}load-balancer-tcp-idle-timeout"],
    ),
    "client address": (
        ("", "externalTrafficPolicy: Local, ", PORT), ("", "", PORT),
        {("address", "loses address"), ("source address", "changes"), ("probes", "changes")}, ["externalTrafficPolicy"],
    ),
    "affinity": (
        ("", "sessionAffinity: ClientIP, ", PORT), ("", "", PORT),
        {("address", "loses address"), ("affinity", "changes")}, ["sessionAffinity"],
    ),
    "floating IP": (
        (f"{AZURE}disable-load-balancer-floating-ip: 'true'", "", PORT), ("", "", PORT),
        {("address", "loses address"), ("floating IP", "changes")}, [f"{AZURE}disable-load-balancer-floating-ip"],
    ),
    "probe": (
        ("service.beta.kubernetes.io/port_443_health-probe_interval: '15'", "", PORT), ("", "", PORT),
        {("address", "loses address"), ("probes", "changes")}, ["service.beta.kubernetes.io/port_443_health-probe_interval"],
    ),
    "the same public IP": (
        (f"{AZURE}pip-name: mine", "", PORT), (f"{AZURE}pip-name: mine", "", PORT), set(), [],
    ),
    "private link": (
        (f"{AZURE}pls-create: 'true', {AZURE}load-balancer-internal: 'true'", "", PORT),
        (f"{AZURE}load-balancer-internal: 'true'", "", PORT),
        {("address", "loses address"), ("private link", "changes")}, [f"{AZURE}pls-create"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_every_difference_and_the_lines_that_keep_it(name: str, tmp_path: Path) -> None:
    old, new, differences, lines = ROWS[name]
    found = pair(tmp_path, old, new)
    assert differences == {(one["aspect"], one["effect"]) for one in found["differences"] if one["aspect"] != "verdict"}
    assert lines == [one["path"][-1] for one in found["keep"]]


@pytest.mark.parametrize("name", [name for name in ROWS if ROWS[name][3]])
def test_with_the_lines_only_what_is_told_is_left(name: str, tmp_path: Path) -> None:
    """The lines, pasted into the new manifest, do what is promised."""
    old, new, _, _ = ROWS[name]
    found = pair(tmp_path, old, new)
    annotations = "".join(f"{o['path'][-1]}: '{o['value']}', " for o in found["keep"] if o["path"][0] == "metadata")
    spec = "".join(f"{o['path'][-1]}: {json.dumps(o['value'])}, " for o in found["keep"] if o["path"][0] == "spec")
    given = dict(part.split(": ", 1) for part in new[0].split(", ") if part)
    kept = {key: text for key, text in given.items() if key not in annotations}
    again = pair(tmp_path, old, (annotations + ", ".join(f"{k}: {v}" for k, v in kept.items()), spec + new[1], new[2]))
    names = [f"{one['aspect']}{' (' + one['of'] + ')' if one['of'] else ''}" for one in again["differences"]]
    assert found["left"] == names


def test_a_gateway_in_place_of_an_ingress_controller() -> None:
    found = body(*MIGRATED[1:])
    assert ("Service shop/edge-ingress-nginx-controller", "Gateway shop/web") == (
        found["old"]["object"], found["new"]["object"],
    )  # fmt: skip
    aspects = {one["aspect"] for one in found["differences"]}
    assert {"address", "clients", "ports", "probes", "source address", "idle timeout"} <= aspects
    assert {("spec", "infrastructure"), ("spec", "infrastructure", "annotations"), ("data", "service", "spec")} <= {
        tuple(one["path"][:-1]) for one in found["keep"]
    }
    (made,) = found["create"]
    assert ("ConfigMap", "web-options") == (made["kind"], made["metadata"]["name"])
    assert "source address (what pods see)" not in found["left"]


def test_basic_and_standard(tmp_path: Path) -> None:
    profile = tmp_path / "basic.yaml"
    text = (ROOT / "examples/cluster.yaml").read_text()
    profile.write_text(text.replace("loadBalancerSku: standard", "loadBalancerSku: basic"))
    found = pair(tmp_path, ("", "", PORT), ("", "", PORT), "--old-profile", str(profile))
    assert [("Basic", "Standard")] == [(one["old"], one["new"]) for one in found["differences"] if one["of"] == "SKU"]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("compare",), 2, "compare takes two"),
        (("compare", GATEWAY), 2, "compare takes two"),
        (("compare", GATEWAY, INGRESS, BEFORE), 2, "compare takes two"),
        (("compare", "-", "-"), 2, "standard input cannot be both"),
        (("compare", BEFORE, GATEWAY), 3, "has 3 Services of type LoadBalancer"),
        (("compare", f"{BEFORE}:svc/shop/nothing", GATEWAY), 3, "has no Services of type LoadBalancer that"),
        (("compare", f"{BEFORE}:svc/shop/web", "/nowhere.yaml"), 3, "cannot read"),
        (("compare", "gateway/A_B", GATEWAY), 2, "cannot be the name of a Gateway"),
        (("compare", "deploy/web", GATEWAY), 2, "'deploy/web' is no file, no Service and no Gateway"),
        (("compare", "gatewy/web", GATEWAY), 2, "Did you mean gateway?"),
    ],
)
def test_wrong_usage_says_what_to_write(arguments: tuple[str, ...], code: int, text: str) -> None:
    ran = akslb(*arguments)
    assert (code, "") == (ran.code, ran.out)
    assert text in ran.err
    assert "hint: " in ran.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (MIGRATED, 1), ((*MIGRATED, "--fail-on", "never"), 0), ((*MIGRATED, "--fail-on", "breaks"), 0),
        (("compare", f"{BEFORE}:svc/shop/web", f"{BEFORE}:svc/shop/web"), 0),
        (("compare", f"{BEFORE}:svc/web", f"{BEFORE}:service/shop/web", "--fail-on", "changes"), 0),
        (("compare", f"{BEFORE}:svc/shop/web", f"{AFTER}:svc/shop/web"), 1),
    ],
)  # fmt: skip
def test_exits_with_1_where_clients_would_notice(words: tuple[str, ...], code: int) -> None:
    assert code == akslb(*words).code


def test_all_formats() -> None:
    assert body(*MIGRATED[1:]) == YAML(typ="safe").load(akslb(*MIGRATED, "-o", "yaml").out)
    (run,) = json.loads(akslb(*MIGRATED, "-o", "sarif").out)["runs"]
    assert {"compare-exposes", "compare-changes"} <= {one["ruleId"] for one in run["results"]}
    suite = ET.fromstring(akslb(*MIGRATED, "-o", "junit").out)[0]  # noqa: S314 - our own output
    assert int(suite.attrib["failures"]) > 0
    assert "| idle timeout | CHANGES |" in akslb(*MIGRATED, "-o", "markdown").out


HOSTILE = (
    'apiVersion: v1\nkind: Service\nmetadata: {name: "a\\e[31m\\n::error::|<b>`", namespace: "x y", annotations:'
    ' {service.beta.kubernetes.io/azure-pip-name: "\\e[2J\\n```\\n::warning::<i>",'
    ' service.beta.kubernetes.io/azure-load-balancer-internal-subnet: "\\e[1m\\n::error::"}}\n'
    "spec: {type: LoadBalancer, ports: [{port: 80}]}\n"
)


@pytest.mark.parametrize("form", ["text", "json", "yaml", "markdown", "sarif", "junit"])
@pytest.mark.parametrize("turn", [False, True])
def test_what_a_manifest_says_does_nothing_where_it_is_printed(form: str, turn: bool, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(HOSTILE)
    words = (GATEWAY, str(file)) if turn else (str(file), GATEWAY)
    ran = akslb("compare", *words, "-o", form)
    assert ran.code in (0, 1), ran.err
    assert "\x1b" not in ran.out + ran.err
    assert not [line for line in ran.out.splitlines() if line.startswith("::")]
    if form == "junit":
        ET.fromstring(ran.out)  # noqa: S314 - our own output
    if form == "markdown":
        assert "<b>" not in ran.out
        assert 0 == ran.out.count("\n```") % 2


NGINX = """apiVersion: approuting.kubernetes.azure.com/v1alpha1
kind: NginxIngressController
metadata: {name: edge}
spec: {ingressClassName: edge}
"""
OF_AKS = """apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: approuting-istio
  infrastructure: {labels: {a: b}}
  listeners: [{name: https, port: 443, protocol: HTTPS}]
"""
OPTIONS = """---
apiVersion: v1
kind: ConfigMap
metadata: {name: edge, namespace: shop}
data:
  service: |
    spec: {type: LoadBalancer}
"""
REFERS = "infrastructure: {parametersRef: {group: '', kind: ConfigMap, name: edge}}"


def test_a_gateway_of_aks_keeps_the_clients_address_by_taking_the_preset_probes_away(tmp_path: Path) -> None:
    """Pasted, the lines take away all that they promise."""
    (tmp_path / "old.yaml").write_text(NGINX)
    new = tmp_path / "new.yaml"
    new.write_text(OF_AKS.replace("infrastructure: {labels: {a: b}}", REFERS) + OPTIONS)
    found = body(str(tmp_path / "old.yaml"), str(new))
    lines = {line["path"][-1]: line["value"] for line in found["keep"]}
    assert "Local" == lines.pop("externalTrafficPolicy")
    names = [
        f"service.beta.kubernetes.io/port_443_health-probe_{name}" for name in ("port", "protocol", "request-path")
    ]
    assert dict.fromkeys(names) == lines
    assert {"address", "ports"} == {one.partition(" ")[0] for one in found["left"]}
    patch = "spec: {type: LoadBalancer, externalTrafficPolicy: Local}\n    metadata: {annotations: {"
    patch += ", ".join(f"{name}: null" for name in names) + "}}"
    new.write_text(new.read_text().replace("spec: {type: LoadBalancer}", patch))
    after = body(str(tmp_path / "old.yaml"), str(new))
    assert {"address", "ports"} == {one["aspect"] for one in after["differences"]}


def test_a_gateway_without_parameters_is_given_a_config_map(tmp_path: Path) -> None:
    """The lines and the new ConfigMap, pasted, leave what is promised to be left."""
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(NGINX)
    new.write_text(OF_AKS)
    found = body(str(old), str(new))
    (config,) = found["create"]
    (reference,) = (one["value"] for one in found["keep"] if one["path"][-1] == "parametersRef")
    assert ("", "ConfigMap", config["metadata"]["name"]) == tuple(reference[key] for key in ("group", "kind", "name"))
    annotations = {
        one["path"][-1]: one["value"]
        for one in found["keep"]
        if one["path"][-2] == "annotations" and one["path"][0] == "spec"
    }
    infrastructure = f"infrastructure: {json.dumps({'parametersRef': reference, 'annotations': annotations})}"
    new.write_text(f"{OF_AKS.replace('infrastructure: {labels: {a: b}}', infrastructure)}---\n{json.dumps(config)}\n")
    after = body(str(old), str(new))
    names = [f"{one['aspect']}{' (' + one['of'] + ')' if one['of'] else ''}" for one in after["differences"]]
    assert found["left"] == names
    assert {"address", "ports"} == {one["aspect"] for one in after["differences"]}
    assert [] == after["create"]
