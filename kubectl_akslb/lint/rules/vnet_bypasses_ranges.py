"""Ranges that the virtual network bypasses.

## What it is

A public Service with `azure-allowed-ip-ranges`, but without `azure-deny-all-except-load-balancer-source-ranges`.

## Why is it bad

The security group ends with the rule AllowVnetInBound: clients in the virtual network, and in those that are peered,
get in whatever the ranges say.

## Example

```yaml
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

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-allowed-ip-ranges: 198.51.100.0/24
    service.beta.kubernetes.io/azure-deny-all-except-load-balancer-source-ranges: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Unsafe: the virtual network loses access.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import allows_all
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, UNSAFE, Effect, Finding
from kubectl_akslb.lint.fixes import set_annotations
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.ranges import control, opens_nothing
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

SEVERITY = INFO
EFFECT = Effect.EXPOSES
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ranges of a public Service that hold for the internet only."""
    access = control(context)
    if access is None or not access.prefixes or access.deny_all.value or is_internal(context.service):
        return
    if opens_nothing(context.service, context.cluster):
        return  # the provider writes no deny-all rule either
    if context.lets_in(ClientGroup.VIRTUAL_NETWORK) and not allows_all(access.prefixes):
        origin = next(ranges.origin for ranges in access.all_ranges if ranges.prefixes)
        fix, hint = None, "Before 1.29.0 deny-all needs the ranges in spec.loadBalancerSourceRanges."
        if context.cluster.has(behaviours.SHARED_NSG_RULES):
            hint = 'Add azure-deny-all-except-load-balancer-source-ranges: "true".'
            pairs = ((keys.DENY_ALL, "true"),)
            fix = set_annotations(context, pairs, "deny all but the ranges", UNSAFE, ("security_rules",))
        yield Finding(
            "the ranges do not hold for the virtual network: AllowVnetInBound lets it in",
            steps_of(origin),
            True,
            hint,
            fix,
            Confidence.DOCUMENTED,
        )
