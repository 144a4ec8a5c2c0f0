"""Http probe of a readiness path, which is no proof of 200.

## What it is

An annotation names the path by which the pods in the same file count as ready, and nothing proves that they answer it
with 200.

## Why is it bad

The kubelet takes 200 to 399 for ready and follows redirects; Azure takes 200 and nothing else. Pods that answer 204
or 302 are ready to Kubernetes, and all their nodes are out of rotation.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path: /ready
spec:
  type: LoadBalancer
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080
      appProtocol: http
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: example.com/web
          readinessProbe:
            httpGet:
              path: /ready
              port: 8080
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/port_80_health-probe_protocol: tcp
spec:
  type: LoadBalancer
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080
      appProtocol: http
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: example.com/web
          readinessProbe:
            httpGet:
              path: /ready
              port: 8080
```

## Fix safety

There is no fix: run the command that the finding names. If it prints 200, suppress the finding and say so; a Tcp probe
needs no path at all.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import probes_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, Effect, Finding
from kubectl_akslb.path.cause import Cause

SEVERITY = INFO
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Probes whose answer nothing proves, and that have a path, or a scheme that may be the wrong one."""
    return probes_found(context, _OPEN, chosen=True)


_OPEN = frozenset({Cause.READINESS_ASKS_THE_SAME, Cause.MAY_SPEAK_OTHERWISE})
