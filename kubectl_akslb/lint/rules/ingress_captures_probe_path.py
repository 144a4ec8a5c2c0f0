"""Ingress that captures the probe path of ingress-nginx.

## What it is

An Ingress without a host, whose path is a regular expression (or exactly the probe path) that the health probe of the
ingress-nginx Service matches. Both are in the same file.

## Why is it bad

ingress-nginx answers `/healthz` in its default server only, and an Ingress without a host belongs to that server. A
regular expression wins over it: the probe goes to the application behind the Ingress, and one that does not answer 200
takes the whole ingress controller out of rotation.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: ingress-nginx-controller
  labels:
    app.kubernetes.io/name: ingress-nginx
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path: /healthz
spec:
  type: LoadBalancer
  ports:
    - name: http
      port: 80
      appProtocol: http
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: catch-all
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /$1
spec:
  ingressClassName: nginx
  rules:
    - http:
        paths:
          - path: /(.*)
            pathType: ImplementationSpecific
            backend:
              service:
                name: app
                port:
                  number: 80
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: ingress-nginx-controller
  labels:
    app.kubernetes.io/name: ingress-nginx
  annotations:
    service.beta.kubernetes.io/port_80_health-probe_protocol: tcp
spec:
  type: LoadBalancer
  ports:
    - name: http
      port: 80
      appProtocol: http
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: catch-all
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /$1
spec:
  ingressClassName: nginx
  rules:
    - http:
        paths:
          - path: /(.*)
            pathType: ImplementationSpecific
            backend:
              service:
                name: app
                port:
                  number: 80
```

## Fix safety

There is no fix: give the Ingress a host, or probe with Tcp.
"""

import re
from collections.abc import Iterator
from typing import Any

from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.stream import INGRESS, Neighbour
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import DEFAULT

SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = ""

_NGINX = "nginx.ingress.kubernetes.io/"
#: Manifests are not trusted, and an expression can take for ever: short ones with few repetitions cannot.
_MAX_EXPRESSION, _MAX_PATH, _MAX_REPEATS = 80, 40, 3


def check(subject: Subject) -> Iterator[Finding]:
    """Ports probed at a path that an Ingress takes."""
    if subject.workload is None or subject.workload.name != "ingress-nginx":
        return
    for port, probe, answer in subject.probed:
        path = probe.request_path
        if path is None or answer.up is False or "kube-proxy" in answer.text:
            continue
        for ingress in subject.neighbours(INGRESS):
            pattern = _captures(ingress, path.value)
            if pattern:
                origin = path.origin if path.origin.kind != DEFAULT else probe.protocol.origin
                yield Finding(
                    f"Ingress {ingress.name} has no host and its path {pattern} captures the probe {path.value} of port"
                    f" {port.port}: the application behind it must answer 200",
                    steps_of(origin) or ("spec", "ports", port.index),
                    hint=f"Give the Ingress a host, or set port_{port.port}_health-probe_protocol to tcp.",
                    confidence=Confidence.WELL_KNOWN,
                )
                break


def _captures(ingress: Neighbour, path: str) -> str:
    """The path of a host-less rule of the Ingress that takes *path*, or ""."""
    annotations = _mapping(_mapping(ingress.data.get("metadata")).get("annotations"))
    spec = _mapping(ingress.data.get("spec"))
    name = spec.get("ingressClassName") or annotations.get("kubernetes.io/ingress.class") or "nginx"
    if "nginx" not in str(name):
        return ""
    regular = annotations.get(_NGINX + "use-regex") == "true" or _NGINX + "rewrite-target" in annotations
    rules = spec.get("rules")
    for rule in rules if isinstance(rules, list) else ():
        paths = _mapping(_mapping(rule).get("http")).get("paths")
        for one in paths if isinstance(paths, list) and not _mapping(rule).get("host") else ():
            text, kind = _mapping(one).get("path"), _mapping(one).get("pathType")
            if isinstance(text, str) and _takes(text, path, exact=kind == "Exact", regular=regular):
                return text
    return ""


def _takes(text: str, path: str, *, exact: bool, regular: bool) -> bool:
    if exact or not regular:
        return text == path
    repeats = sum(text.count(sign) for sign in "*+{")
    if len(text) > _MAX_EXPRESSION or len(path) > _MAX_PATH or repeats > _MAX_REPEATS:
        return False
    try:
        return re.match(text, path, re.IGNORECASE) is not None
    except (re.error, OverflowError, RecursionError):
        return False


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
