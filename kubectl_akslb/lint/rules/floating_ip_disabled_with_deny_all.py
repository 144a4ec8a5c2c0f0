"""Deny-all rule on the addresses of the nodes.

## What it is

`azure-disable-load-balancer-floating-ip` together with a deny-all rule: asked for by
`azure-deny-all-except-load-balancer-source-ranges`, or added for an invalid range.

## Why is it bad

Without floating IP the destination of security rules is the nodes. The deny-all rule then closes every port of every
node to all but the ranges: to the health probes of Azure, which take all nodes out of rotation, and to the virtual
network.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-disable-load-balancer-floating-ip: "true"
    service.beta.kubernetes.io/azure-allowed-ip-ranges: 198.51.100.0/24
    service.beta.kubernetes.io/azure-deny-all-except-load-balancer-source-ranges: "true"
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
    service.beta.kubernetes.io/azure-allowed-ip-ranges: 198.51.100.0/24
    service.beta.kubernetes.io/azure-deny-all-except-load-balancer-source-ranges: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Unsafe: traffic arrives at the Service's own address again. Offered where no private link service needs it.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.security_group.shared_rules import floating_ip_disabled
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, remove
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.provider import annotations as keys

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """A deny rule whose destination is the nodes."""
    denied = any(rule.access.value == "Deny" for rule in context.settled.security_rules)
    if not denied or not floating_ip_disabled(Context(context.service, context.cluster)):
        return
    linked = keys.PLS_CREATE in context.service.annotations
    yield Finding(
        "the deny-all rule closes every port of the nodes, to Azure's health probes too",
        (*ANNOTATIONS, keys.DISABLE_FLOATING_IP),
        True,
        "Keep the floating IP, or do without deny-all.",
        None if linked else remove(context, keys.DISABLE_FLOATING_IP, applicability=UNSAFE, intended=("*",)),
        Confidence.DOCUMENTED,
    )
