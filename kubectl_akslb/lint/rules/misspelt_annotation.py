"""Annotation that is almost one of Azure's.

## What it is

A key that no version of the provider reads, a letter or a word away from one that it does: without `beta`, with `-` for
`_`, with another case, without `azure-`.

## Why is it bad

Keys are compared letter by letter, and unknown ones are ignored without notice. The Service keeps its defaults, which
may be public.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.kubernetes.io/azure-load-balancer-internal: "true"
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

Unsafe: the annotation comes into force.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, rename
from kubectl_akslb.lint.misspelt import meant
from kubectl_akslb.lint.rules.obsolete_annotation import OBSOLETE

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Keys that are like a known one."""
    for key in context.service.annotations:
        wanted = meant(key) if context.handled and key not in OBSOLETE else ""
        if wanted:
            there = wanted in context.service.annotations
            yield Finding(
                f"Azure's provider does not know {key}",
                (*ANNOTATIONS, key),
                True,
                f"{wanted} is there already: remove this one." if there else f"Did you mean {wanted}?",
                rename(context, key, wanted, UNSAFE, ("*",)),
            )
