"""Azure support's Japanese article on the probes of AKS 1.24. It has no table; lists and examples are taken row by row."""

from kubectl_akslb.provider.errata import SUPPORT_BLOG
from kubectl_akslb.provider.version import NEWEST
from tests.doc_claims.learn_probes import eras
from tests.doc_claims.row import Row, Table, by_version, case
from tests.given.services import port, service

PATH = {"azure-load-balancer-health-probe-request-path": "/healthz"}
INGRESS = (port(80, "http", name="http"), port(443, "https", name="https"))
HTTP = port(80, "http")

PROTOCOLS = Table(SUPPORT_BLOG, "protocols", "Probes of a Service", (
    Row(
        "no-app-protocol", "without an appProtocol the path is ignored and the probe is tcp", (
            *by_version(service(PATH), eras("Tcp 30080")),
            case(service({**PATH, "azure-load-balancer-health-probe-protocol": "http"}), probe="Http 30080 /healthz"),
        ), disagrees=("path-without-app-protocol",),
    ),
))  # fmt: skip

VERSIONS = Table(SUPPORT_BLOG, "versions", "What 1.24 changed", (
    Row(
        "up-to-1.23-without-path", "up to 1.23 without the annotation: tcp",
        by_version(service({}, HTTP), {
            "1.23.3": "Tcp 30080", "1.23.4": "Http 30080 /healthz", "1.23.10": "Http 30080 /", "1.23.11": "Tcp 30080",
            "1.23.30": "Tcp 30080",
        }),
        disagrees=("app-protocol-in-1.23",),
    ),
    Row(
        "up-to-1.23-with-path", "up to 1.23 with the annotation: appProtocol and the path",
        by_version(service(PATH, HTTP), {
            "1.23.3": "Tcp 30080", "1.23.4": "Http 30080 /healthz", "1.23.30": "Http 30080 /healthz",
        }),
        disagrees=("app-protocol-with-path-in-1.23",),
    ),
    Row(
        "after-1.24-without-path", "after 1.24 without the annotation: appProtocol and /",
        by_version(service({}, HTTP), dict.fromkeys(("1.24.0", "1.24.22", "1.25.0", str(NEWEST)), "Http 30080 /")),
        disagrees=("app-protocol-after-1.24",),
    ),
))  # fmt: skip

MANIFESTS = Table(SUPPORT_BLOG, "manifests", "NGINX Ingress Controller before and after", (
    Row(
        "port-80-before", "port 80 with appProtocol http: tcp on 1.23, http with / on 1.24, answered with 404",
        by_version(service({}, *INGRESS), {"1.23.30": "Tcp 30080", "1.24.22": "Http 30080 /"}),
        disagrees=("app-protocol-after-1.24",),
    ),
    Row(
        "port-443-before", "port 443 with appProtocol https: tcp on 1.23, https with / on 1.24", (
            case(service({}, *INGRESS), "1.23.30", probes=("Tcp 30080", "Tcp 30443")),
            case(service({}, *INGRESS), "1.24.22", probes=("Http 30080 /", "Https 30443 /")),
        ), disagrees=("app-protocol-after-1.24",),
    ),
))  # fmt: skip


TABLES = (PROTOCOLS, VERSIONS, MANIFESTS)
