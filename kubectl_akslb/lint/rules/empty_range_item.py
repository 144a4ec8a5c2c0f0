"""Empty item in a list of ranges.

## What it is

A range annotation that is empty, or that has two commas in a row or one at its end.

## Why is it bad

The empty item counts as an invalid range. Since 1.26.22, 1.27.16, 1.28.8 and 1.29.3 a deny-all rule is added for it;
an annotation that is empty altogether closes the Service to everybody.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-allowed-ip-ranges: "198.51.100.0/24,"
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
    service.beta.kubernetes.io/azure-allowed-ip-ranges: "198.51.100.0/24"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Unsafe: the deny-all rule goes away.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import SOURCE_RANGES, ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Effect, Finding
from kubectl_akslb.lint.ranges import EMPTY, bad_items, consequence, without_empty

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Lists with an item that is not there; one finding for each list."""
    seen = set()
    for item in bad_items(context, EMPTY):
        if item.origin.path in seen:
            continue
        seen.add(item.origin.path)
        fix = without_empty(context, item.origin.path) if item.origin.path != SOURCE_RANGES else None
        hint = "Remove the comma too many; leave the annotation out for a Service without ranges."
        yield Finding(f"an item of the list is empty: {consequence(context, item)}", item.steps, hint=hint, fix=fix)
