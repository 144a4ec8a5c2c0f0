"""Container load balancers: the recordings hold the values, these tests their reasons and what a person is told."""

from typing import Any

import pytest

from kubectl_akslb.derive.deletion import delete_on
from kubectl_akslb.derive.ineffective_annotations import ineffective_annotations
from kubectl_akslb.derive.load_balancer.configurations import configuration_faults
from kubectl_akslb.derive.reconcile import derive, derive_on
from kubectl_akslb.derive.service_gateway import check_not_served, serves
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.cluster import POD_IP, SERVICE, Cluster
from kubectl_akslb.model.derivation import RefusalCode
from kubectl_akslb.model.provenance import ANNOTATION, DEFAULT, SPEC, Placeholder
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider import refusals
from kubectl_akslb.provider.version import NEWEST
from tests.given.derived import balancer, last
from tests.given.services import INTERNAL, UID, on, port, service

GATEWAY: dict[str, Any] = {"service_gateway": True, "load_balancer_sku": SERVICE, "pool_type": POD_IP}
TIMEOUT = "azure-load-balancer-tcp-idle-timeout"


def gateway(version: str = str(NEWEST), **settings: Any) -> Cluster:
    return on(version, **GATEWAY, **settings)


def test_each_value_says_where_it_comes_from() -> None:
    found = balancer(derive(service({TIMEOUT: "10"}, port(80)._replace(target_port=8080)), gateway()))
    assert (UID, "Service") == (found.name.value, found.sku.value)
    rule = found.load_balancing_rules[0]
    assert (8080, SPEC, "spec.ports[0].targetPort") == (
        rule.backend_port.value,
        rule.backend_port.origin.kind,
        rule.backend_port.origin.path,
    )
    assert rule.idle_timeout_in_minutes is not None
    assert (10, ANNOTATION) == (rule.idle_timeout_in_minutes.value, rule.idle_timeout_in_minutes.origin.kind)
    default = balancer(derive(service(), gateway())).load_balancing_rules[0].idle_timeout_in_minutes
    assert default is not None
    assert (4, DEFAULT) == (default.value, default.origin.kind)
    assert found.serves_pods
    assert not found.probes


def test_a_uid_that_nobody_knows_is_a_placeholder() -> None:
    found = derive(service(uid=None), gateway())
    assert isinstance(balancer(found).name.value, Placeholder)
    assert f"{balancer(found).name.value}-pip" == found.public_ips[0].name.value


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        (service(INTERNAL), refusals.GATEWAY_INTERNAL, "azure-load-balancer-internal"),
        (service(session_affinity="ClientIP"), refusals.GATEWAY_SESSION_AFFINITY, "spec.sessionAffinity"),
        (service(load_balancer_ip="20.9.0.1"), refusals.GATEWAY_LOAD_BALANCER_IP, "spec.loadBalancerIP"),
        (service(ip_families=("IPv4", "IPv6")), refusals.GATEWAY_DUAL_STACK, "spec.ipFamilies"),
        (service({TIMEOUT: "31"}), refusals.GATEWAY_IDLE_TIMEOUT, TIMEOUT),
        (service(None, port()._replace(target_port="http")), refusals.GATEWAY_NAMED_TARGET_PORT, "targetPort"),
        (service(None, port(protocol="SCTP")), refusals.GATEWAY_PROTOCOL, "spec.ports[0].protocol"),
        (
            service(None, port(80), port(81)._replace(target_port=80)),
            refusals.GATEWAY_PORT_COLLISION,
            "spec.ports[1].targetPort",
        ),
        (service(None, port(65535)), refusals.GATEWAY_FRONTEND_PORT, "spec.ports[0].port"),
    ],
    ids=lambda value: getattr(value, "code", None),
)
def test_a_refusal_names_what_caused_it(given: Service, code: RefusalCode, path: str) -> None:
    refusal = derive(given, gateway()).refusal
    assert refusal is not None
    assert code is refusal.code
    assert refusal.origin.path.endswith(path)
    assert refusals.recognised(refusal.message) is code
    assert (code is not refusals.GATEWAY_FRONTEND_PORT) == refusal.returned


def test_the_last_port_of_a_frontend_is_taken() -> None:
    assert derive(service(None, port(65534)), gateway()).refusal is None


@pytest.mark.parametrize(("before", "verb"), [((), "creation"), ((service(),), "update")])
def test_the_provider_tells_a_new_service_from_an_edit(before: tuple[Service, ...], verb: str) -> None:
    refusal = last(gateway(), *before, service(None, port(65535))).refusal
    assert refusal is not None
    assert refusal.message.startswith(f"Service {verb} failed with")


def test_a_refused_edit_leaves_what_stands() -> None:
    cluster = gateway()
    azure = Azure(cluster)
    derive_on(service(), cluster, azure)
    refused = derive_on(service(INTERNAL), cluster, azure)
    assert refused.load_balancer is None
    assert [UID] == list(azure.load_balancers)
    delete_on(service(), cluster, azure)
    assert not azure.load_balancers
    assert not azure.public_ips


def test_annotations_that_it_does_not_read_are_told() -> None:
    given = service({TIMEOUT: "10", "azure-pip-name": "mine", "port_80_no_lb_rule": "true"})
    derivation = derive(given, gateway())
    told = {one.key.rpartition("/")[2] for one in ineffective_annotations(derivation, gateway())}
    assert {"azure-pip-name", "port_80_no_lb_rule"} == told


@pytest.mark.parametrize("missing", GATEWAY)
def test_the_settings_come_together(missing: str) -> None:
    cluster = on(str(NEWEST), **{key: value for key, value in GATEWAY.items() if key != missing})
    assert [True] == [fault.at_start for fault in configuration_faults(cluster)]
    assert not configuration_faults(gateway())


def test_an_older_provider_does_not_know_it() -> None:
    assert not serves(gateway("1.36.4"))
    assert not configuration_faults(gateway("1.36.4"))


def test_what_is_asked_of_nodes_is_not_answered() -> None:
    check_not_served(on(), "what drifts")
    with pytest.raises(AkslbError, match="what drifts is not known for container load balancers"):
        check_not_served(gateway(), "what drifts")
