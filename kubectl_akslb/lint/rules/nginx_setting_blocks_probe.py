"""Setting of ingress-nginx that keeps its probe from passing.

## What it is

The ConfigMap of ingress-nginx, in the same file, sets `use-proxy-protocol`, `ssl-reject-handshake`, a `server-snippet`
or a `whitelist-source-range`, and the Service is probed over http or https.

## Why is it bad

These settings hold for the server that answers the probe as well. With the proxy protocol it takes no plain request;
a snippet or a list of ranges can turn it away. Anything but the answer 200 takes every node out of rotation.

## Example

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
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ingress-nginx-controller
data:
  use-proxy-protocol: "true"
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
    service.beta.kubernetes.io/port_80_health-probe_protocol: tcp
spec:
  type: LoadBalancer
  ports:
    - name: http
      port: 80
      appProtocol: http
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ingress-nginx-controller
data:
  use-proxy-protocol: "true"
```

## Fix safety

There is no fix: a snippet may well let the probe through. A Tcp probe always passes.
"""

from collections.abc import Iterator

from kubectl_akslb.evidence.ingress_nginx import INGRESS_NGINX, obstacle
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.stream import CONFIG_MAP
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import DEFAULT

SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = ""


def check(subject: Subject) -> Iterator[Finding]:
    """Ports probed over http(s) beside a setting that can turn the probe away."""
    if subject.workload is None or subject.workload.name != INGRESS_NGINX:
        return
    settings = Objects(one.data for one in subject.neighbours(CONFIG_MAP))
    for port, probe, answer in subject.probed:
        if probe.request_path is None or answer.up is False or "kube-proxy" in answer.text:
            continue
        found = obstacle(probe.request_path.value, probe.protocol.value.upper(), subject.pods, settings)
        if found is not None:
            origin = probe.request_path.origin
            yield Finding(
                f"the {probe.protocol.value.lower()} probe of port {port.port} may fail: {found.kind} {found.name} sets"
                f" {found.what}, which holds for the server that answers probes, too",
                steps_of(origin if origin.kind != DEFAULT else probe.protocol.origin),
                hint=f"Set port_{port.port}_health-probe_protocol to tcp.",
                confidence=Confidence.WELL_KNOWN,
            )
