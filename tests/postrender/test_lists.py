"""Lists of every kind, ends of documents and lone carriage returns, as the post-renderer meets them."""

import pytest

from kubectl_akslb.manifest.load import IGNORED
from kubectl_akslb.postrender.assumed import assumed_cluster
from kubectl_akslb.postrender.render import PostRendered, PostRenderOptions, postrender

KEY = "service.beta.kubernetes.io/port_80_health-probe_protocol"
SPEC = "{type: LoadBalancer, ports: [{port: 80, appProtocol: http}]}"
SERVICE = f"apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec: {SPEC}\n"


def rendered(text: str) -> PostRendered:
    return postrender(text.encode(), PostRenderOptions(assumed_cluster()[0]))


@pytest.mark.parametrize("kind", ["Service", '"Ser\\u0076ice"', "!!str Service"])
@pytest.mark.parametrize("type_", ["LoadBalancer", '"Load\\x42alancer"', '"Load\\\n Balancer"'])
def test_escaped_words(kind: str, type_: str) -> None:
    text = SERVICE.replace("kind: Service", f"kind: {kind}").replace("LoadBalancer", type_)
    assert [one.annotation for one in rendered(text).changes] == [KEY]


@pytest.mark.parametrize(
    "text",
    [
        f"apiVersion: v1\nkind: ServiceList\nitems:\n- metadata:\n    name: web\n  spec: {SPEC}\n",
        f"apiVersion: v1\nkind: List\nitems:\n- kind: ServiceList\n  apiVersion: v1\n  items:\n  - metadata:\n      name: web\n    spec: {SPEC}\n",
        f"apiVersion: v1\nkind: DeploymentList\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata:\n    name: web\n  spec: {SPEC}\n",
    ],
)
def test_lists(text: str) -> None:
    assert [one.annotation for one in rendered(text).changes] == [KEY]


def test_a_service_before_an_end_is_edited_and_one_behind_it_is_told() -> None:
    done = rendered(SERVICE + "...\n" + SERVICE)
    assert len(done.changes) == 1
    assert done.output.endswith(f"...\n{SERVICE}".encode())
    assert [(one.message, one.line) for one in done.warnings] == [(IGNORED, 7)]


@pytest.mark.parametrize("behind", ["...\nkind: Secret\n", "---\nkind: Secret\nstringData: {a: 'x\ry'}\n"])
def test_a_secret_hides_no_service(behind: str) -> None:
    done = rendered(SERVICE + behind)
    assert (len(done.changes), done.warnings) == (1, ())
    assert done.output.endswith(behind.encode())


@pytest.mark.parametrize("strict", [False, True])
def test_what_cannot_be_edited_is_told(strict: bool) -> None:
    text = SERVICE.replace("  name: web\n", "  name: web # a\r# b\n") + "---\nkind: Secret\n"
    done = postrender(text.encode(), PostRenderOptions(assumed_cluster()[0], strict=strict))
    assert ["unusual line breaks" in one.message for one in done.warnings] == [True]
    assert bool(done.errors) == strict


@pytest.mark.parametrize("value", ["8", "true", "[a]", "{a: b}"])
def test_an_annotation_of_a_gateway_that_is_no_text_stays(value: str) -> None:
    text = (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: g\nspec:\n  gatewayClassName: istio\n"
        f"  infrastructure:\n    annotations:\n      {KEY}: {value}\n  listeners:\n  - {{name: a, port: 80, protocol: HTTP}}\n"
    )
    done = rendered(text)
    assert (done.changes, done.output) == ((), text.encode())
