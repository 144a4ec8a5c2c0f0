"""Gateway whose Service is probed over http.

## What it is

A Gateway of class `istio` with an HTTP or HTTPS listener, and no annotation for the probe of its port. Istio makes a
Service for it, and copies the protocol of each listener into `appProtocol`.

## Why is it bad

Azure then probes `/` of the listener, and Envoy answers 404 until a route matches it: every node is out of rotation,
and clients see time-outs. Only the port for the status, 15021, is probed over Tcp.

## Example

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: web
spec:
  gatewayClassName: istio
  listeners:
    - name: web
      port: 80
      protocol: HTTP
```

## Use instead

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: web
spec:
  gatewayClassName: istio
  infrastructure:
    annotations:
      service.beta.kubernetes.io/port_80_health-probe_protocol: tcp
  listeners:
    - name: web
      port: 80
      protocol: HTTP
```

## Fix safety

There is no fix here; `kubectl akslb fix` and `post-render` set the annotation. Where the Gateway has annotations of
its own and none under `spec.infrastructure`, it goes to its own: Istio copies one or the other to the Service, never
both.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.evidence.gateway import annotations_path, istio_service, parameters
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.lint.stream import GATEWAY, Bystander
from kubectl_akslb.manifest.decode import with_defaults
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.provenance import ANNOTATION
from kubectl_akslb.path.rotation import probe_of
from kubectl_akslb.path.walk import service_port_of
from kubectl_akslb.provider import annotations as keys

SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = ""


def check(bystander: Bystander, cluster: Cluster) -> Iterator[Finding]:
    """Listeners that are probed at the default path."""
    service = istio_service(bystander.data) if bystander.kind == GATEWAY and not parameters(bystander.data) else None
    derivation = derive(with_defaults(service), cluster) if service is not None else None
    if derivation is None or derivation.load_balancer is None:
        return
    for rule in derivation.load_balancer.load_balancing_rules:
        port, probe = service_port_of(derivation.service, rule), probe_of(derivation, rule)
        if port is None or probe is None or probe.request_path is None or probe.request_path.origin.kind == ANNOTATION:
            continue
        if probe.protocol.origin.path != f"spec.ports[{port.index}].appProtocol" or probe.protocol.value == "Tcp":
            continue
        key = keys.PORT_PROBE_PROTOCOL.for_port(port.port)
        yield Finding(
            f"Azure probes {probe.request_path.value} of port {port.port}, and Envoy answers 404 until a route matches",
            ("spec", "listeners", listener_of(bystander, port.port), "protocol"),
            hint=f"Add {key}: tcp under {'.'.join(annotations_path(bystander.data))}.",
            confidence=Confidence.ASSUMED,
        )


def listener_of(bystander: Bystander, port: int) -> int:
    """The number of the first listener on this port."""
    listeners = bystander.data["spec"]["listeners"]
    return next(index for index, one in enumerate(listeners) if isinstance(one, dict) and one.get("port") == port)
