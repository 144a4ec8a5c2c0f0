"""What leaves a node for the load balancer and comes back by it: pods and nodes that call a frontend that kube-proxy does not take."""

from collections.abc import Iterator
from itertools import product

from lab.cases.case import DISABLE_FLOATING_IP, INTERNAL, Case, Endpoint

_KINDS = {"public": {}, "internal": {INTERNAL: "true"}}
_FLOATING = {"floating IP": {}, "no floating IP": {DISABLE_FLOATING_IP: "true"}}
_POLICIES = {"cluster": {}, "local": {"externalTrafficPolicy": "Local"}}
#: Nobody who asks is in the first; the second holds the nodes, the third the address by which the cluster reaches the internet.
_RANGES = {"other": "192.0.2.0/24", "nodes": "10.224.0.0/16", "the way out": "20.51.0.1/32"}


def cases() -> Iterator[Case]:
    """All of them; node-c has no pod of the Service."""
    pods = (Endpoint("web-a1"), Endpoint("web-b1"))
    for kind, floating in product(_KINDS, _FLOATING):
        annotations = {**_KINDS[kind], **_FLOATING[floating]}
        for status, policy in product(("empty", "Proxy", "address"), _POLICIES):
            name = f"front/{kind}, {floating}, status: {status}, {policy}"
            spec = _POLICIES[policy]
            yield Case(name, endpoints=pods, spec=spec, annotations=annotations, status=status, through_azure=True)
        for ranges, block in _RANGES.items():
            name, only = f"front/{kind}, {floating}, ranges: {ranges}", {"loadBalancerSourceRanges": [block]}
            yield Case(name, endpoints=pods, spec=only, annotations=annotations, through_azure=True)
