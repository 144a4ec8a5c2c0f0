"""Probe annotation on a cluster with a shared probe.

## What it is

A probe annotation on a Service of a cluster in shared probe mode.

## Why is it bad

In this mode all Services with `externalTrafficPolicy: Cluster` use one probe, of kube-proxy on the node. Protocol,
path, port, interval and count annotations are ignored without notice; only `port_N_no_probe_rule` and
`port_N_no_lb_rule` count.

## Example

```yaml provider=1.30.4 probe-mode=shared
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"
    service.beta.kubernetes.io/port_80_health-probe_interval: "20"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Use instead

```yaml provider=1.30.4 probe-mode=shared
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"
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
from kubectl_akslb.lint.effect import SHARED, finding, idle

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Probe annotations that the shared probe does not read."""
    for one in idle(context, SHARED):
        yield finding(context, one, "Remove it: readiness of the pods is up to kube-proxy in this mode.")
