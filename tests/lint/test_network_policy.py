"""Which NetworkPolicies keep out what comes through a load balancer."""

import pytest

from tests.given.manifests import linted

RULE = "network-policy-lets-in-only-pods"
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  selector: {app: web, tier: front}
  ports: [{port: 80, targetPort: 8080}]
---
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: %s, namespace: shop}
spec: {%s}
---
"""
PODS = "from: [{podSelector: {}}]"


def policy(spec: str, name: str = "p") -> str:
    return POLICY % (name, spec)


def found(text: str) -> list[str]:
    return [one.message for one in linted(SERVICE + text).diagnostics if one.rule == RULE]


@pytest.mark.parametrize(
    "spec",
    [
        f"podSelector: {{}}, ingress: [{{{PODS}}}]",
        "podSelector: {}, policyTypes: [Ingress]",
        "podSelector: {}, ingress: []",
        f"podSelector: {{matchLabels: {{app: web}}}}, ingress: [{{{PODS}}}]",
        f"podSelector: {{matchExpressions: [{{key: app, operator: In, values: [web]}}]}}, ingress: [{{{PODS}}}]",
        f"podSelector: {{matchExpressions: [{{key: old, operator: DoesNotExist}}]}}, ingress: [{{{PODS}}}]",
        f"podSelector: {{}}, ingress: [{{{PODS}}}, {{ports: [{{port: 9090}}]}}]",
        "podSelector: {}, ingress: [{ports: [{port: 8080, protocol: UDP}]}]",
        "podSelector: {}, ingress: [{ports: [{port: 8000, endPort: 8079}]}]",
    ],
)
def test_only_pods_are_let_in(spec: str) -> None:
    (message,) = found(policy(spec))
    assert "NetworkPolicy p" in message
    assert "8080" in message


@pytest.mark.parametrize(
    "spec",
    [
        "podSelector: {}, ingress: [{}]",
        "podSelector: {}, ingress: [{from: []}]",
        "podSelector: {}, ingress: [{from: [{podSelector: {}}, {ipBlock: {cidr: 0.0.0.0/0}}]}]",
        "podSelector: {}, ingress: [{ports: [{port: 8080}]}]",
        "podSelector: {}, ingress: [{ports: [{port: 8000, endPort: 9000}]}]",
        "podSelector: {}, ingress: [{ports: [{port: http}]}]",
        "podSelector: {}, policyTypes: [Egress]",
        "podSelector: {matchLabels: {app: db}}, ingress: []",
        "podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}, ingress: []",
        "podSelector: {matchExpressions: [{key: old, operator: Exists}]}, ingress: []",
        "podSelector: 1, ingress: [1, {from: 2}]",
    ],
)
def test_others_are_let_in_too_or_the_pods_are_not_meant(spec: str) -> None:
    assert [] == found(policy(spec))


def test_policies_add_up() -> None:
    closed = policy(f"podSelector: {{}}, ingress: [{{{PODS}}}]", "closed")
    assert 1 == len(found(closed))
    assert [] == found(closed + policy("podSelector: {}, ingress: [{}]", "open"))
    (message,) = found(closed + policy("podSelector: {}, ingress: []", "deny"))
    assert "closed, deny" in message


def test_a_policy_of_another_namespace() -> None:
    assert [] == found(policy("podSelector: {}, ingress: []").replace("namespace: shop", "namespace: other"))


def test_local_keeps_the_addresses_of_clients() -> None:
    text = SERVICE.replace("type: LoadBalancer", "type: LoadBalancer\n  externalTrafficPolicy: Local")
    messages = [one.message for one in linted(text + policy("podSelector: {}, ingress: []")).diagnostics]
    assert any("the pods see the client's address" in message for message in messages)
