"""One Service in detail: the flow of each rule, the way out, and the names to look for in Azure."""

from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration, LoadBalancingRule, Probe
from kubectl_akslb.model.network import PrivateLinkService
from kubectl_akslb.model.provenance import Placeholder, Port
from kubectl_akslb.pipeline import Explained
from kubectl_akslb.provider.annotations import PREFIX
from kubectl_akslb.render.marks import COLUMN, LABEL
from kubectl_akslb.render.ports import family, frontend_of, labels, port_label
from kubectl_akslb.render.terminal import Terminal
from kubectl_akslb.render.why import in_short


def flows(one: Explained, terminal: Terminal) -> list[str]:
    """The flow of each rule: frontend, rule, node, and the probe with its reasons."""
    lines: list[str] = []
    for path in one.path.ports:
        port = labels({port_label(path): [family(one.derivation, path.rule)]}, one)
        text = f"{port} {_flow(one.derivation, path.rule)}"
        lines += terminal.labelled(LABEL, "" if lines else "flow", text, COLUMN, "bold")
        if path.probe is not None:
            lines += terminal.labelled(LABEL, "", f"probe {_probe(path.probe)}, {_probe_reasons(path.probe)}", COLUMN)
    return lines


def _flow(derivation: Derivation, rule: LoadBalancingRule) -> str:
    frontend = frontend_of(derivation, rule)
    where = _address(frontend) if frontend is not None else rule.frontend.value
    floating = rule.enable_floating_ip.value
    lb = derivation.load_balancer
    port = "pod port" if lb is not None and lb.serves_pods else "node port"
    target = "floating IP" if floating else f"{port} {_bare(rule.backend_port.value)}"
    extras = [f"idle {rule.idle_timeout_in_minutes.value} min"] if rule.idle_timeout_in_minutes is not None else []
    if rule.enable_tcp_reset is not None and not rule.enable_tcp_reset.value:
        extras.append("no TCP reset")
    if rule.load_distribution is not None and rule.load_distribution.value != "Default":
        extras.append(f"sticky by {rule.load_distribution.value}")
    more = f" ({', '.join(extras)})" if extras else ""
    return f"{where} → rule {rule.name.value} → {target}{more}"


def _address(frontend: FrontendIPConfiguration) -> str:
    if frontend.public_ip_address is not None:
        known = not isinstance(frontend.address, Placeholder)
        return frontend.address if known else f"public IP {frontend.public_ip_address.value}"
    subnet = frontend.subnet.value if frontend.subnet is not None else ""
    if isinstance(frontend.address, Placeholder):
        return f"a private address of {subnet}"
    return f"{frontend.address} in {subnet}"


def _bare(port: Port) -> str:
    return str(port)


def _probe(probe: Probe) -> str:
    path = probe.request_path.value if probe.request_path is not None else ""
    interval, count = probe.interval_in_seconds.value, probe.threshold.value
    often = f"every {interval} s, out after {count} failures ({interval * count} s)"
    return f"{probe.protocol.value} :{probe.port.value}{path} {often}"


def _probe_reasons(probe: Probe) -> str:
    """The reasons of a probe in a few words, those that say something."""
    parts = [f"{probe.protocol.value} by {in_short(probe.protocol, PREFIX)}"]
    if probe.request_path is not None:
        parts.append(f"path by {in_short(probe.request_path, PREFIX)}")
    for what, derived in (("port", probe.port), ("interval", probe.interval_in_seconds), ("count", probe.threshold)):
        if derived.origin.kind == "annotation":
            parts.append(f"{what} by {in_short(derived, PREFIX)}")
    notes = [note for derived in (probe.protocol, probe.port) for note in derived.notes]
    return "; ".join(parts + notes[:1])


def way_out(one: Explained, terminal: Terminal) -> list[str]:
    """How the pods of the Service get out."""
    egress = one.egress
    own = {"no": "never", "not expected": "not expected to be", "possible": "possibly"}[egress.own_address.value]
    text = (
        f"pods leave by {egress.path.value}, seen as {egress.source_address.value}; this Service's own address is {own}"
        f" the source [{egress.confidence}]"
    )
    return terminal.labelled(LABEL, "outbound", text, COLUMN, "bold")


def _private_link(link: PrivateLinkService) -> str:
    """Its name, its addresses, and who may use it."""
    chosen = sum(one.address is None for one in link.addresses)
    addresses = [one.address.value for one in link.addresses if one.address is not None]
    addresses += [f"{chosen} that Azure chooses"] if chosen else []
    said = [f"{', '.join(addresses)} in {link.addresses[0].subnet.value}"] if link.addresses else []
    if link.proxy_protocol is not None and link.proxy_protocol.value:
        said.append("proxy protocol")
    for word, listed in (("visible to", link.visibility), ("approves", link.auto_approval)):
        said += [f"{word} {', '.join(listed.value)}"] if listed is not None and listed.value else []
    return f"{link.name.value} ({'; '.join(said)})"


def names_in_azure(one: Explained, terminal: Terminal) -> list[str]:
    """The names to look for in Azure."""
    derivation = one.derivation
    rows: list[tuple[str, ...]] = []
    if derivation.load_balancer is not None:
        rows.append(("load balancer", f"{derivation.load_balancer.name.value} ({derivation.load_balancer.sku.value})"))
    rows += [("public IP", address.name.value) for address in derivation.public_ips]
    rows += [("private link service", _private_link(link)) for link in derivation.private_link_services]
    rows += [
        (
            "security rule",
            f"{rule.name.value} ({rule.access.value} {', '.join(rule.sources.value)} → "
            f"{', '.join(rule.destination_ports.value)}, priority {rule.priority.value})",
        )
        for rule in derivation.security_rules
    ]
    lines = []
    for index, (label, text) in enumerate(rows):
        lines += terminal.labelled(LABEL, "in Azure" if not index else "", f"{label} {text}", COLUMN, "bold")
    return lines
