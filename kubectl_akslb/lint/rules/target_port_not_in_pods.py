"""Target port that the pods do not have.

## What it is

The pods that the selector matches are in the same files, and none of their containers has a port of the name in
`targetPort`.

## Why is it bad

A name that no container has leads nowhere: the Service has no endpoints on that port, and it is down.

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
      targetPort: web
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
      targetPort: http
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

There is no fix: which port is meant is for you to say.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import target_ports_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.path.cause import Cause

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports whose target is a name that no container of the pods has."""
    return target_ports_found(context, _MISSING)


_MISSING = frozenset({Cause.NO_SUCH_PORT_NAME, Cause.NO_SUCH_PORT_NAME_IN_SOME})
