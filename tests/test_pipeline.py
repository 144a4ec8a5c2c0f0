"""From texts to results, without a terminal or a file."""

import gc

import pytest

from kubectl_akslb.errors import InputError
from kubectl_akslb.model.cluster import LoadBalancerConfiguration
from kubectl_akslb.pipeline import Explanation, explain
from tests.given import screens as services
from tests.given.screens import cluster, manifest


def explained(*texts: str) -> Explanation:
    return explain([(f"{index}.yaml", text.encode()) for index, text in enumerate(texts)], cluster())


def names(result: Explanation) -> list[tuple[str, str, int]]:
    return [(one.derivation.service.full_name, one.found.path, one.found.line) for one in result.services]


def test_no_input_is_no_result() -> None:
    result = explain([], cluster(), ["assumed"])
    assert ((), (), 0, 0) == (result.services, result.problems, result.other_services, result.secrets)
    assert ("assumed",) == result.notices


def test_services_keep_the_order_of_files_and_documents() -> None:
    result = explained(f"{manifest(name='b')}---\n{manifest(name='a')}", manifest(name="c"))
    assert [("shop/b", "0.yaml", 1), ("shop/a", "0.yaml", 13), ("shop/c", "1.yaml", 1)] == names(result)


def test_what_is_no_load_balancer_is_counted_over_all_files() -> None:
    other = services.PLAIN.replace("LoadBalancer", "ClusterIP")
    hidden = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"
    result = explained(f"{other}---\n{hidden}", f"{hidden}---\n{services.PLAIN}---\n{other}")
    assert (1, 2, 2) == (len(result.services), result.other_services, result.secrets)


def test_a_problem_does_not_hide_what_comes_after() -> None:
    broken = services.PLAIN.replace("port: 80", "port: x")
    result = explained(f"{broken}---\n{services.PLAIN}", broken)
    assert [("shop/web", "0.yaml", 13)] == names(result)
    assert [("0.yaml", 10), ("1.yaml", 10)] == [(problem.path, problem.line) for problem in result.problems]


def test_an_input_that_is_no_text_gives_no_result_at_all() -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        explain([("good.yaml", services.PLAIN.encode()), ("bad.yaml", b"\xff")], cluster())


def test_services_share_a_security_rule_across_files() -> None:
    result = explained(manifest(name="first"), manifest(name="second"))
    rules = {rule.name.value for one in result.services for rule in one.derivation.security_rules}
    assert 1 == len(rules)
    (destinations,) = {rule.services for one in result.services[1:] for rule in one.derivation.security_rules}
    assert ("shop/first", "shop/second") == destinations


def test_defaults_of_the_api_server_are_filled_in() -> None:
    (one,) = explained(services.PLAIN.replace("  namespace: shop\n", "")).services
    service = one.derivation.service
    assert ("default", "Cluster", "None", ("IPv4",)) == (
        service.namespace, service.external_traffic_policy, service.session_affinity, service.ip_families
    )  # fmt: skip


def test_a_known_workload_is_recognised() -> None:
    (known,) = explained(services.KNOWN_WORKLOAD).services
    (unknown,) = explained(services.APP_PROTOCOL).services
    assert ("ingress-nginx", None) == (known.workload.name if known.workload else None, unknown.workload)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain", "works"), ("local", "works"), ("dual stack", "works"), ("ha ports", "works"), ("refused", "pending"),
        ("internal True", "unreachable"), ("bad range", "unreachable"), ("other class", "ignored"),
        ("appProtocol", "depends"), ("known workload", "down"), ("no rule", "unreachable"),
    ],
)  # fmt: skip
def test_the_verdict(name: str, expected: str) -> None:
    (one,) = explained(services.ALL[name]).services
    assert expected == one.path.verdict.kind.value


@pytest.mark.parametrize("collecting", [True, False])
def test_the_garbage_collector_is_left_as_it_was(collecting: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        explained(services.PLAIN)
        assert collecting == gc.isenabled()
    finally:
        (gc.enable if before else gc.disable)()


def test_a_service_that_is_there_twice_is_told() -> None:
    web = b"kind: Service\napiVersion: v1\nmetadata: {name: web}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n"
    other = web.replace(b"name: web", b"name: web, namespace: shop")
    found = explain([("a.yaml", web), ("b.yaml", other + b"---\n" + web)], cluster(), ("assumed",))
    told = "default/web is there 2 times (a.yaml:1, b.yaml:6): explained as one Service, applied in this order"
    assert ("assumed", told) == found.notices
    assert () == explain([("a.yaml", web), ("b.yaml", other)], cluster()).notices


def test_public_ips_that_are_asked_for_are_taken_to_exist_and_said_to_be() -> None:
    named = manifest(name="named", annotations={"azure-pip-name": "own ip"})
    addressed = manifest(name="addressed", spec="loadBalancerIP: 20.1.2.3")
    found = explained(named, addressed)
    assert [None, None] == [one.derivation.refusal for one in found.services]
    assert found.notices == (
        "the public IP own ip is taken to exist: az network public-ip show --resource-group=NODE_RESOURCE_GROUP '--name=own ip'",
        "a public IP with the address 20.1.2.3 is taken to exist: az network public-ip list"
        " --resource-group=NODE_RESOURCE_GROUP '--query=[?ipAddress=='\"'\"'20.1.2.3'\"'\"'].name'",
    )


def test_where_somebody_said_which_public_ips_exist_no_other_does() -> None:
    known = cluster()._replace(existing_public_ips=(), given=frozenset({"existing_public_ips"}))
    found = explain([("a.yaml", manifest(annotations={"azure-pip-name": "own"}).encode())], known)
    assert found.services[0].derivation.refusal is not None
    assert () == found.notices


def test_a_configuration_with_which_the_provider_does_not_start_is_told() -> None:
    twins = (LoadBalancerConfiguration("kubernetes", primary_vm_set="one"),) * 2
    of = cluster()._replace(load_balancers=twins, pool_type="nodeIP")
    told = explain([("a.yaml", manifest().encode())], of).notices
    assert told
    assert all(text.startswith("the provider does not start with this cluster") for text in told)
    assert () == explain([("a.yaml", manifest().encode())], cluster()).notices
