"""Number annotation that is no whole number.

## What it is

An interval, a count, an idle timeout or a number of addresses with a unit, a fraction or other text.

## Why is it bad

The provider refuses the whole Service: its address stays `<pending>`, or changes are no longer applied.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-health-probe-interval: 30s
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
    service.beta.kubernetes.io/azure-load-balancer-health-probe-interval: "30"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Safe: the Service was refused before. It is offered where the number is followed by its own unit, or by `.0`.
"""

import re
from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, SAFE, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value
from kubectl_akslb.provider import annotations as keys

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = SAFE

_SECONDS = re.compile(r"\s*([0-9]{1,9})(?:\.0+)?\s*(?:s|sec|secs|second|seconds)?\s*", re.IGNORECASE)
_MINUTES = re.compile(r"\s*([0-9]{1,9})(?:\.0+)?\s*(?:m|min|mins|minute|minutes)?\s*", re.IGNORECASE)


def check(context: ServiceContext) -> Iterator[Finding]:
    """Values that are refused because they are no number."""
    for refusal in context.refused("not-a-whole-number"):
        key, raw = refusal.origin.path, refusal.origin.raw or ""
        found = (_MINUTES if key == keys.IDLE_TIMEOUT else _SECONDS).fullmatch(raw)
        steps = (*ANNOTATIONS, key)
        fix = set_value(context, steps, found[1], f"set it to {found[1]}", SAFE) if found else None
        yield Finding(f"the Service stays pending: {refusal.message}", steps, hint="Write digits only.", fix=fix)
