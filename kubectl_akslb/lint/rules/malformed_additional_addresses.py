"""Blanks or empty items among additional addresses.

## What it is

`azure-additional-public-ips` with a blank behind a comma, an empty item, or something that is no address.

## Why is it bad

Since 1.29.0 blanks and empty items are refused: the load balancer is there, but no security rule, and the address stays
`<pending>`. Before, they were skipped.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-additional-public-ips: "198.51.100.1, 198.51.100.2"
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
    service.beta.kubernetes.io/azure-additional-public-ips: "198.51.100.1,198.51.100.2"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Safe: the Service was refused before. It is offered where addresses are left once blanks and empty items are gone.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import is_address
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, SAFE, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value
from kubectl_akslb.provider import annotations as keys

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Lists of addresses that are refused."""
    for refusal in context.refused("malformed-additional-addresses"):
        items = [item for part in (refusal.origin.raw or "").split(",") if (item := part.strip())]
        steps = (*ANNOTATIONS, keys.ADDITIONAL_IPS)
        fix = None
        if items and all(is_address(item) for item in items):
            fix = set_value(context, steps, ",".join(items), "remove blanks and empty items", SAFE)
        hint = "Separate addresses by a comma alone."
        yield Finding(f"the Service stays pending: {refusal.message}", steps, hint=hint, fix=fix)
