"""Probe interval below 5 seconds.

## What it is

An interval annotation with a value below 5.

## Why is it bad

The provider refuses the whole Service: its address stays `<pending>`, or changes are no longer applied. The comments
in the provider's code, and pages made from them, name other limits.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-health-probe-interval: "3"
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
    service.beta.kubernetes.io/azure-load-balancer-health-probe-interval: "5"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Safe: the Service was refused before. The shortest interval that Azure accepts is set.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, SAFE, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Intervals that are refused."""
    for refusal in context.refused("probe-interval-too-short"):
        steps = (*ANNOTATIONS, refusal.origin.path)
        fix = set_value(context, steps, "5", "set it to 5", SAFE)
        yield Finding(
            f"the Service stays pending: {refusal.message}",
            steps,
            hint="Azure probes every 5 seconds or less often.",
            fix=fix,
        )
