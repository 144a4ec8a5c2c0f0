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

Safe: only the probe changes, to Tcp. A path that somebody has chosen is left alone: give the Ingress a host.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import probes_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Effect, Finding
from kubectl_akslb.path.cause import Cause

SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports probed at a path that an Ingress takes."""
    return probes_found(context, {Cause.INGRESS_CAPTURES_PROBE})
