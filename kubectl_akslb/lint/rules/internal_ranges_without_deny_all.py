"""Internal Service whose ranges keep nobody out.

## What it is

An internal Service with `azure-allowed-ip-ranges`, but without `azure-deny-all-except-load-balancer-source-ranges`.

## Why is it bad

Every security group ends with the rule AllowVnetInBound. Whoever can reach an internal address at all comes from the
virtual network or one that is peered, and is let in by that rule: the ranges restrict nothing. (Ranges in
`spec.loadBalancerSourceRanges` are enforced by kube-proxy as well.)

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
    service.beta.kubernetes.io/azure-allowed-ip-ranges: 10.20.0.0/16
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
    service.beta.kubernetes.io/azure-allowed-ip-ranges: 10.20.0.0/16
    service.beta.kubernetes.io/azure-deny-all-except-load-balancer-source-ranges: "true"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Unsafe: whoever is not in the ranges loses access.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import allows_all
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import UNSAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import set_annotations
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.lint.ranges import control, opens_nothing
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours

SEVERITY = WARNING
EFFECT = Effect.EXPOSES
FIX = UNSAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ranges that AllowVnetInBound passes by."""
    access = control(context)
    if access is None or not access.prefixes or access.deny_all.value or not is_internal(context.service):
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
            "the ranges restrict nothing: AllowVnetInBound lets the whole virtual network in",
            steps_of(origin),
            True,
            hint,
            fix,
            Confidence.DOCUMENTED,
        )
