"""Microsoft's page on the public standard load balancer: its tables of annotations, and what it says about sources."""

from kubectl_akslb.model.cluster import ExistingPublicIP
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider.errata import LEARN, MISPRINTED_COUNT
from tests.doc_claims.row import Case, Check, Row, Table, case
from tests.given.services import HEALTH_CHECK_NODE_PORT, NAME, NOW, local, on, port, service, udp

INTERNAL = {"azure-load-balancer-internal": "true"}


def _row(
    key: keys.Annotation, claim: str, *cases: Case, default: str | None = None, disagrees: tuple[str, ...] = ()
) -> Row:
    """A row about an annotation: the registry has it, and its default where the document names one."""
    checks = [Check("is in the registry", True, lambda: key in keys.ANNOTATIONS)]
    if default is not None:
        checks.append(Check("default", default, lambda: key.default))
    return Row(key.short, claim, cases, tuple(checks), disagrees)


def _shared_rule(value: str) -> dict[str, str]:
    return {"azure-shared-securityrule": value}


ANNOTATIONS = Table(LEARN, "annotations", "Customizations via Kubernetes annotations", (
    _row(
        keys.SHARED_SECURITY_RULE, "true or false: the Service uses a security rule shared with others",
        case(service(_shared_rule("true")), "1.28.14", security_rules=("shared-TCP-80-Internet",)),
        case(service(_shared_rule("false")), "1.28.14", security_rules=(f"{NAME}-TCP-80-Internet",)),
        case(
            service(_shared_rule("true")), NOW,
            security_rules=("k8s-azure-lb_allow_IPv4_d39272f7f57ed937951650d93992ad77",),
        ),
        case(
            service(_shared_rule("false")), NOW,
            security_rules=("k8s-azure-lb_allow_IPv4_d39272f7f57ed937951650d93992ad77",),
        ),
        disagrees=("shared-security-rule",),
    ),
    _row(
        keys.ALLOWED_IP_RANGES, "ranges that are let in, separated by commas",
        case(service({"azure-allowed-ip-ranges": "10.0.0.0/8,20.1.0.0/16"}), allowed=("10.0.0.0/8,20.1.0.0/16",)),
        case(service({"azure-allowed-ip-ranges": "10.0.0.0/8"}), "1.28.4", allowed=("Internet",)),
        case(service({"azure-allowed-ip-ranges": "10.0.0.0/8"}), "1.28.5", allowed=("10.0.0.0/8",)),
        disagrees=("without-release/azure-allowed-ip-ranges",),
    ),
    _row(
        keys.IDLE_TIMEOUT, "a whole number of minutes for TCP connections: 4 by default and at least, at most 30",
        case(service(), idle=(4,)),
        *(case(service({"azure-load-balancer-tcp-idle-timeout": m}), idle=(int(m),)) for m in ("4", "30", "31", "100")),
        case(service({"azure-load-balancer-tcp-idle-timeout": "30"}, port(), udp()), idle=(30, 30)),
        *(
            case(service({"azure-load-balancer-tcp-idle-timeout": minutes}), version, refused=(
                "error generate lb rule for ha mod loadbalancer. err: error parsing idle timeout key:"
                f" {keys.IDLE_TIMEOUT}, err: error parsing value: idle timeout value must be a whole number representing"
                f" minutes between 4 and {longest}, actual value: {minutes}"
            ))
            for minutes, version, longest in (
                ("3", NOW, 100), ("101", NOW, 100), ("31", "1.27.6", 30), ("31", "1.26.12", 30), ("31", "1.24.22", 30),
            )
        ),
        case(service({"azure-load-balancer-tcp-idle-timeout": "4.5"}), refused=(
            f"error generate lb rule for ha mod loadbalancer. err: error parsing idle timeout key: {keys.IDLE_TIMEOUT},"
            ' err: error value: strconv.ParseInt: parsing "4.5": invalid syntax: 4.5 value must be a whole number'
        )),
        default="4", disagrees=("idle-timeout-maximum", "idle-timeout-of-udp"),
    ),
    _row(
        keys.DISABLE_TCP_RESET, "true or false: no TCP reset on idle",
        case(service({"azure-load-balancer-disable-tcp-reset": "true"}), tcp_reset=(False,)),
        case(service({"azure-load-balancer-disable-tcp-reset": "false"}), tcp_reset=(True,)),
        case(service({"azure-load-balancer-disable-tcp-reset": "true"}), "1.28.0", tcp_reset=(True,)),
        case(service({"azure-load-balancer-disable-tcp-reset": "true"}), "1.28.1", tcp_reset=(False,)),
        disagrees=("without-release/azure-load-balancer-disable-tcp-reset",),
    ),
    _row(
        keys.IPV4, "the IPv4 address of the load balancer",
        case(service({**INTERNAL, "azure-load-balancer-ipv4": "10.224.0.99"}), private_address="10.224.0.99"),
        case(service({"azure-load-balancer-ipv4": "20.9.9.9"}),
             on(existing_public_ips=(ExistingPublicIP("mine", "20.9.9.9"),)), public_ip="mine"),
        case(service({**INTERNAL, "azure-load-balancer-ipv4": "10.224.0.99"}), "1.24.8", private_address=None),
        disagrees=("without-release/azure-load-balancer-ipv4",),
    ),
    _row(
        keys.IPV6, "the IPv6 address of the load balancer",
        case(service({**INTERNAL, "azure-load-balancer-ipv6": "fd00::99"}, ip_families=("IPv6",), cluster_ips=("fd01::1",)),
             private_address="fd00::99"),
        case(service({**INTERNAL, "azure-load-balancer-ipv6": "fd00::99"}, ip_families=("IPv6",), cluster_ips=("fd01::1",)),
             "1.24.8", private_address=None),
        disagrees=("without-release/azure-load-balancer-ipv6",),
    ),
))  # fmt: skip

