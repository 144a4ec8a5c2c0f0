"""Service that serves fewer than it asks for.

## What it is

What stands in Azure is less than the manifest asks for: no security rule lets in a range that the Service names, or no
load-balancing rule takes one of its ports for one IP family. Often another Service does it, that has the same address:
the provider removes the rules of one while it reconciles the other. Or another Service denies all at the nodes, without
floating IP.

## Why is it bad

Clients get no answer, and no event tells. Which Service is hit changes with the order in which they are reconciled.

## Example

```yaml provider=1.27.7
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  ipFamilyPolicy: RequireDualStack
  ipFamilies:
    - IPv4
    - IPv6
  ports:
    - port: 80
```

## Use instead

```yaml provider=1.27.7
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

There is no fix: which address and which IP families a Service may have is yours to decide. The finding names the
releases of the provider that do it, and those that do not any more.
"""

from collections.abc import Iterator

from kubectl_akslb.azure.deviations import Kind
from kubectl_akslb.lint.asked import deviations_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Clients that are left out, ports without a rule, probes that others deny."""
    kinds = {Kind.NOT_LET_IN, Kind.KEPT_OUT_UNASKED, Kind.PROBES_DENIED, Kind.NOT_SERVED, Kind.FOREIGN_FRONTEND}
    return deviations_found(context, kinds)
