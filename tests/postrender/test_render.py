"""The stream as text: what is inserted where, and what is passed on as it is."""

import difflib
import json

import pytest

from kubectl_akslb.lint.annotation_policy import Policy, PolicyRule
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.postrender.assumed import assumed_cluster
from kubectl_akslb.postrender.render import EMPTY
from kubectl_akslb.postrender.report import difference, error_text, report
from kubectl_akslb.profile.load import default_profile
from kubectl_akslb.provider.version import NEWEST
from tests.given.charts import BETA, PATH, objects, protocol_of, render, service

HTTP = "port: 80, appProtocol: http"
TCP = f"{protocol_of(80)}: tcp"


def diff(text: str, **options: object) -> list[str]:
    """The lines that are taken away and added, and proof that a second run changes nothing."""
    done = render(text, **options)  # type: ignore[arg-type]
    assert done.output == render(done.output, **options).output  # type: ignore[arg-type]
    lines = difflib.ndiff(text.split("\n"), done.output.decode().split("\n"))
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ("", ["+   annotations:", f"+     {TCP}"]),
        ("  labels:\n    a: b\n", ["+   annotations:", f"+     {TCP}"]),
        ("  annotations:\n    a: b\n", [f"+     {TCP}"]),
        ("  annotations:\n    a: 'b'\n    c: 'd'\n", [f"+     {protocol_of(80)}: 'tcp'"]),
        ('  annotations:\n    a: "b"\n', [f'+     {protocol_of(80)}: "tcp"']),
        ("  annotations:\n    a: b # why\n    # more\n", [f"+     {TCP}"]),
        ("  annotations:\n        a: b\n", [f"+         {TCP}"]),
        ("  annotations: {a: b}\n", ["-   annotations: {a: b}", f"+   annotations: {{a: b, {protocol_of(80)}: tcp}}"]),
        ("  annotations: {}\n", ["-   annotations: {}", "+   annotations:", f"+     {TCP}"]),
        ("  annotations:\n", [f"+     {TCP}"]),
        ("  annotations:\n    {}\n", ["-     {}", f"+     {TCP}"]),
    ],
)
def test_lines_follow_their_neighbours(metadata: str, expected: list[str]) -> None:
    assert expected == diff(service(HTTP, metadata))


def test_windows_line_breaks() -> None:
    text = service(HTTP).replace("\n", "\r\n")
    assert ["+   annotations:\r", f"+     {TCP}\r"] == diff(text)


def test_a_byte_order_mark_and_no_break_at_the_end() -> None:
    text = "\ufeff" + service(HTTP).removeprefix("---\n").removesuffix("\n")
    assert ["+   annotations:", f"+     {TCP}"] == diff(text)


def test_json() -> None:
    data = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "a"},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80, "appProtocol": "http"}]},
    }
    done = render(json.dumps(data))
    assert {**data, "metadata": {"name": "a", "annotations": {protocol_of(80): "tcp"}}} == json.loads(done.output)
    done = render(json.dumps(data, indent=2))
    assert {protocol_of(80): "tcp"} == json.loads(done.output)["metadata"]["annotations"]


def test_items_of_a_list() -> None:
    item = "- kind: Service\n  apiVersion: v1\n  metadata:\n    name: {}\n  spec: {{type: LoadBalancer, ports: [{{port: 80, appProtocol: http}}]}}\n"
    text = (
        "apiVersion: v1\nkind: List\nitems:\n"
        + item.format("a")
        + "- kind: Secret\n  data: {a: Yg==}\n"
        + item.format("b")
    )
    assert ["+     annotations:", f"+       {TCP}"] * 2 == diff(text)
    done = render(text)
    assert [("Service a", 4), ("Service b", 11)] == [(one.target, one.line) for one in done.changes]


