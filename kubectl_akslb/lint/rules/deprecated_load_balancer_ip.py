"""Deprecated spec.loadBalancerIP.

## What it is

`spec.loadBalancerIP`, which Kubernetes has deprecated since 1.24.

## Why is it bad

The field means something else to every cloud, cannot hold an IPv6 address beside an IPv4 one, and may go. The
annotations `azure-load-balancer-ipv4` and `-ipv6` mean exactly the same to Azure's provider.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
spec:
  type: LoadBalancer
  loadBalancerIP: 10.240.0.25
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
    service.beta.kubernetes.io/azure-load-balancer-ipv4: 10.240.0.25
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Safe: the derivation is the same. It is offered for providers that read the annotation (1.23.22, 1.24.9, 1.25.3).
"""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import is_address, is_ipv4
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import replace_field
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

SEVERITY = WARNING
EFFECT = Effect.SURPRISES
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """The deprecated field, and the annotation in its place."""
    address = context.service.load_balancer_ip
    if not context.handled or not address:
        return
    key = keys.IPV4 if is_ipv4(address) else keys.IPV6
    taken = any(context.annotation(one) for one in (keys.IPV4, keys.IPV6))
    fix = None
    if is_address(address) and not taken and context.cluster.has(behaviours.ADDRESS_ANNOTATIONS):
        fix = replace_field(context, "loadBalancerIP", key, address, "use the annotation instead", SAFE)
    lost = " (and an annotation wins over it)" if taken else ""
    yield Finding(
        f"spec.loadBalancerIP is deprecated{lost}",
        ("spec", "loadBalancerIP"),
        True,
        f"Set {key} instead.",
        fix,
    )
