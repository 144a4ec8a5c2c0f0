"""Service that everybody on the internet can reach.

## What it is

A public Service without ranges and without service tags.

## Why is it bad

This is what a web site needs, and often not what anything else does. It is worth a second look, and a suppression that
says why.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
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
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

There is no fix: who may reach the Service is yours to decide.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, Effect, Finding
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.provider import annotations as keys

SEVERITY = INFO
EFFECT = Effect.EXPOSES
FIX = ""

_RESTRICTIONS = (keys.ALLOWED_IP_RANGES, keys.ALLOWED_SERVICE_TAGS, keys.SOURCE_RANGES)


def check(context: ServiceContext) -> Iterator[Finding]:
    """Services that are open without anybody having said so."""
    service = context.service
    said = service.load_balancer_source_ranges or any(key in service.annotations for key in _RESTRICTIONS)
    if context.lets_in(ClientGroup.INTERNET) and not said:
        yield Finding(
            "everybody on the internet can reach it",
            ("spec", "type"),
            hint='azure-load-balancer-internal: "true" makes it private, azure-allowed-ip-ranges lets in some only.',
        )
