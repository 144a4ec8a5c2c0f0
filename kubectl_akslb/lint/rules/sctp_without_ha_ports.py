"""SCTP without HA ports.

## What it is

An SCTP port on an internal Service without `azure-load-balancer-enable-high-availability-ports`.

## Why is it bad

Azure has no rules for SCTP: the provider sends one for all protocols, with the port of the Service. Azure accepts
all protocols for port 0 only, which is what HA ports are.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 3868
      protocol: SCTP
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-load-balancer-enable-high-availability-ports: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 3868
      protocol: SCTP
```

## Fix safety

Unsafe: one rule for all ports takes the place of the rules for single ports.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Effect, Finding
from kubectl_akslb.lint.fixes import set_annotations
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.provider import annotations as keys

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """SCTP ports with a rule of their own that is not for port 0."""
    for refusal in context.refused_by_azure("sctp-without-ha-ports"):
        standard = context.cluster.is_standard  # a Basic load balancer has no HA ports
        pairs = ((keys.HA_PORTS, "true"),)
        yield Finding(
            f"Azure refuses a rule for all protocols on one port, and there is none for SCTP alone: {refusal.because}",
            steps_of(refusal.origin),
            hint="SCTP needs HA ports.",
            fix=set_annotations(context, pairs, "enable HA ports", UNSAFE, ("load_balancer",)) if standard else None,
            confidence=Confidence.DOCUMENTED,
        )
        return
