"""Ranges without the cluster's own pods.

## What it is

`spec.loadBalancerSourceRanges` with public ranges only, on Kubernetes 1.25 or later.

## Why is it bad

Since 1.25 kube-proxy filters pods of the same cluster as well. Pods that use the Service by its external address or
DNS name, and did so before the upgrade, now time out.

## Example

```yaml
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

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
    - 198.51.100.0/24
    - 10.244.0.0/16
  ports:
    - port: 80
```

## Fix safety

There is no fix: the range of the pods is the cluster's (`az aks show --query networkProfile.podCidr`).
"""

from collections.abc import Iterator

from kubectl_akslb.derive.addresses import AddressError, Prefix, parse_cidr
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, Effect, Finding
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.path.walk import deciding

SEVERITY = INFO
EFFECT = Effect.SURPRISES
FIX = ""

_PRIVATE = tuple(parse_cidr(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))


_FILTERED = frozenset({Cause.PODS_BESIDE_SOURCE_RANGES, Cause.NOT_IN_SOURCE_RANGES})


def check(context: ServiceContext) -> Iterator[Finding]:
    """Ranges that can hold no pod."""
    pods = [one for one in context.clients if one.group is ClientGroup.PODS]
    kept_out = any(reason.cause in _FILTERED for one in pods for reason in deciding(one).because)
    if not kept_out or any(_may_hold_pods(text) for text in context.service.load_balancer_source_ranges):
        return
    yield Finding(
        "pods of this cluster cannot use the address of the Service: kube-proxy filters them since Kubernetes 1.25, and"
        " no range is private",
        ("spec", "loadBalancerSourceRanges"),
        True,
        "Add the Pod CIDR if pods use this address; if none does, nothing is wrong.",
        confidence=Confidence.DOCUMENTED,
    )


def _may_hold_pods(text: str) -> bool:
    try:
        prefix: Prefix = parse_cidr(text.strip())
    except AddressError:
        return True
    return prefix.is_ipv6 or any(one.contains(prefix) or prefix.contains(one) for one in _PRIVATE)
