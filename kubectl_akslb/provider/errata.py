"""Where well-known documents and the provider disagree: one row each, for the notes of explanations and findings.

A row is about a Service: *when* says whether the document would mislead about this Service on this cluster. Dates come
from the behaviours, so that they stand in one place. The documents are those that people find first; what they say is
told in our words.
"""

from collections.abc import Callable

from kubectl_akslb.model.cluster import BASIC, SERVICE_NODE_PORT, SHARED, Cluster
from kubectl_akslb.model.service import LOAD_BALANCER, TCP, UDP, Service, ServicePort
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.behaviours import Behaviour
from kubectl_akslb.provider.outbound import PORTS_PER_IP

PROBE_MODE = "clusterServiceLoadBalancerHealthProbeMode"
SHARED_PROBE_PORT = "clusterServiceSharedLoadBalancerHealthProbePort"
SKU = "loadBalancerSku"
SOURCE_RANGES = "spec.loadBalancerSourceRanges"
APP_PROTOCOL = "spec.ports[*].appProtocol"
PROTOCOL = "spec.ports[*].protocol"
TRAFFIC_POLICY = "spec.externalTrafficPolicy"
HEALTH_CHECK = "spec.healthCheckNodePort"
#: The key as Microsoft's page prints it in one place; the provider reads another.
MISPRINTED_COUNT = "load-balancer-health-probe-num-of-probe"


class CitedDocument(NamedTuple):
    """A document; *name* is short, *whose* says who speaks and *title* where to look."""

    name: str
    whose: str
    title: str


LEARN = CitedDocument(
    "learn", "Microsoft's page", "Configure a public standard load balancer in Azure Kubernetes Service (AKS)"
)
PROBE_MODE_GUIDE = CitedDocument(
    "probe-mode", "Microsoft's page", "Troubleshoot the health probe mode for AKS cluster service load balancer"
)
SUPPORT_BLOG = CitedDocument(
    "support-blog", "Azure support's Japanese blog", "health probe protocol changes with the upgrade to AKS 1.24"
)
GITBOOK = CitedDocument("gitbook", "the Kubernetes guide on GitBook", "Troubleshooting: Azure")
KUBERNETES = CitedDocument("kubernetes", "Kubernetes' API reference", "Service")

_PODS_FILTERED_SINCE = 25
"""The minor of Kubernetes from which on kube-proxy drops pods outside of the source ranges."""

When = Callable[[Service, Cluster], bool]


class Erratum(NamedTuple):
    """One point where documents and the provider disagree.

    *subject* is what it is about: an annotation, a path of the Service or a setting of the cluster. *says* and *does*
    complete the sentences "the document says …" and "the provider …".
    """

    identifier: str
    documents: tuple[CitedDocument, ...]
    subject: str
    says: str
    does: str
    when: When

    @property
    def note(self) -> str:
        """The sentence for a person: what the document says and what happens instead."""
        named = " and ".join(f'{document.whose} "{document.title}"' for document in self.documents)
        verb = "says" if len(self.documents) == 1 else "say"
        return f"{named} {verb} {self.says}; the provider {self.does}"


def errata_of(service: Service, cluster: Cluster) -> tuple[Erratum, ...]:
    """Where a document would mislead about *service* on *cluster*, in the order of the table.

    Nothing for a Service that the provider leaves alone.
    """
    if service.type != LOAD_BALANCER or service.load_balancer_class is not None:
        return ()
    return tuple(row for row in ERRATA if row.when(service, cluster))


def _shared(cluster: Cluster) -> bool:
    return cluster.uses_shared_probe and cluster.has(behaviours.SHARED_PROBE)


def _ports(service: Service, protocol: str) -> tuple[ServicePort, ...]:
    return tuple(port for port in service.ports if port.protocol == protocol)


