"""``capacity`` against a real API server: all Services of all namespaces, in few requests that only read."""

import json

import pytest

from tests.e2e.apiserver.conftest import Akslb
from tests.e2e.apiserver.server import ApiServer

pytestmark = pytest.mark.e2e


def test_all_services_of_the_cluster_are_counted(server: ApiServer, akslb: Akslb) -> None:
    listed = json.loads(server.kubectl("get", "services", "-A", "-o", "json").stdout)["items"]
    balanced = [one for one in listed if one["spec"]["type"] == "LoadBalancer"]
    akslb("capacity", "-o", "json")  # kubectl has discovered the API by then
    before = len(server.audited())
    done = akslb("capacity", "-o", "json")
    body = json.loads(done.stdout)
    assert len(balanced) == body["services"]
    assert (done.returncode == 1) is (body["verdict"] == "full")
    pool = next(one for one in body["limits"] if one["code"] == "pool-size")
    assert 4 == pool["now"]
    asked = {
        entry["auditID"]: entry["verb"]
        for entry in server.audited()[before:]
        if "objectRef" in entry and entry["user"]["username"] == "admin"
    }
    assert 0 < len(asked) <= 8
    assert {"get", "list"} >= set(asked.values())


def test_who_may_not_list_all_services_is_told(akslb: Akslb) -> None:
    done = akslb("capacity", user="viewer")
    assert (3, "") == (done.returncode, done.stdout)
    assert "services" in done.stderr


@pytest.mark.parametrize(
    ("words", "count"),
    [(("-A",), 5), (("-n", "shop"), 5), (("-n", "empty"), 0), (("svc/web", "local", "-n", "shop"), 2)],
)
def test_services_are_chosen_as_in_explain(akslb: Akslb, words: tuple[str, ...], count: int) -> None:
    body = json.loads(akslb("capacity", "-o", "json", *words).stdout)
    assert count == body["services"]
    told = [one for one in body["notices"] if "-A counts all" in one]
    assert (words != ("-A",)) is bool(told)


def test_a_service_that_is_not_there_is_told(akslb: Akslb) -> None:
    done = akslb("capacity", "wbe", "-n", "shop")
    assert (3, "") == (done.returncode, done.stdout)
    assert "Did you mean web?" in done.stderr
