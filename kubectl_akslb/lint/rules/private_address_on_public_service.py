"""Private address on a public Service.

## What it is

A public Service that asks for a private address, in `azure-load-balancer-ipv4` or `spec.loadBalancerIP`.

## Why is it bad

The provider looks for a public IP with that address, and does not find one: the address stays `<pending>`. Nearly
always `azure-load-balancer-internal` has been forgotten.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-ipv4: 10.240.0.25
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
    service.beta.kubernetes.io/azure-load-balancer-ipv4: 10.240.0.25
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Unsafe: the Service becomes internal.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Effect, Finding
from kubectl_akslb.lint.fixes import set_annotations
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.provider import annotations as keys

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Addresses that no public IP can have."""
    for refusal in context.refused("private-address-on-public-service"):
        fix = None
        if keys.INTERNAL not in context.service.annotations:
            fix = set_annotations(context, ((keys.INTERNAL, "true"),), "make it internal", UNSAFE, ("*",))
        yield Finding(
            f"the Service stays pending: {refusal.message}",
            steps_of(refusal.origin),
            hint='Add azure-load-balancer-internal: "true", or name the address of a public IP.',
            fix=fix,
        )
