"""Range with host bits.

## What it is

A range whose address is not the first of the range, such as `10.0.0.1/24`.

## Why is it bad

Most tools read it as `10.0.0.0/24`. The provider does not: since 1.26.22, 1.27.16, 1.28.8 and 1.29.3 it drops the item
and adds a deny-all rule; since 1.30.8, 1.31.2 and 1.32.0 no event says so.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
    - 10.240.0.7/16
  ports:
    - port: 80
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
    - 10.240.0.0/16
  ports:
    - port: 80
```

## Fix safety

Unsafe: the range is let in, and the deny-all rule goes away.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Effect, Finding
from kubectl_akslb.lint.ranges import HOST_BITS, bad_items, consequence, replaced

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ranges that are dropped because of their host bits."""
    for item in bad_items(context, HOST_BITS):
        yield Finding(
            f"{item.text} has host bits: {consequence(context, item)}",
            item.steps,
            hint=f"Write {item.instead} for the network, or /32 (/128 for IPv6) for the one address.",
            fix=replaced(context, item),
        )
