"""What well-known programs were measured to answer, against the table of well-known workloads."""

from kubectl_akslb.provider.workloads import WORKLOADS
from lab import workloads

PORTS = {"influxdb": ("influxdb", 8086)}


def test_a_known_answer_is_the_one_that_was_measured() -> None:
    compared = 0
    for name, (package, number) in PORTS.items():
        workload = next(one for one in WORKLOADS if one.name == name)
        port = next(one for one in workload.ports if number in one.numbers)
        for line in workloads.recorded():
            known = port.status(line["path"], "HTTP")
            if line["package"] == package and known is not None:
                assert str(known.status) == line["status"]
                compared += 1
    assert compared


def test_what_wants_a_proxy_header_answers_no_probe() -> None:
    answers = {line["status"] for line in workloads.recorded() if "prox" in line["setting"].split("-")[-1]}
    assert {"no answer"} == answers


def test_each_program_has_been_asked() -> None:
    measured = {(line["package"], line["setting"]) for line in workloads.recorded()}
    assert measured == {(program.package, program.setting) for program in workloads.PROGRAMS}
