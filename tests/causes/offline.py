"""What the reader of a cluster makes of a state, without a cluster: the same functions as behind kubectl."""

import json
from datetime import datetime, timezone
from typing import Any

from kubectl_akslb.azure.az_output import read_resources
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.discover_profile import profile_of
from kubectl_akslb.cluster.explain_services import explain
from kubectl_akslb.cluster.reading import Reading
from kubectl_akslb.edge.process import Finished
from kubectl_akslb.pipeline import Explained
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import load_profile
from tests.causes.cases import Case
from tests.causes.state import Object, State
from tests.given.objects import EVERYTHING

NOW = datetime(2026, 5, 29, 12, 0, 0, tzinfo=timezone.utc)
KINDS = EVERYTHING - {"policy engines"}


def read(state: State) -> Reading:
    """What is read of the API server in this state."""
    placed = state.placed("shop", NOW)
    service = _stored(placed.service, "11111111-2222-4333-8444-555555555555", "2026-05-29T11:00:00Z")
    if state.deleted:
        service["metadata"]["deletionTimestamp"] = "2026-05-29T11:50:00Z"
    others = [_stored(one, f"{index}2222222-2222-4333-8444-555555555555", "2026-05-29T10:00:00Z") for index, one in enumerate(placed.objects) if one["kind"] == "Service"]  # fmt: skip
    beside = [one for one in placed.objects if one["kind"] != "Service"]
    infrastructure = [{**one, "metadata": {"namespace": "", **one["metadata"]}} for one in placed.nodes]
    return Reading((service,), (*beside, *infrastructure, *placed.daemon_sets), KINDS, neighbours=tuple(others))


def _stored(service: Object, uid: str, created: str) -> Object:
    """A Service with what the API server adds."""
    spec = service["spec"]
    ports = [
        {"nodePort": 0 if spec.get("allocateLoadBalancerNodePorts") is False else 30080 + index, **one}
        for index, one in enumerate(spec["ports"])
    ]
    health = {"healthCheckNodePort": 31000} if spec.get("externalTrafficPolicy") == "Local" else {}
    families = spec.get("ipFamilies", ["IPv4"])
    added = {"clusterIP": "10.96.0.9", "clusterIPs": ["10.96.0.9"], "ipFamilies": families, "ports": ports, **health}
    return {
        **service,
        "metadata": {**service["metadata"], "uid": uid, "creationTimestamp": created},
        "spec": {**spec, **added},
    }


def explained(case: Case) -> Explained:
    """What is explained of a case, on the cluster that its objects show."""
    reading = read(case.state)
    given = dict(zip(case.options[::2], case.options[1::2], strict=True))
    profile = given.pop("--profile", None)
    file = load_profile(json.dumps(PROFILES[profile]).encode(), "aks.json") if profile is not None else None
    loaded, _ = profile_of(reading, Connection(), None, file)
    flags = {_FLAGS[name]: value for name, value in given.items()}
    loaded = with_flags(loaded, **flags)  # type: ignore[arg-type]
    azure = None
    if case.azure is not None:
        told = case.azure(dict(reading.services[0]))
        azure = read_resources((word, json.dumps(each).encode()) for word, each in told.items())
        nothing: dict[str, Any] = {kind: () for kind in _LISTED if getattr(azure, kind) is None}
        azure = azure._replace(**nothing, whole=_LISTED)
    found = explain(reading, loaded.cluster, (), connection=Connection(), named=True, now=NOW, azure=azure)
    assert not found.problems
    (one,) = found.services
    return one


#: What --az lists as a whole; an empty list does not say of what.
_LISTED = frozenset({"load_balancers", "security_groups", "public_ips"})
_FLAGS = {"--sku": "sku", "--probe-mode": "probe_mode"}
_CLUSTERS = "/subscriptions/s/resourceGroups/shop/providers/Microsoft.ContainerService/managedClusters"
PROFILES = {
    "shared.json": {
        "id": f"{_CLUSTERS}/shop-prod",
        "name": "shop-prod",
        "currentKubernetesVersion": "1.33.4",
        "nodeResourceGroup": "MC_shop_shop-prod_westeurope",
        "networkProfile": {
            "loadBalancerSku": "standard",
            "loadBalancerProfile": {"clusterServiceLoadBalancerHealthProbeMode": "Shared"},
        },
    }
}
"""Outputs of ``az aks show``, by the name of a file."""


def refused(said: str) -> Finished:
    """What kubectl leaves that got no answer, and said so."""
    return Finished(("kubectl", "get", "services"), 1, b"", said)
