"""Health probes: what is probed, how, where and how often."""

from collections.abc import Iterator

from conformance.cases.case import HEALTH_CHECK_NODE_PORT, Case, case, local, port, service, slug

PATH = "azure-load-balancer-health-probe-request-path"
PROTOCOL = "azure-load-balancer-health-probe-protocol"
INTERVAL = "azure-load-balancer-health-probe-interval"
COUNT = "azure-load-balancer-health-probe-num-of-probe"
LOCAL_KEY = f"port_{HEALTH_CHECK_NODE_PORT}_health-probe_"
SHARED = {"clusterServiceLoadBalancerHealthProbeMode": "shared"}
PROXY = {"azure-load-balancer-internal": "true", "azure-pls-create": "true", "azure-pls-proxy-protocol": "true"}
BASIC = {"loadBalancerSku": "basic"}

APP_PROTOCOLS = (
    None, "", "tcp", "http", "https", "HTTP", "HttpS", " http", "https ", "grpc", "kubernetes.io/h2c", "kubernetes.io/ws",
)  # fmt: skip
PROTOCOLS = ("http", "https", "tcp", "HTTPS", " http ", "udp", "grpc", "")
PATHS = ("/ready", "", "healthz", " /x", "/a?b=c&d=%20", "//")
NUMBERS = ("6", " 7 ", "+8", "4", "1", "-1", "", "x", "5.5", "0x10", "2147483648")
PROBE_PORTS = (
    "https", "HTTPS", "443", "80", "81", "0", "65536", "-1", "", " 443", "0443", "nope", "30443",
)  # fmt: skip
TRUES = ("true", "TRUE", " true", "true ", "1", "")


def _pair(app: str | None = None) -> tuple[dict[str, object], dict[str, object]]:
    return port(80, app=app, name="http"), port(443, name="https")


def _protocols() -> Iterator[Case]:
    for app in APP_PROTOCOLS:
        for policy, make in (("cluster", service), ("local", local)):
            yield case(f"probe/app-protocol-{policy}-{slug(app)}", make({}, port(80, app=app)))
        yield case(f"probe/app-protocol-and-path-{slug(app)}", service({PATH: "/ready"}, port(80, app=app)))
    for protocol in PROTOCOLS:
        yield case(f"probe/protocol-{slug(protocol)}", service({PROTOCOL: protocol}))
        yield case(f"probe/protocol-and-path-{slug(protocol)}", service({PROTOCOL: protocol, PATH: "/ready"}))
        key = "port_80_health-probe_protocol"
        yield case(f"probe/port-protocol-{slug(protocol)}", service({key: protocol}, *_pair("http")))
    yield case("probe/protocol-loses-to-app-protocol", service({PROTOCOL: "https"}, *_pair("http")))
    both = {PROTOCOL: "https", "port_443_health-probe_protocol": "http"}
    yield case("probe/port-protocol-wins-over-protocol", service(both, *_pair()))
    yield case("probe/port-protocol-and-path-on-local", local({"port_80_health-probe_protocol": "https", PATH: "/x"}))
    yield case("probe/protocol-on-local", local({PROTOCOL: "https", PATH: "/x"}, port(80), port(443, app="https")))
    for app in ("http", "https", "grpc"):
        yield case(f"probe/basic-app-protocol-{app}", service({}, port(80, app=app), name="basic"), config=BASIC)
    yield case("probe/basic-protocol-https", service({PROTOCOL: "https", PATH: "/x"}), config=BASIC)
    yield case("probe/basic-port-protocol-https", service({"port_80_health-probe_protocol": "https"}), config=BASIC)


def _paths() -> Iterator[Case]:
    for path in PATHS:
        yield case(f"probe/path-{slug(path)}", service({PATH: path}, *_pair("http")))
        yield case(
            f"probe/port-path-{slug(path)}", service({"port_80_health-probe_request-path": path}, *_pair("http"))
        )
    both = {PATH: "/all", "port_443_health-probe_request-path": "/one"}
    yield case("probe/port-path-wins", service(both, port(80, app="http"), port(443, app="https")))
    yield case("probe/path-of-a-port-that-is-not-there", service({"port_81_health-probe_request-path": "/x"}))
    yield case("probe/path-with-https", service({PATH: "/ready"}, port(443, app="https")))
    yield case(
        "probe/path-on-local", local({PATH: "/ready", "port_80_health-probe_request-path": "/one"}, *_pair("http"))
    )


