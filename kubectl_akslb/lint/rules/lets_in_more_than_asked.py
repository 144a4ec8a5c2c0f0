"""Service that lets in others than it asks for.

## What it is

The Service asks to deny all but its ranges, and no rule denies them. Another Service has the same address: while the
provider reconciles that one, it takes the address out of the rule that denies. The last Service that is reconciled
decides, so the rule comes and goes.

## Why is it bad

The virtual network and what is peered with it get in, past the ranges, and no event tells.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-pip-name: shared
    service.beta.kubernetes.io/azure-allowed-ip-ranges: 203.0.113.0/24
    service.beta.kubernetes.io/azure-deny-all-except-load-balancer-source-ranges: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: api
  annotations:
    service.beta.kubernetes.io/azure-pip-name: shared
spec:
  type: LoadBalancer
  ports:
    - port: 443
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-pip-name: shared
    service.beta.kubernetes.io/azure-allowed-ip-ranges: 203.0.113.0/24
    service.beta.kubernetes.io/azure-deny-all-except-load-balancer-source-ranges: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  type: LoadBalancer
  ports:
    - port: 443
```

## Fix safety

There is no fix: which address a Service may have is yours to decide. The finding names the releases of the provider
that do it, and those that do not any more.
"""

from collections.abc import Iterator

from kubectl_akslb.azure.deviations import Kind
from kubectl_akslb.lint.asked import deviations_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding

SEVERITY = ERROR
EFFECT = Effect.EXPOSES
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Denials that are lost, and rules that nobody asks for."""
    return deviations_found(context, {Kind.NOT_KEPT_OUT, Kind.LET_IN_UNASKED})
