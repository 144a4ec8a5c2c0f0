"""fix, lint --fix, krm, post-render and explain make the same edit for the same remedy, byte for byte."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubectl_akslb.fix.fixer import fix
from kubectl_akslb.fix.krm import run
from kubectl_akslb.lint.annotation_policy import DEFAULT_POLICY, Policy, PolicyRule
from kubectl_akslb.lint.engine import LintOptions
from kubectl_akslb.lint.registry import PROBE_RULES
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.path.hop import HopName
from kubectl_akslb.pipeline import explain
from kubectl_akslb.postrender import render
from tests.given.random_streams import clusters, streams

GATEWAY = b"""\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: edge
spec:
  gatewayClassName: istio
  listeners:
  - {name: http, port: 80, protocol: HTTP}
  - {name: https, port: 443, protocol: HTTPS}
"""
PROBES = tuple(rule for rules in PROBE_RULES.values() for rule in sorted(rules))
SET = Policy((PolicyRule("all", annotations=(("example.com/owner", "net"), ("example.com/number", "1"))),))
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def with_gateway(data: bytes) -> bytes:
    return data if data.startswith(b"{") else data + b"---\n" + GATEWAY


@many
@given(data=streams(), cluster=clusters, policy=st.sampled_from([DEFAULT_POLICY, Policy(unknown="path"), SET]))
def test_fix_and_post_render(data: bytes, cluster: Cluster, policy: Policy) -> None:
    data = with_gateway(data)
    rendered = render.postrender(data, render.PostRenderOptions(cluster, policy))
    done = fix([("all.yaml", data)], cluster, LintOptions(select=PROBES, policy=policy))
    assert not done.declined
    assert rendered.output == done.files[0].after


@many
@given(data=streams(), cluster=clusters)
def test_lint_and_fix(data: bytes, cluster: Cluster) -> None:
    """Without a policy, each finding offers the whole remedy."""
    data = with_gateway(data)
    alone = fix([("all.yaml", data)], cluster, LintOptions(select=PROBES)).files[0].after
    assert alone == fix([("all.yaml", data)], cluster, LintOptions(select=PROBES, policy=DEFAULT_POLICY)).files[0].after


@many
@given(data=streams(), cluster=clusters)
def test_explain_and_post_render(data: bytes, cluster: Cluster) -> None:
    (one,) = explain([("all.yaml", data)], cluster).services
    if not one.path.ports:
        return  # something else is refused, and explain says that first
    found = [hop.remedy for path in one.path.ports for hop in path.hops if hop.name is HopName.PROBE]
    shown = {pair for remedy in found if remedy is not None and remedy.safe for pair in remedy.annotations}
    set_by = {(one.annotation, one.value) for one in render.postrender(data, render.PostRenderOptions(cluster)).changes}
    assert shown == set_by


@many
@given(data=streams(), cluster=clusters)
def test_krm(data: bytes, cluster: Cluster) -> None:
    items = json.loads(data)["items"] if data.startswith(b"{") else [
        parse_data(Source(text))[1] for text in data.decode().split("---\n") if text.strip()
    ]  # fmt: skip
    as_list = {"apiVersion": "v1", "kind": "List", "items": items}
    config = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"select": ",".join(PROBES)}}
    as_input = {
        "apiVersion": "config.kubernetes.io/v1",
        "kind": "ResourceList",
        "items": items,
        "functionConfig": config,
    }
    done = json.loads(run(json.dumps(as_input).encode(), lambda _: cluster).output)
    rendered = json.loads(render.postrender(json.dumps(as_list).encode(), render.PostRenderOptions(cluster)).output)
    assert rendered["items"] == done["items"]
