"""What is proposed for the probes of a Service: whole, proven, and on the right object."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubectl_akslb.derive.derived_values import differences, unintended
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.manifest.decode import with_defaults
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import Service
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.choice import FAIL, LEAVE, PATH, TCP, Choice
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Outcome
from kubectl_akslb.path.probe import probe_hop
from kubectl_akslb.path.remedy import Proposal, annotated, probe_remedy
from kubectl_akslb.provider.version import NEWEST
from tests.given.objects import ALONE
from tests.given.services import local, on, port, service
from tests.given.workloads import HTTP, HTTPS, NAME, NGINX, PROXY, TARGET, WEB, beside, config, ingress, reads, workload

PREFIX = "service.beta.kubernetes.io/"
REQUEST = "azure-load-balancer-health-probe-request-path"
PROTOCOL = "azure-load-balancer-health-probe-protocol"
READY = workload(WEB, **reads("/ready"))
BY_PATH = Choice(unknown=PATH)


def proposed(found: Proposal) -> dict[str, str]:
    """The annotations without their prefix."""
    return {one.key.removeprefix(PREFIX): one.value for one in found.annotations}


@pytest.mark.parametrize(
    ("given_service", "evidence", "choice", "expected"),
    [
        (service(), ALONE, Choice(), {}),
        (service(None, HTTP), ALONE, Choice(), {"port_80_health-probe_protocol": "tcp"}),
        (service(None, HTTP, HTTPS), ALONE, Choice(),
         {"port_80_health-probe_protocol": "tcp", "port_443_health-probe_protocol": "tcp"}),
        (service(None, HTTP, HTTPS, labels=NGINX), ALONE, Choice(), {REQUEST: "/healthz"}),
        (service(None, HTTP, port(8443, "https", name="own"), labels=NGINX), ALONE, Choice(),
         {"port_80_health-probe_request-path": "/healthz", "port_8443_health-probe_protocol": "tcp"}),
        (service(None, HTTP, labels=NGINX), beside(config(use_proxy_protocol="true")), Choice(),
         {"port_80_health-probe_protocol": "tcp"}),
        (service(None, HTTP, labels=NGINX), beside(ingress("/healthz")), Choice(),
         {"port_80_health-probe_protocol": "tcp"}),
        (service(None, HTTP, labels=NGINX), beside(workload(args=["--health-check-path=/up"])), Choice(), {REQUEST: "/up"}),
        (service(None, HTTP, labels=NGINX), ALONE, Choice(known=TCP), {"port_80_health-probe_protocol": "tcp"}),
        (service(None, TARGET), beside(READY), Choice(), {"port_80_health-probe_protocol": "tcp"}),
        (service(None, TARGET), beside(READY), BY_PATH, {REQUEST: "/ready"}),
        (service(None, TARGET), beside(workload(WEB, **reads("/ready", scheme="HTTPS"))), BY_PATH,
         {"port_80_health-probe_protocol": "tcp"}),
        (service({PROTOCOL: "http"}, port(80)), ALONE, Choice(), {"port_80_health-probe_protocol": "tcp"}),
        (service({"port_80_health-probe_protocol": "http"}, port(80)), ALONE, Choice(),
         {"port_80_health-probe_protocol": "tcp"}),
        (service({PROTOCOL: "http"}, HTTP, port(443, name="https"), labels=NGINX), ALONE, Choice(),
         {REQUEST: "/healthz", "port_443_health-probe_protocol": "https"}),
        (service({NAME: "x"}, port(8001, "http", name="kong-admin"), labels={NAME: "kong"}), ALONE, Choice(), {}),
        (service({REQUEST: "/mine"}, HTTP), ALONE, Choice(), {}),
        (service({REQUEST: "/healthz"}, HTTP, labels=NGINX), ALONE, Choice(), {}),
        (service(None, HTTP), ALONE, Choice(annotations=((PREFIX + REQUEST, "/set"),)), {REQUEST: "/set"}),
        (local(None, HTTP), ALONE, Choice(), {}),
        (local(PROXY, HTTP), ALONE, Choice(), {"port_80_health-probe_protocol": "tcp"}),
        (service(PROXY, HTTP), ALONE, BY_PATH, {"port_80_health-probe_protocol": "tcp"}),
        (service(PROXY, TARGET), beside(READY), BY_PATH, {"port_80_health-probe_protocol": "tcp"}),
        (service({"port_80_health-probe_port": "443"}, HTTP, port(443)), ALONE, Choice(), {}),
    ],
)  # fmt: skip
def test_proposed(given_service: Service, evidence: Evidence, choice: Choice, expected: dict[str, str]) -> None:
    assert expected == proposed(probe_remedy(given_service, on(), evidence, choice))


@pytest.mark.parametrize(
    ("ready", "path", "cause"),
    [
        ("/jenkins/login", "/jenkins/login", Cause.READINESS_IS_BELOW_A_PREFIX),
        ("/login", "/login", Cause.WORKLOAD_ANSWERS_THERE),
        ("/login/ready", "/login", Cause.WORKLOAD_ANSWERS_THERE),
    ],
)
def test_a_well_known_path_may_be_below_a_prefix(ready: str, path: str, cause: Cause) -> None:
    jenkins = service(None, TARGET, labels={"app.kubernetes.io/component": "jenkins-controller"})
    (found,) = probe_remedy(jenkins, on(), beside(workload(WEB, **reads(ready)))).annotations
    assert (path, [cause]) == (found.value, [one.cause for one in found.because])


def test_what_somebody_chose_and_is_known_to_fail_is_no_safe_change() -> None:
    given_service = service({REQUEST: "/"}, HTTP, labels=NGINX)
    found = probe_remedy(given_service, on(), ALONE)
    assert {"port_80_health-probe_request-path": "/healthz"} == proposed(found)
    remedy = found.remedy()
    assert remedy is not None
    assert not remedy.safe


def test_one_remedy_for_all_ports() -> None:
    found = probe_remedy(service(None, HTTP, HTTPS), on(), ALONE)
    remedy = found.remedy(443)
    assert remedy is not None
    keys = [f"{PREFIX}port_{number}_health-probe_protocol" for number in (80, 443)]
    assert (tuple((key, "tcp") for key in keys), True) == (remedy.annotations, remedy.safe)
    assert found.remedy(8080) is None


@pytest.mark.parametrize(
    ("version", "annotations", "given_service", "causes"),
    [
        ("1.24.0", {}, service(None, HTTP), [Cause.NOTHING_TELLS, Cause.ANNOTATION_NOT_READ]),
        ("1.24.0", {REQUEST: "/healthz"}, service(None, HTTP, labels=NGINX), []),
        ("1.24.0", {PROTOCOL: "tcp"}, service({PROTOCOL: "http"}, port(80)), []),
        ("1.24.12", {"port_80_health-probe_protocol": "tcp"}, service(None, HTTP), []),
        ("1.23.30", {}, service(None, HTTP), []),
    ],
)
def test_old_providers(version: str, annotations: dict[str, str], given_service: Service, causes: list[Cause]) -> None:
    found = probe_remedy(given_service, on(version), ALONE)
    assert annotations == proposed(found)
    assert causes == [reason.cause for one in found.left for reason in one.because]
    if causes:
        remedy = found.remedy(80)
        assert remedy is not None
        assert ((), Cause.ANNOTATION_NOT_READ) == (remedy.annotations, remedy.reason and remedy.reason.cause)


def test_private_link_under_local_before_the_provider_avoided_the_header() -> None:
    """The per-port annotation would have no effect there, so it is not proposed."""
    assert Proposal() == probe_remedy(local(PROXY, HTTP), on("1.24.12"), ALONE)


@pytest.mark.parametrize(
    ("given_service", "evidence", "cause"),
    [
        (service(None, HTTP), ALONE, Cause.NOTHING_TELLS),
        (service(None, port(9999, "http", name="own"), labels={NAME: "kong"}), ALONE, Cause.NO_PATH_OF_WORKLOAD),
        (service(PROXY, HTTP, labels=NGINX), ALONE, Cause.PROXY_HEADER_TO_PODS),
    ],
)
def test_why_no_path_is_known(given_service: Service, evidence: Evidence, cause: Cause) -> None:
    (one,) = probe_remedy(given_service, on(), evidence, Choice(known=LEAVE, unknown=LEAVE)).left
    assert cause is one.because[0].cause


@pytest.mark.parametrize(
    ("choice", "fatal", "cause"),
    [(Choice(unknown=LEAVE), False, Cause.POLICY_LEAVES), (Choice(unknown=FAIL), True, Cause.POLICY_FORBIDS)],
)
def test_left(choice: Choice, fatal: bool, cause: Cause) -> None:
    (one,) = probe_remedy(service(None, HTTP), on(), ALONE, choice).left
    assert (80, fatal, [Cause.NOTHING_TELLS, cause]) == (one.port, one.fatal, [each.cause for each in one.because])


def test_a_port_that_somebody_chose_is_left_with_a_reason() -> None:
    given_service = service({"port_80_health-probe_port": "443"}, HTTP, port(443))
    (one,) = probe_remedy(given_service, on(), ALONE).left
    assert [Cause.PROBE_PORT_WAS_CHOSEN] == [reason.cause for reason in one.because]


@pytest.mark.parametrize(
    ("given_service", "expected", "causes"),
    [
        (service({"port_80_health-probe_port": "8080"}, port(80)._replace(target_port=8080)),
         {"port_80_health-probe_port": "80"}, []),
        (service({"port_80_health-probe_port": "9999"}, port(80)), {}, [Cause.NAME_A_PORT_OF_THE_SERVICE]),
        (service({"port_80_health-probe_port": "10256"}, HTTP), {"port_80_health-probe_request-path": "/healthz"}, []),
        (service({"port_443_health-probe_port": "10256"}, HTTPS),
         {"port_443_health-probe_request-path": "/healthz", "port_443_health-probe_protocol": "http"}, []),
        (service({"port_80_health-probe_port": "10256"}), {}, []),
    ],
)  # fmt: skip
def test_a_chosen_port_that_is_certain_to_fail(
    given_service: Service, expected: dict[str, str], causes: list[Cause]
) -> None:
    found = probe_remedy(given_service, on(), ALONE)
    assert expected == proposed(found)
    assert not any(one.safe for one in found.annotations)
    assert causes == [reason.cause for one in found.left for reason in one.because]


def test_a_refused_service_is_left_alone() -> None:
    given_service = service({"azure-load-balancer-health-probe-interval": "often"}, HTTP)
    found = probe_remedy(given_service, on(), ALONE)
    assert {} == proposed(found)
    assert "often" in found.refused


def gateway(**spec: Any) -> dict[str, Any]:
    return {"kind": "Gateway", "metadata": {"name": "edge", "namespace": "shop"}, "spec": spec}


@pytest.mark.parametrize(
    ("objects", "labels", "at"),
    [
        ((gateway(),), {"gateway.istio.io/managed": "istio.io-gateway-controller"}, ("spec", "infrastructure", "annotations")),
        ((), {"gateway.istio.io/managed": "istio.io-gateway-controller"}, ("metadata", "annotations")),
        ((gateway(),), {}, ("metadata", "annotations")),
    ],
)  # fmt: skip
def test_annotations_of_a_gateway_go_to_the_gateway(
    objects: tuple[Any, ...], labels: dict[str, str], at: tuple[str, ...]
) -> None:
    named = {"gateway.networking.k8s.io/gateway-name": "edge", **labels}
    given_service = service(None, port(15021, name="status-port"), HTTP, labels=named)
    found = probe_remedy(given_service, on(), beside(*objects))
    assert at == found.at
    one = {"port_80_health-probe_protocol": "tcp"}
    all_three = {REQUEST: "/healthz/ready", "port_80_health-probe_port": "15021"}
    assert (one if labels else all_three) == proposed(found)


PORTS = st.lists(
    st.builds(
        lambda number, app, name: port(number, app, name=name),
        st.sampled_from([80, 443, 8001, 15021]),
        st.sampled_from([None, "http", "https", "tcp"]),
        st.sampled_from(["http", "https", "web", "kong-admin", "status-port"]),
    ),
    min_size=1,
    max_size=3,
    unique_by=(lambda one: one.port, lambda one: one.name),
)
CHOSEN = st.dictionaries(
    st.sampled_from([REQUEST, PROTOCOL, "port_80_health-probe_protocol", "port_443_health-probe_request-path",
                     "port_80_health-probe_port", "port_443_no_probe_rule"]),
    st.sampled_from(["http", "https", "tcp", "/", "/healthz", "443", "true"]),
    max_size=3,
)  # fmt: skip
LABELS = st.sampled_from([{}, NGINX, {NAME: "kong"}, {NAME: "traefik"}, {"istio": "edge"}, {NAME: "argocd-server"}])
VERSIONS = st.sampled_from(["1.23.8", "1.24.0", "1.24.12", "1.27.0", str(NEWEST)])
BESIDE = st.sampled_from([ALONE, beside(READY), beside(config(server_snippet="x")), beside(ingress("/healthz"))])


@settings(max_examples=200, deadline=None)
@given(
    PORTS,
    CHOSEN,
    LABELS,
    VERSIONS,
    BESIDE,
    st.sampled_from([Choice(), BY_PATH, Choice(known=TCP, unknown=TCP)]),
    st.booleans(),
)
def test_afterwards_the_hop_passes_and_nothing_else_differs(
    ports: list[Any], chosen: dict[str, str], labels: dict[str, str], version: str, evidence: Evidence, choice: Choice,
    is_local: bool,
) -> None:  # fmt: skip
    given_service = (local if is_local else service)(chosen, *ports, labels=labels)
    cluster: Cluster = on(version)
    found = probe_remedy(given_service, cluster, evidence, choice)
    before = derive(with_defaults(given_service), cluster)
    after = derive(with_defaults(annotated(given_service, found.annotations)), cluster)
    assert () == unintended(differences(before, after), ("load_balancer.probes",))
    touched = {number for one in found.annotations for number in one.ports}
    for rule in after.load_balancer.load_balancing_rules if after.load_balancer else ():
        if after.service.ports[rule.service_port].port in touched:
            hop = probe_hop(PathContext(after, cluster, evidence), rule)
            likely = choice is BY_PATH and hop.because[0].cause is Cause.READINESS_ASKS_THE_SAME
            assert hop.outcome is Outcome.PASS or likely
    again = probe_remedy(annotated(given_service, found.annotations), cluster, evidence, choice)
    assert () == again.annotations
