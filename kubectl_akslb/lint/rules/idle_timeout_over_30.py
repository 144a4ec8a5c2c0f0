"""Idle timeout above 30 minutes.

## What it is

An idle timeout from 31 to 100 minutes. The provider accepts it since 1.25.17, 1.26.13 and 1.27.7.

## Why is it bad

Microsoft's page for AKS still says 4 to 30. An older provider, and one behind a service gateway, refuses the Service.
Flows that live that long without traffic are better kept alive by TCP keep-alives.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "60"
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
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "30"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

There is no fix: a shorter timeout drops flows that are kept now.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.model.confidence import Confidence

SEVERITY = WARNING
EFFECT = Effect.SURPRISES
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Timeouts that the provider accepts and the documentation does not."""
    for rule in context.rules[:1]:
        idle = rule.idle_timeout_in_minutes
        if idle is not None and idle.value > 30:
            yield Finding(
                f"an idle timeout of {idle.value} minutes is accepted by this provider, but Azure's pages say 4 to 30",
                steps_of(idle.origin),
                hint="Stay within 30 minutes, and let clients send TCP keep-alives.",
                confidence=Confidence.DOCUMENTED,
            )
