"""Annotation for one port on a Service with HA ports.

## What it is

A `port_N_` annotation on an internal Service with `azure-load-balancer-enable-high-availability-ports`.

## Why is it bad

HA ports are one rule for all ports, with one probe: that of the first TCP port that has one. Annotations that switch
off rule or probe of a single port, or tune the probe of another one, are ignored.

## Example

```yaml provider=1.30.4
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-load-balancer-enable-high-availability-ports: "true"
    service.beta.kubernetes.io/port_443_health-probe_interval: "20"
spec:
  type: LoadBalancer
  ports:
    - name: http
      port: 80
    - name: https
      port: 443
```

## Use instead

```yaml provider=1.30.4
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
    - name: http
      port: 80
    - name: https
      port: 443
```

## Fix safety

Safe: the derivation is the same with and without the annotation. Unsafe as long as nobody said which provider version
the cluster runs, because other versions read the annotation in another way.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.effect import HA, finding, idle

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Annotations of ports that have no rule of their own."""
    for one in idle(context, HA):
        yield finding(context, one, "Remove it, or do without HA ports.")
