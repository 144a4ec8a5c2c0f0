"""Azure annotation that no provider reads.

## What it is

A key in Azure's name that no known version of the provider reads.

## Why is it bad

It is ignored without notice. It may be read by another controller, or stem from another cloud or an older page.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-tls-certificate: web
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
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

There is no fix: only you know what is meant.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.keys import lookup, short
from kubectl_akslb.lint.misspelt import meant
from kubectl_akslb.lint.rules.obsolete_annotation import OBSOLETE
from kubectl_akslb.provider.annotations import PREFIX

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Keys in Azure's name that are like no known one."""
    for key in context.service.annotations:
        ours = key.startswith((PREFIX + "azure-", PREFIX + "port_"))
        if context.handled and ours and key not in OBSOLETE and lookup(key) is None and not meant(key):
            yield Finding(
                f"Azure's provider does not know {short(key)}",
                (*ANNOTATIONS, key),
                True,
                "Remove it, or look the right one up: docs/annotations.md lists all that are read.",
            )