def test_several_annotations_of_several_services_in_one_list() -> None:
    ports = "[{port: 80, name: a, appProtocol: http}, {port: 443, name: b, appProtocol: https}]"
    items = "".join(
        f"- {{kind: Service, apiVersion: v1, metadata: {{name: s{i}}}, spec: {{type: LoadBalancer, ports: {ports}}}}}\n"
        for i in range(3)
    )
    done = render("kind: List\napiVersion: v1\nitems:\n" + items)
    wanted = {protocol_of(80): "tcp", protocol_of(443): "tcp"}
    assert [wanted] * 3 == [one["metadata"]["annotations"] for one in objects(done.output)[0]["items"]]


def test_other_documents_stay_byte_for_byte() -> None:
    others = (
        b"# Source: a/templates/x.yaml\nkind: ConfigMap\ndata:\n  yes: no # kept\n  a:   0777\n",
        b"---\n# only a comment\n",
        b"---\nkind: Secret\nstringData: {x: 'type: LoadBalancer, appProtocol: http, kind: Service'}\n",
        b"---\nkind: [broken\n",
        b"---\xff\xfe not text\n",
        b"--- {kind: Other, text: LoadBalancer}\n",
        b"---\r\nkind: Other\r\n",
    )
    text = service(HTTP).encode()
    done = render(others[0] + text + b"".join(others[1:]))
    changed = render(text).output
    assert others[0] + changed + b"".join(others[1:]) == done.output
    assert () == done.warnings


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (service(HTTP, "  labels: {a: b}\n  labels: {a: c}\n"), "the key 'labels' stands twice", 7),
        (
            service(HTTP, "  labels:\t{a: b}\n").replace("  selector: {app: web}\n", "  x:\n\t- a\n"),
            "not valid YAML: a tab stands",
            10,
        ),
        (service(HTTP) + "  broken: [\n", "not valid YAML", 12),
        (service("port: eighty, appProtocol: http"), "spec.ports[0].port must be a number", 10),
        (service(HTTP, "  annotations: {a: true}\n"), "must be a string", 6),
        (service(HTTP).replace("  name: web\n", "  labels: {}\n"), "metadata.name is missing", 4),
    ],
)
def test_what_cannot_be_read_is_passed_on_with_a_warning(text: str, message: str, line: int) -> None:
    whole = "kind: A\n" + text + service(HTTP, name="other")
    done = render(whole)
    assert message in done.warnings[0].message
    assert line + 1 == done.warnings[0].line
    assert whole.encode().startswith(done.output[: len("kind: A\n" + text)])
    assert ["Service other"] == [one.target for one in done.changes]
    strict = render(whole, strict=True)
    assert (b"", done.warnings) == (strict.output, strict.errors)


def test_bytes_that_are_no_text() -> None:
    text = service(HTTP).encode().replace(b"name: web", b"name: \xff")
    done = render(text)
    assert text == done.output
    assert "byte 0xff is not UTF-8" in done.warnings[0].message
    assert 5 == done.warnings[0].line


def test_utf_16_is_passed_on() -> None:
    text = service(HTTP).encode("utf-16")
    done = render(text)
    assert text == done.output
    assert "UTF-16" in done.warnings[0].message


@pytest.mark.parametrize(
    "metadata",
    ["  annotations: &a {x: z}\n  labels: *a\n", "  annotations:\n    <<: {x: z}\n", "  annotations: !!map {x: z}\n"],
)
def test_what_is_shared_is_declined(metadata: str) -> None:
    text = service(HTTP, metadata)
    done = render(text)
    assert text.encode() == done.output
    assert "cannot be set without touching more than is meant" in done.warnings[0].message
    assert "port_80_health-probe_protocol" in done.warnings[0].message
    assert done.warnings == render(text, strict=True).errors


def test_anchors_elsewhere_do_not_matter() -> None:
    text = service(HTTP, spec="  x: &x {a: b}\n  y: *x\n")
    assert ["+   annotations:", f"+     {TCP}"] == diff(text)


