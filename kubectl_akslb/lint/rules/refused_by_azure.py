"""Service that Azure refuses.

## What it is

The provider takes the Service, and Azure does not take what the provider sends for it: ranges that overlap where the
provider does not merge them, an address outside of its subnet, an IPv6 frontend alone, more rules than fit.

## Why is it bad

The address of the Service stays `<pending>`, or changes are no longer applied. The event SyncLoadBalancerFailed holds
Azure's code, so that you can search for it.

## Example

```yaml provider=1.29.5
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
    - 10.0.0.0/8
    - 10.1.0.0/16
  ports:
    - port: 80
```

## Use instead

```yaml provider=1.29.5
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  loadBalancerSourceRanges:
    - 10.0.0.0/8
  ports:
    - port: 80
```

## Fix safety

There is no fix: only you know what is meant.
"""

from collections.abc import Iterator

from kubectl_akslb.azure.refusals import GENERIC, INFERRED
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import ERROR, Effect, Finding
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.model.confidence import Confidence

SEVERITY = ERROR
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """What Azure objects to, but for what has a rule of its own."""
    if any(context.refused_by_azure("rule-of-other-ip-family")):
        return  # what follows from that is no other fault
    for refusal in context.refused_by_azure(GENERIC):
        hint = f"{refusal.remedy[:1].upper()}{refusal.remedy[1:]}."
        verb = "may refuse" if refusal.unless or refusal.evidence == INFERRED else "refuses"
        code = f" ({refusal.code})" if refusal.code else ""
        confidence = Confidence.ASSUMED if refusal.evidence == INFERRED else Confidence.DOCUMENTED
        yield Finding(
            f"Azure {verb} it{code}: {refusal.because}", steps_of(refusal.origin), hint=hint, confidence=confidence
        )
