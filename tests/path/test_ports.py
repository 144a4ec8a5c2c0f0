"""The container ports behind a port of a Service."""

import pytest

from kubectl_akslb.path.ports import Container, container_numbers, declared
from tests.given.services import port

WEB: Container = {
    "ports": [
        {"name": "http", "containerPort": 8080},
        {"name": "dns", "containerPort": 53, "protocol": "UDP"},
        {"name": "text", "containerPort": "8081"},
        {"name": "yes", "containerPort": True},
        {"name": "none"},
        7,
    ]
}


def test_what_is_no_number_is_not_declared() -> None:
    assert [(8080, "http", "TCP"), (53, "dns", "UDP")] == list(declared([WEB]))


@pytest.mark.parametrize(
    ("target", "protocol", "numbers"),
    [
        (None, "TCP", {80}),
        (8443, "TCP", {8443}),
        ("http", "TCP", {8080}),
        ("http", "UDP", set()),
        ("dns", "UDP", {53}),
        ("text", "TCP", set()),
    ],
)
def test_a_name_stands_for_the_numbers_of_its_protocol(
    target: int | str | None, protocol: str, numbers: set[int]
) -> None:
    assert numbers == container_numbers([WEB], port(80, protocol=protocol)._replace(target_port=target))
