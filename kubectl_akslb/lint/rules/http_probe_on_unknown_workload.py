"""Http probe of `/` on a workload nobody knows.

## What it is

A port has `appProtocol: http` or `https` and no path annotation, so Azure probes `/`. Nothing in the manifests says
what these pods answer there.

## Why is it bad

Only the answer 200 counts as up. An application that redirects `/`, asks for a login or has no page there is out of
rotation on every node, and clients see time-outs. The same manifest worked before 1.24, where the probe was Tcp.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"
spec:
  type: LoadBalancer
  ports:
    - name: http
      port: 80
      targetPort: 8080
      appProtocol: http
  selector:
    app: web
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"
    service.beta.kubernetes.io/port_80_health-probe_protocol: tcp
spec:
  type: LoadBalancer
  ports:
    - name: http
      port: 80
      targetPort: 8080
      appProtocol: http
  selector:
    app: web
```

If you know a path that answers 200, set `port_80_health-probe_request-path` to it instead.

## Fix safety

Safe: only the probe changes. Where the pods of the same file have a readiness probe on that very port, its path is
taken; else the probe becomes Tcp, which is what 1.23 did.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.probe_fix import probe_fix, why_not
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import DEFAULT, SPEC
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.sentences import sentences

OPEN = frozenset({Cause.ANSWER_NOT_PROVEN, Cause.MAY_SPEAK_OTHERWISE, Cause.WELL_KNOWN_UNLESS})
"""Causes for which nothing in the manifests says what the pods answer."""
SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports that are probed at `/` because of their appProtocol alone."""
    for port, probe, hop in context.probed:
        path = probe.request_path
        if (
            hop.outcome is Outcome.DEPENDS
            and hop.because[0].cause in OPEN
            and path is not None
            and path.origin.kind == DEFAULT
            and probe.protocol.origin.kind == SPEC
        ):
            yield Finding(
                f"appProtocol {port.app_protocol} makes Azure probe {path.value} on port {port.port}:"
                f" {sentences(hop.because)}",
                steps_of(probe.protocol.origin),
                hint=why_not(context, port),
                fix=probe_fix(context, port),
                confidence=Confidence.ASSUMED,
                verify=hop.verify,
            )
