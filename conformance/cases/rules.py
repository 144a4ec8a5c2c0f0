"""Load-balancing rules, and which load balancer, frontend and subnet a Service is put on."""

from collections.abc import Iterator

from conformance.cases.case import DUAL_NODES, Case, case, local, port, service, slug

INTERNAL = {"azure-load-balancer-internal": "true"}
HA_PORTS = "azure-load-balancer-enable-high-availability-ports"
NO_FLOATING_IP = "azure-disable-load-balancer-floating-ip"
IDLE = "azure-load-balancer-tcp-idle-timeout"
TCP_RESET = "azure-load-balancer-disable-tcp-reset"
SUBNET = "azure-load-balancer-internal-subnet"
BASIC = {"loadBalancerSku": "basic"}
TRUES = ("true", "TRUE", " true", "true ", "1", "")
LONG = "a-subnet-with-a-name-that-is-as-long-as-a-name-can-be-in-azure-0123456789-0123456"


def _timeouts() -> Iterator[Case]:
    for minutes in ("4", "30", "31", "100", "101", "3", " 10 ", "x", "", "4.0"):
        yield case(f"rule/idle-timeout-{slug(minutes)}", service({IDLE: minutes}))
    yield case("rule/idle-timeout-udp", service({IDLE: "10"}, port(53, "UDP"), port(53, "TCP")))
    yield case("rule/idle-timeout-udp-default", service({}, port(53, "UDP")))
    yield case("rule/idle-timeout-ha-ports", service({**INTERNAL, HA_PORTS: "true", IDLE: "20"}))
    yield case("rule/idle-timeout-bad-ha-ports", service({**INTERNAL, HA_PORTS: "true", IDLE: "x"}))
    yield case("rule/idle-timeout-on-local", local({IDLE: "20"}))


def _switches() -> Iterator[Case]:
    for value in TRUES:
        yield case(f"rule/tcp-reset-{slug(value)}", service({TCP_RESET: value}, port(80), port(53, "UDP")))
        yield case(f"rule/ha-ports-{slug(value)}", service({**INTERNAL, HA_PORTS: value}, port(80), port(443)))
        yield case(f"rule/no-floating-ip-{slug(value)}", service({NO_FLOATING_IP: value}, port(80), port(53, "UDP")))
        yield case(f"rule/internal-{slug(value)}", service({"azure-load-balancer-internal": value}))
        internal = {"azure-load-balancer-internal": value, HA_PORTS: "true"}
        yield case(f"rule/internal-ha-ports-{slug(value)}", service(internal, port(80), port(443)))


def _ha_ports() -> Iterator[Case]:
    ha = {**INTERNAL, HA_PORTS: "true"}
    two = (port(80, app="http"), port(443, app="https"))
    yield case("rule/ha-ports-public", service({HA_PORTS: "true"}, *two))
    yield case("rule/ha-ports-basic", service(ha, *two), config=BASIC)
    yield case("rule/ha-ports-local", local(ha, *two))
    yield case("rule/ha-ports-local-udp", local(ha, port(53, "UDP"), port(443)))
    yield case("rule/ha-ports-udp-first", service(ha, port(53, "UDP"), port(443)))
    yield case("rule/ha-ports-udp-only", service(ha, port(53, "UDP")))
    yield case("rule/ha-ports-no-rule", service({**ha, "port_80_no_lb_rule": "true"}, *two))
    yield case("rule/ha-ports-no-probe", service({**ha, "port_80_no_probe_rule": "true"}, *two))
    yield case("rule/ha-ports-no-floating-ip", service({**ha, NO_FLOATING_IP: "true"}, *two))
    yield case("rule/ha-ports-no-tcp-reset", service({**ha, TCP_RESET: "true"}, *two))
    yield case("rule/ha-ports-bad-first-probe", service({**ha, "port_80_health-probe_interval": "1"}, *two))
    yield case("rule/ha-ports-bad-probe", service({**ha, "azure-load-balancer-health-probe-interval": "x"}, *two))
    yield case("rule/ha-ports-affinity", service(ha, *two, sessionAffinity="ClientIP"))
    yield case("rule/ha-ports-sctp", service(ha, port(80, "SCTP")))
    yield case("rule/ha-ports-sctp-and-tcp", service(ha, port(80, "SCTP"), port(443)))
    yield case("rule/ha-ports-subnet", service({**ha, SUBNET: "apps"}, *two))
    shared = {"clusterServiceLoadBalancerHealthProbeMode": "shared"}
    yield case("rule/ha-ports-shared-probe", service(ha, *two), config=shared)
    yield case("rule/ha-ports-shared-probe-local", local(ha, *two), config=shared)
    proxy = {**ha, "azure-pls-create": "true", "azure-pls-proxy-protocol": "true"}
    yield case("rule/ha-ports-proxy-protocol-local", local(proxy, *two))
    yield case("rule/ha-ports-probe-port-local", local({**ha, "port_80_health-probe_port": "443"}, *two))


