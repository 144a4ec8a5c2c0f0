"""Microsoft's page on the public standard load balancer: backend pools and the behaviour of probes."""

from kubectl_akslb.model.cluster import BASIC
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.errata import LEARN
from kubectl_akslb.provider.version import NEWEST
from tests.doc_claims.row import Case, Check, Row, Table, by_version, case
from tests.given.services import HEALTH_CHECK_NODE_PORT, local, on, port, service, udp

PATH = {"azure-load-balancer-health-probe-request-path": "/custom-path"}
HTTP_ANNOTATION = {"azure-load-balancer-health-probe-protocol": "http"}
LOCAL_PROBE = f"Http {HEALTH_CHECK_NODE_PORT} /healthz"
PRIVATE_LINK = {
    "azure-load-balancer-internal": "true", "azure-pls-create": "true", "azure-pls-proxy-protocol": "true",
}  # fmt: skip

#: One release of each way to choose a probe, oldest first.
ERAS = ("1.23.0", "1.23.4", "1.23.9", "1.23.11", "1.23.30", "1.24.0", "1.24.22", "1.28.14", str(NEWEST))


def eras(*probes: str) -> dict[str, str]:
    """The probe in each era; the last one given holds for all that follow."""
    return dict(zip(ERAS, probes + probes[-1:] * (len(ERAS) - len(probes)), strict=True))


def _chosen(probe: str) -> dict[str, str]:
    """What the choice by appProtocol comes to without a path: from 1.23.4 on, but for 1.23.11 to 1.23.30."""
    return eras(
        "Tcp 30080", f"{probe} 30080 /healthz", f"{probe} 30080 /", "Tcp 30080", "Tcp 30080", f"{probe} 30080 /"
    )


def _http_and_https(
    path: dict[str, str] | None, http: dict[str, str], https: dict[str, str], **sku: str
) -> tuple[Case, ...]:
    return (
        *by_version(service(path, port(80, "http")), http, **sku),
        *by_version(service(path, port(80, "https")), https, **sku),
    )


DEFAULTS = Table(LEARN, "default-probe", "Default health probe behavior", (
    Row(
        "local", "Local Services: http /healthz of the node's health check, not of the backend", (
            case(local({}, port(80), port(443)), probes=(LOCAL_PROBE, LOCAL_PROBE)),
            case(local({**HTTP_ANNOTATION, **PATH}), probe=LOCAL_PROBE),
            case(local({**HTTP_ANNOTATION, **PATH}), "1.23.3", probe=f"http {HEALTH_CHECK_NODE_PORT} /custom-path"),
            case(local({"port_80_health-probe_port": "80"}), "1.28.0", probe=LOCAL_PROBE),
            case(local({"port_80_health-probe_port": "80"}), "1.28.1", probe="Tcp 30080"),
        ), disagrees=("local-in-1.23", "local-with-probe-port"),
    ),
    Row(
        "udp", "UDP ports of Cluster Services: no probe", (
            *by_version(service({}, udp()), eras("none")),
            case(service({}, port(), udp()), on(probe_mode="shared"), probes=("Http 10256 /healthz",) * 2),
        ), disagrees=("udp-in-shared-mode",),
    ),
    Row(
        "private-link-proxy", "Local with private link and proxy protocol: customised like a Cluster Service", (
            *by_version(local({**PRIVATE_LINK, **HTTP_ANNOTATION, **PATH}), {
                "1.26.9": LOCAL_PROBE, "1.26.10": "Http 30080 /custom-path", str(NEWEST): "Http 30080 /custom-path",
            }),
            case(local({**PRIVATE_LINK, "azure-pls-proxy-protocol": "false", **PATH}), probe=LOCAL_PROBE),
        ), disagrees=("private-link-proxy",),
    ),
))  # fmt: skip

BY_VERSION = Table(LEARN, "request-path-by-version", "Health probe request path annotation", (
    Row(
        "up-to-1.23", "appProtocol counts only with a request path",
        _http_and_https(None, _chosen("Http"), _chosen("Https"))
        + _http_and_https(PATH, eras("Tcp 30080", "Http 30080 /custom-path"), eras("Tcp 30080", "Https 30080 /custom-path")),
        disagrees=("app-protocol-in-1.23", "app-protocol-with-path-in-1.23"),
    ),
    Row(
        "after-1.24", "appProtocol counts, with / as the default path",
        by_version(service({}, port(80, "http")), {"1.24.0": "Http 30080 /", "1.25.0": "Http 30080 /"})
        + by_version(service(PATH, port(80, "http")), {"1.24.0": "Http 30080 /custom-path"}),
        (Check("the date of the behaviour", (ProviderVersion(1, 24, 0),), lambda: behaviours.APP_PROTOCOL_PROBE.since),),
        disagrees=("app-protocol-after-1.24",),
    ),
))  # fmt: skip

