"""Probe port that defeats externalTrafficPolicy Local.

## What it is

`port_N_health-probe_port` on a Service with `externalTrafficPolicy: Local`. Since 1.25.19, 1.26.15, 1.27.9 and 1.28.1
it takes the port out of the node's health check; Microsoft's page says that it is ignored.

## Why is it bad

`Local` works because Azure asks each node whether it has a ready pod of this Service. With a probe of its own every
node counts as up, also those without a pod: they drop what they get. Connections fail in proportion to the nodes
without pods.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"
    service.beta.kubernetes.io/port_80_health-probe_port: "10256"
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
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
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  ports:
    - port: 80
```

## Fix safety

Unsafe: another port is probed, and other nodes get traffic.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, PROBES, remove
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.provider import annotations as keys

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports of a Local Service that are probed elsewhere than at the node's health check."""
    dropping = {Cause.NODES_WITHOUT_POD_DROP, Cause.ALL_NODES_WITHOUT_POD}
    if not any(reason.cause in dropping for client in context.clients for hop in client.hops for reason in hop.because):
        return
    for port, probe, _ in context.probed:
        key = keys.PORT_PROBE_PORT.for_port(port.port)
        considered = {origin.path for origin in probe.port.considered if origin.raw is not None}
        if key not in considered or probe.port.value == context.service.health_check_node_port:
            continue
        yield Finding(
            f"port {port.port} is probed at {probe.port.value} on every node, so nodes without a pod stay in rotation"
            " and drop its traffic",
            (*ANNOTATIONS, key),
            True,
            "Remove it: with externalTrafficPolicy Local the health check of the node is probed.",
            remove(context, key, applicability=UNSAFE, intended=PROBES),
        )
