"""The command that shows what a node answers to a probe. It is nowhere run: it starts a pod, and asks from there."""

from kubectl_akslb.model.command import Command, command, is_label, is_subdomain, kubectl
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.model.service import ServicePort
from kubectl_akslb.path.probe import Asked, speaks_proxy
from kubectl_akslb.provider.workloads import HTTPS


def verify_command(asked: Asked, port: ServicePort | None = None) -> Command | None:
    """The command that shows what a node answers to the probe; None where no cluster can have such a Service."""
    number = _number(asked, port)
    if number is None or (asked.path and not asked.path.startswith("/")):
        return None
    address = command(
        "kubectl", "get", "nodes", "-o", 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}'
    )
    run = ("run", "akslb-probe", "--rm", "-i", "--restart=Never")
    if not asked.scheme:
        return kubectl(*run, "--image=busybox", "--", "nc", "-zv", (address,), number)
    options = ["-sg", "-o", "/dev/null", "-w", "%{http_code}\\n"]
    options += ["-k"] if asked.scheme == HTTPS else []
    options += ["--haproxy-protocol"] if speaks_proxy(asked.service, asked.cluster) else []
    url = (
        f"{asked.scheme.lower()}://",
        address,
        ":",
        *(number if isinstance(number, tuple) else (number,)),
        asked.path,
    )
    return kubectl(*run, "--image=curlimages/curl", "--command", "--", "curl", *options, url)


def _number(asked: Asked, port: ServicePort | None) -> "str | tuple[Command, ...] | None":
    """The number of the port that is probed, or the command that prints it."""
    value, service = asked.probe.port.value, asked.service
    if not isinstance(value, Placeholder):
        return str(value)
    field = f"{{.spec.ports[{port.index}].nodePort}}" if port is not None else "{.spec.healthCheckNodePort}"
    found = kubectl("get", f"service/{service.name}", "-o", f"jsonpath={field}", namespace=service.namespace)
    return (found,) if found is not None and is_subdomain(service.name) and is_label(service.name) else None
