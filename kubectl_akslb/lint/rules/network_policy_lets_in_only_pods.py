"""NetworkPolicy that lets in only pods.

## What it is

NetworkPolicies in the namespace select the pods of the Service, and none of them lets in anything but pods on the port
that the Service sends to. They are in the same file, or in the same cluster.

## Why is it bad

What comes through a load balancer comes from no pod: with `externalTrafficPolicy: Cluster` the pods see the address of
a node, with `Local` that of the client, and of 168.63.129.16 where Azure probes the pods themselves. Selectors of pods
and namespaces match none of these, so that clients time out, and probes that reach the pods fail. How strictly nodes
are kept out depends on the network plugin: some always let in the node that a pod runs on, and some connections work.

## Example

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
    - from:
        - namespaceSelector: {}
```

## Use instead

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
    - from:
        - namespaceSelector: {}
        - ipBlock:
            cidr: 0.0.0.0/0
      ports:
        - port: 8080
```

## Fix safety

There is no fix: who is to be let in is for you to say.
"""

from collections.abc import Iterator

from kubectl_akslb.lint.asked import finding_of
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import WARNING, Effect, Finding
from kubectl_akslb.path.hop import HopName, Outcome
from kubectl_akslb.path.walk import deciding

SEVERITY = WARNING
EFFECT = Effect.STOPS
FIX = ""


def check(context: ServiceContext) -> Iterator[Finding]:
    """Clients that are meant to get in, and that policies keep from the pods, all of them or some."""
    for client in context.clients:
        hop = deciding(client)
        if client.intended and hop.name is HopName.POLICY and hop.outcome in {Outcome.DROP, Outcome.DEPENDS}:
            hint = "Add an ipBlock to from: the clients' ranges with Local, those of the nodes with Cluster."
            yield finding_of(hop, ("spec", "ports", 0), hint)
            return
