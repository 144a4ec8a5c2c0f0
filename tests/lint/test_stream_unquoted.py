"""Annotations without quotes are findings, one for each, and no errors beside."""

import pytest

from kubectl_akslb.lint.stream import Stream

KEY = "service.beta.kubernetes.io/azure-load-balancer-internal"
SPEC = "spec: {type: LoadBalancer, ports: [{port: 80}]}"
BLOCK = (
    f"- apiVersion: v1\n  kind: Service\n  metadata:\n    name: web\n    annotations:\n      {KEY}: true\n  {SPEC}\n"
)
FLOW = f"{{apiVersion: v1, kind: Service, metadata: {{name: web, annotations: {{{KEY}: true}}}}, {SPEC}}}"
HEAD = "apiVersion: v1\nkind: List\nitems:"


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n" + BLOCK * 3,
        f"{HEAD} [" + ", ".join([FLOW] * 3) + "]\n",
        "---\n".join([f"{FLOW}\n"] * 3),
    ],
    ids=["block", "one line", "documents"],
)
def test_each_is_a_service_and_none_a_problem(text: str) -> None:
    stream = Stream("x.yaml", text.encode())
    assert (len(stream.services), stream.problems) == (3, ())


def test_what_is_wrong_besides_stays_a_problem() -> None:
    broken = BLOCK.replace("port: 80", "port: eighty")
    stream = Stream("x.yaml", (f"{HEAD}\n" + BLOCK + broken + BLOCK).encode())
    assert (len(stream.services), len(stream.problems)) == (2, 1)
