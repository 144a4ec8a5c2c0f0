"""What the kubelet's own probes make of an answer, against Azure's rule: a readiness probe proves less than it seems."""

import pytest

from lab import prober

SUCCESS = {"success", "warning"}


@pytest.mark.parametrize("line", prober.recorded(), ids=lambda line: line["answer"])
def test_the_kubelet_takes_what_is_documented(line: prober.Json) -> None:
    """From 200 to 399, after redirects on the same host; over https without a look at the certificate."""
    status = line["status"]["http"]
    if status.startswith("2") and "seconds" not in line["answer"]:
        assert "success" == line["kubelet"]["httpGet"]
    if not status or status >= "400":
        assert "failure" == line["kubelet"]["httpGet"]
    if line["status"]["https"] == "200":
        assert "success" == line["kubelet"]["httpsGet"]


def test_a_warning_is_a_proof_that_azure_does_not_read_200() -> None:
    warned = [line for line in prober.recorded() if line["kubelet"]["httpGet"] == "warning"]
    assert warned
    assert all(line["status"]["http"].startswith("3") for line in warned)


def test_a_success_is_no_proof_that_azure_reads_200() -> None:
    taken = {line["status"]["http"] for line in prober.recorded() if line["kubelet"]["httpGet"] in SUCCESS}
    assert {"200", "201", "202", "204", "206", "301", "302", "303", "304", "307", "308"} == taken


def test_a_connection_proves_nothing_about_the_status() -> None:
    lines = prober.recorded()
    assert {line["answer"] for line in lines if line["kubelet"]["tcpSocket"] == "failure"} == {"nothing listens"}
