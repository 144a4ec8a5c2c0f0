"""Port without a rule that the security group still opens.

## What it is

A port with `port_N_no_lb_rule`.

## Why is it bad

The annotation takes rule and probe away, not the security rule: the port stays open towards the address of the
Service. Nothing answers there, unless another Service shares the address.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/port_443_no_lb_rule: "true"
spec:
  type: LoadBalancer
  ports:
    - name: http
      port: 80
    - name: https
      port: 443
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
```

## Fix safety

There is no fix: to close the port, take it out of this Service and give it one of its own, of type ClusterIP.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.provider import annotations as keys

SEVERITY = INFO
EFFECT = Effect.EXPOSES
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports in an allow rule that have no load-balancing rule."""
    served = {rule.service_port for rule in context.rules}
    if -1 in served:
        return
    opened = {
        number
        for rule in context.settled.security_rules
        if rule.access.value == "Allow"
        for number in rule.destination_ports.value
    }
    for port in context.service.ports:
        key = keys.NO_LB_RULE.for_port(port.port)
        if port.index not in served and key in context.service.annotations and str(port.port) in opened:
            yield Finding(
                f"port {port.port} has no rule, but the security group still opens it",
                (*ANNOTATIONS, key),
                True,
                "Give the port a Service of its own, of type ClusterIP, if nobody outside is to reach it.",
            )
