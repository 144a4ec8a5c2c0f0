"""Edits by hand of the recordings to our derivation: what stands is edited, read as az prints it, and reconciled."""

from typing import Any

from conformance.by_hand import settled, split
from conformance.upgrades import nodes_after
from kubectl_akslb.azure.az_output import read_resources
from kubectl_akslb.derive.reconcile import derive_on
from kubectl_akslb.derive.security_group import rules_per_service
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.model.service import Service
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.plan.standing import standing
from kubectl_akslb.plan.upgrade import start
from kubectl_akslb.provider.behaviours import behaviours_of
from tests.conformance.adapter import state, stored
from tests.plan import az_output
from tests.recorded.addresses import GivingAzure
from tests.recorded.play import cluster_of, played

Json = dict[str, Any]


def with_status(service: Service, azure: Azure) -> Service:
    """The Service with the addresses that are in its status."""
    return service._replace(ingress_ips=azure.ingress.get(service.full_name, ()))


def stuck(services: list[Service], azure: Azure) -> list[Service]:
    """The Services whose deletion was refused: they are still there, and nobody reconciles them."""
    known = {one.full_name for one in services}
    left = (with_status(one, azure) for name, one in azure.services.items() if name not in known)
    return [one._replace(deleting=True) for one in left]


def as_az_shows(body: Json) -> Json:
    """What stands, with a source that is empty left out: it is read as none."""
    rules = [
        {key: value for key, value in rule.items() if (key, value) != ("sourceAddressPrefix", "")}
        for rule in body["securityRules"]
    ]
    return {**body, "securityRules": rules}


def answer(case: Json, version: str, behaviours: frozenset[str] | None = None) -> Json:
    """What our derivation says about a case: all that stands after the Services are ensured once more."""
    release = ProviderVersion.parse(version)
    steps, edits, after = split(case)
    errors: list[str] = []
    before = played({**case, "steps": steps}, release, behaviours, errors)
    found = az_output.of_azure(before.azure)
    for change in edits:
        az_output.edit(found, change)
        errors.append("")
    cluster = cluster_of(
        {**case, "nodes": nodes_after({**case, "steps": steps})}, release, behaviours or behaviours_of(release)
    )
    services = [with_status(stored(decode(body)), before.azure) for body in after]
    resources = read_resources(az_output.files(found))
    (group,) = resources.security_groups or ()
    there = [*services, *stuck(services, before.azure)]
    azure = GivingAzure.of(standing(resources, group.rules, there, cluster), before.azure)
    start(cluster, azure)
    rules = dict(azure.security_rules)
    for service in services:
        addresses = azure.given(service, cluster)
        derivation = derive_on(service, cluster._replace(addresses=addresses), azure)
        errors.append(derivation.refusal.message if derivation.refusal is not None else "")
        rules_per_service.settle(cluster, azure, rules)
        rules = dict(azure.security_rules)
        addresses.settle(azure)
    errors = [f"panic: {text}" if text.startswith("runtime error") else text for text in errors]
    return settled({**state(azure), "errors": errors}, version)
