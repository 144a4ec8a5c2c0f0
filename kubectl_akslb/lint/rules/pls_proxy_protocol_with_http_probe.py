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
    service.beta.kubernetes.io/port_80_health-probe_request-path: /healthz
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

There is no fix: if your application answers such a probe, nothing is wrong.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.readers import trim
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours as since

SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = ""


def check(subject: Subject) -> Iterator[Finding]:
    """Probes over http that get a header they do not expect."""
    wanted = (keys.PLS_CREATE, keys.PLS_PROXY_PROTOCOL)
    if not subject.cluster.has(since.PRIVATE_LINK_SERVICE) or not is_internal(subject.service):
        return
    if any(trim(subject.annotation(key) or "").lower() != "true" for key in wanted):
        return
    ports = [str(port.port) for port, probe, _ in subject.probed if probe.protocol.value != "Tcp"]
    if ports:
        yield Finding(
            f"the http(s) probe of port {', '.join(ports)} gets the header of the proxy protocol as well",
            (*ANNOTATIONS, keys.PLS_PROXY_PROTOCOL),
            True,
            "Set port_N_health-probe_protocol to tcp for these ports.",
            confidence=Confidence.DOCUMENTED,
        )
