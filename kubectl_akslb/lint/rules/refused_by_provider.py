"""Service that the provider refuses.

## What it is

Anything else that makes Azure's provider return an error, in its own words.

## Why is it bad

The address of the Service stays `<pending>`, or changes are no longer applied. The text is that of the event
SyncLoadBalancerFailed, so that you can search for it.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-pls-create: "true"
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
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-pls-create: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

There is no fix: only you know what is meant.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.provider.refusals import GENERIC

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Refusals that no rule of their own explains."""
    for refusal in context.refused(GENERIC):
        what = refusal.code.remedy
        yield Finding(
            f"the Service stays pending: {refusal.message}",
            steps_of(refusal.origin),
            hint=f"{what[0].upper()}{what[1:]}." if what else "",
        )
