"""Dual-stack Service opened for one IP family only.

## What it is

A dual-stack Service with `0.0.0.0/0` but no IPv6 range, or with `::/0` but no IPv4 range.

## Why is it bad

Since 1.30.14, 1.31.8, 1.32.7, 1.33.2 and 1.34.0 such a range no longer opens the other family as well: an upgrade
within the minor closes it.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-allowed-ip-ranges: "0.0.0.0/0"
spec:
  type: LoadBalancer
  ipFamilyPolicy: RequireDualStack
  ipFamilies:
    - IPv4
    - IPv6
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
    service.beta.kubernetes.io/azure-allowed-ip-ranges: "0.0.0.0/0,::/0"
spec:
  type: LoadBalancer
  ipFamilyPolicy: RequireDualStack
  ipFamilies:
    - IPv4
    - IPv6
  ports:
    - port: 80
```

## Fix safety

Unsafe: the other family is opened to everybody. It is offered for the annotations.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import allows_all
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, set_value
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.ranges import control
from kubectl_akslb.model.provenance import ANNOTATION
from kubectl_akslb.provider import behaviours

SEVERITY = WARNING
EFFECT = Effect.EXPOSES
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """A range of /0 without its counterpart."""
    access = control(context)
    if access is None or len(context.service.ip_families) < 2:
        return
    if not context.cluster.has(behaviours.NO_INTERNET_BESIDE_ANY):
        return
    families = {prefix.is_ipv6 for prefix in access.prefixes}
    if len(families) != 1 or not allows_all(access.prefixes):
        return
    ranges = next(ranges for ranges in access.all_ranges if ranges.prefixes)
    closed, missing = ("IPv4", "0.0.0.0/0") if True in families else ("IPv6", "::/0")
    fix = None
    if ranges.origin.kind == ANNOTATION:
        steps = (*ANNOTATIONS, ranges.origin.path)
        fix = set_value(context, steps, f"{ranges.origin.raw},{missing}", f"add {missing}", UNSAFE, ("security_rules",))
    yield Finding(
        f"{closed} is closed: the range of every address opens one family only", steps_of(ranges.origin),
        hint=f"Add {missing}.", fix=fix,
    )  # fmt: skip
