"""Probe protocol annotation without a path.

## What it is

An annotation asks for an http(s) probe, but no annotation says which path. Azure then probes `/`.

## Why is it bad

Only the answer 200 counts as up, and few applications answer 200 to `/` without a redirect or a login. From 1.23.11
until 1.24.0 the same annotation did nothing without a path: the upgrade turns it on.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/port_80_health-probe_protocol: http
spec:
  type: LoadBalancer
  ports:
    - port: 80
      targetPort: 8080
  selector:
    app: web
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
            - containerPort: 8080
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
    service.beta.kubernetes.io/port_80_health-probe_protocol: http
    service.beta.kubernetes.io/port_80_health-probe_request-path: /ready
spec:
  type: LoadBalancer
  ports:
    - port: 80
      targetPort: 8080
  selector:
    app: web
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
            - containerPort: 8080
          readinessProbe:
            httpGet:
              path: /ready
              port: 8080
```

## Fix safety

Safe: only the path of the probe changes, to the one by which the pods count as ready. Without such a readiness probe
in the same file there is no fix: nobody but you knows a path.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import PROBES, set_annotations
from kubectl_akslb.lint.keys import short, steps_of
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import ANNOTATION, DEFAULT
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.provider import annotations as keys

SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = SAFE


def check(subject: Subject) -> Iterator[Finding]:
    """Ports that are probed at the default path because of an annotation."""
    for port, probe, hop in subject.probed:
        origin, path = probe.protocol.origin, probe.request_path
        if (
            hop.outcome is not Outcome.DEPENDS
            or path is None
            or path.origin.kind != DEFAULT
            or origin.kind != ANNOTATION
        ):
            continue
        ready = subject.ready_path(port, probe.protocol.value)
        key = keys.PORT_PROBE_PATH.for_port(port.port)
        fix = set_annotations(subject, ((key, ready),), f"probe {ready}", SAFE, PROBES) if ready else None
        yield Finding(
            f"{short(origin.path)} asks for an {probe.protocol.value.lower()} probe of port {port.port}, and no"
            f" annotation for a path, so {path.value} is probed",
            steps_of(origin),
            hint=f"Set {short(key)} to a path that answers 200.",
            fix=fix,
            confidence=Confidence.ASSUMED,
            verify=hop.verify,
        )
