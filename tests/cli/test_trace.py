"""``trace`` as people run it: the outcome and its exit code, the formats, and whatever somebody writes for a client."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from kubectl_akslb.manifest.block import block_text
from tests.given import az
from tests.given.command import akslb
from tests.given.streams import container, deployment, service

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = jsonschema.Draft202012Validator(json.loads((ROOT / "kubectl_akslb/render/trace.schema.json").read_text()))
INTERNAL = {"azure-load-balancer-internal": "true"}
PORT = {"port": 443, "targetPort": 8443, "nodePort": 30443, "name": "https"}
READY = [{"type": "Ready", "status": "True"}]


def node(name: str, address: str) -> dict[str, Any]:
    status = {"addresses": [{"type": "InternalIP", "address": address}], "conditions": READY}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name},
        "spec": {"providerID": "azure:///x"},
        "status": status,
    }


def pod(name: str, on: str, address: str, **labels: str) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "shop", "labels": labels}
    asked = container(8443, readinessProbe={"tcpSocket": {"port": 8443}})
    status = {"phase": "Running", "podIP": address, "conditions": READY}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"nodeName": on, "containers": [asked]},
        "status": status,
    }


def policy(name: str, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": spec,
    }


CALICO = {
    "apiVersion": "apps/v1",
    "kind": "DaemonSet",
    "metadata": {"name": "calico-node", "namespace": "kube-system"},
    "spec": {},
}
SLICE = {
    "apiVersion": "discovery.k8s.io/v1",
    "kind": "EndpointSlice",
    "addressType": "IPv4",
    "metadata": {"name": "web-1", "namespace": "shop", "labels": {"kubernetes.io/service-name": "web"}},
    "ports": [{"name": "https", "port": 8443, "protocol": "TCP"}],
    "endpoints": [
        {
            "addresses": ["10.244.0.5"],
            "conditions": {"ready": True},
            "nodeName": "n1",
            "targetRef": {"kind": "Pod", "name": "web-1"},
        }
    ],
}
NODES = (node("n1", "10.224.0.4"), node("n2", "10.224.0.5"))
PODS = (pod("web-1", "n1", "10.244.0.5", app="web"), pod("front", "n2", "10.244.1.6", app="front"), SLICE)


def traced(tmp_path: Path, client: str, target: str, *objects: dict[str, Any], azure: tuple[Any, ...] = (), more: tuple[str, ...] = ()) -> tuple[int, dict[str, Any]]:  # fmt: skip
    """The exit code and the document of a trace of these objects."""
    (tmp_path / "all.yaml").write_text("---\n".join(map(block_text, objects)))
    words = []
    for index, one in enumerate(azure):
        file = tmp_path / f"{index}.json"
        file.write_text(json.dumps(one))
        words += ["--azure", str(file)]
    ran = akslb(
        "trace",
        client,
        target,
        "-f",
        str(tmp_path / "all.yaml"),
        "--provider-version",
        "1.30.8",
        "-o",
        "json",
        *words,
        *more,
    )
    assert "" == ran.err
    body: dict[str, Any] = json.loads(ran.out)
    VALIDATOR.validate(body)
    return ran.code, body


ARRIVES = ("arrives", "", "")


def end(body: dict[str, Any]) -> tuple[str, str, str]:
    """The verdict, and of the first part that does not arrive for sure the hop that decides, with its code."""
    leg = next((one for one in body["legs"] if one["outcome"] != "pass"), None)
    if leg is None:
        return body["verdict"], "", ""
    (code,) = {hop["code"] for hop in leg["hops"] if hop["name"] == leg["decidedBy"]}
    return body["verdict"], leg["decidedBy"], code


PLAIN = (service(PORT), *NODES, *PODS)
LOCAL = (service(PORT, externalTrafficPolicy="Local", healthCheckNodePort=31000), *NODES, *PODS)
RANGES = (service(PORT, loadBalancerSourceRanges=["203.0.113.0/24"]), *NODES, *PODS)
INSIDE = (service(PORT, annotations=INTERNAL), *NODES, *PODS)
ONLY_FRONT = policy("only-front", podSelector={"matchLabels": {"app": "web"}}, policyTypes=["Ingress"], ingress=[{"from": [{"podSelector": {"matchLabels": {"app": "front"}}}]}])  # fmt: skip
SHUT = policy("shut", podSelector={"matchLabels": {"app": "front"}}, policyTypes=["Egress"], egress=[{"to": [{"ipBlock": {"cidr": "20.0.0.0/8"}}], "ports": [{"port": 443}]}])  # fmt: skip


@pytest.mark.parametrize(
    ("client", "objects", "expected"),
    [
        ("203.0.113.7", PLAIN, (0, ARRIVES)),
        ("internet", PLAIN, (0, ARRIVES)),
        ("203.0.113.7", RANGES, (0, ARRIVES)),
        ("203.0.114.7", RANGES, (1, ("dropped", "security group", "rule-denies"))),
        ("203.0.113.0/25", RANGES, (0, ARRIVES)),
        ("203.0.112.0/23", RANGES, (1, ("partly", "security group", "rule-denies"))),
        ("10.224.0.99", RANGES, (1, ("depends", "security group", "rule-denies"))),
        ("AzureFrontDoor.Backend", RANGES, (1, ("depends", "security group", "rule-denies"))),
        ("internet", INSIDE, (1, ("dropped", "address", "private-address"))),
        ("203.0.113.7", INSIDE, (1, ("dropped", "security group", "rule-denies"))),
        ("10.224.0.5", INSIDE, (0, ARRIVES)),
        ("10.9.0.5", INSIDE, (1, ("depends", "security group", "rule-undecided"))),
        ("vnet", INSIDE, (0, ARRIVES)),
        ("2001:db8::1", PLAIN, (1, ("dropped", "address", "no-address-of-family"))),
        ("203.0.113.7", (*LOCAL, CALICO, ONLY_FRONT), (1, ("dropped", "network policy", "policies-keep-out"))),
        ("pod/front", (*LOCAL, CALICO, ONLY_FRONT), (0, ARRIVES)),
        ("pod/front", (*PLAIN, CALICO, ONLY_FRONT), (1, ("dropped", "network policy", "policies-keep-out-sender"))),
        ("node/n2", (*PLAIN, CALICO, ONLY_FRONT), (1, ("dropped", "network policy", "policies-keep-out-sender"))),
        ("node/n1", (*PLAIN, CALICO, ONLY_FRONT), (1, ("depends", "network policy", "policies-keep-out-sender"))),
        ("pod/front", (*PLAIN, CALICO, SHUT), (1, ("dropped", "network policy", "egress-keeps-in"))),
        ("pod/shop/front", PLAIN, (0, ARRIVES)),
        ("pod/front", RANGES, (1, ("dropped", "node", "not-in-source-ranges"))),
    ],
)
def test_where_a_client_ends(client: str, objects: tuple[dict[str, Any], ...], expected: Any, tmp_path: Path) -> None:
    code, body = traced(tmp_path, client, "svc/web:443", *objects)
    assert expected == (code, end(body))


def foreign(*rules: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return az.nsg(
        "aks-nsg",
        az.rule("web", 500, protocol="Tcp", sourceAddressPrefix="Internet", destinationPortRange="443"),
        *rules,
        **fields,
    )


PIP = az.public_ip() | {"tags": {"k8s-azure-service": "shop/web"}}
ROUTES = az.route_table()


@pytest.mark.parametrize(
    ("azure", "expected"),
    [
        ((foreign(),), (0, ARRIVES)),
        ((foreign(az.rule("by-hand", 400, access="Deny", sourceAddressPrefix="203.0.113.0/24")),), (1, ("dropped", "security group", "rule-denies"))),
        ((foreign(az.rule("no-probes", 4000, access="Deny")),), (1, ("dropped", "probe", "probes-denied-by-rule"))),
        (([],), (0, ARRIVES)),
        ((foreign(subnets=None),), (1, ("dropped", "security group", "no-security-group"))),
        ((foreign(az.rule("tag", 300, access="Deny", sourceAddressPrefix="Storage")),), (1, ("depends", "security group", "rule-undecided"))),
        ((foreign(az.rule("tag", 300, access="Deny", sourceAddressPrefix="Storage")), az.service_tags(Storage=["20.60.0.0/16"])), (0, ARRIVES)),
        ((foreign(az.rule("tag", 300, access="Deny", sourceAddressPrefix="Storage")), az.service_tags(Storage=["203.0.113.0/24"])), (1, ("dropped", "security group", "rule-denies"))),
        (([foreign(), az.nsg("card", subnets=None, networkInterfaces=[{"id": az.CARD}])],), (1, ("dropped", "security group", "rule-denies"))),
        ((foreign(az.rule("other", 300, access="Deny", destinationAddressPrefix="20.50.9.9")), PIP), (0, ARRIVES)),
        ((foreign(az.rule("own", 300, access="Deny", destinationAddressPrefix="20.50.1.2")), PIP), (1, ("dropped", "security group", "rule-denies"))),
        ((foreign(az.rule("own", 300, access="Deny", destinationAddressPrefix="20.50.1.2")),), (1, ("depends", "security group", "rule-undecided"))),
        ((foreign(), ROUTES), (1, ("dropped", "way back", "answer-lost-by-route"))),
    ],
)  # fmt: skip
def test_what_stands_in_azure_decides(azure: tuple[Any, ...], expected: Any, tmp_path: Path) -> None:
    code, body = traced(tmp_path, "203.0.113.7", "svc/web", *PLAIN, azure=azure)
    assert expected == (code, end(body))


def test_a_hop_names_its_rules_with_group_and_priority(tmp_path: Path) -> None:
    card = az.nsg("card", az.rule("all", 200), subnets=None, networkInterfaces=[{"id": az.CARD}])
    _, body = traced(tmp_path, "203.0.113.7", "svc/web", *PLAIN, azure=([foreign(), card],))
    (hop,) = [one for one in body["legs"][0]["hops"] if one["name"] == "security group"]
    assert [
        {"group": "aks-nsg (subnet)", "rule": "web", "priority": 500},
        {"group": "card (network card)", "rule": "all", "priority": 200},
    ] == hop["rules"]


@pytest.mark.parametrize(
    ("target", "objects", "more", "expected"),
    [
        ("20.1.2.3:443", (*PODS, *NODES), (), (0, ARRIVES)),
        ("20.1.2.3:443", (*PODS, *NODES, CALICO, SHUT), (), (0, ARRIVES)),
        ("20.1.2.3:80", (*PODS, *NODES, CALICO, SHUT), (), (1, ("dropped", "network policy", "egress-keeps-in"))),
        ("8.8.8.8:443", (*PODS, *NODES, CALICO, SHUT), (), (1, ("dropped", "network policy", "egress-keeps-in"))),
        ("mcr.microsoft.com:443", (*PODS, *NODES, CALICO, SHUT), (), (1, ("depends", "network policy", "egress-undecided"))),
        ("mcr.microsoft.com:443", (*PODS, *NODES), (), (0, ARRIVES)),
        ("20.1.2.3:443", (*PODS, *NODES), ("--outbound-type", "block"), (1, ("dropped", "outbound", "no-way-out"))),
        ("20.1.2.3:443", (*PODS, *NODES), ("--outbound-type", "userDefinedRouting"), (1, ("depends", "outbound", "firewall-decides"))),
        ("10.9.8.7:443", (*PODS, *NODES), (), (1, ("depends", "security group", "rule-undecided"))),
    ],
)  # fmt: skip
def test_from_a_pod_to_the_outside(
    target: str, objects: tuple[dict[str, Any], ...], more: tuple[str, ...], expected: Any, tmp_path: Path
) -> None:
    code, body = traced(tmp_path, "pod/front", target, *objects, more=more)
    assert expected == (code, end(body))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nonsense", "svc/web"), 2, "'nonsense' is no client"),
        (("intrenet", "svc/web"), 2, "Did you mean internet?"),
        (("10.0.0.0/33", "svc/web"), 2, "is no client"),
        (("10.0.0.1", "svc/web:81"), 2, "web has no port '81'"),
        (("10.0.0.1", "svc/web:https/udp"), 2, "has no port"),
        (("10.0.0.1", "svc/wob"), 3, "was read for 'svc/wob'"),
        (("10.0.0.1", "svc/we b"), 2, "cannot be the name of a Service"),
        (("10.0.0.1", "example.com:443"), 2, "is no Service"),
        (("pod/front", "example.com"), 2, "is no HOST:PORT"),
        (("pod/front", "exa mple.com:443"), 2, "neither an address nor a name"),
        (("pod/front", "web.shop.svc:443"), 2, "is a Service of the cluster"),
        (("pod/front", "example.com:0"), 2, "is no HOST:PORT"),
        (("pod/fornt", "20.1.2.3:443"), 3, "no pod 'fornt'"),
        (("pod/a b", "20.1.2.3:443"), 2, "is no pod"),
        (("pod/fornt", "svc/web"), 2, "no pod 'fornt'"),
        (("node/n3", "svc/web"), 2, "no node 'n3'"),
        (("\x1b[31m", "svc/web"), 2, "is no client"),
        (("10.0.0.1", "svc/web", "--azure", "none.json"), 3, "cannot read 'none.json'"),
        (("10.0.0.1", "svc/web", "--context", "x"), 2, "--context asks the cluster"),
    ],
)
def test_what_cannot_be_traced_is_told(arguments: tuple[str, ...], code: int, said: str, tmp_path: Path) -> None:
    file = tmp_path / "all.yaml"
    file.write_text("---\n".join(map(block_text, PLAIN)))
    ran = akslb("trace", *arguments, "-f", str(file))
    assert (code, "") == (ran.code, ran.out)
    assert said in ran.err
    assert "\x1b" not in ran.err


def test_formats_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "all.yaml"
    file.write_text("---\n".join(map(block_text, (*RANGES, deployment()))))
    said = {
        form: akslb("trace", "203.0.112.0/23", "svc/web", "-f", str(file), "-o", form)
        for form in ("text", "json", "yaml", "markdown")
    }
    assert {1} == {ran.code for ran in said.values()}
    assert said["text"].out.startswith("PARTLY ")
    assert "**partly**" in said["markdown"].out
    assert "verdict: partly\n" in said["yaml"].out
    assert all(len(line) <= 80 for line in said["text"].out.splitlines())


def test_hostile_names_do_not_act_on_a_terminal(tmp_path: Path) -> None:
    evil = "x\x1b]0;y\x07::error::\u202e`$(id)`"
    code, body = traced(tmp_path, "203.0.113.7", "svc/web", *PLAIN, azure=(foreign(az.rule(evil, 400, access="Deny")),))
    assert (1, "dropped") == (code, body["verdict"])
    for form in ("text", "markdown"):
        ran = akslb(
            "trace",
            "203.0.113.7",
            "svc/web",
            "-f",
            str(tmp_path / "all.yaml"),
            "--azure",
            str(tmp_path / "0.json"),
            "-o",
            form,
        )
        assert 1 == ran.code
        assert not {"\x1b", "\x07", "\u202e"} & set(ran.out)
        assert not any(line.lstrip().startswith("::") for line in ran.out.splitlines())


def test_a_file_that_cannot_be_read_is_told_beside_the_others() -> None:
    missing = ("-f", "examples/web.yaml", "-f", "no-such.yaml", "--color", "always")
    traced = akslb("trace", "internet", "svc/shop", *missing)
    assert (3, True) == (traced.code, "GET /" in traced.out)
    assert traced.err.startswith("no-such.yaml: \x1b[1;31merror:")
    unknown = akslb("trace", "internet", "svc/nobody", *missing)
    assert (3, "") == (unknown.code, unknown.out)
    assert "no-such.yaml" in unknown.err
    assert "svc/nobody" in unknown.err
