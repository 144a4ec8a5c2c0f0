"""Pools that list addresses of nodes (nodeIP): what stays of a node that is gone, in the rules that open the nodes."""

from collections.abc import Iterator

from conformance.cases.case import NODES, Case, delete, ensure, history, port, service, update

_CONFIG = {"loadBalancerBackendPoolConfigurationType": "nodeIP"}
_NO_FLOATING_IP = {"azure-disable-load-balancer-floating-ip": "true"}
_INTERNAL = {"azure-load-balancer-internal": "true"}
_DENY = {"azure-deny-all-except-load-balancer-source-ranges": "true"}
_FIRST, _SECOND = NODES[:1], NODES[1:]


def cases() -> Iterator[Case]:
    """Nodes that go, alone and with an edit, and one in place of another."""
    web = service(_NO_FLOATING_IP)
    kinds = {
        "public": web,
        "internal": service({**_NO_FLOATING_IP, **_INTERNAL}),
        "deny-all": service({**_NO_FLOATING_IP, **_DENY}, loadBalancerSourceRanges=["192.0.2.0/24"]),
        "floating-ip": service(),
    }
    for name, body in kinds.items():
        yield history(f"pool/node-removed-{name}", ensure(body), update(body, _FIRST), config=_CONFIG)
    yield history("pool/node-replaced", ensure(web), update(web, _FIRST), update(web, _SECOND), config=_CONFIG)
    edited = service(_NO_FLOATING_IP, port(81))
    yield history("pool/node-removed-then-edited", ensure(web), update(web, _FIRST), ensure(edited), config=_CONFIG)
    other = service(_NO_FLOATING_IP, port(82), name="api")
    yield history(
        "pool/node-removed-beside",
        ensure(web),
        ensure(other),
        update(web, _FIRST),
        update(other, _FIRST),
        config=_CONFIG,
    )
    yield history(
        "pool/node-removed-then-deleted",
        ensure(web), ensure(other), update(web, _FIRST), update(other, _FIRST), delete(web), config=_CONFIG,
    )  # fmt: skip
