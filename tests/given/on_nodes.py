"""A Service on nodes, with what was read of them, and what the hops say of it."""

from typing import Any

from kubectl_akslb.derive.addresses import parse_cidr
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.hop import Hop, Outcome
from kubectl_akslb.path.node import node_hop
from kubectl_akslb.path.rotation import rotation, rotation_hop
from kubectl_akslb.path.verdict import ClientGroup
from kubectl_akslb.provider.annotations import PREFIX
from kubectl_akslb.provider.version import NEWEST
from tests.given.objects import Object, files, live, read, service_object
from tests.given.services import UID, on

EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers"
LOCAL: dict[str, Any] = {"externalTrafficPolicy": "Local", "healthCheckNodePort": 31000}


def derived(service: Object, cluster: Cluster) -> Derivation:
    """What is derived of a Service as the API server has it."""
    return derive(read({**service, "metadata": {**service["metadata"], "uid": UID}}), cluster)


class Given:
    """A Service on a cluster, with evidence."""

    def __init__(self, *objects: Object, version: str = str(NEWEST), unread: tuple[str, ...] = (), annotations: Object | None = None, status: Object | None = None, settings: Any = None, in_files: bool = False, **spec: Any) -> None:  # fmt: skip
        spelled = {PREFIX + key: value for key, value in (annotations or {}).items()}
        service = service_object(status=status, metadata={"annotations": spelled}, **spec)
        self.cluster = on(version, **(settings or {}))
        self.derivation = derived(service, self.cluster)
        self.evidence: Evidence = files(service, *objects) if in_files else live(service, *objects, unread=unread)
        assert self.derivation.load_balancer is not None
        self.rule = self.derivation.load_balancer.load_balancing_rules[0]

    @property
    def context(self) -> PathContext:
        """What the hops ask."""
        return PathContext(self.derivation, self.cluster, self.evidence)

    def rotation(self) -> dict[str, bool | None]:
        """Each node, in rotation or not."""
        rows = rotation(self.context, self.rule)
        assert rows is not None
        return {row.name: row.in_rotation for row in rows}

    def rotated(self) -> tuple[Outcome | None, tuple[Cause, ...]]:
        """What the hop says of all nodes."""
        hop = rotation_hop(self.context, self.rule)
        return (hop.outcome, tuple(one.cause for one in hop.because)) if hop is not None else (None, ())

    def node(self, group: ClientGroup = ClientGroup.INTERNET, prefix: str = "", tag: str = "") -> Hop:
        """What becomes of packets at the nodes."""
        given = parse_cidr(prefix) if prefix else None
        return node_hop(self.context, self.rule, group, given, tag)
