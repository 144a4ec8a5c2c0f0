"""Suppression that silences nothing.

## What it is

An entry of the annotation `akslb.dev/ignore` whose rule finds nothing here, or does not exist.

## Why is it bad

It hides the finding when it comes back, or never hid anything because the id is misspelt.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"
    akslb.dev/ignore: "no-node-ports: we set them"
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
    service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout: "10"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

Safe: the annotation is not read by anything else. It is offered where it is the only entry.
"""

from collections.abc import Collection, Iterator, Sequence

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS, remove
from kubectl_akslb.lint.spelling import nearest
from kubectl_akslb.lint.suppress import IGNORE, Suppression

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = SAFE


def check(context: ServiceContext) -> Iterator[Finding]:
    """Nothing: the engine asks ``judge`` when all rules have run."""
    del context
    return iter(())


def judge(
    context: ServiceContext, silenced: Sequence[Suppression], ran: Collection[str], used: Collection[str]
) -> Iterator[Finding]:
    """Entries whose rule ran, and found nothing; and those of rules that do not exist."""
    from kubectl_akslb.lint.registry import IDS  # noqa: PLC0415 -- the registry imports this file

    for one in silenced:
        exists = one.rule in IDS
        if one.rule in used or not one.reason or (exists and one.rule not in ran):
            continue
        close = nearest(one.rule, IDS)
        hint = f"Did you mean {close}?" if not exists and close else "Remove it."
        why = "finds nothing here" if exists else "does not exist"
        fix = remove(context, IGNORE, "remove the suppression") if len(silenced) == 1 and exists else None
        yield Finding(f"the rule {one.rule} {why}", (*ANNOTATIONS, IGNORE), hint=hint, fix=fix)