_HTTP = port(80, "http")
_OTHER = port(443, "https")

PROBE_ANNOTATIONS = Table(LEARN, "probe-annotations", "Customize the load balancer health probe", (
    _row(
        keys.PROBE_COUNT, "unhealthy answers until a node is out",
        case(service({"azure-load-balancer-health-probe-num-of-probe": "4"}, _HTTP, _OTHER), every=((5, 4), (5, 4))),
        case(service({"azure-load-balancer-health-probe-num-of-probe": "4"}), on(probe_mode="shared"), every=((5, 2),)),
        default="2", disagrees=("probe-annotations-in-shared-mode",),
    ),
    _row(
        keys.NO_LB_RULE, "true or false: no rule and no probe for the Service port, to keep it from the internet",
        case(service({"port_443_no_lb_rule": "true"}, _HTTP, _OTHER), rules=("Tcp 80 to 80",), opened=(("443", "80"),)),
        case(service({"port_443_no_lb_rule": "false"}, _HTTP, _OTHER), rules=("Tcp 80 to 80", "Tcp 443 to 443")),
        case(service({"port_443_no_lb_rule": "true"}, _HTTP, _OTHER), "1.25.5", rules=("Tcp 80 to 80", "Tcp 443 to 443")),
        disagrees=("no-lb-rule-opens-port", "without-release/port_{port}_no_lb_rule"),
    ),
    _row(
        keys.NO_PROBE_RULE, "true or false: no probe for the Service port",
        case(service({"port_443_no_probe_rule": "true"}, _HTTP, _OTHER), probes=("Http 30080 /", "none")),
        case(service({"port_443_no_probe_rule": "false"}, _HTTP, _OTHER), probes=("Http 30080 /", "Https 30443 /")),
        case(service({"port_443_no_probe_rule": "true"}, _HTTP, _OTHER), "1.25.5",
             probes=("Http 30080 /", "Https 30443 /")),
        disagrees=("without-release/port_{port}_no_probe_rule",),
    ),
    _row(
        keys.PORT_PROBE_PROTOCOL, "the protocol of the Service port's probe, before its appProtocol",
        case(service({"port_80_health-probe_protocol": "tcp"}, _HTTP, _OTHER), probes=("Tcp 30080", "Https 30443 /")),
        case(service({"port_80_health-probe_protocol": "tcp"}, _HTTP), "1.24.11", probes=("Http 30080 /",)),
        case(service({"port_80_health-probe_protocol": "tcp"}, _HTTP), "1.24.12", probes=("Tcp 30080",)),
        disagrees=("without-release/port_{port}_health-probe_protocol",),
    ),
    _row(
        keys.PORT_PROBE_PORT, "the name or number of the port that is probed instead of the default",
        case(service({"port_80_health-probe_port": "status"}, port(), port(15, name="status")),
             probes=("Tcp 30015", "Tcp 30015")),
        case(service({"port_80_health-probe_port": "15"}, port(), port(15)), probes=("Tcp 30015", "Tcp 30015")),
        case(service({"port_80_health-probe_port": "nosuch"}), refused=(
            f"failed to parse annotation {keys.PORT_PROBE_PORT.for_port(80)}: port nosuch not found in service"
        )),
        case(service({"port_80_health-probe_port": "15"}, port(), port(15)), "1.26.0", probe="Tcp 30015"),
        case(service({"port_80_health-probe_port": "15"}, port(), port(15)), "1.25.5", probe="Tcp 30080"),
        disagrees=("without-release/port_{port}_health-probe_port",),
    ),
    _row(
        keys.PORT_PROBE_INTERVAL, "seconds between probes of the Service port",
        case(service({"port_80_health-probe_interval": "9"}, _HTTP, _OTHER), every=((9, 2), (5, 2))),
        case(local({"port_80_health-probe_interval": "9"}), every=((5, 2),)),
        case(local({f"port_{HEALTH_CHECK_NODE_PORT}_health-probe_interval": "9"}), every=((9, 2),)),
        case(service({"port_80_health-probe_interval": "9"}), "1.23.3", every=((5, 2),)),
        disagrees=("port-numbers-of-local", "without-release/port_{port}_health-probe_interval"),
    ),
    _row(
        keys.PORT_PROBE_COUNT, "unhealthy answers until a node is out, for the Service port",
        case(service({"port_80_health-probe_num-of-probe": "4"}, _HTTP, _OTHER), every=((5, 4), (5, 2))),
        case(local({"port_80_health-probe_num-of-probe": "4"}), every=((5, 2),)),
        case(local({f"port_{HEALTH_CHECK_NODE_PORT}_health-probe_num-of-probe": "4"}), every=((5, 4),)),
        case(service({"port_80_health-probe_num-of-probe": "4"}), "1.23.3", every=((5, 2),)),
        disagrees=("port-numbers-of-local", "without-release/port_{port}_health-probe_num-of-probe"),
    ),
    _row(
        keys.PORT_PROBE_PATH, "the path that the probe of the Service port asks for",
        case(service({"port_80_health-probe_request-path": "/up"}, _HTTP, _OTHER),
             probes=("Http 30080 /up", "Https 30443 /")),
        case(service({"azure-load-balancer-health-probe-protocol": "Http", "port_80_health-probe_request-path": "/up"}),
             "1.23.3", probe="Http 30080 /healthz"),
        disagrees=("without-release/port_{port}_health-probe_request-path",),
    ),
))  # fmt: skip

