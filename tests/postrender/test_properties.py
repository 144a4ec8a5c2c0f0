"""Laws of the post-renderer, over random streams, mutated ones, and random bytes."""

import copy
import difflib
from typing import Any

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from kubectl_akslb.derive.derived_values import differences
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.errors import InputError
from kubectl_akslb.lint.annotation_policy import Policy, PolicyRule
from kubectl_akslb.manifest.decode import services, with_defaults
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.stream import split
from kubectl_akslb.model.service import LOAD_BALANCER
from kubectl_akslb.path.choice import UnknownChoice
from kubectl_akslb.postrender.outline import may_matter, outline
from kubectl_akslb.postrender.render import EMPTY, PostRenderOptions, postrender
from kubectl_akslb.provider.version import NEWEST
from tests.given.charts import BETA, PATH, cluster, deployment, path_of, protocol_of

VERSIONS = ("1.23.3", "1.23.8", "1.23.30", "1.24.5", "1.24.22", "1.27.0", "1.30.4", str(NEWEST))

lines = st.sampled_from(["", "\n", "# a comment\n", "  # another\n", "\n\n"])
app_protocols = st.sampled_from(["http", "https", "HTTP", '"http"', "'https'", "tcp", "grpc", "''", None])
annotation_values = st.sampled_from(["true", "/", "/x", "80", "tcp", "http", "10", ""])
annotation_keys = st.sampled_from(
    [
        "a", "example.com/b", PATH, path_of(80), protocol_of(80), protocol_of(443), f"{BETA}port_80_health-probe_port",
        f"{BETA}port_80_no_probe_rule", f"{BETA}azure-load-balancer-internal",
        f"{BETA}azure-load-balancer-health-probe-protocol", f"{BETA}azure-load-balancer-health-probe-interval",
    ]
)  # fmt: skip
quotes = st.sampled_from(['"{}"', "'{}'"])


@st.composite
def annotations(draw: st.DrawFn, indent: str) -> str:
    found = draw(st.dictionaries(annotation_keys, annotation_values, max_size=3))
    shape = draw(st.sampled_from(["block", "block", "flow", "none", "empty"]))
    if shape == "none":
        return ""
    if shape == "empty":
        return f"{indent}annotations: {draw(st.sampled_from(['{}', '', 'null', '~']))}\n"
    quote = draw(quotes)
    pairs = [f"{key}: {quote.format(value)}" for key, value in found.items()]
    if shape == "flow" or not pairs:
        return f"{indent}annotations: {{{', '.join(pairs)}}}\n"
    step = draw(st.sampled_from(["  ", "    "]))
    return f"{indent}annotations:\n" + "".join(f"{indent}{step}{pair}\n{draw(lines)}" for pair in pairs)


@st.composite
def service_documents(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(["web", "api"]))
    ports = draw(
        st.lists(
            st.tuples(st.sampled_from([80, 443, 8080]), app_protocols),
            min_size=1,
            max_size=3,
            unique_by=lambda one: one[0],
        )
    )
    labels = draw(
        st.sampled_from(["", "  labels: {app.kubernetes.io/name: ingress-nginx}\n", "  labels:\n    tier: x\n"])
    )
    text = f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n{labels}" + draw(annotations("  ")) + draw(lines)
    text += "spec:\n  type: " + draw(st.sampled_from(["LoadBalancer", "LoadBalancer", '"LoadBalancer"', "ClusterIP"]))
    text += draw(
        st.sampled_from(["\n", "\n", "\n  externalTrafficPolicy: Local\n", "\n  ipFamilyPolicy: RequireDualStack\n"])
    )
    text += f"  selector: {{app: {name}}}\n  ports:\n"
    for port, app_protocol in ports:
        target = draw(st.sampled_from(["http", "8080"]))
        text += f"  - name: p{port}\n    port: {port}\n    targetPort: {target}\n"
        text += f"    appProtocol: {app_protocol}\n" if app_protocol is not None else ""
    return text


