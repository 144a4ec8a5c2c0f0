"""HA ports without floating IP.

## What it is

`azure-disable-load-balancer-floating-ip` together with `azure-load-balancer-enable-high-availability-ports`.

## Why is it bad

The rule of HA ports keeps its floating IP whatever the annotation says, but the security rules follow the annotation:
they open the node ports on the nodes, and traffic to the address of the Service matches none of them.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-load-balancer-enable-high-availability-ports: "true"
    service.beta.kubernetes.io/azure-disable-load-balancer-floating-ip: "true"
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
    service.beta.kubernetes.io/azure-load-balancer-enable-high-availability-ports: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Unsafe: the security rules change.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.rules import uses_ha_ports
from kubectl_akslb.derive.security_group.shared_rules import floating_ip_disabled
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, remove
from kubectl_akslb.provider import annotations as keys

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """HA ports whose security rules are for other addresses."""
    asked = Context(context.service, context.cluster)
    if context.handled and floating_ip_disabled(asked) and uses_ha_ports(asked):
        yield Finding(
            "the rule of HA ports keeps the floating IP, but the security rules are for the nodes: they do not match",
            (*ANNOTATIONS, keys.DISABLE_FLOATING_IP),
            True,
            "Remove one of the two annotations.",
            remove(context, keys.DISABLE_FLOATING_IP, applicability=UNSAFE, intended=("security_rules",)),
        )
