"""Probe path that does not begin with a slash.

## What it is

A request-path annotation whose value does not begin with `/`: a relative path, an empty value, a blank in front.

## Why is it bad

The provider neither checks nor trims it. What Azure makes of it is not documented; a request without a path does not
get an answer from most servers.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/port_80_health-probe_protocol: http
    service.beta.kubernetes.io/port_80_health-probe_request-path: healthz
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
    service.beta.kubernetes.io/port_80_health-probe_protocol: http
    service.beta.kubernetes.io/port_80_health-probe_request-path: /healthz
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Unsafe: another path is probed.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, PROBES, set_value
from kubectl_akslb.lint.keys import short
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import ANNOTATION

SEVERITY = WARNING
EFFECT = Effect.SURPRISES
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Paths in use that are not absolute."""
    seen = set()
    for _, probe, _ in context.probed:
        path = probe.request_path
        if path is None or path.origin.kind != ANNOTATION or path.value.startswith("/") or path.origin.path in seen:
            continue
        seen.add(path.origin.path)
        steps = (*ANNOTATIONS, path.origin.path)
        wanted = "/" + path.value.strip().lstrip("/")
        yield Finding(
            f"{short(path.origin.path)} is {path.value!r}: a path begins with /",
            steps,
            hint="Azure's answer to such a path is not documented.",
            fix=set_value(context, steps, wanted, f"write {wanted}", UNSAFE, PROBES),
            confidence=Confidence.ASSUMED,
        )
