"""The rules on what controllers make: each that can apply stands at the line of the object, and its safe fix lands there.

Each row of ``test_places`` is one place that annotations are copied from. What a rule is silent about is told here with
the reason; everything else has to be found.
"""

from functools import cache
from zlib import crc32

import pytest

from kubectl_akslb.fix.fixer import FixResult, fix
from kubectl_akslb.lint.diagnostic import SAFE
from kubectl_akslb.lint.engine import LintOptions, lint
from kubectl_akslb.lint.registry import ALL_RULES
from kubectl_akslb.path.verdict import VerdictKind
from kubectl_akslb.pipeline import explain
from kubectl_akslb.provider.annotations import PREFIX
from tests.given.manifests import cluster
from tests.producers.test_places import ROWS, WRONG, annotations

ON = cluster(())
LB = f"{PREFIX}azure-load-balancer"
PORT = f"{PREFIX}port_<port>_health-probe"
#: rule: annotations that raise it, wherever they stand.
RAISED = {
    "annotation-for-missing-port": {f"{PREFIX}port_1_health-probe_interval": '"10"'},
    "annotation-without-effect": {f"{LB}-internal-subnet": '"apps"'},
    "blank-padded-value": {f"{LB}-disable-tcp-reset": '"true "'},
    "boolean-not-understood": {f"{LB}-disable-tcp-reset": '"yes"'},
    "empty-range-item": {f"{PREFIX}azure-allowed-ip-ranges": '"198.51.100.0/24,"'},
    "empty-service-tag": {f"{PREFIX}azure-allowed-service-tags": '"AzureFrontDoor.Backend,"'},
    "floating-ip-disabled": {f"{PREFIX}azure-disable-load-balancer-floating-ip": '"true"'},
    "host-bits-in-range": {f"{PREFIX}azure-allowed-ip-ranges": '"198.51.100.7/24"'},
    "idle-timeout-out-of-range": {f"{LB}-tcp-idle-timeout": '"120"'},
    "idle-timeout-over-30": {f"{LB}-tcp-idle-timeout": '"60"'},
    "internal-not-asked-of-azure": {f"{PREFIX}aws-load-balancer-scheme": "internal"},
    "internal-not-exactly-true": {f"{LB}-internal": '"True"'},
    "internal-ranges-without-deny-all": {
        f"{LB}-internal": '"true"', f"{PREFIX}azure-allowed-ip-ranges": '"10.20.0.0/16"',
    },
    "invalid-source-range": {f"{PREFIX}azure-allowed-ip-ranges": '"198.51.100.0/24,203.0.113.7"'},
    "malformed-additional-addresses": {f"{PREFIX}azure-additional-public-ips": '"198.51.100.1, 198.51.100.2"'},
    "misspelt-annotation": {"service.kubernetes.io/azure-load-balancer-internal": '"true"'},
    "no-rule-port-open-in-nsg": {f"{PREFIX}port_<port>_no_lb_rule": '"true"'},
    "not-a-whole-number": {f"{LB}-health-probe-interval": '"30s"'},
    "obsolete-annotation": {f"{PREFIX}azure-shared-securityrule": '"true"'},
    "open-to-the-internet": {"example.com/a": '"b"'},
    "private-address-on-public-service": {f"{LB}-ipv4": '"10.240.0.25"'},
    "probe-annotation-under-local": {f"{LB}-health-probe-request-path": '"/ready"'},
    "probe-count-too-low": {f"{PORT}_num-of-probe": '"1"'},
    "probe-interval-too-short": {f"{LB}-health-probe-interval": '"3"'},
    "probe-path-not-absolute": {f"{PORT}_protocol": '"http"', f"{PORT}_request-path": '"healthz"'},
    "probe-path-without-protocol": {f"{PORT}_request-path": '"/healthz"'},
    "probe-port-defeats-local": {f"{PORT}_port": '"10256"'},
    "probe-port-outside-service": {f"{PORT}_port": '"8080"'},
    "probe-protocol-without-path": {f"{PORT}_protocol": '"http"'},
    "probe-window-too-long": {f"{LB}-health-probe-interval": '"60"', f"{LB}-health-probe-num-of-probe": '"2"'},
    "ranges-hold-no-client": {f"{PREFIX}azure-allowed-service-tags": "VirtualNetwork"},
    "refused-by-provider": {f"{PREFIX}azure-pls-create": '"true"'},
    "suppression-without-reason": {"akslb.dev/ignore": '"open-to-the-internet"'},
    "unknown-annotation": {f"{LB}-tls-certificate": '"web"'},
    "unknown-probe-protocol": {f"{PORT}_protocol": '"http2"'},
    "unused-suppression": {"akslb.dev/ignore": '"no-node-ports: we set them"'},
}  # fmt: skip
#: What only other things than an annotation can raise: fields, workloads, a release, what else is there.
BY_OTHER_THINGS = {
    "annotation-too-new", "annotations-with-load-balancer-class", "deprecated-load-balancer-ip",
    "floating-ip-disabled-with-deny-all", "floating-ip-disabled-with-ha-ports", "http-probe-not-proven",
    "http-probe-on-gateway", "http-probe-on-unknown-workload", "ingress-captures-probe-path", "lets-in-less-than-asked",
    "lets-in-more-than-asked", "misplaced-annotation", "mixed-protocols-refused", "network-policy-lets-in-only-pods",
    "nginx-setting-blocks-probe", "no-node-ports", "open-range-of-one-family", "pls-in-subnet-of-pods", "pls-proxy-protocol-with-http-probe",
    "pod-cidr-missing-from-ranges", "pods-may-not-serve", "pods-never-serve", "port-annotation-for-two-protocols", "port-annotation-on-ha-ports",
    "probe-annotation-under-shared-probe", "probe-path-not-answered", "ranges-behind-service-gateway",
    "ranges-with-service-tags", "refused-by-api-server", "refused-by-azure", "rule-of-other-ip-family",
    "sctp-not-internal", "sctp-without-ha-ports", "selector-matches-no-pod", "shadowed-annotation",
    "status-port-published", "target-port-not-declared", "target-port-not-in-pods", "two-kinds-of-ranges",
    "udp-without-probe", "unquoted-annotation-value",
}  # fmt: skip

