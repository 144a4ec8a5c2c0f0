"""Probe path that is known not to answer 200.

## What it is

An http(s) health probe asks for a path that this workload answers with another status than 200, or that kube-proxy
does not serve. Known workloads are recognised by their labels, their selector or their images.

## Why is it bad

Azure counts a node as up only if the answer is 200: a redirect, a 404 or a 401 takes every node out of rotation.
Clients then see time-outs, while pods, endpoints and events of the Service look healthy. This is what most upgrades to
1.24 broke: since then `appProtocol: http` or `https` alone means an http(s) probe of `/`.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: ingress-nginx-controller
  labels:
    app.kubernetes.io/name: ingress-nginx
spec:
  type: LoadBalancer
  ports:
    - name: http
      port: 80
      appProtocol: http
  selector:
    app.kubernetes.io/name: ingress-nginx
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: ingress-nginx-controller
  labels:
    app.kubernetes.io/name: ingress-nginx
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path: /healthz
spec:
  type: LoadBalancer
  ports:
    - name: http
      port: 80
      appProtocol: http
  selector:
    app.kubernetes.io/name: ingress-nginx
```

## Fix safety

Safe: only the probe changes. The path is one that the workload is known to answer, or the one its pods must answer to
be ready; where neither is known the probe becomes Tcp. No fix is offered where you have set the path yourself.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, SAFE, Effect, Finding
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.probe_fix import probe_fix, why_not
from kubectl_akslb.model.provenance import ANNOTATION
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.sentences import sentences

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = SAFE

#: What rules of their own explain.
_EXPLAINED = frozenset(
    {
        Cause.PROBE_PORT_OUTSIDE, Cause.NO_NODE_PORT, Cause.SETTING_STOPS_PROBE, Cause.PROXY_HEADER_TO_KUBE_PROXY,
        Cause.INGRESS_CAPTURES_PROBE, Cause.NONE_IN_ROTATION,
    }
)  # fmt: skip


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ports whose probe cannot pass."""
    for port, probe, hop in context.probed:
        if hop.outcome is not Outcome.DROP or hop.because[0].cause in _EXPLAINED:
            continue
        path = probe.request_path
        chosen = path is not None and path.origin.kind == ANNOTATION
        where = path.origin if chosen and path is not None else probe.protocol.origin
        yield Finding(
            f"port {port.port} is down: {sentences(hop.because)}",
            steps_of(where) or ("spec", "ports", port.index),
            hint=why_not(context, port),
            fix=probe_fix(context, port),
            confidence=hop.confidence,
            verify=hop.verify,
        )
