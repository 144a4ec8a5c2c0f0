"""loadBalancerSourceRanges together with service tags.

## What it is

`spec.loadBalancerSourceRanges` and `azure-allowed-service-tags` on one Service.

## Why is it bad

Two layers filter. The security group lets in the ranges and the tags; kube-proxy on the node knows the ranges only,
and drops what comes from the tags. The security rules look right, and the clients time out.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-allowed-service-tags: AzureFrontDoor.Backend
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
  annotations:
    service.beta.kubernetes.io/azure-allowed-service-tags: AzureFrontDoor.Backend
    service.beta.kubernetes.io/azure-allowed-ip-ranges: 10.20.0.0/16
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

There is no fix: without `loadBalancerSourceRanges` kube-proxy no longer filters.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import finding_of
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.path.cause import Cause

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """The first tag that kube-proxy drops: it knows the ranges only."""
    for client in context.clients:
        for hop in client.hops:
            if any(reason.cause is Cause.TAG_BESIDE_SOURCE_RANGES for reason in hop.because):
                hint = "Move the ranges to the annotation azure-allowed-ip-ranges."
                yield finding_of(hop, ("spec", "loadBalancerSourceRanges"), hint)
                return
