"""Annotation that means two ports of the same number.

## What it is

An annotation that takes rule or probe away, or names a port to be probed, where the Service has that number for TCP
and for UDP.

## Why is it bad

Annotations name a number, not a protocol. `port_53_no_lb_rule` takes away both rules; `health-probe_port: "53"` means
the port that comes first, and may probe the node port of UDP, where no connection is accepted.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/port_53_no_lb_rule: "true"
spec:
  type: LoadBalancer
  ports:
    - name: dns
      port: 53
    - name: dns-udp
      port: 53
      protocol: UDP
    - name: http
      port: 80
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
spec:
  type: LoadBalancer
  ports:
    - name: http
      port: 80
```

## Fix safety

There is no fix: only you know which port is meant.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.keys import is_read, lookup, short
from kubectl_akslb.model.service import TCP
from kubectl_akslb.provider.annotations import NO_LB_RULE, PORT_PROBE_PORT

SEVERITY = WARNING
EFFECT = Effect.SURPRISES
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Annotations that hit a port they were hardly meant for."""
    for key, value in context.service.annotations.items():
        known = lookup(key)
        if not context.handled or known is None or not is_read(known.row, context.cluster.provider_version):
            continue
        if known.row == NO_LB_RULE and value.lower() == "true":
            protocols = _protocols(context, str(known.port))
            if len(set(protocols)) > 1:
                text = f"{short(key)} takes away the rules for {' and '.join(protocols)}"
                yield Finding(text, (*ANNOTATIONS, key), True, "Give one of them a Service of its own.")
        elif known.row == PORT_PROBE_PORT:
            protocols = _protocols(context, value)
            if TCP in protocols and protocols[0] != TCP:
                text = f"{value} means the {protocols[0]} port here, where no connection is accepted"
                yield Finding(text, (*ANNOTATIONS, key), hint="Write the name of the TCP port.")


def _protocols(context: ServiceContext, number: str) -> list[str]:
    return [port.protocol for port in context.service.ports if str(port.port) == number]
