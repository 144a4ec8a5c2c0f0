"""Upgrades of the recordings to our derivation: the Services of one release, reconciled by another."""

from typing import Any

from conformance.upgrades import Upgrade, nodes_after, settled, standing
from kubectl_akslb.derive.reconcile import derive_on
from kubectl_akslb.derive.security_group import rules_per_service
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.plan.upgrade import start
from kubectl_akslb.provider.behaviours import behaviours_of
from tests.conformance.adapter import state, stored
from tests.recorded.play import cluster_of, played

Json = dict[str, Any]


def answer(case: Json, upgrade: Upgrade, behaviours: frozenset[str] | None = None) -> Json:
    """What our derivation says about the Services of a case after an upgrade."""
    version = ProviderVersion.parse(upgrade.new)
    before = played(case, ProviderVersion.parse(upgrade.old))
    given = {**case, "nodes": nodes_after(case)}
    cluster = cluster_of(given, version, behaviours_of(version) if behaviours is None else behaviours)
    azure, errors = before.azure, []
    start(cluster, azure)
    for body in standing(case):
        service = stored(decode(body))
        addresses = azure.given(service, cluster)
        rules = dict(azure.security_rules)
        derivation = derive_on(service, cluster._replace(addresses=addresses), azure)
        errors.append(derivation.refusal.message if derivation.refusal is not None else "")
        rules_per_service.settle(cluster, azure, rules)
        addresses.settle(azure)
    errors = [f"panic: {text}" if text.startswith("runtime error") else text for text in errors]
    return settled({"errors": errors, **state(azure)}, upgrade)
