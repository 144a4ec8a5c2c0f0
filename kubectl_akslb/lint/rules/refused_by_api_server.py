"""Service that the API server refuses.

## What it is

A value that Kubernetes itself does not take: two ports without names, a name twice, a range that is none in
`spec.loadBalancerSourceRanges`, a node port outside of the range.

## Why is it bad

`kubectl apply` and `helm upgrade` fail, and nothing is changed.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  ports:
    - port: 80
    - port: 443
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  ports:
    - name: http
      port: 80
    - name: https
      port: 443
```

## Fix safety

There is no fix: only you know what is meant.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import reason_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.path.api_server import faults

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""

_EXPLAINED = (".protocol", "loadBalancerSourceRanges", "load-balancer-source-ranges")


def check(context: ServiceContext) -> Iterator[Finding]:
    """The first value that Kubernetes does not take, but for those with a rule of their own."""
    for reason in faults(context.service, context.cluster) if context.handled else ():
        if not str(reason.facts["field"]).endswith(_EXPLAINED):
            yield reason_found(reason)
            return
