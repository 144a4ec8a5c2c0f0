"""Probe port that is no port of the Service.

## What it is

`port_N_health-probe_port` names a port that the Service does not have. A Service port stands for its node port; any
other number is probed on the node itself. Before 1.25.17, 1.26.13, 1.27.7 it fails the Service.

## Why is it bad

Ports of containers are not open on the node: the management port of an ingress controller (10254, 8100, 1042 …) cannot
be probed that way. No node answers, so that all are out of rotation. Older providers leave the Service without an
address instead.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/port_80_health-probe_port: "8080"
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
    service.beta.kubernetes.io/port_80_health-probe_port: "80"
spec:
  type: LoadBalancer
  ports:
    - port: 80
      targetPort: 8080
```

To probe a management port, add it to the Service as a port of its own and name that.

## Fix safety

Unsafe: another port is probed. It is offered where the number is the target port of one Service port. Ports of
kube-proxy (10256, 10356), and ports that pods in the same file open on the node, are no finding.
"""

from collections.abc import Iterator

from kubectl_akslb.evidence.workloads import container_port
from kubectl_akslb.lint.asked import finding_of
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Effect, Finding, Fix
from kubectl_akslb.lint.fixes import ANNOTATIONS, PROBES, set_value
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.provider import annotations as keys

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Probes that go to the node itself, and those that are refused."""
    for refusal in context.refused("probe-port-outside-service"):
        fix = _fix(context, refusal.origin.path, refusal.origin.raw or "")
        yield Finding(f"the Service stays pending: {refusal.message}", (*ANNOTATIONS, refusal.origin.path), fix=fix)
    for port, probe, hop in context.probed:
        if hop.because[0].cause is Cause.PROBE_PORT_OUTSIDE:
            key = keys.PORT_PROBE_PORT.for_port(port.port)
            hint = (
                "Name a port of the Service: its node port is probed. A management port must be added to the Service."
            )
            yield finding_of(hop, (*ANNOTATIONS, key), hint)._replace(fix=_fix(context, key, str(probe.port.value)))


def _fix(context: ServiceContext, key: str, value: str) -> Fix | None:
    """The Service port whose target the value is."""
    meant = [
        port.port
        for port in context.service.ports
        if value in (str(port.target_port), str(container_port(context.pods, port)))
    ]
    if len(meant) != 1:
        return None
    title = f"probe Service port {meant[0]}"
    return set_value(context, (*ANNOTATIONS, key), str(meant[0]), title, UNSAFE, PROBES)
