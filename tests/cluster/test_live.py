"""What a call of kubectl gave, and which kinds were read: what was refused or broke off is not taken for empty."""

import json
from typing import Any

import pytest

from kubectl_akslb.cluster.reading import Gathered
from kubectl_akslb.edge.process import Finished
from tests.given.objects import daemon_set, node, policy
from tests.given.programs import listed

REFUSED = 'Error from server (Forbidden): {0} is forbidden: User "jane" cannot list resource "{0}" in API group "" at the cluster scope'
BOTH = ("Node", "DaemonSet")


def answer(*items: Any, code: int = 0, err: str = "") -> Finished:
    return Finished(("kubectl", "get"), code, listed(*items).encode() if items or not code else b"", err)


@pytest.mark.parametrize(
    ("done", "kinds", "expected"),
    [
        (answer(), BOTH, set(BOTH)),
        (answer(node(), daemon_set("kube-proxy")), BOTH, set(BOTH)),
        (answer(daemon_set("kube-proxy"), code=1, err=REFUSED.format("nodes")), BOTH, {"DaemonSet"}),
        (answer(node(), code=1, err=REFUSED.format("daemonsets")), BOTH, {"Node"}),
        (answer(node(), code=1, err="error: i/o timeout"), BOTH, {"Node"}),
        (answer(code=1, err="error: i/o timeout"), BOTH, set()),
        (answer(code=1, err=REFUSED.format("networkpolicies")), ("NetworkPolicy",), set()),
        (answer(policy(), code=1, err=REFUSED.format("networkpolicies")), ("NetworkPolicy",), {"NetworkPolicy"}),
        (answer(), ("NetworkPolicy",), {"NetworkPolicy"}),
    ],
)
def test_which_kinds_were_read(done: Finished, kinds: tuple[str, ...], expected: set[str]) -> None:
    gathered = Gathered()
    gathered.add(done, "something", kinds)
    assert expected == gathered.kinds
    assert bool(gathered.notices) is bool(done.code)


def test_the_kind_of_what_a_list_of_the_api_server_holds() -> None:
    body = {"kind": "NetworkPolicyList", "apiVersion": "networking.k8s.io/v1", "items": [{"metadata": {"name": "a"}}]}
    gathered = Gathered()
    gathered.add(Finished(("kubectl",), 0, json.dumps(body).encode(), ""), "policies", ("NetworkPolicy",))
    assert ["NetworkPolicy"] == [one["kind"] for one in gathered.objects]
