"""Target port that the pods do not declare.

## What it is

The pods that the selector matches are in the same files, and none of their containers declares the number in
`targetPort`, while they declare others.

## Why is it bad

A declaration is information only, and the pods may listen there all the same; most often the number is a mistake, and
every connection is refused.

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
      targetPort: 8081
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

There is no fix: which port is meant is for you to say.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import target_ports_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.path.cause import Cause

SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports whose target no container of the pods declares."""
    return target_ports_found(context, _MISSING)


_MISSING = frozenset({Cause.PORT_NOT_DECLARED})
