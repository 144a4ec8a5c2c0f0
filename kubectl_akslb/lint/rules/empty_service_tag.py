"""Empty item in the list of service tags.

## What it is

`azure-allowed-service-tags` that is empty, or that has two commas in a row or one at its end.

## Why is it bad

Since 1.25.24, 1.26.19, 1.27.13 and 1.28.5 the empty item becomes the source of a security rule, which Azure refuses,
and `Internet` is closed. Before, it was harmless.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-allowed-service-tags: "AzureFrontDoor.Backend,"
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
    service.beta.kubernetes.io/azure-allowed-service-tags: "AzureFrontDoor.Backend"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Unsafe: the security rules change.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, UNSAFE, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.ranges import control, without_empty
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.provider import annotations as keys

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Tags that are empty."""
    access = control(context)
    if access is not None and access.tags is not None and not all(access.tags.value):
        yield Finding(
            "an empty service tag becomes the source of a security rule, which Azure refuses",
            (*ANNOTATIONS, keys.ALLOWED_SERVICE_TAGS),
            hint="Remove the comma too many; leave the annotation out for a Service without tags.",
            fix=without_empty(context, keys.ALLOWED_SERVICE_TAGS),
            confidence=Confidence.DOCUMENTED,
        )
