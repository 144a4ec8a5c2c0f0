"""Fixes of Services and Gateways, and which of them a policy or an object rules out."""

from typing import Any

import pytest

from kubectl_akslb.fix.fixer import FixResult, fix
from kubectl_akslb.lint.annotation_policy import Policy, PolicyRule
from kubectl_akslb.lint.engine import ALL, LintOptions
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.path.choice import FAIL, LEAVE
from kubectl_akslb.postrender.assumed import assumed_cluster

BETA = "service.beta.kubernetes.io/"
TCP = f"{BETA}port_80_health-probe_protocol: tcp\n"
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    example.com/team: shop
spec:
  type: LoadBalancer
  ports:
  - port: 80
    appProtocol: http
"""
GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: gate
spec:
  gatewayClassName: istio
  listeners:
  - {name: http, port: 80, protocol: HTTP}
"""
IGNORED = "    akslb.dev/ignore: 'http-probe-on-unknown-workload: it answers 200'\n"


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return assumed_cluster()[0]


def mended(
    cluster: Cluster,
    text: str,
    options: LintOptions = ALL,
    *,
    unsafe: bool = False,
    **given: Any,
) -> tuple[FixResult, str]:
    """What becomes of *text*; of files there is one."""
    done = fix([("all.yaml", text.encode())], cluster, options._replace(**given), unsafe=unsafe)
    return done, done.files[0].after.decode()


def silenced(text: str) -> str:
    return text.replace("    example.com/team: shop\n", "    example.com/team: shop\n" + IGNORED)


def test_services_are_mended_by_the_rules_of_lint(cluster: Cluster) -> None:
    done, after = mended(cluster, SERVICE)
    assert SERVICE.replace("shop\n", f"shop\n    {TCP}") == after
    assert ["http-probe-on-unknown-workload"] == [one.rule for one in done.fixed]
    assert ["Service default/web"] == [one.target for one in done.fixed]


def test_gateways_are_mended_by_the_rules_of_lint(cluster: Cluster) -> None:
    done, after = mended(cluster, GATEWAY)
    assert GATEWAY.replace("spec:\n", "spec:\n").count("\n") + 3 == after.count("\n")
    assert f"  infrastructure:\n    annotations:\n      {TCP}" in after
    assert [("http-probe-on-gateway", "Gateway default/gate", 8)] == [
        (one.rule, one.target, one.line) for one in done.fixed
    ]
    assert ["open-to-the-internet"] == [one.rule for one in done.remaining.diagnostics]


@pytest.mark.parametrize(
    ("text", "ignored"),
    [(GATEWAY, "http-probe-on-gateway"), (SERVICE, "http-probe-on-unknown-workload")],
    ids=["Gateway", "Service"],
)
def test_what_an_ignored_rule_would_find_stays(cluster: Cluster, text: str, ignored: str) -> None:
    done, after = mended(cluster, text, options=LintOptions(ignore=(ignored,)))
    assert (text, ()) == (after, done.fixed)


def test_a_gateway_says_that_it_is_to_stay(cluster: Cluster) -> None:
    note = 'metadata:\n  annotations:\n    akslb.dev/ignore: "http-probe-on-gateway: all routes answer"\n'
    text = GATEWAY.replace("metadata:\n", note)
    assert text == mended(cluster, text)[1]


def test_a_policy_decides_on_probes_in_place_of_lint(cluster: Cluster) -> None:
    done, after = mended(cluster, SERVICE, policy=Policy(unknown=LEAVE))
    assert SERVICE == after
    assert "http-probe-on-unknown-workload" in [one.rule for one in done.remaining.diagnostics]
    done, after = mended(cluster, SERVICE, policy=Policy())
    assert SERVICE.replace("shop\n", f"shop\n    {TCP}") == after
    assert ["http-probe-on-unknown-workload"] == [one.rule for one in done.fixed]


def test_a_silenced_service_keeps_its_probe_but_gets_what_a_policy_sets(cluster: Cluster) -> None:
    policy = Policy((PolicyRule("all", annotations=(("example.com/owner", "net"),)),))
    _, after = mended(cluster, silenced(SERVICE), policy=policy)
    assert silenced(SERVICE).replace(IGNORED, IGNORED + "    example.com/owner: net\n") == after


def test_a_policy_that_fails_changes_nothing(cluster: Cluster) -> None:
    text = SERVICE.replace("shop\n", f"shop\n    {BETA}azure-load-balancer-tcp-idle-timeout: 10\n")
    done, after = mended(cluster, text, policy=Policy(unknown=FAIL))
    assert text == after
    assert () == done.fixed
    assert ["default/web"] == [one.service for one in done.forbidden]
    assert "fail then" in done.forbidden[0].message


def test_the_namespace_of_the_release_counts_for_a_policy(cluster: Cluster) -> None:
    policy = Policy(
        (PolicyRule("team", match_namespace="team-*", annotations=(("example.com/owner", "a"),)),), LEAVE, LEAVE
    )
    assert SERVICE == mended(cluster, SERVICE, policy=policy)[1]
    assert "example.com/owner: a\n" in mended(cluster, SERVICE, policy=policy, namespace="team-a")[1]


def test_unsafe_fixes_need_consent(cluster: Cluster) -> None:
    text = SERVICE.replace("example.com/team: shop", f'{BETA}azure-load-balancer-internal: "True"')
    assert '"True"' in mended(cluster, text)[1]
    assert '"true"' in mended(cluster, text, unsafe=True)[1]


def test_what_cannot_be_edited_is_told_once(cluster: Cluster) -> None:
    text = GATEWAY.replace("metadata:\n  name: gate", "metadata: &shared\n  name: gate").replace(
        "spec:\n", "spec: &spec\n"
    )
    done, after = mended(cluster, text)
    assert text == after
    assert ["open-to-the-internet", "http-probe-on-gateway"] == [one.rule for one in done.remaining.diagnostics]


def test_what_cannot_be_read_is_a_problem(cluster: Cluster) -> None:
    done, after = mended(cluster, f"{SERVICE}---\nkind: Service\nmetadata: [\n")
    assert TCP in after
    assert after.endswith("---\nkind: Service\nmetadata: [\n")
    assert 1 == len(done.remaining.problems)


def test_files_are_mended_side_by_side(cluster: Cluster) -> None:
    files = [("b.yaml", GATEWAY.encode()), ("a.yaml", SERVICE.encode())]
    done = fix(files, cluster)
    assert ["b.yaml", "a.yaml"] == [file.path for file in done.files]
    assert ["b.yaml", "a.yaml"] == [one.path for one in done.fixed]
