"""loadBalancerSourceRanges together with a range annotation.

## What it is

`spec.loadBalancerSourceRanges` and `azure-allowed-ip-ranges`, or since 1.27.17, 1.28.9 and 1.29.4 Kubernetes' own
`load-balancer-source-ranges` annotation, on one Service.

## Why is it bad

The provider refuses the Service: the load balancer is there, but no security rule, and the address stays `<pending>`.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-allowed-ip-ranges: 203.0.113.0/24
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
    - 10.20.0.0/16
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
    - 10.20.0.0/16
    - 203.0.113.0/24
  ports:
    - port: 80
```

## Fix safety

There is no fix: whether kube-proxy is to filter as well is yours to decide.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.lint.keys import steps_of

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Two mechanisms, which is refused."""
    for refusal in context.refused("two-kinds-of-ranges"):
        yield Finding(
            f"the Service stays pending: {refusal.message}",
            steps_of(refusal.origin),
            True,
            "Keep one: kube-proxy enforces spec.loadBalancerSourceRanges too, the annotation is for the NSG only.",
        )