PORT_ANNOTATIONS = Table(LEARN, "port-and-global-annotations", "Custom load balancer health probe for port", (
    _row(
        keys.NO_LB_RULE, "true: neither rule nor probe; nothing like it for all ports",
        case(service({"port_80_no_lb_rule": "true"}), rules=(), probe_names=(), opened=(("80",),)),
        disagrees=("no-lb-rule-opens-port",),
    ),
    _row(
        keys.PORT_PROBE_PROTOCOL, "Http, Https or Tcp for the port; nothing like it for all ports",
        *(case(service({"port_80_health-probe_protocol": text}), probe=probe)
          for text, probe in (("Http", "Http 30080 /"), ("Https", "Https 30080 /"), ("Tcp", "Tcp 30080"))),
        case(service({"azure-load-balancer-health-probe-protocol": "http"}), probe="Http 30080 /"),
        case(service({"azure-load-balancer-health-probe-protocol": "http"}, port(80, "tcp")), probe="Tcp 30080"),
        disagrees=("global-probe-protocol",),
    ),
    _row(
        keys.PORT_PROBE_PORT, "a port number to probe, such as 15021; nothing like it for all ports",
        case(service({"port_80_health-probe_port": "15021"}), probe="Tcp 15021"),
        case(service({"port_80_health-probe_port": "15021"}), "1.27.7", probe="Tcp 15021"),
        case(service({"port_80_health-probe_port": "15021"}), "1.27.6", refused=(
            f"failed to parse annotation {keys.PORT_PROBE_PORT.for_port(80)}: port 15021 not found in service"
        )),
        case(local({"port_80_health-probe_port": "15021"}), "1.28.0", probe=f"Http {HEALTH_CHECK_NODE_PORT} /healthz"),
        case(local({"port_80_health-probe_port": "15021"}), "1.28.1", probe="Tcp 15021"),
        disagrees=("probe-port-of-the-node", "local-with-probe-port"),
    ),
))  # fmt: skip

