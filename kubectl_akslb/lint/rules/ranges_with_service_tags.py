"""loadBalancerSourceRanges together with service tags.

## What it is

`spec.loadBalancerSourceRanges` and `azure-allowed-service-tags` on one Service.

## Why is it bad

Two layers filter. The security group lets in the ranges and the tags; kube-proxy on the node knows the ranges only,
and drops what comes from the tags. The security rules look right, and the clients time out.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-allowed-service-tags: AzureFrontDoor.Backend
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
    - 10.20.0.0/16
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
    service.beta.kubernetes.io/azure-allowed-service-tags: AzureFrontDoor.Backend
    service.beta.kubernetes.io/azure-allowed-ip-ranges: 10.20.0.0/16
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

There is no fix: without `loadBalancerSourceRanges` kube-proxy no longer filters.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.nsg import floating_ip_disabled
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.provider import annotations as keys

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(subject: Subject) -> Iterator[Finding]:
    """Tags that kube-proxy does not know."""
    tags = [tag for tag in (subject.annotation(keys.ALLOWED_SERVICE_TAGS) or "").split(",") if tag.strip()]
    ranges = subject.settled.service.load_balancer_source_ranges
    if not subject.handled or not tags or not ranges or any(one.strip().endswith("/0") for one in ranges):
        return
    if not floating_ip_disabled(subject.service, subject.cluster):
        yield Finding(
            f"kube-proxy drops what comes from {', '.join(tag.strip() for tag in tags)}: it knows"
            " loadBalancerSourceRanges only",
            ("spec", "loadBalancerSourceRanges"),
            True,
            "Move the ranges to the annotation azure-allowed-ip-ranges.",
            confidence=Confidence.DOCUMENTED,
        )
