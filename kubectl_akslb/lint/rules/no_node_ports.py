"""Probe or rule without a node port.

## What it is

`allocateLoadBalancerNodePorts: false` on a Service whose ports are probed at their node port.

## Why is it bad

Without a node port there is nothing to probe: the provider sends port 0, which Azure refuses, and the address stays
`<pending>`. A shared probe, `externalTrafficPolicy: Local`, `port_N_no_probe_rule` or a node port of your own work.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  allocateLoadBalancerNodePorts: false
  ports:
    - port: 80
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  allocateLoadBalancerNodePorts: false
  ports:
    - port: 80
      nodePort: 30080
```

## Fix safety

There is no fix: which of the ways is right depends on why there are no node ports.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Probes and rules of port 0, which Azure refuses."""
    keyed = [keys.NO_PROBE_RULE.for_port(port.port) for port in context.service.ports]
    read = context.cluster.has(behaviours.PORT_ANNOTATIONS)
    probeless = f', or no probe ({", ".join(keyed[:1])}: "true")' if read else ""
    for refusal in context.refused_by_azure("no-node-ports"):
        yield Finding(
            f"ports are probed at their node port, and the Service gets none: {refusal.because}",
            ("spec", "allocateLoadBalancerNodePorts"),
            hint=f"Use externalTrafficPolicy Local, a node port of your own, a shared probe{probeless}.",
            confidence=Confidence.DOCUMENTED,
        )
        return
