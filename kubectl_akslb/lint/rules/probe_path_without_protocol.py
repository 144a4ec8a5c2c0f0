"""Probe path that no probe asks for.

## What it is

A request-path annotation on a Service whose probes are all Tcp: nothing, neither `appProtocol` nor an annotation, asks
for http or https.

## Why is it bad

The path looks like a health check, but a Tcp probe only opens a connection: a pod that answers 500 to everything stays
in rotation. (A provider from 1.23.11 until 1.24.0 reads the path together with `appProtocol`.)

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/port_80_health-probe_request-path: /healthz
spec:
  type: LoadBalancer
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
    service.beta.kubernetes.io/port_80_health-probe_request-path: /healthz
    service.beta.kubernetes.io/port_80_health-probe_protocol: http
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Unsafe: the probe becomes http (https for port 443), and nodes go out of rotation where the path does not answer 200.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.effect import PATH, idle
from kubectl_akslb.lint.effect import finding as finding_of
from kubectl_akslb.lint.fixes import PROBES, set_annotations
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Path annotations beside Tcp probes."""
    for one in idle(context, PATH):
        ports = [port for port, _, _ in context.probed if one.known.port in (None, port.port)]
        pairs = [
            (keys.PORT_PROBE_PROTOCOL.for_port(port.port), "https" if port.port in (443, 8443) else "http")
            for port in ports
        ]
        fix = None
        free = all(key not in context.service.annotations for key, _ in pairs)
        if free and context.cluster.has(behaviours.PORT_ANNOTATIONS):
            fix = set_annotations(context, pairs, "probe over http(s)", UNSAFE, PROBES)
        wanted = " and ".join(f"{key}: {value}" for key, value in pairs) if free else ""
        hint = f"Remove the path, or set {wanted}." if wanted and fix is not None else "Remove the path."
        yield finding_of(context, one, hint, offer=False)._replace(fix=fix)
