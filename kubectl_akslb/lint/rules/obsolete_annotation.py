"""Annotation that is no longer read.

## What it is

An annotation that earlier versions of the provider read, and this one does not.

## Why is it bad

It does nothing, but reads as if it did: with `azure-shared-securityrule`, for example, as if security rules of other
Services were not shared.

## Example

```yaml provider=1.30.4
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"
    service.beta.kubernetes.io/azure-shared-securityrule: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Use instead

```yaml provider=1.30.4
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Safe: the derivation is the same with and without it. Unsafe as long as nobody said which provider version the cluster
runs, because an older one may read it.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.effect import removal
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.keys import is_read, lookup, short
from kubectl_akslb.provider.annotations import PREFIX

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = SAFE

#: Read by providers before 1.23.0 only.
OBSOLETE = {
    PREFIX + "azure-load-balancer-mixed-protocols": "a Service may mix TCP and UDP without it since Kubernetes 1.24",
}


def check(context: ServiceContext) -> Iterator[Finding]:
    """Keys that this version has stopped reading."""
    version = context.cluster.provider_version
    for key in context.service.annotations:
        known = lookup(key)
        why = OBSOLETE.get(key, "")
        if known is not None and known.row.until and not is_read(known.row, version):
            why = f"not read since {', '.join(known.row.until.split())}"
        if context.handled and why:
            hint = "Remove it."
            yield Finding(f"{short(key)} does nothing: {why}", (*ANNOTATIONS, key), True, hint, removal(context, key))
