"""What a probe asks on a node: the node port of a Service, the health check of a Local one, or kube-proxy itself."""

from kubectl_akslb.derive.load_balancer.probes import SHARED_PROBE_NAME
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.model.service import Service, ServicePort

KUBE_PROXY_PORT = 10256
HEALTH_PROBE_PROXY_PORT = 10356


def probe_of(derivation: Derivation, rule: LoadBalancingRule) -> Probe | None:
    """The probe that a rule refers to."""
    if rule.probe is None or derivation.load_balancer is None:
        return None
    return next((one for one in derivation.load_balancer.probes if one.name.value == rule.probe.value), None)


def asks_health_check(service: Service, probe: Probe | None) -> bool:
    """Whether a probe asks the health check that kube-proxy has for a Local Service."""
    if probe is None or not service.is_local:
        return False
    number = service.health_check_node_port
    return probe.port.origin.path == "spec.healthCheckNodePort" or (number is not None and probe.port.value == number)


def asks_node_port(service: Service, probe: Probe | None) -> ServicePort | None:
    """The Service port whose node port a probe asks, or None where it asks something else."""
    asked = probe.port.value if probe is not None else 0
    if not asked:
        return None
    if not isinstance(asked, Placeholder):
        return next((port for port in service.ports if port.node_port == asked), None)
    # A number to compare with: a Service can have thousands of ports, and each of them a probe.
    number = asked.removeprefix("<nodePort of ").removesuffix(">")
    return next((port for port in service.ports if str(port.port) == number), None)


def asks_kube_proxy(probe: Probe | None) -> bool:
    """Whether a probe asks for the health of kube-proxy itself."""
    return probe is not None and (
        probe.name.value == SHARED_PROBE_NAME or probe.port.value in (KUBE_PROXY_PORT, HEALTH_PROBE_PROXY_PORT)
    )
