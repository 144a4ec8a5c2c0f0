"""The nodes of a case as a cluster shows them, and which of them path/ takes for members of the pools."""

from datetime import datetime, timezone
from typing import Any

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.evidence import EvidenceSource
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import IPV4, IPFamily
from kubectl_akslb.path.pool import members

Json = dict[str, Any]


def members_of(case: Json, azure: Azure, cluster: Cluster) -> dict[str, list[str]]:
    """The names of the members of each pool; who may be one is counted as one."""
    nodes = next((step["nodes"] for step in reversed(case.get("steps", ())) if "nodes" in step), case["nodes"])
    cluster = cluster._replace(given=cluster.given | {"resource_group"})
    found: dict[str, list[str]] = {}
    for service in azure.services.values():
        evidence = evidence_of(
            service,
            Objects(map(_node, nodes)),
            EvidenceSource.CLUSTER,
            now=datetime.now(timezone.utc),
            read=frozenset({"Node"}),
        )
        family = IPFamily((*service.ip_families, IPV4)[0])
        inside = members(Context(service, cluster), evidence, family) or ()
        names = sorted(one.node.name for one in inside if one.member is not False)
        for balancer in azure.load_balancers.values():
            found |= {f"{balancer.name.value}/{pool}": names for pool in balancer.pools}
    return found


def _node(case: Json) -> Json:
    metadata: Json = {"name": case["name"], "labels": case.get("labels", {})}
    if case.get("deleting"):
        metadata["deletionTimestamp"] = "2026-05-29T11:00:00Z"
    spec: Json = {"taints": [{"key": key, "effect": "NoSchedule"} for key in case.get("taints", ())]}
    if not case.get("noProviderID"):
        spec["providerID"] = f"azure:///{case['name']}"
    ready = "False" if case.get("notReady") else "True"
    addresses = [{"type": "InternalIP", "address": address} for address in case["addresses"]]
    status = {"addresses": addresses, "conditions": [{"type": "Ready", "status": ready}]}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": spec, "status": status}
