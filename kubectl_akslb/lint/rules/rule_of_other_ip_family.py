"""Rule on the frontend of the other IP family.

## What it is

Dual-stack Services that share their addresses, with a provider from 1.32.0 to 1.32.8, from 1.33.0 to 1.33.3, 1.34.0 or
1.34.1.

## Why is it bad

These releases take every shared frontend for IPv4. The second Service gets its IPv4 rules on the IPv6 frontend, so that
nothing serves IPv4 on its ports, and Azure may refuse an IPv4 pool there.

## Example

```yaml provider=1.33.2
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-health-probe-protocol: http
    service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path: /status
    service.beta.kubernetes.io/azure-load-balancer-ipv4: 20.1.2.3
    service.beta.kubernetes.io/azure-load-balancer-ipv6: 2001:db8::3
spec:
  type: LoadBalancer
  ipFamilyPolicy: RequireDualStack
  ports:
    - port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: api
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-ipv4: 20.1.2.3
    service.beta.kubernetes.io/azure-load-balancer-ipv6: 2001:db8::3
spec:
  type: LoadBalancer
  ipFamilyPolicy: RequireDualStack
  ports:
    - port: 8080
```

## Use instead

```yaml provider=1.33.2
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-ipv4: 20.1.2.3
    service.beta.kubernetes.io/azure-load-balancer-ipv6: 2001:db8::3
spec:
  type: LoadBalancer
  ipFamilyPolicy: RequireDualStack
  ports:
    - port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  type: LoadBalancer
  ipFamilyPolicy: RequireDualStack
  ports:
    - port: 8080
```

## Fix safety

There is no fix: upgrade to 1.32.9, 1.33.4 or 1.34.2, or give each Service addresses of its own.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import finding_of
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.path.hop import HopName, Outcome

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """The first rule on a frontend of the other IP family."""
    for one in context.port_paths:
        hop = one.hop(HopName.RULE)
        if hop.outcome is Outcome.DROP:
            yield finding_of(hop, ("spec", "ports", one.port.index) if one.port is not None else ("spec", "ports"))
            return
