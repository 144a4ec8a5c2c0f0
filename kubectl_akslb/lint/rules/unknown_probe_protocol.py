"""Probe protocol that Azure does not know.

## What it is

A probe protocol annotation with another value than `http`, `https` or `tcp`; an empty one too.

## Why is it bad

The provider falls back to Tcp without notice, and the annotation still hides `appProtocol` and the annotation for all
ports. (An `appProtocol` such as `grpc` is fine: it means Tcp.)

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/port_80_health-probe_protocol: http2
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

Safe: the probe is Tcp before and after. Unsafe before 1.23.4, where Azure gets the word as it is.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.readers import trim
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, UNSAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, PROBES, set_value
from kubectl_akslb.lint.keys import short
from kubectl_akslb.model.provenance import ANNOTATION

SEVERITY = WARNING
EFFECT = Effect.SURPRISES
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Annotations that decided a protocol with a word that is none."""
    seen = set()
    for _, probe, _ in context.probed:
        origin = probe.protocol.origin
        raw = trim(origin.raw or "")
        if origin.kind != ANNOTATION or origin.path in seen or raw.lower() in ("http", "https", "tcp"):
            continue
        seen.add(origin.path)
        steps = (*ANNOTATIONS, origin.path)
        fallback = probe.protocol.value == "Tcp"
        becomes = "the probe is Tcp" if fallback else "Azure gets it as it is"
        safety = SAFE if fallback else UNSAFE
        yield Finding(
            f"{short(origin.path)} is {origin.raw!r}, which is no probe protocol: {becomes}",
            steps,
            hint="Write http, https or tcp.",
            fix=set_value(context, steps, "tcp", "write tcp", safety, () if fallback else PROBES),
        )
