"""Annotation that this provider version does not read yet.

## What it is

An annotation that a later version of the provider reads, and the one of this cluster does not.

## Why is it bad

It is ignored without notice until the cluster is upgraded, and comes into force with the upgrade.

## Example

```yaml provider=1.25.10
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-allowed-ip-ranges: 198.51.100.0/24
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Use instead

```yaml provider=1.25.10
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
    - 198.51.100.0/24
  ports:
    - port: 80
```

## Fix safety

There is no fix: upgrade, or do it in the way of this version.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.keys import BOOLEANS, is_read, lookup, short

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Keys that this version does not read, and a later one does."""
    version = context.cluster.provider_version
    for key, value in context.service.annotations.items():
        known = lookup(key)
        if not context.handled or known is None or known.row.until or is_read(known.row, version):
            continue
        if known.row.reading in BOOLEANS and value.lower() != "true":
            continue
        dates = ", ".join(known.row.since.split())
        yield Finding(f"provider {version} ignores {short(key)}: it is read since {dates}", (*ANNOTATIONS, key), True)
