"""The cases that are recorded: tables of them by area, and random ones."""

from conformance.cases import (
    access,
    addresses,
    broad_histories,
    faults,
    gateway,
    histories,
    links,
    members,
    multiple,
    pools_of_addresses,
    privatelink,
    probes,
    random_cases,
    random_histories,
    rules,
    several_local,
    together,
    vm_sets,
)
from conformance.cases.case import Case

TABLES = (
    probes, rules, addresses, access, privatelink, multiple, together, histories, faults, gateway, members, random_cases,
    random_histories, broad_histories, links, several_local,
    pools_of_addresses, vm_sets,
)  # fmt: skip


def all_cases() -> tuple[Case, ...]:
    """Every case, in the order of the tables; two of one name are a mistake in them."""
    found = tuple(case for table in TABLES for case in table.cases())
    names = [case.id for case in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        message = f"cases of the same name: {', '.join(twice)}"
        raise ValueError(message)
    return found
