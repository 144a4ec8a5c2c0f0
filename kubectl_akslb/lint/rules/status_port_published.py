"""Status or health port open to the internet.

## What it is

A public Service with a port that is for health checks, metrics or administration, beside its traffic ports.

## Why is it bad

Everybody on the internet can ask for the health, the version or the metrics behind it. Azure probes the node port, not
the public port: for the probe the port need not have a rule.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  ports:
    - name: status-port
      port: 15021
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
    service.beta.kubernetes.io/port_15021_no_lb_rule: "true"
spec:
  type: LoadBalancer
  ports:
    - name: status-port
      port: 15021
    - name: http
      port: 80
```

## Fix safety

Unsafe: the port is no longer served on the public address.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import set_annotations
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.path.walk import service_port_of
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

SEVERITY = WARNING
EFFECT = Effect.EXPOSES
FIX = UNSAFE

#: Health and administration ports of Envoy, Istio, ingress-nginx and kube-proxy.
_NUMBERS = frozenset({9901, 10254, 10256, 15000, 15004, 15014, 15020, 15021, 15090})
_NAMES = frozenset({"status", "status-port", "health", "healthz", "metrics", "prometheus", "http-metrics"})


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports with a rule that everybody can reach, and nobody outside needs."""
    if not context.lets_in(ClientGroup.INTERNET):
        return
    served = {port.index: port for rule in context.rules if (port := service_port_of(context.service, rule))}
    status = [port for port in served.values() if port.port in _NUMBERS or port.name in _NAMES]
    for port in status if len(status) < len(served) else ():
        key = keys.NO_LB_RULE.for_port(port.port)
        fix = None
        if context.cluster.has(behaviours.PORT_ANNOTATIONS):
            intended = ("load_balancer.load_balancing_rules", "load_balancer.probes")
            fix = set_annotations(context, ((key, "true"),), "do without a rule for it", UNSAFE, intended)
        yield Finding(
            f"port {port.port}{f' ({port.name})' if port.name else ''} is open to everybody on the internet",
            ("spec", "ports", port.index),
            hint="Take it out of the Service if you can: without a rule the security group still opens it.",
            fix=fix,
        )
