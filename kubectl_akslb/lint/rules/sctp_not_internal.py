"""SCTP on a public Service.

## What it is

An SCTP port on a Service that is not internal, or on a Basic load balancer.

## Why is it bad

The provider refuses the whole Service: its address stays `<pending>`.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-enable-high-availability-ports: "false"
spec:
  type: LoadBalancer
  ports:
    - port: 3868
      protocol: SCTP
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-load-balancer-enable-high-availability-ports: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 3868
      protocol: SCTP
```

## Fix safety

There is no fix: an internal Service has another address.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.lint.keys import steps_of

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """SCTP ports that are refused."""
    for refusal in context.refused("sctp-not-internal"):
        yield Finding(
            f"the Service stays pending: {refusal.message}",
            steps_of(refusal.origin),
            hint="Make the Service internal, with HA ports, on a Standard load balancer.",
        )
