"""Annotation for a port that the Service does not have.

## What it is

A `port_N_` annotation where N is no port of the Service. N is the Service port (`spec.ports[].port`), neither the
target port nor the node port.

## Why is it bad

The provider ignores it without notice, so that the port it was meant for keeps its defaults.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/port_8080_health-probe_interval: "10"
spec:
  type: LoadBalancer
  ports:
    - port: 80
      targetPort: 8080
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/port_80_health-probe_interval: "10"
spec:
  type: LoadBalancer
  ports:
    - port: 80
      targetPort: 8080
```

## Fix safety

Unsafe: the annotation comes into force. It is offered where N is the target port or the node port of one Service port.
"""

from collections.abc import Iterator

from kubectl_akslb.evidence.workloads import container_port
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.effect import MISSING_PORT, finding, idle
from kubectl_akslb.lint.fixes import rename
from kubectl_akslb.provider.annotations import PortAnnotation

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Annotations for ports that are not there."""
    for one in idle(context, MISSING_PORT):
        meant = {
            port.port
            for port in context.service.ports
            if one.known.port in (port.target_port, port.node_port, container_port(context.pods, port))
        }
        fix, hint = None, "The number in the key is the port of the Service."
        if len(meant) == 1 and isinstance(one.known.row, PortAnnotation):
            number = meant.pop()
            fix = rename(context, one.key, one.known.row.for_port(number), UNSAFE, ("*",))
            hint = f"Port {one.known.port} is behind Service port {number}: write {one.known.row.for_port(number)}."
        yield finding(context, one, hint, offer=False)._replace(fix=fix)
