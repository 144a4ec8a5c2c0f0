"""Azure annotations beside a loadBalancerClass.

## What it is

A Service with `spec.loadBalancerClass` and annotations of Azure's provider.

## Why is it bad

A class hands the Service to another controller. Azure's provider does not act on it at all, and the class cannot be
changed later.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-internal: "true"
spec:
  type: LoadBalancer
  loadBalancerClass: example.com/lb
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
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

There is no fix: the class cannot be taken away from a Service that exists.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.lint.keys import lookup
from kubectl_akslb.provider.annotations import SOURCE_RANGES

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Services of another controller that are annotated for Azure."""
    ours = [key for key in context.service.annotations if lookup(key) is not None and key != SOURCE_RANGES]
    if context.service.load_balancer_class is not None and ours:
        yield Finding(
            f"loadBalancerClass {context.service.load_balancer_class!r} hands the Service to another controller:"
            f" Azure's provider ignores it, and {len(ours)} of its annotations",
            ("spec", "loadBalancerClass"),
            hint="Remove the class from the manifest and create the Service anew, or remove the annotations.",
        )