def _floating_ip() -> Iterator[Case]:
    off = {NO_FLOATING_IP: "true"}
    yield case("rule/no-floating-ip-internal", service({**off, **INTERNAL}))
    yield case("rule/no-floating-ip-local", local(off, port(80), port(53, "UDP")))
    yield case("rule/no-floating-ip-no-node-ports", service(off, port(80, node=0)))
    yield case(
        "rule/no-floating-ip-node-ip", service(off), config={"loadBalancerBackendPoolConfigurationType": "nodeIP"}
    )
    yield case("rule/no-floating-ip-no-nodes", service(off), nodes=())
    ranges = ["192.0.2.0/24"]
    yield case("rule/no-floating-ip-ranges", service(off, port(80), port(443), loadBalancerSourceRanges=ranges))
    deny = {**off, "azure-deny-all-except-load-balancer-source-ranges": "true"}
    yield case("rule/no-floating-ip-deny-all", service(deny, port(80), port(443), loadBalancerSourceRanges=ranges))
    yield case("rule/no-floating-ip-additional-ips", service({**off, "azure-additional-public-ips": "203.0.113.9"}))


def _protocols() -> Iterator[Case]:
    yield case("rule/mixed-protocols", service({}, port(53, "UDP"), port(53, "TCP"), port(443)))
    yield case("rule/sctp-public", service({}, port(80, "SCTP")))
    yield case("rule/sctp-internal", service(INTERNAL, port(80, "SCTP")))
    yield case("rule/sctp-internal-any-case", service({"azure-load-balancer-internal": "True"}, port(80, "SCTP")))
    yield case("rule/sctp-basic", service(INTERNAL, port(80, "SCTP")), config=BASIC)
    yield case("rule/sctp-local", local(INTERNAL, port(80, "SCTP")))
    yield case("rule/sctp-no-rule", service({"port_80_no_lb_rule": "true"}, port(80, "SCTP"), port(443)))
    yield case("rule/affinity", service({}, port(80), port(53, "UDP"), sessionAffinity="ClientIP"))
    yield case("rule/many-ports", service({}, *(port(number) for number in range(8000, 8012))))
    yield case("rule/basic", service({}, port(80), port(53, "UDP")), config=BASIC)
    yield case("rule/basic-local", local({}, port(80), port(443)), config=BASIC)
    yield case("rule/basic-internal", service(INTERNAL), config=BASIC)
    yield case("rule/no-sku", service(), config={"loadBalancerSku": ""})
    yield case("rule/sku-in-other-case", service(), config={"loadBalancerSku": "Standard"})
    for value in (True, False):
        yield case(f"rule/no-outbound-snat-{value}".lower(), service(), config={"disableOutboundSNAT": value})
    yield case("rule/no-outbound-snat-basic", service(), config=BASIC | {"disableOutboundSNAT": True})
    both = {"disableOutboundSNAT": True}
    yield case("rule/no-outbound-snat-ha-ports", service({**INTERNAL, HA_PORTS: "true"}), config=both)


def _placement() -> Iterator[Case]:
    yield case("rule/internal-local", local(INTERNAL, port(80), port(443)))
    for subnet in ("apps", "", " ", " apps ", "Apps_1", LONG[:30], LONG[:42], LONG[:43], LONG[:47], LONG[:48], LONG):
        name = slug(subnet) if len(subnet) < 20 else f"{len(subnet)}-characters"
        yield case(f"rule/subnet-{name}", service({**INTERNAL, SUBNET: subnet}, port(80), port(65535, "UDP")))
        if len(subnet) > 40:
            yield case(f"rule/subnet-local-{name}", local({**INTERNAL, SUBNET: subnet}))
    yield case("rule/subnet-public", service({SUBNET: "apps"}))
    yield case("rule/subnet-internal-any-case", service({"azure-load-balancer-internal": "True", SUBNET: "apps"}))
    for mode in ("__auto__", "vmss", "other"):
        yield case(f"rule/mode-{slug(mode)}", service({"azure-load-balancer-mode": mode}))
    names = {"loadBalancerName": "edge"}
    yield case("rule/load-balancer-name", service(), config=names)
    yield case("rule/load-balancer-name-internal", service(INTERNAL), config=names)
    node_ip = {"loadBalancerBackendPoolConfigurationType": "nodeIP"}
    yield case("rule/node-ip", service({}, port(80), port(443)), config=node_ip)
    yield case("rule/node-ip-internal", service(INTERNAL), config=node_ip)
    yield case("rule/node-ip-local", local({}), config=node_ip)
    yield case("rule/node-ip-dual-stack", service({}, families=("IPv4", "IPv6")), config=node_ip, nodes=DUAL_NODES)
    yield case("rule/node-ip-no-nodes", service(), config=node_ip, nodes=())
    yield case("rule/no-nodes", service(), nodes=())
    yield case("rule/no-families", service({}, families=()))
    yield case("rule/no-families-local", local({}, families=()))
    yield case("rule/no-families-internal", service(INTERNAL, families=()))


def cases() -> Iterator[Case]:
    """All of them."""
    for table in (_timeouts, _switches, _ha_ports, _floating_ip, _protocols, _placement):
        yield from table()
