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

Safe: only the probe changes, to Tcp. A path that somebody has chosen is left alone: a snippet may well let the probe
through.
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
    """Ports probed over http(s) beside a setting that turns the probe away, or may."""
    return probes_found(context, {Cause.SETTING_STOPS_PROBE, Cause.SETTING_MAY_STOP_PROBE})