others = st.sampled_from(
    [
        deployment("ports: [{name: http, containerPort: 8080}], readinessProbe: {httpGet: {path: /ready, port: http}}").removeprefix("---\n"),
        deployment("ports: [{name: http, containerPort: 8080}]", name="api").removeprefix("---\n"),
        "kind: ConfigMap\napiVersion: v1\nmetadata: {name: c}\ndata: {use-proxy-protocol: 'true', text: LoadBalancer}\n",
        "kind: Secret\napiVersion: v1\nmetadata: {name: s}\nstringData: {x: 'kind: Service, type: LoadBalancer'}\n",
        "# only a comment\n",
        "",
        "kind: Service\n  broken: [LoadBalancer\n",
        "kind: Gateway\napiVersion: gateway.networking.k8s.io/v1\nmetadata: {name: g}\nspec:\n  gatewayClassName: istio\n  listeners:\n  - {name: a, port: 80, protocol: HTTP}\n",
        '{"kind": "Service", "apiVersion": "v1", "metadata": {"name": "j"}, "spec": {"type": "LoadBalancer", "ports": [{"port": 80, "appProtocol": "http"}]}}\n',
        "kind: List\napiVersion: v1\nitems:\n- kind: Service\n  apiVersion: v1\n  metadata:\n    name: l\n  spec:\n    type: LoadBalancer\n    ports: [{port: 80, appProtocol: http}]\n",
    ]
)  # fmt: skip


