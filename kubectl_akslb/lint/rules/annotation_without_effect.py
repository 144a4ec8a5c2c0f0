"""Annotation that does nothing on this Service.

## What it is

An annotation that needs something else beside it which is not there: a subnet or HA ports without `internal`, a
public IP's name on an internal Service, deny-all without a range, `azure-pls-*` without `azure-pls-create`.

## Why is it bad

It reads as if it were in force. Usually the other half is missing or misspelt.

## Example

```yaml provider=1.30.4
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-ipv4: "20.50.1.2"
    service.beta.kubernetes.io/azure-load-balancer-internal-subnet: apps
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Use instead

```yaml provider=1.30.4
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-ipv4: "20.50.1.2"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Safe: the derivation is the same with and without the annotation. Unsafe as long as nobody said which provider version
the cluster runs, because other versions read the annotation in another way.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.effect import OTHER, finding, idle

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Annotations whose other half is missing."""
    for one in idle(context, OTHER):
        yield finding(context, one, "Add what it needs, or remove it.")