LOCAL = ("envoy gateway", "nginx", "contour", "app routing's nginx")
"""Controllers that ask for externalTrafficPolicy Local: the health check of the node is probed, never a port."""
OF_A_PORT = {
    "probe-count-too-low", "probe-path-not-absolute", "probe-path-without-protocol", "probe-protocol-without-path",
    "unknown-probe-protocol",
}  # fmt: skip
OF_LOCAL = {"probe-annotation-under-local", "probe-port-defeats-local"}
OF_PORTS = OF_A_PORT | {
    "idle-timeout-out-of-range", "idle-timeout-over-30", "internal-ranges-without-deny-all", "no-rule-port-open-in-nsg",
    "ranges-hold-no-client",
    "not-a-whole-number", "open-to-the-internet", "probe-interval-too-short", "probe-port-outside-service",
    "probe-window-too-long",
}  # fmt: skip
"""Rules that ask about ports: of an object whose controller is not known there are none."""
NUMBERS = {
    "rabbitmq": 5672, "cilium's ingress": 443, "elasticsearch": 9200, "cloudnative-pg": 5432, "knative": 443,
    "kafka": 9094, "DataPlane": 443, "app routing's nginx": 443,
}  # fmt: skip


def is_local(row: str) -> bool:
    return row.startswith(LOCAL)


