"""Known workloads: how to recognise one, and which path answers 200 on a port of its Service.

Evidence: "template" was read in the chart's or controller's own templates, "reported" stands in an issue.
Nothing here is a guess; what is not known is not listed.
"""

from collections.abc import Mapping
from typing import NamedTuple

TEMPLATE = "template"
REPORTED = "reported"


class KnownPath(NamedTuple):
    """What a workload answers: on which Service ports (by name, empty: all), at which path, with which status."""

    path: str
    status: int
    ports: tuple[str, ...] = ()
    evidence: str = TEMPLATE


class Workload(NamedTuple):
    """A workload that charts install behind a LoadBalancer Service.

    It is recognised by labels of the Service or of its selector, every pair of one of *labels* must match; or by an
    image of its pods that ends with one of *images* (registry and tag aside). *answers* holds the paths that are known
    to answer 200, *fails* those that are known not to. *note* is one sentence for a person.
    """

    name: str
    labels: tuple[Mapping[str, str], ...]
    images: tuple[str, ...]
    answers: tuple[KnownPath, ...]
    fails: tuple[KnownPath, ...]
    note: str

    def path_for(self, port_name: str) -> KnownPath | None:
        """The path that answers 200 on the port of that name."""
        return next((known for known in self.answers if not known.ports or port_name in known.ports), None)

    def status_of(self, path: str, port_name: str) -> KnownPath | None:
        """What is known of a request for *path* on that port."""
        for known in (*self.answers, *self.fails):
            if known.path == path and (not known.ports or port_name in known.ports):
                return known
        return None


WORKLOADS: tuple[Workload, ...] = (
    Workload(
        "ingress-nginx",
        ({"app.kubernetes.io/name": "ingress-nginx"}, {"app": "ingress-nginx"}),
        ("ingress-nginx/controller", "ingress-nginx/controller-chroot", "nginx-ingress-controller"),
        (KnownPath("/healthz", 200, ("http", "https")),),
        (KnownPath("/", 404, ("http", "https"), REPORTED),),
        "its default server answers 404 on / and 200 on /healthz, on the http and https ports, unless a host-less"
        " Ingress with a regular expression or a server-snippet captures the path",
    ),
    Workload(
        "haproxy kubernetes-ingress",
        ({"app.kubernetes.io/name": "kubernetes-ingress"},),
        ("haproxytech/kubernetes-ingress",),
        (),
        (KnownPath("/", 404, (), REPORTED), KnownPath("/healthz", 404, (), REPORTED)),
        "no path of its traffic ports answers 200; its health check listens on 1042, which is no port of the Service",
    ),
    Workload(
        "kong",
        ({"app.kubernetes.io/name": "kong"},),
        ("library/kong", "kong/kong-gateway", "kong"),
        (),
        (KnownPath("/", 404, (), REPORTED), KnownPath("/healthz", 404, (), REPORTED)),
        "the proxy ports answer 404 without a route; /status is on 8100, which is no port of the Service",
    ),
    Workload(
        "istio gateway",
        (
            {"istio": "ingressgateway"},
            {"gateway.istio.io/managed": "istio.io-gateway-controller"},
            {"app": "istio-ingressgateway"},
            {"app": "istio-ingress"},
        ),
        ("istio/proxyv2",),
        (KnownPath("/healthz/ready", 200, ("status-port",)),),
        (),
        "only the port status-port (15021) answers 200, on /healthz/ready; the traffic ports answer what the routes"
        " say",
    ),
    Workload(
        "traefik",
        ({"app.kubernetes.io/name": "traefik"},),
        ("traefik",),
        (),
        (KnownPath("/", 404, ("web", "websecure"), REPORTED),),
        "the traffic ports answer 404 without a route; /ping is on port 8080 unless a health check route is enabled",
    ),
    Workload(
        "temporal web",
        ({"app.kubernetes.io/name": "temporal", "app.kubernetes.io/component": "web"},),
        ("temporalio/ui",),
        (KnownPath("/healthz", 200, ("http",)),),
        (),
        "answers 200 on /healthz of its one port",
    ),
    Workload(
        "jenkins",
        ({"app.kubernetes.io/component": "jenkins-controller"},),
        ("jenkins/jenkins",),
        (KnownPath("/login", 200, ("http",)),),
        (KnownPath("/", 403, ("http",)),),
        "answers 200 on /login; / redirects or asks for a login",
    ),
)


def recognise(labels: Mapping[str, str], selector: Mapping[str, str], images: tuple[str, ...] = ()) -> Workload | None:
    """The known workload behind a Service, by its labels, its selector or the images of its pods."""
    for workload in WORKLOADS:
        for wanted in workload.labels:
            if all(labels.get(key) == value or selector.get(key) == value for key, value in wanted.items()):
                return workload
        for image in images:
            name = image.partition("@")[0]
            name = name.rpartition(":")[0] if ":" in name.rpartition("/")[2] else name
            if any(name == known or name.endswith("/" + known) for known in workload.images):
                return workload
    return None
