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

from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import SPEC

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(subject: Subject) -> Iterator[Finding]:
    """Ports that need a node port and get none."""
    service = subject.service
    if service.allocate_load_balancer_node_ports:
        return
    missing = {f"spec.ports[{port.index}].nodePort" for port in service.ports if not port.node_port}
    probes = subject.settled.load_balancer.probes if subject.settled.load_balancer else ()
    needed = [probe.port.origin for probe in probes] + [rule.backend_port.origin for rule in subject.rules]
    asked = {origin.path for probe in probes for origin in probe.port.considered[:2] if origin.kind == SPEC}
    if any(origin.path in missing for origin in needed) or (asked & missing and _unnamed(subject)):
        yield Finding(
            "ports are probed at their node port, and the Service gets none: Azure refuses port 0",
            ("spec", "allocateLoadBalancerNodePorts"),
            hint="Use externalTrafficPolicy Local, port_N_no_probe_rule, a node port of your own, or a shared probe.",
            confidence=Confidence.DOCUMENTED,
        )


def _unnamed(subject: Subject) -> bool:
    """Whether a probe has the node port of a Service port, by number or as the one that is not known yet."""
    return any(not isinstance(probe.port.value, int) or probe.port.value == 0 for _, probe, _ in subject.probed)
