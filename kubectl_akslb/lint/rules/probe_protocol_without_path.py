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
  ports:
    - port: 80
```

## Fix safety

Safe: only the probe changes, to the path that a well-known workload answers, else back to Tcp. That the pods count as
ready by a path is no proof that it answers 200.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.keys import short, steps_of
from kubectl_akslb.lint.probe_fix import probe_fix, why_not
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import ANNOTATION, DEFAULT
from kubectl_akslb.path.hop import Outcome

SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports that are probed at the default path because of an annotation."""
    for port, probe, hop in context.probed:
        origin, path = probe.protocol.origin, probe.request_path
        if (
            hop.outcome is not Outcome.DEPENDS
            or path is None
            or path.origin.kind != DEFAULT
            or origin.kind != ANNOTATION
        ):
            continue
        yield Finding(
            f"{short(origin.path)} asks for an {probe.protocol.value.lower()} probe of port {port.port}, and no"
            f" annotation for a path, so {path.value} is probed",
            steps_of(origin),
            hint=why_not(context, port),
            fix=probe_fix(context, port),
            confidence=Confidence.ASSUMED,
            verify=hop.verify,
        )
