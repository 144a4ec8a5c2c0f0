"""Suppression without a reason.

## What it is

An entry of the annotation `akslb.dev/ignore` that names a rule and says nothing else.

## Why is it bad

The next person cannot tell whether the finding was looked at or silenced in a hurry. An entry without a reason
silences nothing.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    akslb.dev/ignore: open-to-the-internet
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
    akslb.dev/ignore: "open-to-the-internet: this is the company's web site"
spec:
  type: LoadBalancer
  ports:
    - port: 80
```

## Fix safety

There is no fix: only you know the reason.
"""

from collections.abc import Collection, Iterator, Sequence

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.lint.fixes import ANNOTATIONS
from kubectl_akslb.lint.suppress import IGNORE, Suppression

SEVERITY = WARNING
EFFECT = Effect.IGNORED
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Nothing: the engine asks ``judge`` when all rules have run."""
    del context
    return iter(())


def judge(
    context: ServiceContext, silenced: Sequence[Suppression], ran: Collection[str], used: Collection[str]
) -> Iterator[Finding]:
    """Entries that say nothing."""
    del context, ran, used
    for one in silenced:
        if not one.reason:
            yield Finding(
                f"{one.rule} is not silenced: no reason is given",
                (*ANNOTATIONS, IGNORE),
                hint=f'Write "{one.rule}: the reason".',
            )
