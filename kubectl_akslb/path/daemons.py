"""What the DaemonSets of a cluster say of the programs that answer on its nodes: kube-proxy, and AKS' proxy before it.

Cilium takes kube-proxy's place in some clusters. Whether it answers in its place too is an option of its own, which AKS
has set since June 2023 and others may not.
"""

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.nodes import AZURE_NPM, CALICO, CILIUM, CLOUD_NODE_MANAGER, HEALTH_PROBE_PROXY, KUBE_PROXY
from kubectl_akslb.evidence.state import DaemonSet
from kubectl_akslb.model.loadbalancer import Probe
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.probed import HEALTH_PROBE_PROXY_PORT

_OF_NETWORK = frozenset({CILIUM, CALICO, AZURE_NPM, "azure-cns", "azure-ip-masq-agent"})


class RunsOn(Enum):
    """On how many nodes that are ready a program runs; REPLACED: on none, for Cilium has its place."""

    EVERYWHERE = "everywhere"
    SOMEWHERE = "somewhere"
    NOWHERE = "nowhere"
    ABSENT = "absent"
    REPLACED = "replaced"


class Daemon(NamedTuple):
    """A program of a DaemonSet; *missing* of its pods are not ready although their nodes are."""

    name: str
    running: RunsOn
    missing: int = 0
    daemon_set: DaemonSet | None = None


def kube_proxy(evidence: Evidence) -> Daemon | None:
    """kube-proxy; None where the DaemonSets were not read."""
    if evidence.daemon_sets is None:
        return None
    found = next((one for one in evidence.daemon_sets if one.name.startswith(KUBE_PROXY)), None)
    if found is None and any(one.name.startswith(CILIUM) for one in evidence.daemon_sets):
        return Daemon(KUBE_PROXY, RunsOn.REPLACED)
    return _daemon(KUBE_PROXY, found, evidence)


def network_daemon_down(evidence: Evidence) -> DaemonSet | None:
    """A part of the network plugin, or of what enforces policies, that does not run on all nodes that are ready."""
    return next(
        (one for one in evidence.daemon_sets or () if one.name in _OF_NETWORK and _missing(one, evidence)), None
    )


def health_probe_proxy(evidence: Evidence) -> Daemon | None:
    """AKS' proxy before kube-proxy, a sidecar of the cloud node manager; None where the DaemonSets were not read."""
    if evidence.daemon_sets is None:
        return None
    found = next((one for one in _managers(evidence) if HEALTH_PROBE_PROXY in one.containers), None)
    return _daemon(HEALTH_PROBE_PROXY, found, evidence)


def lacks_sidecar(evidence: Evidence) -> bool:
    """Whether the cloud node manager was seen, and has no health-probe-proxy beside it."""
    managers = _managers(evidence)
    return bool(managers) and all(HEALTH_PROBE_PROXY not in one.containers for one in managers)


def behind_probe(probe: Probe, evidence: Evidence) -> tuple[Daemon, ...]:
    """The programs that a probe of kube-proxy's health needs, as far as their DaemonSets were read."""
    before = health_probe_proxy(evidence) if probe.port.value == HEALTH_PROBE_PROXY_PORT else None
    return tuple(one for one in (before, kube_proxy(evidence)) if one is not None)


def _managers(evidence: Evidence) -> list[DaemonSet]:
    return [one for one in evidence.daemon_sets or () if one.name.startswith(CLOUD_NODE_MANAGER)]


def _daemon(name: str, found: DaemonSet | None, evidence: Evidence) -> Daemon:
    if found is None:
        return Daemon(name, RunsOn.ABSENT)
    missing = _missing(found, evidence)
    if found.desired and not found.ready:
        return Daemon(name, RunsOn.NOWHERE, missing, found)
    return Daemon(name, RunsOn.SOMEWHERE if missing else RunsOn.EVERYWHERE, missing, found)


def _missing(found: DaemonSet, evidence: Evidence) -> int:
    """How many of its pods are not ready although their nodes are."""
    unready = sum(node.ready is False for node in evidence.nodes or ())
    return max(found.desired - found.ready - unready, 0)