def silent(row: str) -> set[str]:
    """The rules that have nothing to say of the Service of a row."""
    found = OF_A_PORT if is_local(row) else OF_LOCAL
    if row == "any other":
        found = found | OF_PORTS
    if row == "cilium's ingress":  # of which nothing else than keys of load balancers is copied
        found = found | {"suppression-without-reason", "unused-suppression"}
    return found


def with_lines(row: str, values: dict[str, str]) -> tuple[str, list[str]]:
    """The stream of a row with other annotations in the place of its wrong one, and their lines."""
    text = ROWS[row]
    old = next(line for line in text.split("\n") if line.strip() == WRONG)
    number = next((str(port) for name, port in NUMBERS.items() if row.startswith(name)), "5000")
    pad = old[: -len(WRONG)]
    lines = [f"{pad}{key.replace('<port>', number)}: {value}" for key, value in values.items()]
    return text.replace(old, "\n".join(lines)), lines


def place(row: str, text: str, lines: list[str]) -> set[int]:
    """The lines where a finding may stand: those of the annotations, or the text of a ConfigMap that holds them."""
    found = text.split("\n")
    if "service: |" in text:
        return {number for number, line in enumerate(found, 1) if line.strip() == "service: |"}
    del row
    return {number for number, line in enumerate(found, 1) if line in lines}


#: Each rule on each row is a thousand streams: those that are not slow take of each row the rules that a hash chooses.
WHOLE = pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
ONE_OF = 4


def is_asked(row: str, rule: str, *, whole: bool) -> bool:
    return whole or crc32(f"{rule} {row}".encode()) % ONE_OF == 0


@WHOLE
@pytest.mark.parametrize("row", ROWS)
def test_each_rule_stands_at_the_line_of_the_object(row: str, *, whole: bool) -> None:
    missing, elsewhere, too_many = [], [], []
    for rule in (one for one in RAISED if is_asked(row, one, whole=whole)):
        text, lines = with_lines(row, RAISED[rule])
        found = [one for one in lint([("a.yaml", text.encode())], ON).diagnostics if one.rule == rule]
        if rule in silent(row):
            too_many += [rule] if found else []
        elif not found:
            missing.append(rule)
        elif rule != "open-to-the-internet" and not {one.line for one in found} & place(row, text, lines):
            elsewhere.append((rule, [one.line for one in found]))
    assert ([], [], []) == (missing, elsewhere, too_many)


def test_all_rules_are_told() -> None:
    assert {rule.id for rule in ALL_RULES} == {*RAISED, *BY_OTHER_THINGS}


SERVICE = f"apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  annotations:\n    {WRONG}\nspec:\n  type: LoadBalancer\n  ports:\n    - port: 5000\n"


def fixed(text: str, rule: str) -> FixResult:
    return fix([("a.yaml", text.encode())], ON, LintOptions(select=(rule,)))


@cache
def is_mended(rule: str) -> bool:
    """Whether the fix of a Service that somebody has written is safe: some are only for some annotations."""
    (line,) = [line for line in SERVICE.split("\n") if line.strip() == WRONG]
    values = [f"    {key.replace('<port>', '5000')}: {value}" for key, value in RAISED[rule].items()]
    local = "spec:\n  externalTrafficPolicy: Local" if rule in OF_LOCAL else "spec:"
    text = SERVICE.replace(line, "\n".join(values)).replace("spec:", local)
    return fixed(text, rule).files[0].after.decode() != text


SAFE_ONES = [rule.id for rule in ALL_RULES if rule.fix == SAFE and rule.id in RAISED]


def test_what_is_asked_at_once_has_each_rule() -> None:
    assert set(RAISED) == {rule for row in ROWS for rule in RAISED if is_asked(row, rule, whole=False)}


