"""UDP port that is not probed.

## What it is

A UDP port of a Service with `externalTrafficPolicy: Cluster`.

## Why is it bad

Azure has no probe for UDP, so that every node counts as up: what goes to a node that is down is lost until the node
is taken out of the cluster. With `externalTrafficPolicy: Local`, or on a cluster with a shared probe, UDP ports have a
probe.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  ports:
    - port: 53
      protocol: UDP
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  ports:
    - port: 53
      protocol: UDP
```

## Fix safety

There is no fix: `Local` also changes which nodes get traffic, and keeps the client's address.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, Effect, Finding
from kubectl_akslb.model.service import UDP
from kubectl_akslb.path.walk import service_port_of
from kubectl_akslb.provider import annotations as keys

SEVERITY = INFO
EFFECT = Effect.SURPRISES
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """The first UDP port whose rule has no probe, unless somebody wanted it so."""
    for rule in context.rules:
        port = service_port_of(context.service, rule)
        if port is None or port.protocol != UDP or rule.probe is not None:
            continue
        if (context.annotation(keys.NO_PROBE_RULE.for_port(port.port)) or "").lower() != "true":
            yield Finding(
                f"UDP port {port.port} is not probed: nodes that are down keep getting its traffic",
                ("spec", "ports", port.index),
                hint="externalTrafficPolicy Local, or a shared probe, gives UDP ports a probe.",
            )
            return
