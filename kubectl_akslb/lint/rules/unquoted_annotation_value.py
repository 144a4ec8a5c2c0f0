"""Annotation value that is no string.

## What it is

A number or a boolean as the value of an annotation, without quotes.

## Why is it bad

Annotations are strings. The API server refuses the object, and with it the release: *cannot unmarshal bool into Go
struct field ObjectMeta.metadata.annotations of type string*.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: true
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

Safe: the manifest was refused before.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, SAFE, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value
from kubectl_akslb.lint.stream import unquoted

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Values that YAML reads as a number or a boolean."""
    for key, text, value in unquoted(context.found.node):
        steps = (*ANNOTATIONS, key)
        yield Finding(
            f"{value.text} is not a string: the API server refuses the object",
            steps,
            hint="Put the value in quotes.",
            fix=set_value(context, steps, text, f'write "{text}"', SAFE),
        )
