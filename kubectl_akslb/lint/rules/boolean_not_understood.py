"""Switch that is neither "true" nor "false".

## What it is

A switch with a value such as `"yes"`, `"1"` or `"enabled"`.

## Why is it bad

For the provider everything but `true` is false: the annotation switches nothing on, without notice.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-disable-tcp-reset: "yes"
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
    service.beta.kubernetes.io/azure-load-balancer-disable-tcp-reset: "true"
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
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value
from kubectl_akslb.lint.keys import BOOLEANS, is_read, lookup, short
from kubectl_akslb.provider.annotations import INTERNAL

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = UNSAFE

_YES = frozenset({"yes", "y", "on", "1", "t", "enable", "enabled"})
_PLAIN = frozenset({"true", "false", "no", "n", "off", "0", "f", "disable", "disabled", "none", ""})


def check(context: ServiceContext) -> Iterator[Finding]:
    """Switches that are not on, although they look as if they were."""
    for key, value in context.service.annotations.items():
        known, word = lookup(key), value.strip().lower()
        if not context.handled or known is None or known.row == INTERNAL or known.row.reading not in BOOLEANS:
            continue
        if word in _PLAIN or not is_read(known.row, context.cluster.provider_version):
            continue
        steps = (*ANNOTATIONS, key)
        fix = set_value(context, steps, "true", 'write "true"', UNSAFE, ("*",)) if word in _YES else None
        yield Finding(
            f"{short(key)} is {value!r}, which counts as false", steps, hint='Only "true" switches it on.', fix=fix
        )