def _numbers() -> Iterator[Case]:
    for key, name in ((INTERVAL, "interval"), (COUNT, "num-of-probe")):
        for number in NUMBERS:
            yield case(f"probe/{name}-{slug(number)}", service({key: number}))
            if number in (" 7 ", "1", "x"):
                yield case(f"probe/{name}-on-local-{slug(number)}", local({key: number}))
                yield case(f"probe/{name}-on-udp-{slug(number)}", service({key: number}, port(53, "UDP")))
                own = {f"port_80_health-probe_{name}": number}
                yield case(f"probe/port-{name}-{slug(number)}", service(own, *_pair()))
        both = {key: "9", f"port_443_health-probe_{name}": "11"}
        yield case(f"probe/port-{name}-wins", service(both, *_pair()))
        yield case(f"probe/port-{name}-hides-a-bad-one", service({key: "x", f"port_80_health-probe_{name}": "6"}))
        yield case(f"probe/{name}-of-the-local-probe", local({f"{LOCAL_KEY}{name}": "9"}, *_pair()))
        yield case(f"probe/{name}-of-a-port-on-local", local({f"port_80_health-probe_{name}": "9"}))
        yield case(f"probe/bad-{name}-of-the-local-probe", local({f"{LOCAL_KEY}{name}": "x"}))
        yield case(f"probe/{name}-of-the-local-probe-wins", local({key: "8", f"{LOCAL_KEY}{name}": "9"}))
        yield case(f"probe/{name}-without-probe", service({key: "x", "port_80_no_probe_rule": "true"}))
    for interval, count in ((59, 2), (60, 2), (5, 23), (5, 24), (119, 1), (40, 3), (24, 5), (2147483647, 2)):
        yield case(f"probe/product-{interval}x{count}", service({INTERVAL: str(interval), COUNT: str(count)}))
    mixed = {INTERVAL: "30", "port_443_health-probe_num-of-probe": "4"}
    yield case("probe/product-of-port-and-global", service(mixed, *_pair()))
    yield case("probe/product-on-local", local({INTERVAL: "60", COUNT: "2"}))
    yield case("probe/both-numbers-bad", service({INTERVAL: "x", COUNT: "y", "port_80_health-probe_port": "nope"}))


def _ports() -> Iterator[Case]:
    for where in PROBE_PORTS:
        key = {"port_80_health-probe_port": where}
        yield case(f"probe/port-{slug(where)}", service(key, *_pair("http")))
        if where in ("https", "443", "81", "nope", ""):
            yield case(f"probe/port-on-local-{slug(where)}", local(key, *_pair("http")))
            yield case(f"probe/port-of-the-only-port-{slug(where)}", service(key))
    twins = (port(53, "UDP", node=31053), port(53, "TCP", node=31054), port(80))
    yield case("probe/port-of-two-protocols", service({"port_80_health-probe_port": "53"}, *twins))
    yield case("probe/annotations-of-two-protocols", service({"port_53_health-probe_protocol": "http"}, *twins))
    repeated = (port(80, name="Web", node=31080), port(81, name="web", node=31081), port(82))
    yield case("probe/port-named-twice", service({"port_82_health-probe_port": "WEB"}, *repeated))
    numbered = (port(80, name="81", node=31080), port(81, name="b", node=31081))
    yield case("probe/port-named-like-a-number", service({"port_80_health-probe_port": "81"}, *numbered))
    everywhere = {"port_80_health-probe_port": "443", "port_443_health-probe_port": "443"}
    yield case("probe/port-for-every-port-on-local", local(everywhere, *_pair("http")))
    yield case("probe/port-and-path-on-local", local({"port_80_health-probe_port": "80", PATH: "/x"}, *_pair("http")))
    yield case("probe/port-with-udp-on-local", local({"port_53_health-probe_port": "80"}, port(53, "UDP"), port(80)))
    yield case("probe/no-node-ports", service({}, port(80, node=0), allocateLoadBalancerNodePorts=False))
    own = {"port_80_health-probe_port": "10256", "port_80_health-probe_protocol": "http", PATH: "/healthz"}
    yield case("probe/port-of-kube-proxy", service(own, port(80, node=0), allocateLoadBalancerNodePorts=False))
    yield case("probe/local-without-health-check-port", local({}, healthCheckNodePort=0))


