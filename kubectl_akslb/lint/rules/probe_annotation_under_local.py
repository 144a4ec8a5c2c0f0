"""Probe annotation under externalTrafficPolicy Local.

## What it is

A protocol, path, interval or count annotation for a port of a Service with `externalTrafficPolicy: Local`.

## Why is it bad

For such a Service Azure probes the node's own health check (`/healthz` on the healthCheckNodePort), one probe for all
ports. Annotations for single ports, and those for path and protocol, are not read. Interval and count come from the
annotations for all ports, or from those for the healthCheckNodePort.

## Example

```yaml provider=1.30.4
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-health-probe-interval: "10"
    service.beta.kubernetes.io/port_80_health-probe_request-path: /healthz
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
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
    service.beta.kubernetes.io/azure-load-balancer-health-probe-interval: "10"
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
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
from kubectl_akslb.lint.effect import LOCAL, finding, idle

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Probe annotations that the Local probe does not read."""
    for one in idle(context, LOCAL):
        yield finding(
            context, one, "Remove it, or use externalTrafficPolicy Cluster if the port itself is to be probed."
        )
