"""What answers a health probe, and what becomes of the nodes: the step from a probe to a verdict.

Azure counts a node as up only if an http(s) probe gets the status 200; a Tcp probe needs an accepted connection.
"""

from typing import NamedTuple

from kubectl_akslb.derive.probes import SHARED_PROBE_NAME
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.model.reach import CERTAIN, KNOWN_WORKLOAD, UNKNOWN
from kubectl_akslb.model.service import Service, ServicePort
from kubectl_akslb.provider.workloads import Workload

KUBE_PROXY_PORT = 10256
HEALTH_PROBE_PROXY_PORT = 10356
NODE_ADDRESS = """$(kubectl get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}')"""


class Answer(NamedTuple):
    """Who answers a probe. *up* is None where it cannot be said; *verify* is then the command that tells."""

    text: str
    up: bool | None
    confidence: str
    verify: str = ""


def service_port_of(service: Service, rule: LoadBalancingRule) -> ServicePort | None:
    """The Service port of a rule; None for the one rule of HA ports."""
    return service.ports[rule.service_port] if rule.service_port >= 0 else None


def probe_of(derivation: Derivation, rule: LoadBalancingRule) -> Probe | None:
    """The probe that a rule refers to."""
    if rule.probe is None or derivation.load_balancer is None:
        return None
    return next((p for p in derivation.load_balancer.probes if p.name.value == rule.probe.value), None)


def answer(derivation: Derivation, rule: LoadBalancingRule, workload: Workload | None) -> Answer:
    """What answers the probe of *rule*, as far as it is known."""
    probe = probe_of(derivation, rule)
    if probe is None:
        return Answer("nothing is probed: every node counts as up, with or without a working pod", True, CERTAIN)
    service = derivation.service
    if probe.name.value == SHARED_PROBE_NAME:
        return Answer("kube-proxy answers for the node; it knows nothing of this application", True, CERTAIN)
    if isinstance(probe.port.value, int) and probe.port.value in {KUBE_PROXY_PORT, HEALTH_PROBE_PROXY_PORT}:
        return _kube_proxy(probe)
    if _is_health_check(service, probe):
        return Answer("kube-proxy answers 200 where the node has a ready pod of this Service", True, CERTAIN)
    port = probed_port(service, probe)
    if probe.protocol.value.lower() == "tcp":
        return _tcp(probe, port)
    return _http(service, probe, port, workload)


def _kube_proxy(probe: Probe) -> Answer:
    if probe.request_path is not None and probe.request_path.value == "/healthz" and probe.protocol.value == "Http":
        return Answer("kube-proxy answers for the node; it knows nothing of this application", True, CERTAIN)
    if probe.request_path is None:
        return Answer("kube-proxy accepts the connection, whatever the application does", True, CERTAIN)
    text = f"kube-proxy answers 200 only on http /healthz, not on {probe.protocol.value} {probe.request_path.value}"
    return Answer(text, False, CERTAIN)


def _is_health_check(service: Service, probe: Probe) -> bool:
    return service.is_local and probe.port.origin.path == "spec.healthCheckNodePort"


def probed_port(service: Service, probe: Probe) -> ServicePort | None:
    """The Service port whose node port is probed, or None where the probe goes elsewhere."""
    paths = [origin.path for origin in probe.port.considered]
    for port in service.ports:
        if f"spec.ports[{port.index}].nodePort" in paths and probe.port.value in {
            port.node_port,
            Placeholder(f"nodePort of {port.port}"),
        }:
            return port
    return None


def _tcp(probe: Probe, port: ServicePort | None) -> Answer:
    if port is None:
        text = f"whatever listens on port {probe.port.value} of the node must accept the connection"
        netcat = f"nc -zv {NODE_ADDRESS} {probe.port.value}"
        command = f"kubectl run akslb-probe --rm -i --restart=Never --image=busybox -- {netcat}"
        return Answer(text, None, UNKNOWN, command)
    return Answer(f"accepted as soon as a pod behind port {port.port} listens", True, CERTAIN)


def _http(service: Service, probe: Probe, port: ServicePort | None, workload: Workload | None) -> Answer:
    path = probe.request_path.value if probe.request_path is not None else "/"
    verify = verify_command(service, probe, port)
    if port is None:
        text = f"whatever listens on port {probe.port.value} of the node must answer 200 to GET {path}"
        return Answer(text, None, UNKNOWN, verify)
    if workload is not None:
        facts = workload.port_of(port)
        known = facts.status(path, probe.protocol.value.upper()) if facts is not None else None
        if known is not None and known.status == 200 and not known.unless:
            return Answer(f"{workload.name} answers 200 to GET {path}", True, KNOWN_WORKLOAD, verify)
        if known is not None and not known.unless:
            text = f"{workload.name} answers {known.status} to GET {path}, only 200 counts as up"
            return Answer(text, False, KNOWN_WORKLOAD, verify)
    text = f"the pods behind port {port.port} must answer 200, and only 200, to GET {path}"
    return Answer(text, None, UNKNOWN, verify)


def verify_command(service: Service, probe: Probe, port: ServicePort | None) -> str:
    """The command that shows what a node answers to the probe, to be run as it is."""
    scheme = probe.protocol.value.lower()
    path = probe.request_path.value if probe.request_path is not None else ""
    number = str(probe.port.value)
    get_service = f"kubectl get svc -n {shell_quoted(service.namespace)} {shell_quoted(service.name)}"
    if port is not None and isinstance(probe.port.value, Placeholder):
        jsonpath = f"{{.spec.ports[{port.index}].nodePort}}"
        number = f"$({get_service} -o jsonpath='{jsonpath}')"
    elif isinstance(probe.port.value, Placeholder):
        number = f"$({get_service} -o jsonpath='{{.spec.healthCheckNodePort}}')"
    insecure = "k" if scheme == "https" else ""
    return (
        "kubectl run akslb-probe --rm -i --restart=Never --image=curlimages/curl --command --"
        f" curl -s{insecure} -o /dev/null -w '%{{http_code}}\\n' {scheme}://{NODE_ADDRESS}:{number}{shell_quoted(path)}"
    )


def shell_quoted(text: str) -> str:
    """*text* as one word of a shell: it comes from a manifest, and somebody will paste the command."""
    if not text or all(character.isalnum() or character in "-._/=" for character in text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"