PATH_IGNORED = Table(LEARN, "request-path-ignored", "Health probe request path annotation", (
    Row(
        "no-app-protocol", "the path is ignored without an appProtocol", (
            *by_version(service(PATH), eras("Tcp 30080")),
            case(service({**PATH, **HTTP_ANNOTATION}), probe="Http 30080 /custom-path"),
            case(service({**PATH, "port_80_health-probe_protocol": "https"}), probe="Https 30080 /custom-path"),
        ), disagrees=("path-without-app-protocol",),
    ),
))  # fmt: skip


def _local_row(sku: str) -> Row:
    ports = (port(80), port(443, "https"), udp())
    cases = tuple(
        case(local(path, *ports), on(load_balancer_sku=sku), probes=(LOCAL_PROBE,) * 3) for path in ({}, PATH)
    )
    return Row(
        f"{sku}-local", "Local, any protocol, appProtocol and path: http /healthz",
        (
            *cases,
            *by_version(local(PATH, port(80, "https")), eras(LOCAL_PROBE), load_balancer_sku=sku),
            case(local({**HTTP_ANNOTATION, **PATH}), on("1.23.3", load_balancer_sku=sku),
                 probe=f"http {HEALTH_CHECK_NODE_PORT} /custom-path"),
            case(local({"port_80_health-probe_port": "80"}, port(80, "http")), on(load_balancer_sku=sku),
                 probe="Http 30080 /"),
        ),
        disagrees=("local-in-1.23", "local-with-probe-port"),
    )  # fmt: skip


def _unsupported_row(sku: str) -> Row:
    refused = "refused: unsupported protocol grpc"
    return Row(
        f"{sku}-tcp-unsupported-path",
        "Cluster, TCP, unsupported appProtocol, a path: tcp without a path",
        by_version(service(PATH, port(80, "grpc")), eras("Tcp 30080", refused, "Tcp 30080"), load_balancer_sku=sku),
        disagrees=("unknown-protocol-fails",),
    )


_BASIC_HTTPS = "refused: HTTPS protocol is not supported in health probe when basic lb is used"

DEFAULT_TABLE = Table(LEARN, "default-probe-table", "Health probe request path annotation, table", (
    _local_row("standard"),
    Row(
        "standard-udp", "Cluster, UDP, any appProtocol and path: neither protocol nor path", (
            *by_version(service(PATH, udp(53)), eras("none")),
            *by_version(service({}, udp(53, "http")), eras("none", "Http 30053 /healthz", "none")),
            case(service(PATH, udp(53, "http")), on(probe_mode="shared"), probe="Http 10256 /healthz"),
        ), disagrees=("udp-probe-in-1.23", "udp-in-shared-mode"),
    ),
    Row(
        "standard-tcp-http", "Cluster, TCP, http or https, no path: tcp up to 1.23; http or https with / from 1.24",
        _http_and_https(None, _chosen("Http"), _chosen("Https")),
        disagrees=("app-protocol-in-1.23",),
    ),
    Row(
        "standard-tcp-http-path", "Cluster, TCP, http or https, a path: http or https with the path",
        _http_and_https(PATH, eras("Tcp 30080", "Http 30080 /custom-path"), eras("Tcp 30080", "Https 30080 /custom-path")),
        disagrees=("app-protocol-with-path-in-1.23",),
    ),
    _unsupported_row("standard"),
    _local_row("basic"),
    Row(
        "basic-tcp-http", "Cluster, TCP, http, no path: tcp up to 1.23; http or https with / from 1.24",
        _http_and_https(
            None, _chosen("Http"), eras("Tcp 30080", _BASIC_HTTPS, "Tcp 30080"), load_balancer_sku=BASIC
        ),
        disagrees=("app-protocol-in-1.23", "https-on-basic"),
    ),
    Row(
        "basic-tcp-http-path", "Cluster, TCP, http, a path: http with the path",
        _http_and_https(
            PATH, eras("Tcp 30080", "Http 30080 /custom-path"), eras("Tcp 30080", _BASIC_HTTPS, "Tcp 30080"),
            load_balancer_sku=BASIC,
        ),
        disagrees=("app-protocol-with-path-in-1.23", "https-on-basic"),
    ),
    _unsupported_row("basic"),
))  # fmt: skip

TABLES = (DEFAULTS, BY_VERSION, PATH_IGNORED, DEFAULT_TABLE)
