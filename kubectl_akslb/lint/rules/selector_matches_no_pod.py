"""Selector that matches no pod.

## What it is

The files hold workloads in the namespace of the Service, and its selector matches none of their pods.

## Why is it bad

A Service without pods has no endpoints: every node refuses or drops what it gets, and clients time out. Nothing tells
you when the Service is created. If the pods come from other files, give those to lint as well.

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
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: wed
  template:
    metadata:
      labels:
        app: wed
    spec:
      containers:
        - name: web
          image: example.com/web:1
          ports:
            - name: http
              containerPort: 8080
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
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: example.com/web:1
          ports:
            - name: http
              containerPort: 8080
```

## Fix safety

There is no fix: selector or labels may be wrong.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import finding_of
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import HopName

SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """A selector beside workloads that it does not match."""
    for one in context.port_paths[:1]:
        hop = one.hop(HopName.POD)
        if any(reason.cause in _NOTHING for reason in hop.because):
            yield finding_of(hop, ("spec", "selector"), "Compare the selector with the labels of the pod template.")


_NOTHING = frozenset({Cause.SELECTOR_MATCHES_NOTHING, Cause.PODS_END})