INTERVAL_AND_COUNT = Table(LEARN, "interval-and-count", "Health probe interval and number of probes", (
    Row(
        "interval", "since 1.21; 5 where it is not set", (
            case(service(), every=((5, 2),)),
            case(service({"azure-load-balancer-health-probe-interval": "9"}), "1.23.4", every=((9, 2),)),
            case(service({"azure-load-balancer-health-probe-interval": "9"}), "1.23.3", every=((5, 2),)),
        ), disagrees=("probe-numbers-from-1.21",),
    ),
    Row(
        "count", "since 1.21; 2 where it is not set; spelled without the beginning of its key", (
            case(service(), every=((5, 2),)),
            case(service({f"{keys.PREFIX}{MISPRINTED_COUNT}": "4"}), every=((5, 2),)),
            case(service({"azure-load-balancer-health-probe-num-of-probe": "4"}), "1.23.3", every=((5, 2),)),
        ), disagrees=("misprinted-count", "probe-numbers-from-1.21"),
    ),
))  # fmt: skip

TAGS_AND_RANGES = {"azure-allowed-service-tags": "AzureCloud", "azure-allowed-ip-ranges": "10.0.0.0/8,20.1.0.0/16"}

INBOUND = Table(LEARN, "inbound-notes", "Restrict inbound traffic to specific IP ranges", (
    Row(
        "source-ranges-or-tags", "ranges and tags go together only as annotations; with the field they are an error", (
            case(service(TAGS_AND_RANGES), refused=None, allowed=("AzureCloud", "10.0.0.0/8,20.1.0.0/16")),
            case(service({"azure-allowed-service-tags": "AzureCloud"}, load_balancer_source_ranges=("10.0.0.0/8",)),
                 refused=None, allowed=("AzureCloud", "10.0.0.0/8"), events=("ConflictConfiguration",)),
            case(service({"azure-allowed-ip-ranges": "20.1.0.0/16"}, load_balancer_source_ranges=("10.0.0.0/8",)),
                 refused=f"cannot set both spec.LoadBalancerSourceRanges and service annotation {keys.ALLOWED_IP_RANGES}"),
        ), disagrees=("source-ranges-with-tags",),
    ),
    Row(
        "pod-range", "since 1.25 the pods' range belongs into the field if pods use the address", (
            case(service(load_balancer_source_ranges=("10.0.0.0/8",)), "1.24.22", allowed=("10.0.0.0/8",)),
            case(service(load_balancer_source_ranges=("10.0.0.0/8",)), "1.25.0", allowed=("10.0.0.0/8",)),
        ), disagrees=("pods-outside-ranges",),
    ),
))  # fmt: skip

ALLOWED = Table(LEARN, "allowed-ranges", "Customize allowed IP ranges (preview)", (
    Row(
        "one-rule", "ranges and tags are merged into a single security rule",
        (case(service(TAGS_AND_RANGES), allowed=("AzureCloud", "10.0.0.0/8,20.1.0.0/16")),),
        disagrees=("ranges-and-tags-in-one-rule",),
    ),
    Row(
        "field-and-tags", "the field together with the tags is an error",
        (case(service({"azure-allowed-service-tags": "AzureCloud"}, load_balancer_source_ranges=("10.0.0.0/8",)),
              refused=None, allowed=("AzureCloud", "10.0.0.0/8")),),
        disagrees=("source-ranges-with-tags",),
    ),
))  # fmt: skip


TABLES = (INBOUND, ANNOTATIONS, ALLOWED, PROBE_ANNOTATIONS, INTERVAL_AND_COUNT, PORT_ANNOTATIONS)