@pytest.mark.parametrize("data", [b"", b"\n", b"  \n\n", b"\r\n", b"  "])
def test_an_empty_stream_gets_a_comment(data: bytes) -> None:
    done = render(data)
    assert EMPTY == done.output[-len(EMPTY) :]
    assert done.output.lstrip() == EMPTY
    assert done.output == render(done.output).output


def test_a_stream_of_comments_is_none() -> None:
    assert b"---\n# nothing\n" == render(b"---\n# nothing\n").output


GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: edge
spec:
  gatewayClassName: istio
  listeners:
  - name: a
    port: 80
    protocol: HTTP
  - name: b
    port: 80
    protocol: HTTPS
  - name: c
    port: 8443
    protocol: TLS
"""
INFRASTRUCTURE = "  infrastructure:\n    annotations:\n"


def test_a_gateway_whose_controller_makes_the_service() -> None:
    assert ["+   infrastructure:", "+     annotations:", f"+       {TCP}"] == diff(GATEWAY)
    assert [line + "\r" for line in ("+   infrastructure:", "+     annotations:", f"+       {TCP}")] == diff(
        GATEWAY.replace("\n", "\r\n")
    )


OWN = '  annotations:\n    service.beta.kubernetes.io/azure-load-balancer-internal: "true"\n'


@pytest.mark.parametrize("infrastructure", ["", "  infrastructure:\n    labels: {a: b}\n"])
def test_annotations_of_the_gateway_itself_stay_those_of_its_service(infrastructure: str) -> None:
    """Istio copies them only where spec.infrastructure.annotations is not there: an internal Gateway stays internal."""
    text = GATEWAY.replace("spec:\n", f"{OWN}spec:\n").replace("  listeners", f"{infrastructure}  listeners")
    assert [f"+     {TCP}"] == diff(text)
    found = objects(render(text).output)[0]
    assert 2 == len(found["metadata"]["annotations"])
    assert "annotations" not in found["spec"].get("infrastructure", {})


def test_annotations_of_the_gateway_that_already_decide() -> None:
    text = GATEWAY.replace("spec:\n", f"{OWN}    {TCP}\nspec:\n")
    assert text.encode() == render(text).output


def test_own_annotations_do_not_count_beside_those_of_the_infrastructure() -> None:
    text = GATEWAY.replace("spec:\n", f"{OWN}    {TCP}\nspec:\n").replace(
        "  listeners", f"{INFRASTRUCTURE}      a: b\n  listeners"
    )
    assert [f"+       {TCP}"] == diff(text)


def test_what_helm_adds_for_the_post_renderer_is_no_annotation_of_the_gateway() -> None:
    text = GATEWAY.replace("spec:\n", "  annotations: {postrenderer.helm.sh/postrender-filename: a.yaml}\nspec:\n", 1)
    assert ["+   infrastructure:", "+     annotations:", f"+       {TCP}"] == diff(text)


@pytest.mark.parametrize(
    ("infrastructure", "expected"),
    [
        (INFRASTRUCTURE + "      a: b\n", [f"+       {TCP}"]),
        ("  infrastructure:\n    labels: {a: b}\n", ["+     annotations:", f"+       {TCP}"]),
        ("  infrastructure: {labels: {a: b}}\n", None),
        (INFRASTRUCTURE + f"      {protocol_of(80)}: http\n", [f"-       {protocol_of(80)}: http", f"+       {TCP}"]),
    ],
)
def test_infrastructure_that_is_there(infrastructure: str, expected: list[str] | None) -> None:
    text = GATEWAY.replace("  listeners", infrastructure + "  listeners")
    if expected is not None:
        assert expected == diff(text)
    found = objects(render(text).output)[0]["spec"]["infrastructure"]["annotations"]
    assert {protocol_of(80)} <= set(found)


@pytest.mark.parametrize(
    "change",
    [
        ("gatewayClassName: istio", "gatewayClassName: nginx"),
        ("gatewayClassName: istio", "gatewayClassName: istio-waypoint"),
        ("gatewayClassName: istio", "gatewayClassName: approuting-istio"),
        ("gateway.networking.k8s.io/v1", "networking.istio.io/v1 # gateway.networking.k8s.io/v1"),
        ("  name: edge", "  name: edge\n  annotations: {networking.istio.io/service-type: ClusterIP}"),
        ("  listeners", "  addresses: [{type: Hostname, value: edge.istio.svc}]\n  listeners"),
        ("protocol: HTTP\n", "protocol: TCP\n"),
    ],
)
def test_gateways_that_need_nothing(change: tuple[str, str]) -> None:
    text = GATEWAY.replace(*change)
    assert text != GATEWAY
    assert text.encode() == render(text).output


def test_a_class_of_istio_by_another_name() -> None:
    definition = "kind: GatewayClass\napiVersion: gateway.networking.k8s.io/v1\nmetadata: {name: mine}\nspec: {controllerName: istio.io/gateway-controller}\n"
    text = definition + "---\n" + GATEWAY.replace("gatewayClassName: istio", "gatewayClassName: mine")
    assert ["+   infrastructure:", "+     annotations:", f"+       {TCP}"] == diff(text)


def test_a_config_map_can_make_the_service_local() -> None:
    reference = "  infrastructure: {parametersRef: {group: '', kind: ConfigMap, name: options}}\n"
    options = "---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: options}\ndata:\n  service: |\n    spec:\n      externalTrafficPolicy: Local\n"
    text = GATEWAY.replace("  listeners", reference + "  listeners") + options
    assert text.encode() == render(text).output
    assert text.encode() != render(text.replace("Policy: Local", "Policy: Cluster")).output


def test_a_gateway_in_json() -> None:
    spec = {"gatewayClassName": "istio", "listeners": [{"name": "a", "port": 80, "protocol": "HTTP"}]}
    data = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": {"name": "edge"}, "spec": spec}
    wanted = {"annotations": {protocol_of(80): "tcp"}}
    assert wanted == json.loads(render(json.dumps(data)).output)["spec"]["infrastructure"]
    assert wanted == json.loads(render(json.dumps(data, indent=2)).output)["spec"]["infrastructure"]


def test_a_policy_can_match_the_class_of_a_gateway() -> None:
    policy = Policy((PolicyRule("istio", match_class="istio", annotations=((PATH, "/x"),), known="leave"),))
    assert ["+   infrastructure:", "+     annotations:", f"+       {PATH}: /x"] == diff(GATEWAY, policy=policy)


def test_helm_names_the_template() -> None:
    text = service(HTTP).replace("---\n", "---\n# Source: shop/templates/web.yaml\n")
    assert "shop/templates/web.yaml" == render(text).changes[0].source
    metadata = "  annotations:\n    postrenderer.helm.sh/postrender-filename: 'shop/templates/api.yaml'\n"
    assert "shop/templates/api.yaml" == render(service(HTTP, metadata)).changes[0].source


def test_the_assumed_cluster_is_that_of_every_command() -> None:
    assert (default_profile().cluster, default_profile().notices) == assumed_cluster()


def test_difference_has_the_line_numbers_of_the_stream() -> None:
    text = "kind: A\n" * 3 + service(HTTP) + service(HTTP, name="b")
    wanted = [
        line.rstrip("\n")
        for line in difflib.unified_diff(
            text.splitlines(True), render(text).output.decode().splitlines(True), "input", "output"
        )
    ]
    assert [line for line in wanted if line.startswith("+ ")] == [
        line for line in difference(render(text)).splitlines() if line.startswith("+ ")
    ]
    heads = [line for line in difference(render(text)).splitlines() if line.startswith("@@")]
    assert ["@@ -6,6 +6,8 @@", "@@ -16,6 +18,8 @@"] == heads
    assert "" == difference(render("kind: A\n"))


def test_report_and_error_text() -> None:
    done = render(service(HTTP) + service(HTTP, "  labels: 1\n", name="b"))
    content = json.loads(report(done, Cluster(*assumed_cluster()[0][:2]), ["a notice"]))
    assert ("PostRenderReport", str(NEWEST), ["a notice"]) == (
        content["kind"],
        content["providerVersion"],
        content["notices"],
    )
    assert [(protocol_of(80), "tcp", [80])] == [
        (one["annotation"], one["value"], one["ports"]) for one in content["changes"]
    ]
    assert 1 == len(content["warnings"])
    text = error_text(done.warnings, strict=True)
    assert "1 error, so nothing is passed on (warnings count, by --strict)\n  line 16 of the stream: " in text
    assert f"{BETA}" not in text


BALANCER = "metadata: {name: a}\nspec: {type: LoadBalancer, ports: [{port: 80, appProtocol: http}]}\n"
OBJECT = '{"apiVersion":"v1","kind":"Service","metadata":{"name":"%s"},"spec":{"type":"LoadBalancer","ports":[{"port":80,"appProtocol":"http"}]}}'


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: ConfigMap\nkind: Service\n" + BALANCER,
        "apiVersion: v1\nkind: ConfigMap\n'kind': Service\n" + BALANCER,
        "apiVersion: v1\nkind: ConfigMap\n? kind\n: Service\n" + BALANCER,
        "apiVersion: v1\nkind: ConfigMap\n<<: {kind: Service}\n" + BALANCER,
        'apiVersion: v1\nkind: ConfigMap\n"k\\x69nd": Service\n' + BALANCER,
        'apiVersion: v1\nkind: ConfigMap\n"k\\x69nd": Service\n' + BALANCER.replace("LoadBalancer", '"Load\\x42alancer"'),
        "apiVersion: v1\nkind: Secret\n? kind\n: Service\n" + BALANCER,
        "apiVersion: v1\nkind: Secret\nx: y\u2028kind: Service\n" + BALANCER,
        "apiVersion: v1\nkind:\u2029 Service\n" + BALANCER,
        "apiVersion: v1\nkind:\x85  Service\n" + BALANCER,
        "x: &a Service\ny: " + "x" * 100 + "\napiVersion: v1\nkind: *a\n" + BALANCER.replace("metadata:", "metadata: &b"),
        "apiVersion: v1\nkind: # " + "x" * 100 + "\n  Service\n" + BALANCER.replace("metadata:", "metadata: !x"),
        "apiVersion: v1\nkind: Service\nmetadata: {name: b}\n" + BALANCER,
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  annotations: {a: b}\n  annotations: {c: d}\n" + BALANCER.partition("\n")[2],
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  annotations:\n    a: b\n    a: c\n" + BALANCER.partition("\n")[2],
        "? apiVersion\n: v1\n? kind # c\n: Service\n" + BALANCER.replace("metadata:", "metadata: !x"),
        "# c\n" + OBJECT % "a" + "\n" + OBJECT % "b" + "\n",
        OBJECT % "a" + "\n---\n" + OBJECT % "a" + "\n" + OBJECT % "b" + "\n",
    ],
)  # fmt: skip
def test_what_kubectl_takes_for_a_service_is_edited_or_told(text: str) -> None:
    done = render(text)
    told = {one.target for one in done.warnings}
    assert told or {one.target for one in done.changes} == {"Service a"}
    assert done.errors == ()
    if told:
        assert render(text, strict=True).errors == done.warnings


def test_objects_of_json_behind_each_other() -> None:
    text = OBJECT % "a" + OBJECT % "b" + "\n" + OBJECT % "c"
    done = render(text)
    assert ["Service a", "Service b", "Service c"] == [one.target for one in done.changes]
    assert [1, 1, 2] == [one.line for one in done.changes]
    assert done.output == render(done.output).output
