"""Fewer than two failed probes.

## What it is

A num-of-probe annotation with a value below 2.

## Why is it bad

The provider refuses the whole Service: its address stays `<pending>`, or changes are no longer applied.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/port_80_health-probe_num-of-probe: "1"
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
    service.beta.kubernetes.io/port_80_health-probe_num-of-probe: "2"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Safe: the Service was refused before. The lowest count that Azure accepts is set.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, SAFE, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Counts that are refused."""
    for refusal in context.refused("probe-count-too-low"):
        steps = (*ANNOTATIONS, refusal.origin.path)
        fix = set_value(context, steps, "2", "set it to 2", SAFE)
        yield Finding(
            f"the Service stays pending: {refusal.message}",
            steps,
            hint="A node leaves after two failed probes or more.",
            fix=fix,
        )