@st.composite
def streams(draw: st.DrawFn) -> str:
    documents = draw(st.lists(st.one_of(service_documents(), others), min_size=1, max_size=4))
    marker = draw(st.sampled_from(["---\n", "---\n# Source: a/templates/b.yaml\n", "--- # c\n"]))
    text = draw(st.sampled_from(["", marker])) + marker.join(documents)
    return text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A stream in which a few bytes are not what they were."""
    data = bytearray(draw(streams()).encode())
    for _ in range(draw(st.integers(1, 4))):
        position = draw(st.integers(0, max(len(data) - 1, 0)))
        piece = draw(
            st.sampled_from(
                [
                    b"",
                    b"\n",
                    b"\t",
                    b"&a ",
                    b"*a ",
                    b"!!str ",
                    b"'",
                    b'"',
                    b"{",
                    b"}",
                    b"---\n",
                    b"...\n",
                    b": ",
                    b"\xff",
                    b"\r",
                    b"<<: ",
                    b"|\n",
                    b"#",
                ]
            )
        )
        data[position : position + draw(st.integers(0, 2))] = piece
    return bytes(data)


def options(version: str = str(NEWEST), **changes: Any) -> PostRenderOptions:
    return PostRenderOptions(cluster(version), **changes)


def contents(data: bytes) -> list[Any]:
    """What each document holds, or its bytes where it cannot be read."""
    found: list[Any] = []
    for start, end, _ in outline(data):
        try:
            found.append(parse_data(Source(data[start:end].decode()))[1])
        except (InputError, UnicodeDecodeError):
            found.append(data[start:end])
    return found


def without_annotations(one: Any) -> Any:
    """An object without its annotations, and without what can come into being to hold them."""
    one = copy.deepcopy(one)
    if isinstance(one, dict):
        one["items"] = [without_annotations(item) for item in one.get("items") or []]
        for holder in (
            one.get("metadata"),
            (one.get("spec") or {}).get("infrastructure") if isinstance(one.get("spec"), dict) else None,
        ):
            if isinstance(holder, dict):
                holder.pop("annotations", None)
        if isinstance(one.get("spec"), dict) and not one["spec"].get("infrastructure"):
            one["spec"].pop("infrastructure", None)
    return one


any_stream = st.one_of(streams().map(str.encode), mutated())
few = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@given(any_stream, st.sampled_from(VERSIONS))
@few
def test_running_it_twice_changes_nothing(data: bytes, version: str) -> None:
    once = postrender(data, options(version))
    twice = postrender(once.output, options(version))
    assert (once.output, ()) == (twice.output, twice.changes)


@given(any_stream)
@few
def test_lines_outside_the_edits_are_identical(data: bytes) -> None:
    done = postrender(data, options())
    if data and not data.isspace() and not done.changes:
        assert data == done.output
        return
    known = {one.annotation.encode() for one in done.changes}
    matcher = difflib.SequenceMatcher(None, data.split(b"\n"), done.output.split(b"\n"), autojunk=False)
    old, new = data.split(b"\n"), done.output.split(b"\n")
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal" or not data.strip():
            continue
        for line in new[j1:j2]:
            assert any(key in line for key in known) or line.strip().rstrip(b":") in {b"annotations", b"infrastructure"}
        for line in old[i1:i2]:
            replaced = any(key in line for key in known)
            empty = line.strip() in {b"null", b"~", b""}
            assert replaced or empty or b"annotations" in line or b"{" in line or b"}" in line


@given(any_stream)
@few
def test_what_is_read_differs_at_annotations_only(data: bytes) -> None:
    assume(data.strip())
    done = postrender(data, options())
    before, after = contents(data), contents(done.output)
    assert [without_annotations(one) for one in before] == [without_annotations(one) for one in after]


@given(streams(), st.sampled_from(VERSIONS))
@few
def test_the_derivation_differs_at_protocol_and_path_of_probes_only(text: str, version: str) -> None:
    data = text.encode()
    assume(data.strip())
    done = postrender(data, options(version))
    used = cluster(version)
    for before, after in zip(contents(data), contents(done.output), strict=True):
        if isinstance(before, bytes):
            continue
        for old, new in zip(services(before), services(after), strict=True):
            first, second = derive(with_defaults(old), used), derive(with_defaults(new), used)
            changed = differences(first, second)
            assert all(
                path[:2] == ("load_balancer", "probes") and path[3] in ("protocol", "request_path") for path in changed
            )
            assert bool(changed) == (old.annotations != new.annotations)
            probes = second.load_balancer.probes if second.load_balancer else ()
            kept = {one.target for one in (*done.left, *done.warnings)}
            if old.type == LOAD_BALANCER and f"Service {old.name}" not in kept:
                assert all(
                    one.request_path is None
                    or one.request_path.origin.kind == "annotation"
                    or not one.protocol.origin.path.endswith(".appProtocol")
                    or one.request_path.value == "/healthz"  # 1.23.8 asks for it, and ingress-nginx answers
                    for one in probes
                )


@given(st.one_of(st.binary(max_size=300), mutated()), st.booleans(), st.sampled_from(["path", "fail"]))
@example(b"", False, "path")
@example(b"\xef\xbb\xbf", True, "path")
@example(b"---", True, "path")
@example(b"kind: Service\nspec: LoadBalancer", True, "path")
@few
def test_no_bytes_raise_an_exception(data: bytes, strict: bool, unknown: UnknownChoice) -> None:
    policy = Policy((PolicyRule("r", annotations=(("a.b/c", "x: y"),), match_name="w*"),), unknown=unknown)
    done = postrender(data, options(strict=strict, policy=policy))
    assert done.errors or done.output
    assert not (done.errors and done.output)


@given(any_stream)
@few
def test_the_outline_is_the_stream(data: bytes) -> None:
    parts = outline(data)
    assert data == b"".join(data[start:end] for start, end, _ in parts)
    assert [part[0] for part in parts[1:]] == [part[1] for part in parts[:-1]]


@given(streams())
@few
def test_what_the_outline_passes_over_cannot_matter(text: str) -> None:
    data = text.encode()
    seen = [part[:2] for part in outline(data) if may_matter(data, part)]
    for document in split(data):
        if document.kinds and document.may_hold(b"Service", b"LoadBalancer"):
            assert any(start <= document.start and document.end <= end for start, end in seen)


def test_the_comment_for_nothing_is_one() -> None:
    assert EMPTY.startswith(b"#")
    assert EMPTY == postrender(EMPTY, options()).output