def _app_protocols(service: Service) -> set[str]:
    """The appProtocols of the TCP ports, as the provider compares them; ports without one are left out."""
    return {p.app_protocol.strip().lower() for p in _ports(service, TCP) if p.app_protocol is not None}


def _speaks_http(service: Service) -> bool:
    return not _app_protocols(service).isdisjoint({"http", "https"})


def _path_set(service: Service) -> bool:
    return keys.PROBE_PATH in service.annotations or _on_any_port(service, keys.PORT_PROBE_PATH)


def _on_any_port(service: Service, *wanted: keys.PortAnnotation) -> bool:
    """Whether a Service port has one of these annotations."""
    return any(key.for_port(port.port) in service.annotations for key in wanted for port in service.ports)


def _uses(*wanted: keys.Annotation) -> When:
    """The Service has all of these annotations."""
    return lambda service, _: all(key in service.annotations for key in wanted)


def _number(text: str) -> int | None:
    digits = text.strip().removeprefix("+")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def _idle_above_30(service: Service, cluster: Cluster) -> bool:
    minutes = _number(service.annotations.get(keys.IDLE_TIMEOUT, ""))
    return cluster.has(behaviours.IDLE_TIMEOUT_100) and minutes is not None and 30 < minutes <= 100


def _unread_node_port(service: Service, cluster: Cluster) -> bool:
    """A probe port that is neither a name nor a number of a Service port, where only those are read."""
    if not cluster.has(behaviours.PORT_ANNOTATIONS) or cluster.has(behaviours.LITERAL_PROBE_PORT):
        return False
    asked = (service.annotations.get(keys.PORT_PROBE_PORT.for_port(port.port)) for port in service.ports)
    numbers = {port.port for port in service.ports}
    return any(value is not None and _number(value) not in {None, *numbers} for value in asked)


def _protocol_without_app_protocol(service: Service, _: Cluster) -> bool:
    general = service.annotations.get(keys.PROBE_PROTOCOL, "")
    asked = (
        service.annotations.get(keys.PORT_PROBE_PROTOCOL.for_port(port.port), general)
        for port in _ports(service, TCP)
        if port.app_protocol is None
    )
    return _path_set(service) and any(text.strip().lower() in {"http", "https"} for text in asked)


def _private_link_with_proxy(service: Service) -> bool:
    return all(
        service.annotations.get(key, "").strip().lower() == "true" for key in (keys.PLS_CREATE, keys.PLS_PROXY_PROTOCOL)
    )


def _probe_annotations(service: Service) -> bool:
    general = (keys.PROBE_PROTOCOL, keys.PROBE_PATH, keys.PROBE_INTERVAL, keys.PROBE_COUNT)
    return any(key in service.annotations for key in general) or _on_any_port(
        service,
        keys.PORT_PROBE_PROTOCOL,
        keys.PORT_PROBE_PORT,
        keys.PORT_PROBE_PATH,
        keys.PORT_PROBE_INTERVAL,
        keys.PORT_PROBE_COUNT,
    )


def _is_true(service: Service, key: str) -> bool:
    return service.annotations.get(key, "").lower() == "true"


def _rounded_up(cluster: Cluster) -> bool:
    """Whether the most nodes of an explicit number of ports have a fraction of a half or more."""
    ports, ips = cluster.outbound.allocated_outbound_ports, cluster.outbound.managed_ip_count
    return ports > 0 and PORTS_PER_IP * ips % ports * 2 >= ports


def _without_release(key: keys.Annotation, behaviour: Behaviour) -> Erratum:
    """A row for an annotation that the page lists as if every release read it."""

    def when(service: Service, cluster: Cluster) -> bool:
        if cluster.has(behaviour):
            return False
        return _on_any_port(service, key) if isinstance(key, keys.PortAnnotation) else key in service.annotations

    return Erratum(
        f"without-release/{key.short}",
        (LEARN,),
        key,
        "that the annotation is supported, without naming a release",
        f"reads it since {behaviour.dates}",
        when,
    )


