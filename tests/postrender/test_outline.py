"""Parts of a stream: where they end, what they are, and which can matter."""

import pytest

from kubectl_akslb.manifest.stream import split
from kubectl_akslb.postrender.outline import head_kind, may_matter, outline


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        (b"", [b""]),
        (b"kind: A\n", [b"kind: A\n"]),
        (b"---\nkind: A\n---\nkind: B\n", [b"---\nkind: A\n", b"---\nkind: B\n"]),
        (b"---\r\nkind: A\r\n---\r\nkind: B\r\n", [b"---\r\nkind: A\r\n", b"---\r\nkind: B\r\n"]),
        (b"kind: A\n--- # b\nkind: B", [b"kind: A\n", b"--- # b\nkind: B"]),
        (b"kind: A\n--- {kind: B}\n---", [b"kind: A\n", b"--- {kind: B}\n", b"---"]),
        (b"a: |\n  ---\n  ---x\n---x: y\n", [b"a: |\n  ---\n  ---x\n---x: y\n"]),
        (b"# c\n\n---\nkind: A\n", [b"# c\n\n---\nkind: A\n"]),
        (b"%YAML 1.1\n---\nkind: A\n", [b"%YAML 1.1\n---\nkind: A\n"]),
        (b"---\n# c\n---\nkind: A\n", [b"---\n# c\n", b"---\nkind: A\n"]),
        (b"kind: A\r---\rkind: B\r", [b"kind: A\r---\rkind: B\r"]),
    ],
)
def test_parts(data: bytes, parts: list[bytes]) -> None:
    assert parts == [data[start:end] for start, end, _ in outline(data)]


def test_parts_are_the_documents_of_a_helm_stream() -> None:
    data = b"---\n# Source: a/b.yaml\nkind: A\n---\n# Source: c.yaml\n# x\n---\nkind: List\nitems: []\n"
    assert [(one.start, one.end) for one in split(data)] == [part[:2] for part in outline(data)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b"kind: Service\n", b"Service"),
        (b"---\n# Source: x\n\napiVersion: v1\nkind: Service\n", b"Service"),
        (b"---\r\napiVersion: v1\r\nkind: Service\r\n", b"Service"),
        (b"kind: 'Service'\n", b"Service"),
        (b"kind: Service # c\n", b""),
        (b"kind: &a Service\n", b""),
        (b"metadata:\n  name: a\nkind: Service\n", b""),
        (b" kind: Service\n", b""),
        (b'{"kind": "Service"}\n', b""),
        (b"kind: Service", b""),
        (b"", b""),
        (b"# " + b"x" * 500 + b"\nkind: Service\n", b""),
    ],
)
def test_kind_in_the_first_lines(text: bytes, kind: bytes) -> None:
    assert kind == head_kind(text, 0, len(text))


LOAD_BALANCER = b"spec: {type: LoadBalancer}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"kind: Service\n" + LOAD_BALANCER, True),
        (b"metadata: {}\nkind: Service\n" + LOAD_BALANCER, True),
        (b'{"kind" : "Service", "spec": {"type": "LoadBalancer"}}', True),
        (b"{kind:\n  Service, spec: {type: LoadBalancer}}", True),
        (b"? kind\n: Service\n" + LOAD_BALANCER, True),
        (b"kind: &k Service\n" + LOAD_BALANCER, True),
        (b"kind: !!str Service\n" + LOAD_BALANCER, True),
        (b"kind: # which\n  Service\n" + LOAD_BALANCER, True),
        (b"kind: >-\n  Service\n" + LOAD_BALANCER, True),
        (b"kind: List\nitems:\n- kind: Service\n  spec: {type: LoadBalancer}\n", True),
        (b"kind: ServiceList\nitems: [{spec: {type: LoadBalancer}}]\n", True),
        (b"kind: Gateway\napiVersion: gateway.networking.k8s.io/v1beta1\n", True),
        (b"kind: Gateway\napiVersion: networking.istio.io/v1\n", False),
        (b"kind: Service\nspec: {type: ClusterIP}\n", False),
        (b"kind: ConfigMap\ndata: {a: 'kind: Service, type: LoadBalancer'}\n", False),
        (b"kind: Secret\nstringData: {a: 'kind: Service, type: LoadBalancer'}\n", False),
        (b"metadata: {}\nkind: Other\ntext: A Service of type LoadBalancer.\n", False),
        (b"", False),
    ],
)
def test_what_can_matter(text: bytes, expected: bool) -> None:
    assert expected == any(may_matter(text, part) for part in outline(text))


def test_hostile_streams_take_linear_time() -> None:
    data = b"\n---\nkind: Service LoadBalancer" * 40_000
    assert 40_000 == len(outline(data))
    comments = b"#\n---x\n" * 100_000
    assert 1 == len(outline(comments))
