"""Proxy protocol with an http probe.

## What it is

A private link service with `azure-pls-proxy-protocol`, and a port that is probed over http or https.

## Why is it bad

Azure then puts the header of the proxy protocol in front of every connection to the backends, the probes' too. What
does not expect it, such as the health check of the node, answers with an error; what expects it answers no client
without it.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-pls-create: "true"
    service.beta.kubernetes.io/azure-pls-proxy-protocol: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 80
      appProtocol: http
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-pls-create: "true"
    service.beta.kubernetes.io/azure-pls-proxy-protocol: "true"
    service.beta.kubernetes.io/port_80_health-probe_protocol: tcp
spec:
  type: LoadBalancer
  ports:
    - port: 80
      appProtocol: http
```

## Fix safety

Safe: only the probe changes, to Tcp. A path that somebody has chosen is left alone.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import probes_found
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Effect, Finding
from kubectl_akslb.path.cause import Cause

SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Probes that get a header which they do not expect."""
    return probes_found(context, {Cause.PROXY_HEADER_TO_KUBE_PROXY, Cause.PROXY_HEADER_TO_PODS})
