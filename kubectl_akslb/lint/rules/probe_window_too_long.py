"""Probe interval times count of 120 or more.

## What it is

Interval and count together take 120 seconds or longer. Exactly 120 is too long, although the provider's comments say
that it is not.

## Why is it bad

The provider refuses the whole Service: its address stays `<pending>`, or changes are no longer applied.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-health-probe-interval: "60"
    service.beta.kubernetes.io/azure-load-balancer-health-probe-num-of-probe: "2"
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
    service.beta.kubernetes.io/azure-load-balancer-health-probe-num-of-probe: "2"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

There is no fix: lower the one that matters less to you.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.lint.keys import steps_of

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Products that are refused."""
    for refusal in context.refused("probe-window-too-long"):
        yield Finding(
            f"the Service stays pending: {refusal.message}",
            steps_of(refusal.origin),
            hint="A node that fails leaves after interval times count seconds: keep that below 120.",
        )
