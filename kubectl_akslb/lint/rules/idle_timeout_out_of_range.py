"""Idle timeout that is refused.

## What it is

An idle timeout below 4 minutes, or above 100 (above 30 before 1.25.17, 1.26.13, 1.27.7).

## Why is it bad

The provider refuses the whole Service: its address stays `<pending>`, or changes are no longer applied.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "120"
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
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "30"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Safe: the Service was refused before. The nearest value that every version and Azure accept is set: 4 or 30.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.readers import go_integer, trim
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, SAFE, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Timeouts that are refused."""
    for refusal in context.refused("idle-timeout-out-of-range"):
        steps = (*ANNOTATIONS, refusal.origin.path)
        value = "30" if (go_integer(trim(refusal.origin.raw or ""), 32) or 0) > 4 else "4"
        yield Finding(
            f"the Service stays pending: {refusal.message}",
            steps,
            hint="Azure's pages allow 4 to 30 minutes.",
            fix=set_value(context, steps, value, f"set it to {value}", SAFE),
        )
