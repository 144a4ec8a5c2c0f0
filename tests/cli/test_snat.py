"""``snat``: the verdict, the exit code, and the same numbers as JSON."""

import json

import pytest

from kubectl_akslb.cli.run import run


@pytest.mark.parametrize(
    ("arguments", "code", "first"),
    [
        ("--nodes 60 --ips 2 --ports 1000 --max-surge 10%", 0, "  FITS         66 nodes need 66,000 ports"),
        ("--nodes 3 --ips 1 --ports 21000", 1, "  REFUSED      4 nodes need 84,000 ports"),
        ("--nodes 3 --ports 13", 1, "  REFUSED      4 nodes need 52 ports"),
        ("--nodes 40", 0, "  FITS         ports per node follow the number of nodes; 1 outbound IP has"),
    ],
    ids=["surge counts", "AKS refuses 84000 of 64000", "not a multiple of 8", "automatic"],
)
def test_the_verdict_comes_first(
    arguments: str, code: int, first: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run(["snat", *arguments.split()]) == code
    assert capfdbinary.readouterr().out.decode().startswith(first)


def test_the_same_numbers_as_json(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["snat", "--nodes", "60", "--ips", "2", "--ports", "1000", "-o", "json"]) == 0
    body = json.loads(capfdbinary.readouterr().out)
    assert (body["nodes"], body["surgeNodes"], body["portsRequired"], body["maxNodes"]) == (60, 1, 61000, 128)


def test_the_number_of_nodes_is_needed(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["snat"]) == 2
    assert b"--nodes" in capfdbinary.readouterr().err
