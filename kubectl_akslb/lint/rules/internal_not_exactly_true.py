"""`internal` that is not exactly "true".

## What it is

`azure-load-balancer-internal` with another value that means yes: `"True"`, `"TRUE"`, `"yes"`, `"1"`, `" true"`.

## Why is it bad

The provider compares with `"true"`, letter by letter, when it chooses the load balancer: the Service gets a **public**
address. Security rules, HA ports and the check of SCTP compare without case, so that with `"True"` that public address
is closed to everybody since 1.25.24, 1.26.19, 1.27.13 and 1.28.5, and open before.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "True"
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
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Unsafe: the Service moves to the internal load balancer, and its public address goes away.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

SEVERITY = ERROR
EFFECT = Effect.EXPOSES
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """A Service that was meant to be internal, and is public."""
    value = context.annotation(keys.INTERNAL)
    if not context.handled or value is None or value == "true" or value.strip().lower() in ("false", "", "no", "0"):
        return
    closed = value.lower() == "true" and context.cluster.has(behaviours.ACCESS_CONTROL)
    but = ", and the security rules close it to everybody" if closed else ""
    steps = (*ANNOTATIONS, keys.INTERNAL)
    yield Finding(
        f'{value!r} is not exactly "true": the Service gets a public address{but}',
        steps,
        hint='Write "true", in lower case.',
        fix=set_value(context, steps, "true", 'write "true"', UNSAFE, ("*",)),
    )
