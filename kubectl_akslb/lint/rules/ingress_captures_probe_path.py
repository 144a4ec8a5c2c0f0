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

from collections.abc import Iterator

from kubectl_akslb.evidence.ingress_nginx import INGRESS_NGINX, KINDS, obstacle
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.stream import CONFIG_MAP
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import DEFAULT

SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = ""


def check(subject: Subject) -> Iterator[Finding]:
    """Ports probed at a path that an Ingress takes."""
    if subject.workload is None or subject.workload.name != INGRESS_NGINX:
        return
    ingresses = Objects(one.data for one in subject.neighbours(*KINDS) if one.kind != CONFIG_MAP)
    for port, probe, answer in subject.probed:
        path = probe.request_path
        if path is None or answer.up is False or "kube-proxy" in answer.text:
            continue
        found = obstacle(path.value, probe.protocol.value.upper(), subject.pods, ingresses)
        if found is not None:
            origin = path.origin if path.origin.kind != DEFAULT else probe.protocol.origin
            yield Finding(
                f"Ingress {found.name} has no host and its {found.what} captures the probe {path.value} of port"
                f" {port.port}: the application behind it must answer 200",
                steps_of(origin) or ("spec", "ports", port.index),
                hint=f"Give the Ingress a host, or set port_{port.port}_health-probe_protocol to tcp.",
                confidence=Confidence.WELL_KNOWN,
            )
