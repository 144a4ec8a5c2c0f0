"""Range that is none.

## What it is

An item of `loadBalancerSourceRanges` or of a range annotation that is no range: an address without a length, a typing
error, a service tag.

## Why is it bad

Since 1.26.22, 1.27.16, 1.28.8 and 1.29.3 the item is dropped and a deny-all rule is added, so that nobody gets in but
the other ranges; since 1.30.8, 1.31.2 and 1.32.0 no event says so. Versions before leave the Service pending.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-allowed-ip-ranges: "198.51.100.0/24,203.0.113.7"
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
    service.beta.kubernetes.io/azure-allowed-ip-ranges: "198.51.100.0/24,203.0.113.7/32"
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
from kubectl_akslb.lint.ranges import INVALID, bad_items, consequence
from kubectl_akslb.provider import behaviours

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""

_HINT = "Write ranges such as 198.51.100.0/24, for one address 198.51.100.7/32; tags go to azure-allowed-service-tags."


def check(context: ServiceContext) -> Iterator[Finding]:
    """Items that are dropped or refused."""
    for item in bad_items(context, INVALID):
        yield Finding(f"{item.text!r} is no range: {consequence(context, item)}", item.steps, hint=_HINT)
    if not context.cluster.has(behaviours.ACCESS_CONTROL):
        for refusal in context.refused("invalid-source-range"):
            yield Finding(f"the Service stays pending: {refusal.message}", steps_of(refusal.origin), hint=_HINT)
