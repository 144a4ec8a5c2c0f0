"""NetworkPolicy that lets in only pods.

## What it is

NetworkPolicies in the namespace select the pods of the Service, and none of them lets in anything but pods on the port
that the Service sends to. They are in the same file, or in the same cluster.

## Why is it bad

What comes through a load balancer comes from no pod: with `externalTrafficPolicy: Cluster` the pods see the address of
a node, with `Local` that of the client, and of 168.63.129.16 where Azure probes the pods themselves. Selectors of pods
and namespaces match none of these, so that clients time out, and probes that reach the pods fail. How strictly nodes
are kept out depends on the network plugin: some always let in the node that a pod runs on, and some connections work.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
    - from:
        - namespaceSelector: {}
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
    - from:
        - namespaceSelector: {}
        - ipBlock:
            cidr: 0.0.0.0/0
      ports:
        - port: 8080
```

## Fix safety

There is no fix: who is to be let in is for you to say.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_akslb.evidence.workloads import container_port
from kubectl_akslb.lint.diagnostic import WARNING, Finding
from kubectl_akslb.lint.stream import NETWORK_POLICY, Neighbour
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.model.reach import DOCUMENTED
from kubectl_akslb.model.service import ServicePort

SEVERITY = WARNING
FIX = ""


def check(subject: Subject) -> Iterator[Finding]:
    """Ports whose pods are closed to everything but pods."""
    if not subject.handled or not subject.service.selector:
        return
    policies = [one for one in subject.neighbours(NETWORK_POLICY) if _selects(one, subject)]
    if not policies:
        return
    names = ", ".join(sorted(one.name for one in policies))
    for port in subject.service.ports:
        number = container_port(subject.pods, port)
        if not any(_lets_in(one, port, number) for one in policies):
            seen = "clients keep their addresses" if subject.service.is_local else "the pods see the nodes' addresses"
            target = port.target_port if port.target_port is not None else port.port
            several = "NetworkPolicies" if len(policies) > 1 else "NetworkPolicy"
            verb = "let" if len(policies) > 1 else "lets"
            yield Finding(
                f"{several} {names} {verb} in only pods on port {target}, and what comes through the load balancer"
                f" comes from none: {seen}",
                ("spec", "ports", port.index),
                hint="Add an ipBlock to from: the clients' ranges with Local, those of the nodes with Cluster.",
                confidence=DOCUMENTED,
            )


def _selects(policy: Neighbour, subject: Subject) -> bool:
    """Whether the policy is about traffic to the pods; by their labels, or by the Service's selector."""
    spec = _mapping(policy.data.get("spec"))
    types = spec.get("policyTypes")
    if isinstance(types, list) and "Ingress" not in types:
        return False
    if (policy.namespace or "default") != (subject.service.namespace or "default"):
        return False
    selector = _mapping(spec.get("podSelector"))
    labels = [pod.labels for pod in subject.pods] or [subject.service.selector]
    return any(_matches(selector, each) for each in labels)


def _matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    if any(labels.get(key) != value for key, value in _mapping(selector.get("matchLabels")).items()):
        return False
    return all(_meets(_mapping(one), labels) for one in _list(selector.get("matchExpressions")))


def _meets(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    value, operator = labels.get(str(expression.get("key", ""))), expression.get("operator")
    values = _list(expression.get("values"))
    if operator == "Exists":
        return value is not None
    if operator == "DoesNotExist":
        return value is None
    return (value in values) if operator == "In" else operator == "NotIn" and value not in values


def _lets_in(policy: Neighbour, port: ServicePort, number: int | None) -> bool:
    """Whether a rule of the policy opens the port to addresses; in doubt it does."""
    return any(
        _any_address(_mapping(rule)) and _has_port(_mapping(rule), port, number)
        for rule in _list(_mapping(policy.data.get("spec")).get("ingress"))
    )


def _any_address(rule: Mapping[str, Any]) -> bool:
    sources = _list(rule.get("from"))
    return not sources or any("ipBlock" in _mapping(one) for one in sources)


def _has_port(rule: Mapping[str, Any], port: ServicePort, number: int | None) -> bool:
    opened = [_mapping(one) for one in _list(rule.get("ports"))]
    if not opened:
        return True
    for one in opened:
        first, last = one.get("port"), one.get("endPort")
        if (one.get("protocol") or "TCP") != (port.protocol or "TCP"):
            continue
        if first is None or number is None or not isinstance(first, int):
            return True  # all ports, or names that cannot be compared
        if first <= number <= (last if isinstance(last, int) else first):
            return True
    return False


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
