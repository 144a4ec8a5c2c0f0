"""krm: the ResourceList that comes out, its results, and what a functionConfig may say."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from kubectl_akslb.errors import InputError
from kubectl_akslb.fix.krm import KrmAnswer, run
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.postrender.assumed import assumed_cluster
from tests.given.command import akslb

BETA = "service.beta.kubernetes.io/"
KEY = f"{BETA}port_80_health-probe_protocol"
HEAD = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n"
SERVICE = """\
- apiVersion: v1
  kind: Service
  metadata: # kept
    name: web
    namespace: shop
    annotations:
      config.kubernetes.io/path: 'shop/web.yaml'
      config.kubernetes.io/index: '1'
  spec:
    type:   LoadBalancer
    ports:
    - port: 80
      appProtocol: http
"""
OTHER = '- {apiVersion: v1, kind: ConfigMap, metadata: {name: a},   data: {b: "c"}}\n'
ITEMS = f"items:\n{OTHER}{SERVICE}"
MENDED = ITEMS.replace("index: '1'\n", f"index: '1'\n      {KEY}: 'tcp'\n")


def outcome(text: str) -> KrmAnswer:
    return run(text.encode(), cluster)


def cluster(flags: Mapping[str, str]) -> Cluster:
    assert {} == flags
    return assumed_cluster()[0]


def config(**data: str) -> str:
    return f"functionConfig: {json.dumps({'apiVersion': 'v1', 'kind': 'ConfigMap', 'data': data})}\n"


def policy(spec: str) -> str:
    metadata = "{name: a, annotations: {config.kubernetes.io/function: 'exec: {path: x}'}}"
    return f"functionConfig:\n  apiVersion: akslb.dev/v1alpha1\n  kind: AnnotationPolicy\n  metadata: {metadata}\n  spec: {spec}\n"


def results(done: KrmAnswer) -> list[dict[str, Any]]:
    """The results of the list that comes out; they are those that the function told."""
    found = parse_data(Source(done.output.decode()))[1]
    assert isinstance(found, dict)
    listed = found.get("results", [])
    assert list(done.results) == listed[len(listed) - len(done.results) :]
    return list(listed)


def body(done: KrmAnswer) -> str:
    return done.output.decode().partition("results:\n")[0]


def test_items_are_mended_and_everything_else_stays() -> None:
    done = outcome(f"# above\n{HEAD}{ITEMS}functionConfig: null\n")
    assert (0, f"# above\n{HEAD}{MENDED}functionConfig: null\n") == (done.code, body(done))


def test_results_name_object_field_and_file() -> None:
    fixed, left = results(outcome(HEAD + ITEMS))
    reference = {"apiVersion": "v1", "kind": "Service", "name": "web", "namespace": "shop"}
    file = {"path": "shop/web.yaml", "index": 1}
    assert {
        "message": "http-probe-on-unknown-workload: fixed: annotate service.beta.kubernetes.io/port_80_health-probe_protocol: tcp",
        "severity": "info",
        "resourceRef": reference,
        "file": file,
        "field": {"path": f'metadata.annotations["{KEY}"]', "proposedValue": "tcp"},
    } == fixed
    assert ("info", reference, file, {"rule": "open-to-the-internet"}) == (
        left["severity"], left["resourceRef"], left["file"], left["tags"],
    )  # fmt: skip
    assert {"path": "spec.type", "currentValue": "LoadBalancer"} == left["field"]


def test_a_changed_value_is_told_with_what_it_was() -> None:
    text = (HEAD + ITEMS).replace("index: '1'\n", f"index: '1'\n      {BETA}azure-load-balancer-tcp-idle-timeout: 10\n")
    field = next(one["field"] for one in results(outcome(text)) if "fixed" in one["message"])
    assert {"currentValue": 10, "proposedValue": "10"} == {key: field[key] for key in field if key != "path"}


@pytest.mark.parametrize("items", ["items: []\n", "items:\n", "", f"items:\n{OTHER}"])
def test_nothing_to_do(items: str) -> None:
    done = outcome(HEAD + items)
    assert (0, HEAD + items, ()) == (done.code, done.output.decode(), done.results)


def test_earlier_results_stay() -> None:
    text = f"{HEAD}results:\n- message: before\n  severity: info\n{ITEMS}"
    done = outcome(text)
    assert ["before", "http-probe-on-unknown-workload"] == [
        one["message"].partition(":")[0] for one in results(done)[:2]
    ]
    assert done.output.decode().endswith(MENDED)


@pytest.mark.parametrize("before", ["", "results: []\n", "results:\n- {message: a, severity: info}\n"])
@pytest.mark.parametrize("end", ["", "...\n", "...", "# end\n"])
@pytest.mark.parametrize("indent", ["", "  "])
def test_results_stand_where_they_can_be_read(before: str, end: str, indent: str) -> None:
    text = "".join(f"{indent}{line}\n" for line in (HEAD + before + ITEMS).splitlines()) + end
    done = outcome(text)
    assert 2 + before.count("message") == len(results(done))
    assert "tcp" == (parse_data(Source(done.output.decode()))[1] or {})["items"][1]["metadata"]["annotations"][KEY]  # type: ignore[index]
    assert (end[:3] == "...") is done.output.decode().rstrip("\n").endswith("\n...")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{%s}", '{%s, "results": RESULTS}'),
        ('{%s, "results": []}', '{%s, "results": RESULTS}'),
        ('{"results": null, %s}', '{"results": RESULTS, %s}'),
    ],
)
def test_in_flow_style_results_take_their_place_in_the_text(before: str, after: str) -> None:
    words = '"apiVersion": "config.kubernetes.io/v1", "kind": "ResourceList", "functionConfig": {"kind": "Policy"}'
    done = outcome(before.replace("%s", words) + " # end\n")
    told = json.dumps(list(done.results))
    assert after.replace("RESULTS", told).replace("%s", words) + " # end\n" == done.output.decode()


def test_what_stands_behind_earlier_results_stays_behind_them() -> None:
    wrong = "functionConfig: {kind: Policy}\n"
    text = f"  results:\n  - message: a\n    severity: info\n  # of the config\n  {wrong}  items: []\n"
    text = "".join(f"  {line}\n" for line in HEAD.splitlines()) + text
    found = outcome(text).output.decode()
    assert found.endswith(f"\n  {wrong}  items: []\n")
    assert found.startswith("  apiVersion: config.kubernetes.io/v1\n  kind: ResourceList\n  results:\n")


def test_json() -> None:
    item = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"type": "LoadBalancer"}}
    item["spec"] = {"type": "LoadBalancer", "ports": [{"port": 80, "appProtocol": "http"}]}
    whole = {"kind": "ResourceList", "apiVersion": "config.kubernetes.io/v1", "items": [item]}
    for indent in (None, 2):
        found = json.loads(outcome(json.dumps(whole, indent=indent)).output)
        assert {KEY: "tcp"} == found["items"][0]["metadata"]["annotations"]
        assert 2 == len(found["results"])
        again = json.loads(outcome(json.dumps(found, indent=indent)).output)
        assert (found["items"], 3) == (again["items"], len(again["results"]))


def test_a_mode_that_only_looks() -> None:
    done = outcome(HEAD + ITEMS + config(mode="lint"))
    assert (0, HEAD + ITEMS + config(mode="lint")) == (done.code, body(done))
    assert ["info", "warning"] == [one["severity"] for one in results(done)]
    assert 1 == outcome(HEAD + ITEMS + config(mode="lint", **{"fail-on": "warning"})).code


def test_rules_are_chosen() -> None:
    done = outcome(HEAD + ITEMS + config(mode="lint", select="open-*, http-probe-*", ignore="open-to-the-internet"))
    assert ["http-probe-on-unknown-workload"] == [one["tags"]["rule"] for one in results(done)]


def test_a_policy_of_known_and_unknown_workloads() -> None:
    assert HEAD + ITEMS + config(unknown="leave") == body(outcome(HEAD + ITEMS + config(unknown="leave")))
    failing = outcome(HEAD + ITEMS + config(unknown="fail"))
    assert (1, ["error"]) == (failing.code, [one["severity"] for one in results(failing)])
    assert HEAD + ITEMS + config(unknown="fail") == body(failing)
    assert "shop/web.yaml" == results(failing)[0]["file"]["path"]


def test_an_annotation_policy() -> None:
    text = HEAD + ITEMS + policy("{unknown: leave, rules: [{match: {}, set: {example.com/a: b}}]}")
    assert "index: '1'\n      example.com/a: 'b'\n" in body(outcome(text))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (config(mod="lint"), "data of the functionConfig has no key 'mod'. Did you mean mode?"),
        (config(mode="check"), "data.mode of the functionConfig is 'check'. Write one of: fix, lint."),
        (config(select="no-such"), "there is no rule 'no-such'"),
        ("functionConfig: {kind: ConfigMap, data: {mode: 1}}\n", "data.mode of the functionConfig must be a string."),
        ("functionConfig: {kind: ConfigMap, data: []}\n", "data of the functionConfig is no mapping."),
        ("functionConfig: {kind: Policy}\n", "the functionConfig is of kind 'Policy'. Write kind: AnnotationPolicy"),
        ("functionConfig: [1]\n", "the functionConfig is of kind None."),
        (policy("{unkown: tcp}"), "the functionConfig: spec has no field 'unkown'. Did you mean unknown?"),
    ],
)
def test_a_wrong_function_config_is_an_error_and_changes_nothing(given: str, message: str) -> None:
    if given.endswith("data: []}\n"):
        given = given.replace("[]", "[a]")
    done = outcome(HEAD + ITEMS + given)
    assert (1, HEAD + ITEMS + given) == (done.code, body(done))
    assert ["error"] == [one["severity"] for one in results(done)]
    assert results(done)[0]["message"].startswith(message)


def test_an_item_that_cannot_be_read() -> None:
    done = outcome(HEAD + ITEMS.replace("port: 80\n", "port: none\n"))
    assert (1, HEAD + ITEMS.replace("port: 80\n", "port: none\n")) == (done.code, body(done))
    (problem,) = results(done)
    assert "error" == problem["severity"]
    assert "port" in problem["message"]


@pytest.mark.parametrize(
    "text",
    ["", "# nothing\n", "a\n", "- 1\n", SERVICE, "kind: ResourceList\n", HEAD.replace("config.", "other."),
     f"{HEAD}items: {{}}\n", "kind: ResourceList\napiVersion: [config.kubernetes.io/v1]\n", HEAD + ITEMS + "---\na: 1\n"],
)  # fmt: skip
def test_no_resource_list(text: str) -> None:
    with pytest.raises(InputError):
        outcome(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SERVICE, "standard input is no ResourceList of config.kubernetes.io/v1"),
        (f"{HEAD}items: {{}}\n", "the items of the ResourceList are no list"),
        ("<<: {kind: ResourceList}\napiVersion: config.kubernetes.io/v1\n", "this is no ResourceList"),
        ("<<: {apiVersion: config.kubernetes.io/v1}\nkind: ResourceList\n", "this is no ResourceList"),
    ],
)
def test_what_is_wrong_is_told_of_the_whole_input(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        outcome(text)
    found = caught.value
    assert (message, "<stdin>", 1, 1) == (found.message, found.path, found.line, found.column)


def test_what_is_no_text() -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        run(b"\xff\xfe", cluster)


def test_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    given = HEAD + ITEMS + config(mode="lint", **{"fail-on": "warning", "kubernetes-version": "1.30"})
    ran = akslb("krm", "--provider-version", "1.23.5", stdin=given.encode())
    assert 1 == ran.code
    assert ran.out.startswith(given)
    assert ran.err.startswith("[warning] Service shop/web: http-probe-on-unknown-workload: ")
    assert "open-to-the-internet" not in ran.err
    ran = akslb("krm", "--kubernetes-version", "1.23", stdin=(HEAD + ITEMS).encode())
    assert (0, True) == (ran.code, ran.out.startswith(HEAD + ITEMS))


def test_the_command_without_a_list() -> None:
    ran = akslb("krm", stdin=b"kind: Service\n")
    assert (3, "") == (ran.code, ran.out)
    assert ran.err.startswith("<stdin>:1:1: error: standard input is no ResourceList of config.kubernetes.io/v1\n")
    assert "kubectl akslb fix" in ran.err


def test_a_probe_mode_that_there_is_not() -> None:
    ran = akslb("krm", stdin=(HEAD + ITEMS + config(**{"probe-mode": "shard"})).encode())
    assert 1 == ran.code
    assert "[error]: " in ran.err