@WHOLE
@pytest.mark.parametrize("row", ROWS)
def test_each_safe_fix_lands_there_and_changes_what_is_made(row: str, *, whole: bool) -> None:
    """Only lines of the annotations go or come; the Services that are made afterwards do not raise the rule."""
    for rule in (one for one in SAFE_ONES if is_asked(row, one, whole=whole)):
        if rule in silent(row) or not is_mended(rule):
            continue
        text, lines = with_lines(row, RAISED[rule])
        result = fixed(text, rule)
        after = result.files[0].after.decode()
        assert [] == [one.rule for one in result.remaining.diagnostics if one.rule == rule], rule
        assert annotations(text) != annotations(after), rule
        left = after.split("\n")
        gone = {line for line in text.split("\n") if line not in left}
        assert gone <= {*lines} | {line for line in gone if line.strip() == HOLDS.get(row, "annotations:")}, rule


HOLDS = {"contour, ContourDeployment": "serviceAnnotations:", "kafka, all brokers": "perBrokerAnnotationsTemplate:"}
HOLDS |= {"app routing's nginx": "loadBalancerAnnotations:"}
"""What the mapping of annotations is called: it goes, or is empty, with its last one."""


FIELDS = {
    "host-bits-in-range": ("loadBalancerSourceRanges", "[198.51.100.7/24]"),
    "annotations-with-load-balancer-class": ("loadBalancerClass", "example.com/lb"),
    "deprecated-load-balancer-ip": ("loadBalancerIP", "10.240.0.25"),
}
#: Where these fields of a Service are written: of each controller that has them.
WRITTEN = {
    "istio": ("istio, ConfigMap", "data:\n  service: |\n", "    spec: {{{}: {}}}\n"),
    "envoy gateway": ("envoy gateway, EnvoyProxy", "      envoyService:\n", "        {}: {}\n"),
    "nginx": ("nginx, NginxProxy", "    service:\n", "      {}: {}\n"),
    "kgateway": ("kgateway, GatewayParameters", "    serviceOverlay:\n", "      spec: {{{}: {}}}\n"),
    "rabbitmq": ("rabbitmq, override", "        type: LoadBalancer\n", "        {}: {}\n"),
    "elasticsearch": ("elasticsearch", "        type: LoadBalancer\n", "        {}: {}\n"),
    "cloudnative-pg": ("cloudnative-pg", "              type: LoadBalancer\n", "              {}: {}\n"),
    "kafka": ("kafka, bootstrap", "        configuration:\n", "          {}: {}\n"),
    "any other": ("any other", "    type: LoadBalancer\n", "    {}: {}\n"),
    "app routing's nginx": ("app routing's nginx", "spec:\n", "  {}: {}\n"),
}
HAS_NOT = {
    ("app routing's nginx", "loadBalancerClass"), ("app routing's nginx", "loadBalancerIP"),
    ("kafka", "loadBalancerIP"), ("kafka", "loadBalancerClass"),
}  # fmt: skip


@pytest.mark.parametrize("rule", FIELDS)
@pytest.mark.parametrize("name", WRITTEN)
def test_a_field_is_found_where_it_is_written(name: str, rule: str) -> None:
    field, value = FIELDS[rule]
    if (name, field) in HAS_NOT:
        return
    row, behind, line = WRITTEN[name]
    written = line.format(field, value)
    text = ROWS[row].replace(WRONG, f'{LB}-internal: "true"').replace(behind, behind + written)
    assert written in text
    found = [one for one in lint([("a.yaml", text.encode())], ON).diagnostics if one.rule == rule]
    wanted = text[: text.index(written)].count("\n") + 1
    inside = "service: |" in text
    assert {wanted - 1 if inside else wanted} >= {one.line for one in found} and found


@pytest.mark.parametrize("row", ROWS)
def test_an_annotation_that_is_no_text_is_never_said_to_work(row: str) -> None:
    """The API server refuses the object that holds it."""
    text, _ = with_lines(row, {f"{PREFIX}azure-load-balancer-internal": "true"})
    found = explain([("a.yaml", text.encode())], ON)
    assert not all(one.path.verdict.kind is VerdictKind.WORKS for one in found.services)
