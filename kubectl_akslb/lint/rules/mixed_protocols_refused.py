"""TCP and UDP on one Service before Kubernetes 1.24.

## What it is

A Service of type LoadBalancer whose ports have more than one protocol, on Kubernetes 1.23.

## Why is it bad

Before 1.24 the API server refuses it unless the feature gate MixedProtocolLBService is on, which it is not on AKS.

## Example

```yaml provider=1.23.30
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  ports:
    - name: dns
      port: 53
    - name: dns-udp
      port: 53
      protocol: UDP
```

## Use instead

```yaml provider=1.23.30
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  ports:
    - name: dns
      port: 53
```

## Fix safety

There is no fix: use two Services with one address, or upgrade.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import reason_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.path.api_server import faults

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """The first port of a second protocol."""
    for reason in faults(context.service, context.cluster) if context.handled else ():
        if str(reason.facts["field"]).endswith(".protocol"):
            yield reason_found(reason, "Use a Service for each protocol; both may ask for the same address.")
            return