ERRATA: tuple[Erratum, ...] = (
    Erratum(
        "idle-timeout-maximum", (LEARN,), keys.IDLE_TIMEOUT,
        "that the maximum is 30 minutes",
        f"accepts up to 100 since {behaviours.IDLE_TIMEOUT_100.dates}; Azure may still refuse more than 30",
        _idle_above_30,
    ),
    Erratum(
        "idle-timeout-of-udp", (LEARN,), keys.IDLE_TIMEOUT,
        "that it is the timeout of TCP connections",
        f"sets it on the rules of UDP ports too since {behaviours.PROBE_CODE_OF_1_23_4.dates}",
        lambda s, c: keys.IDLE_TIMEOUT in s.annotations and c.has(behaviours.PROBE_CODE_OF_1_23_4)
        and bool(_ports(s, UDP)),
    ),
    Erratum(
        "shared-security-rule", (LEARN,), keys.SHARED_SECURITY_RULE,
        "that it exposes the Service through a shared security rule",
        f"shares all security rules since {behaviours.SHARED_NSG_RULES.dates} and no longer acts on the annotation",
        lambda s, c: keys.SHARED_SECURITY_RULE in s.annotations and c.has(behaviours.SHARED_NSG_RULES),
    ),
    Erratum(
        "source-ranges-with-tags", (LEARN,), SOURCE_RANGES,
        "that source ranges together with azure-allowed-service-tags are an error",
        "opens both and at most warns; kube-proxy then drops what comes from a tag but from no range",
        lambda s, _: bool(s.load_balancer_source_ranges) and keys.ALLOWED_SERVICE_TAGS in s.annotations,
    ),
    Erratum(
        "ranges-and-tags-in-one-rule", (LEARN,), keys.ALLOWED_SERVICE_TAGS,
        "that ranges and service tags are merged into one security rule",
        "makes one rule for each tag and one for all ranges",
        _uses(keys.ALLOWED_IP_RANGES, keys.ALLOWED_SERVICE_TAGS),
    ),
    Erratum(
        "no-lb-rule-opens-port", (LEARN,), keys.NO_LB_RULE,
        "to use it for health checks that the internet should not see",
        "leaves out rule and probe, but still opens the port in the security group",
        lambda s, c: c.has(behaviours.PORT_ANNOTATIONS)
        and any(_is_true(s, keys.NO_LB_RULE.for_port(port.port)) for port in s.ports),
    ),
    Erratum(
        "misprinted-count", (LEARN,), keys.PROBE_COUNT,
        f"in one place that the annotation is called {MISPRINTED_COUNT}",
        f"reads only {keys.PROBE_COUNT}",
        lambda s, _: any(k in s.annotations for k in (MISPRINTED_COUNT, keys.PREFIX + MISPRINTED_COUNT)),
    ),
    Erratum(
        "probe-numbers-from-1.21", (LEARN,), keys.PROBE_INTERVAL,
        "that interval and count can be set since Kubernetes 1.21",
        f"reads them since {behaviours.PROBE_CODE_OF_1_23_4.dates}",
        lambda s, c: not c.has(behaviours.PROBE_CODE_OF_1_23_4)
        and any(key in s.annotations for key in (keys.PROBE_INTERVAL, keys.PROBE_COUNT)),
    ),
    Erratum(
        "probe-port-of-the-node", (LEARN,), keys.PORT_PROBE_PORT,
        "that any port number can be probed, such as 15021",
        f"takes only ports of the Service before {behaviours.LITERAL_PROBE_PORT.dates}, and fails the Service"
        " otherwise",
        _unread_node_port,
    ),
    Erratum(
        "global-probe-protocol", (LEARN,), keys.PROBE_PROTOCOL,
        "that there is no annotation for the protocol of all probes",
        "still reads this one for every port without an appProtocol and a protocol annotation of its own",
        _uses(keys.PROBE_PROTOCOL),
    ),
    Erratum(
        "https-on-basic", (LEARN,), APP_PROTOCOL,
        "that a Basic load balancer probes http or https as appProtocol says",
        "probes with Tcp where https is asked for on Basic (1.23.4 to 1.23.8 fail the Service)",
        lambda s, c: not c.is_standard and not s.is_local and "https" in _app_protocols(s),
    ),
    Erratum(
        "app-protocol-in-1.23", (LEARN, SUPPORT_BLOG), APP_PROTOCOL,
        "that up to 1.23 a port with an appProtocol and no request path is probed with Tcp",
        f"probes it with http(s) from {behaviours.PROBE_CODE_OF_1_23_4.dates} until before"
        f" {behaviours.PROBE_TCP_UNLESS_PATH.dates} as well",
        lambda s, c: c.has(behaviours.PROBE_CODE_OF_1_23_4) and not c.has(behaviours.PROBE_TCP_UNLESS_PATH)
        and not c.has(behaviours.APP_PROTOCOL_PROBE) and not s.is_local and _speaks_http(s) and not _path_set(s),
    ),
    Erratum(
        "app-protocol-with-path-in-1.23", (LEARN, SUPPORT_BLOG), APP_PROTOCOL,
        "that up to 1.23 appProtocol counts as soon as a request path is set",
        f"reads appProtocol since {behaviours.PROBE_CODE_OF_1_23_4.dates} and not before",
        lambda s, c: not c.has(behaviours.PROBE_CODE_OF_1_23_4) and not s.is_local and _speaks_http(s) and _path_set(s),
    ),
    Erratum(
        "app-protocol-after-1.24", (LEARN, SUPPORT_BLOG), APP_PROTOCOL,
        "in one place that the new default holds in releases after 1.24",
        f"has it since {behaviours.APP_PROTOCOL_PROBE.dates}",
        lambda s, c: c.provider_version[:2] == (1, 24) and not s.is_local and _speaks_http(s) and not _path_set(s),
    ),
    Erratum(
        "unknown-protocol-fails", (LEARN,), APP_PROTOCOL,
        "that a protocol Azure cannot probe means Tcp",
        f"fails the Service from {behaviours.PROBE_CODE_OF_1_23_4.dates} until before"
        f" {behaviours.PROBE_PROTOCOL_FALLBACK.dates}",
        lambda s, c: c.has(behaviours.PROBE_CODE_OF_1_23_4) and not c.has(behaviours.PROBE_PROTOCOL_FALLBACK)
        and not s.is_local and not _app_protocols(s) <= {"http", "https", "tcp"},
    ),
    Erratum(
        "udp-probe-in-1.23", (LEARN,), PROTOCOL,
        "that UDP ports have no probe",
        f"probes UDP ports with an appProtocol from {behaviours.PROBE_CODE_OF_1_23_4.dates} until before"
        f" {behaviours.PROBE_PROTOCOL_FALLBACK.dates}",
        lambda s, c: c.has(behaviours.PROBE_CODE_OF_1_23_4) and not c.has(behaviours.PROBE_PROTOCOL_FALLBACK)
        and not s.is_local and any(p.app_protocol is not None for p in _ports(s, UDP)),
    ),
    Erratum(
        "udp-in-shared-mode", (LEARN,), PROTOCOL,
        "that UDP ports have no probe",
        "gives them the shared probe in shared probe mode",
        lambda s, c: _shared(c) and not s.is_local and bool(_ports(s, UDP)),
    ),
    Erratum(
        "probe-annotations-in-shared-mode", (LEARN,), PROBE_MODE,
        "that the probe annotations customise the probe, without an exception",
        "ignores them in shared probe mode, but for no_probe_rule and no_lb_rule",
        lambda s, c: _shared(c) and not s.is_local and _probe_annotations(s),
    ),
    Erratum(
        "path-without-app-protocol", (LEARN, SUPPORT_BLOG), keys.PROBE_PATH,
        "that the request path is ignored where appProtocol is empty",
        "uses it whenever the probe is http(s), also by a protocol annotation",
        _protocol_without_app_protocol,
    ),
    Erratum(
        "port-numbers-of-local", (LEARN,), keys.PORT_PROBE_INTERVAL,
        "that {port} is the number of the Service port",
        "reads interval and count of the Local probe under the number of the healthCheckNodePort",
        lambda s, c: s.is_local and c.has(behaviours.PROBE_CODE_OF_1_23_4) and not _on_any_port(s, keys.PORT_PROBE_PORT)
        and _on_any_port(s, keys.PORT_PROBE_INTERVAL, keys.PORT_PROBE_COUNT),
    ),
    Erratum(
        "local-with-probe-port", (LEARN,), TRAFFIC_POLICY,
        "that Local Services are always probed with http and /healthz",
        "probes a port with health-probe_port like that of a Cluster Service since"
        f" {behaviours.LOCAL_PROBE_PORT.dates}",
        lambda s, c: s.is_local and c.has(behaviours.LOCAL_PROBE_PORT) and _on_any_port(s, keys.PORT_PROBE_PORT),
    ),
    Erratum(
        "local-in-1.23", (LEARN,), TRAFFIC_POLICY,
        "that Local Services are always probed with http and /healthz",
        f"lets the protocol annotation change that before {behaviours.PROBE_CODE_OF_1_23_4.dates}",
        lambda s, c: s.is_local and not c.has(behaviours.PROBE_CODE_OF_1_23_4) and keys.PROBE_PROTOCOL in s.annotations,
    ),
    Erratum(
        "private-link-proxy", (LEARN,), keys.PLS_PROXY_PROTOCOL,
        "that the probe of a Local Service with the proxy protocol can be customised, without naming a release",
        f"does so since {behaviours.PRIVATE_LINK_PROXY_PROBE.dates}",
        lambda s, c: s.is_local and _private_link_with_proxy(s) and not c.has(behaviours.PRIVATE_LINK_PROXY_PROBE),
    ),
    _without_release(keys.DISABLE_TCP_RESET, behaviours.DISABLE_TCP_RESET),
    _without_release(keys.ALLOWED_IP_RANGES, behaviours.ACCESS_CONTROL),
    _without_release(keys.IPV4, behaviours.ADDRESS_ANNOTATIONS),
    _without_release(keys.IPV6, behaviours.ADDRESS_ANNOTATIONS),
    _without_release(keys.NO_LB_RULE, behaviours.PORT_ANNOTATIONS),
    _without_release(keys.NO_PROBE_RULE, behaviours.PORT_ANNOTATIONS),
    _without_release(keys.PORT_PROBE_PROTOCOL, behaviours.PORT_ANNOTATIONS),
    _without_release(keys.PORT_PROBE_PORT, behaviours.PORT_ANNOTATIONS),
    _without_release(keys.PORT_PROBE_INTERVAL, behaviours.PROBE_CODE_OF_1_23_4),
    _without_release(keys.PORT_PROBE_COUNT, behaviours.PROBE_CODE_OF_1_23_4),
    _without_release(keys.PORT_PROBE_PATH, behaviours.PROBE_CODE_OF_1_23_4),
    Erratum(
        "probe-mode-from-1.28.0", (PROBE_MODE_GUIDE,), PROBE_MODE,
        "that shared probe mode works from Kubernetes 1.28.0 on",
        f"has it since {behaviours.SHARED_PROBE.dates} and ignores the setting before",
        lambda _, c: c.uses_shared_probe and c.provider_version[:2] == (1, 28) and not c.has(behaviours.SHARED_PROBE),
    ),
    Erratum(
        "probe-mode-on-basic", (PROBE_MODE_GUIDE,), PROBE_MODE,
        "that shared probe mode does not work on a Basic load balancer",
        "does not look at the SKU and uses the shared probe all the same",
        lambda s, c: _shared(c) and not c.is_standard and not s.is_local,
    ),
    Erratum(
        "probe-mode-unknown", (PROBE_MODE_GUIDE,), PROBE_MODE,
        "that any other mode has no effect",
        "does not start with an unknown mode",
        lambda _, c: c.has(behaviours.SHARED_PROBE) and c.probe_mode.lower() not in {SHARED, SERVICE_NODE_PORT},
    ),
    Erratum(
        "probe-for-each-service", (PROBE_MODE_GUIDE,), PROBE_MODE,
        "that mode ServiceNodePort has one probe for each Service",
        "makes one for each TCP port of the Service",
        lambda s, c: "probe_mode" in c.given and c.probe_mode.lower() == SERVICE_NODE_PORT and not s.is_local
        and len(s.ports) > 1,
    ),
    Erratum(
        "shared-probe-port", (PROBE_MODE_GUIDE,), SHARED_PROBE_PORT,
        "that the node answers on port 10356 and forwards to kube-proxy on 10256",
        "probes 10256 unless the setting says otherwise; AKS sets 10356",
        lambda s, c: _shared(c) and c.shared_probe_port == 10256 and not s.is_local,
    ),
    Erratum(
        "snat-rounding", (LEARN,), "allocatedOutboundPorts",
        "that the most nodes are rounded to the nearest whole number",
        "has no part in it, and Azure has no ports for a part of a node: round down",
        lambda _, c: _rounded_up(c),
    ),
    Erratum(
        "ha-ports-on-standard", (GITBOOK,), keys.HA_PORTS,
        "that a Standard load balancer has HA ports",
        "uses them only for an internal Service",
        lambda s, c: c.is_standard and _is_true(s, keys.HA_PORTS) and not _is_true(s, keys.INTERNAL),
    ),
    Erratum(
        "zones-on-basic", (GITBOOK,), SKU,
        "that Basic load balancers and public IPs are zonal",
        "gives zones to Standard resources only",
        lambda _, c: c.load_balancer_sku.lower() == BASIC and bool(c.zones),
    ),
    Erratum(
        "probes-of-node-ports", (GITBOOK,), TRAFFIC_POLICY,
        "that Azure probes the node port of the Service",
        "has Azure probe the healthCheckNodePort of a Local Service, and kube-proxy in shared probe mode",
        lambda s, c: s.is_local or _shared(c),
    ),
    Erratum(
        "pods-outside-ranges", (LEARN,), SOURCE_RANGES,
        "that the range of the pods belongs among them since 1.25",
        "leaves it to kube-proxy, which does not serve pods outside of them before either: their packets leave the node"
        " for Azure",
        lambda s, c: bool(s.load_balancer_source_ranges) and c.provider_version.minor < _PODS_FILTERED_SINCE,
    ),
    Erratum(
        "source-ranges-without-floating-ip", (KUBERNETES,), SOURCE_RANGES,
        "that they restrict what comes through the load balancer",
        "has the security group keep them there; without floating IP kube-proxy keeps them for pods and nodes alone,"
        " which call the address past the load balancer",
        lambda s, c: bool(s.load_balancer_source_ranges) and c.has(behaviours.DISABLE_FLOATING_IP)
        and _is_true(s, keys.DISABLE_FLOATING_IP),
    ),
    Erratum(
        "health-check-of-a-family", (KUBERNETES,), HEALTH_CHECK,
        "that the port tells whether a node holds endpoints of the Service",
        "has Azure ask it for each family; since Kubernetes 1.36, and with nftables, it tells of that family alone, and"
        " with iptables before of the family that opened it first",
        lambda s, c: s.is_local and len(s.ip_families) > 1 and c.has(behaviours.DUAL_STACK),
    ),
)  # fmt: skip