def _switches() -> Iterator[Case]:
    for name, short in (("no_probe_rule", "no-probe-rule"), ("no_lb_rule", "no-lb-rule")):
        for value in TRUES:
            yield case(f"probe/{short}-{slug(value)}", service({f"port_80_{name}": value}, *_pair()))
        yield case(f"probe/{short}-on-local", local({f"port_80_{name}": "true"}, *_pair()))
        every = {f"port_80_{name}": "true", f"port_443_{name}": "true"}
        yield case(f"probe/{short}-everywhere-on-local", local(every, *_pair()))
        yield case(f"probe/{short}-everywhere", service(every, *_pair()))
        bad = {f"port_80_{name}": "true", "port_80_health-probe_interval": "1", "port_80_health-probe_port": "nope"}
        yield case(f"probe/{short}-hides-a-bad-probe", service(bad, *_pair()))
        udp = (port(53, "UDP"), port(53, "TCP"))
        yield case(f"probe/{short}-of-two-protocols", service({f"port_53_{name}": "true"}, *udp))


def _shared() -> Iterator[Case]:
    ports = {**SHARED, "clusterServiceSharedLoadBalancerHealthProbePort": 10356}
    annotated = {PROTOCOL: "http", PATH: "/x", INTERVAL: "9", "port_80_health-probe_port": "443"}
    yield case("probe/shared", service({}, *_pair("http")), config=SHARED)
    yield case("probe/shared-any-case", service(), config={"clusterServiceLoadBalancerHealthProbeMode": "Shared"})
    yield case(
        "probe/shared-port-and-path",
        service(),
        config={**ports, "clusterServiceSharedLoadBalancerHealthProbePath": "/p"},
    )
    yield case("probe/shared-port", service(), config=ports)
    yield case("probe/shared-udp-and-tcp", service({}, port(53, "UDP"), port(53, "TCP")), config=SHARED)
    yield case("probe/shared-annotated", service(annotated, *_pair("https")), config=SHARED)
    yield case("probe/shared-bad-interval", service({INTERVAL: "1"}), config=SHARED)
    yield case("probe/shared-no-probe-rule", service({"port_80_no_probe_rule": "true"}, *_pair()), config=SHARED)
    yield case("probe/shared-no-lb-rule", service({"port_80_no_lb_rule": "true"}, *_pair()), config=SHARED)
    yield case("probe/shared-local", local({}, *_pair()), config=SHARED)
    yield case("probe/shared-local-probe-port", local({"port_80_health-probe_port": "443"}, *_pair()), config=SHARED)
    yield case("probe/shared-private-link", local(PROXY, *_pair()), config=SHARED)
    yield case("probe/shared-no-node-ports", service({}, port(80, node=0)), config=SHARED)
    yield case("probe/shared-basic", service(), config={**SHARED, **BASIC})


def _others() -> Iterator[Case]:
    yield case("probe/udp", service({}, port(53, "UDP")))
    yield case("probe/udp-app-protocol", service({}, port(53, "UDP", app="http")))
    yield case("probe/udp-and-tcp", service({}, port(53, "UDP"), port(53, "TCP")))
    yield case("probe/udp-on-local", local({}, port(53, "UDP")))
    yield case("probe/udp-and-tcp-on-local", local({}, port(53, "UDP"), port(53, "TCP")))
    yield case(
        "probe/udp-with-annotations", service({"port_53_health-probe_protocol": "http", PATH: "/x"}, port(53, "UDP"))
    )
    proxied = local(PROXY, *_pair("http"))
    yield case("probe/proxy-protocol-on-local", proxied)
    yield case("probe/proxy-protocol-on-cluster", service(PROXY, *_pair("http")))
    for key in ("azure-pls-create", "azure-pls-proxy-protocol"):
        for value in ("TRUE", "true ", "false"):
            yield case(f"probe/{key}-on-local-{slug(value)}", local({**PROXY, key: value}, *_pair("http")))


def cases() -> Iterator[Case]:
    """All of them."""
    for table in (_protocols, _paths, _numbers, _ports, _switches, _shared, _others):
        yield from table()
