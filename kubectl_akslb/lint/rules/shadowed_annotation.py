"""Annotation that something more specific wins over.

## What it is

An annotation for all ports that decides nothing, because every port has an annotation or an `appProtocol` of its own.

## Why is it bad

A port's own annotation wins over its `appProtocol`, and that wins over the annotation for all ports. The usual case:
`azure-load-balancer-health-probe-protocol: tcp` is added to undo what `appProtocol: http` does, and does nothing.

## Example

```yaml provider=1.30.4
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-health-probe-interval: "30"
    service.beta.kubernetes.io/port_80_health-probe_interval: "10"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Use instead

```yaml provider=1.30.4
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
```

## Fix safety

Safe: the derivation is the same with and without the annotation. Unsafe as long as nobody said which provider version
the cluster runs, because other versions read the annotation in another way.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.effect import SHADOWED, finding, idle

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Annotations that lost wherever they were looked at."""
    for one in idle(context, SHADOWED):
        yield finding(context, one, "Remove it, or change the one that wins.")
