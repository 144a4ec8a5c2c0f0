"""What kubectl is asked, word for word, and how its answers are read."""

import pytest

from kubectl_akslb.cluster import kubectl
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.edge.process import Finished
from kubectl_akslb.errors import AkslbError

HERE = Connection()
MINE = "hunter2"
SHOP = Connection(namespace="shop")
ALL = Connection(all_namespaces=True)
FLAGS = Connection(
    context="prod", kubeconfig="/k", cluster="c", user="u", as_user="jane", as_group=("a", "b"), request_timeout="5s"
)
WRITTEN = "--context prod --kubeconfig /k --cluster c --user u --as jane --as-group a --as-group b --request-timeout 5s"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (kubectl.services(HERE, ()), "get services -o json"),
        (kubectl.services(SHOP, ("web",)), "get services web -n shop -o json"),
        (kubectl.services(SHOP, ("web", "db")), "get services web db -n shop -o json"),
        (kubectl.services(ALL, ()), "get --raw /api/v1/services"),
        (
            kubectl.services(ALL._replace(selector="app=web,tier!=x", context="prod"), ()),
            "get --raw /api/v1/services?labelSelector=app%3Dweb%2Ctier%21%3Dx --context prod",
        ),
        (
            kubectl.slices(ALL, ()),
            "get --raw /apis/discovery.k8s.io/v1/endpointslices?labelSelector=kubernetes.io%2Fservice-name",
        ),
        (kubectl.services(Connection(selector="app=web"), ()), "get services -l app=web -o json"),
        (kubectl.services(FLAGS, ()), f"get services -o json {WRITTEN}"),
        (kubectl.slices(HERE, ()), "get endpointslices -l kubernetes.io/service-name -o json"),
        (kubectl.slices(SHOP, ("web",)), "get endpointslices -n shop -l kubernetes.io/service-name=web -o json"),
        (kubectl.events(ALL, ()), "get --raw /api/v1/events?fieldSelector=involvedObject.kind%3DService"),
        (
            kubectl.events(SHOP, ("web",)),
            "get events -n shop --field-selector involvedObject.kind=Service,involvedObject.name=web -o json",
        ),
        (kubectl.events(SHOP, ("a", "b")), "get events -n shop --field-selector involvedObject.kind=Service -o json"),
        (kubectl.infrastructure(SHOP), "get nodes,daemonsets -n kube-system -o json"),
        (kubectl.infrastructure(FLAGS), f"get nodes,daemonsets -n kube-system -o json {WRITTEN}"),
        (kubectl.server_version(SHOP), "get --raw /version"),
        (kubectl.contexts(FLAGS), "config get-contexts -o name --kubeconfig /k"),
    ],
)
def test_command(command: tuple[str, ...], expected: str) -> None:
    assert ["kubectl", *expected.split()] == list(command)


def test_several_names_in_one_selector() -> None:
    assert "kubernetes.io/service-name in (web,db)" in kubectl.slices(SHOP, ("web", "db"))


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        ('{"kind": "Service", "metadata": {"name": "a"}}', ["a"]),
        ('{"kind": "List", "items": [{"metadata": {"name": "a"}}, {"metadata": {"name": "b"}}]}', ["a", "b"]),
        ('{"kind": "ServiceList", "items": null}', []),
        ("", []),
    ],
)
def test_objects(out: str, expected: list[str]) -> None:
    found = kubectl.objects(Finished(("kubectl",), 0, out.encode(), ""))
    assert expected == [one["metadata"]["name"] for one in found]


@pytest.mark.parametrize("out", ["No resources found", "[]", "{", "\udcff"])
def test_what_is_no_json_is_told(out: str) -> None:
    with pytest.raises(AkslbError, match="no JSON"):
        kubectl.objects(Finished(("kubectl", "get"), 0, out.encode("utf-8", "surrogateescape"), ""))


def test_a_token_is_handed_on_and_never_printed() -> None:
    connection = Connection(
        server="https://api:443", token=MINE, as_uid="7", insecure_skip_tls_verify=True, client_key="/key"
    )
    given = ("--as-uid", "7", "--server", "https://api:443", f"--token={MINE}", "--client-key", "/key")
    assert (*given, "--insecure-skip-tls-verify=true") == connection.flags
    assert not any("hunter2" in word for word in connection.words)
    call = kubectl.services(connection, ())
    assert "hunter2" not in " ".join(kubectl.printable(call))
    with pytest.raises(AkslbError) as raised:
        kubectl.objects(Finished(call, 0, b"no json", ""))
    assert "hunter2" not in f"{raised.value.message} {raised.value.hint}"


def test_a_connection_of_what_a_command_line_says() -> None:
    said = {"as_group": ["a", "b"], "as_user_extra": ["k=v"], "as_user": None, "form": "json", "context": "prod"}
    expected = ("--context", "prod", "--as-group", "a", "--as-group", "b", "--as-user-extra", "k=v")
    assert Connection.of(said).flags == expected
