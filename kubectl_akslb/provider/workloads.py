"""Well-known workloads: how to recognise one, and what each of its ports speaks and answers.

A port decides, not the workload: the administration port of a proxy answers where its traffic ports do not. A port is
known by the name or number of the container port behind it, and only where that says nothing by its own name. Evidence:
"measured" was answered by the program itself (lab/workloads.jsonl has its version), "template" was read in the chart's
or controller's own templates, "reported" stands in an issue or in the vendor's documentation. Nothing here is a guess;
what is not known is not listed.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from kubectl_akslb.model.service import ServicePort
from kubectl_akslb.named_tuple import NamedTuple

Evidence: TypeAlias = Literal["measured", "template", "reported"]
MEASURED: Final = "measured"
TEMPLATE: Final = "template"
REPORTED: Final = "reported"

HTTP = "HTTP"
HTTPS = "HTTPS"
ANY = "*"
"""Any path, or any value of a label."""

_NAME = "app.kubernetes.io/name"
_COMPONENT = "app.kubernetes.io/component"
_GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name"


INGRESS_NGINX = "ingress-nginx"
ISTIO_GATEWAY = "istio gateway"


class KnownAnswer(NamedTuple):
    """The status of a request for *path* (ANY: each), over *scheme* if one is given.

    *unless* names what makes the answer another one and is not seen in manifests: then it is no more than likely.
    *flag* begins an argument of the pods without which that is so; where there are no pods it is taken to be there.
    *changed_by* begin the arguments that make it so: pods that are known and have none of them answer as given.
    *since* is the release of the program that answers so first, () where all that matter do.
    """

    path: str
    status: int
    evidence: Evidence = TEMPLATE
    scheme: str = ""
    unless: str = ""
    flag: str = ""
    changed_by: tuple[str, ...] = ()
    since: tuple[int, ...] = ()


class KnownPort(NamedTuple):
    """A port of the workload's containers, by its *names* and *numbers*, with what it answers.

    *scheme* is what it speaks, "" where it may be either or both; where it is not *fixed* the workload can be told to
    speak the other one. *stands_for*: it answers for all ports, so that it can be probed in their place.
    """

    names: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    scheme: str = ""
    answers: tuple[KnownAnswer, ...] = ()
    fixed: bool = False
    stands_for: bool = False

    def status(self, path: str, scheme: str) -> KnownAnswer | None:
        """What is known of a request for *path*."""
        alike = [one for one in self.answers if one.scheme in ("", scheme)]
        return next((one for wanted in (path, ANY) for one in alike if one.path == wanted), None)

    def speaks(self, scheme: str) -> bool:
        """Whether an answer is known that it gives over *scheme* and not over the other one."""
        return any(one.scheme == scheme for one in self.answers)

    def path(self, scheme: str) -> KnownAnswer | None:
        """The path that answers 200 over *scheme*; None where none does."""
        if self.scheme not in ("", scheme):
            return None
        return next((one for one in self.answers if one.status == 200 and one.scheme in ("", scheme)), None)


class Sign(NamedTuple):
    """What a workload is recognised by: labels of the Service or of its selector, all of them, or an image of its pods.

    An image matches by its end, registry and tag aside; one without a folder only where it is in none but a mirror's.
    *port* must be a port of the Service then, or behind one.
    """

    labels: Mapping[str, str] = {}
    images: tuple[str, ...] = ()
    port: int = 0


class Workload(NamedTuple):
    """A workload that charts install behind a LoadBalancer Service.

    *listens_with_routes*: it opens its traffic ports only when a route or listener is there. *note* is one sentence for
    a person.
    """

    name: str
    signs: tuple[Sign, ...]
    ports: tuple[KnownPort, ...]
    note: str
    listens_with_routes: bool = False

    def port_of(self, port: ServicePort, name: str = "", number: int | None = None) -> KnownPort | None:
        """What is known of a Service port; *name* and *number* are the container port's, where pods tell."""
        target = port.port if port.target_port is None else port.target_port
        for key in (name, number, target):
            found = self._port(key) if key else None
            if found is not None:
                return found
        return None if name or isinstance(target, str) else self._port(port.name)

    def health_port(self, ports: Sequence[ServicePort]) -> tuple[ServicePort, KnownPort] | None:
        """The port of the Service that can be probed for all others."""
        for port in ports:
            known = self.port_of(port)
            if known is not None and known.stands_for:
                return port, known
        return None

    def _port(self, key: str | int) -> KnownPort | None:
        return next((one for one in self.ports if key in (one.numbers if isinstance(key, int) else one.names)), None)


def _named(*names: str, key: str = _NAME) -> tuple[Sign, ...]:
    return tuple(Sign({key: name}) for name in names)


def _images(*images: str) -> tuple[Sign, ...]:
    return (Sign(images=images),)


def _one(path: str, *numbers: int, evidence: Evidence = REPORTED, names: tuple[str, ...] = ("http",)) -> KnownPort:
    """A port that answers 200 to one path."""
    return KnownPort(names, numbers, HTTP, (KnownAnswer(path, 200, evidence),))


_NGINX_ANSWERS = (
    KnownAnswer("/healthz", 200), KnownAnswer("/", 404, REPORTED), KnownAnswer("/livez", 404, REPORTED),
)  # fmt: skip
_NOT_FOUND = (KnownAnswer("/", 404, REPORTED), KnownAnswer("/healthz", 404, REPORTED))
_PING = (KnownAnswer("/ping", 200, unless="its static configuration has no ping", flag="--ping"),)
_INSECURE = "it runs with --insecure (server.insecure)"
_PREFIX = "it has a path prefix or a web configuration of its own"
_WEB = ("--web.route-prefix", "--web.external-url", "--web.config.file")
_ROOT_NOT_FOUND = (KnownAnswer("/", 404, REPORTED),)

_OF_MIRRORS = frozenset({
    "library", "docker.io", "dockerhub", "docker-hub", "docker", "hub", "mirror", "mirrors", "oss",
})  # fmt: skip
"""Folders in which registries keep copies of Docker Hub's library."""
_DIGITS = 6

WORKLOADS: tuple[Workload, ...] = (
    Workload(
        INGRESS_NGINX,
        (
            *_named("ingress-nginx"),
            *_named("ingress-nginx", key="app"),
            *_images(
                "ingress-nginx/controller", "ingress-nginx/controller-chroot", "nginx-ingress-controller",
                "bitnami/nginx-ingress-controller", "kubernetes-ingress-controller/nginx-ingress-controller",
            ),
        ),
        (
            KnownPort(("http",), (80,), HTTP, _NGINX_ANSWERS, fixed=True),
            KnownPort(("https",), (443,), HTTPS, _NGINX_ANSWERS, fixed=True),
            KnownPort(("metrics",), (10254,), HTTP, (KnownAnswer("/healthz", 200), KnownAnswer("/", 404)), fixed=True),
        ),
        "its default server answers 404 on / and 200 on /healthz, on the http and https ports, unless a host-less"
        " Ingress with a regular expression or a server-snippet captures the path",
    ),
    Workload(
        "haproxy kubernetes-ingress",
        (*_named("kubernetes-ingress"), *_images("haproxytech/kubernetes-ingress")),
        (
            KnownPort(("http",), (80, 8080), HTTP, _NOT_FOUND),
            KnownPort(("https",), (443, 8443), HTTPS, _NOT_FOUND),
            KnownPort(("stat",), (1024,), HTTP, (KnownAnswer("/", 200, REPORTED),)),
        ),
        "no path of its traffic ports answers 200; its health check listens on 1042, which is no port of the Service",
    ),
    Workload(
        "kong",
        (*_named("kong"), *_images("library/kong", "kong/kong-gateway", "kong")),
        (
            KnownPort(("kong-proxy", "proxy", "http"), (8000,), HTTP, _NOT_FOUND),
            KnownPort(("kong-proxy-tls", "proxy-tls", "https"), (8443,), HTTPS, _NOT_FOUND, fixed=True),
            KnownPort(("kong-admin", "admin"), (8001,), HTTP, (KnownAnswer("/", 200, REPORTED),)),
            KnownPort(("kong-admin-tls", "admin-tls"), (8444,), HTTPS, (KnownAnswer("/", 200, REPORTED),), fixed=True),
            KnownPort(("status",), (8100,), HTTP, (KnownAnswer("/status", 200),)),
        ),
        "the proxy ports answer 404 without a route; /status is on 8100, which is no port of the Service",
    ),
    Workload(
        ISTIO_GATEWAY,
        (
            *_named("ingressgateway", key="istio"),
            *_named("istio.io-gateway-controller", key="gateway.istio.io/managed"),
            *_named("istio-ingressgateway", "istio-ingress", key="app"),
            Sign({_GATEWAY_NAME: ANY}, port=15021),
            Sign({"istio.io/gateway-name": ANY}, port=15021),
            Sign({"istio": ANY}, port=15021),
            Sign(images=("istio/proxyv2",), port=15021),
        ),
        (
            KnownPort(
                ("status-port",), (15021,), HTTP,
                (KnownAnswer("/healthz/ready", 200), KnownAnswer("/", 404, REPORTED)), fixed=True, stands_for=True,
            ),
        ),
        "only the port status-port (15021) answers 200, on /healthz/ready; the traffic ports answer what the routes"
        " say",
        listens_with_routes=True,
    ),
    Workload(
        "traefik",
        (*_named("traefik"), *_images("traefik")),
        (
            KnownPort(("web",), (8000,), HTTP, _ROOT_NOT_FOUND, fixed=True),
            KnownPort(("websecure",), (8443,), HTTPS, _ROOT_NOT_FOUND, fixed=True),
            KnownPort(("traefik",), (8080, 9000), HTTP, _PING, fixed=True),
        ),
        "the traffic ports answer 404 without a route; /ping is on port 8080 unless a health check route is enabled",
    ),
    Workload(
        "contour",
        (Sign({_NAME: "contour", _COMPONENT: "envoy"}), *_images("projectcontour/contour")),
        (
            KnownPort(("http",), (8080,), HTTP, (KnownAnswer("/", 404, MEASURED),), fixed=True),
            KnownPort(("https",), (8443,), HTTPS, _ROOT_NOT_FOUND, fixed=True),
        ),
        "Envoy opens its traffic ports when routes are there, and answers 404 where none matches",
        listens_with_routes=True,
    ),
    Workload(
        "nginx-ingress of F5",
        (*_named("nginx-ingress"), *_images("nginx/nginx-ingress", "nginx-ic/nginx-plus-ingress")),
        (
            KnownPort(("http",), (80,), HTTP, _ROOT_NOT_FOUND, fixed=True),
            KnownPort(("https",), (443,), HTTPS, _ROOT_NOT_FOUND, fixed=True),
            KnownPort(("readiness-port",), (8081,), HTTP, (KnownAnswer("/nginx-ready", 200),)),
        ),
        "its traffic ports answer 404 without a host that matches; /nginx-ready is on 8081, which is no port of the"
        " Service",
    ),
    Workload(
        "temporal web",
        (Sign({_NAME: "temporal", _COMPONENT: "web"}), *_images("temporalio/ui")),
        (_one("/healthz", 8080, evidence=MEASURED),),
        "answers 200 on /healthz of its one port",
    ),
    Workload(
        "jenkins",
        (*_named("jenkins-controller", key=_COMPONENT), *_images("jenkins/jenkins")),
        (KnownPort(("http",), (8080,), HTTP, (KnownAnswer("/login", 200), KnownAnswer("/", 403))),),
        "answers 200 on /login; / redirects or asks for a login",
    ),
    Workload(
        "qdrant",
        (*_named("qdrant"), *_images("qdrant/qdrant")),
        (KnownPort(("http",), (6333,), HTTP, (KnownAnswer("/readyz", 200, REPORTED, since=(1, 5)),)),),
        "answers 200 on /readyz of its http port; the grpc port answers no http/1.1",
    ),
    Workload(
        "open-webui",
        (*_named("open-webui", key=_COMPONENT), *_named("open-webui"), *_images("open-webui/open-webui")),
        (_one("/health", 8080),),
        "answers 200 on /health of its one port",
    ),
    Workload(
        "flower",
        (Sign({"tier": "airflow", "component": "flower"}), *_images("mher/flower")),
        (_one("/healthcheck", 5555, evidence=MEASURED, names=("flower-ui", "flower")),),
        "answers 200 on /healthcheck; its pages may ask for a login",
    ),
    Workload(
        "minio",
        (*_named("minio"), *_named("minio", key="app"), *_images("minio/minio", "bitnami/minio")),
        (
            KnownPort(
                ("minio-api", "api", "s3"), (9000,), HTTP,
                (
                    KnownAnswer("/minio/health/ready", 200, MEASURED), KnownAnswer("/minio/health/live", 200, MEASURED),
                    KnownAnswer("/", 403, MEASURED),
                ),
            ),
            KnownPort(("minio-console", "console"), (9001,), HTTP, (KnownAnswer("/", 200, MEASURED),)),
        ),
        "answers 200 on /minio/health/ready of port 9000; the console on 9001 is another server",
    ),
    Workload(
        "argo-cd server",
        (
            *_named("argocd-server"),
            Sign({_NAME: "argo-cd", _COMPONENT: "server"}),
            Sign(images=("argoproj/argocd", "bitnami/argo-cd"), port=8080),
        ),
        (
            KnownPort(
                ("server", "http", "https"), (8080,), "",
                (
                    KnownAnswer("/healthz", 200, scheme=HTTPS, unless=_INSECURE),
                    KnownAnswer(ANY, 307, REPORTED, HTTP, unless=_INSECURE),
                ),
            ),
        ),
        "redirects everything over http to https with 307, unless it runs with --insecure; its health is at https"
        " /healthz",
    ),
    Workload(
        "influxdb",
        (*_named("influxdb", "influxdb2"), *_images("influxdb")),
        (KnownPort(("http", "api"), (8086,), HTTP, (KnownAnswer("/ping", 204, MEASURED),)),),
        "answers 204 on /ping",
    ),
    Workload(
        "prometheus",
        # The label is given to its Alertmanager too, by some charts.
        (
            Sign({_NAME: "prometheus"}, port=9090),
            *_images("prom/prometheus", "prometheus/prometheus", "bitnami/prometheus"),
        ),
        (
            KnownPort(
                ("web", "http-web", "http"), (9090,), HTTP,
                (
                    KnownAnswer("/-/healthy", 200, MEASURED, unless=_PREFIX, changed_by=_WEB, since=(2,)),
                    KnownAnswer("/-/ready", 200, MEASURED, unless=_PREFIX, changed_by=_WEB, since=(2,)),
                    KnownAnswer("/", 302, MEASURED),
                ),
            ),
        ),
        "answers 200 on /-/healthy and redirects / to its pages with 302",
    ),
    Workload(
        "alertmanager",
        (
            *_named("alertmanager"),
            *_images("prom/alertmanager", "prometheus/alertmanager", "bitnami/alertmanager"),
        ),
        (
            KnownPort(
                ("web", "http-web", "http"), (9093,), HTTP,
                (
                    KnownAnswer("/-/healthy", 200, MEASURED, unless=_PREFIX, changed_by=_WEB),
                    KnownAnswer("/-/ready", 200, MEASURED, unless=_PREFIX, changed_by=_WEB),
                    KnownAnswer("/", 200, MEASURED, unless=_PREFIX, changed_by=_WEB),
                ),
            ),
        ),
        "answers 200 on /-/healthy",
    ),
    Workload(
        "grafana",
        (*_named("grafana"), *_images("grafana/grafana", "grafana/grafana-enterprise", "bitnami/grafana")),
        (
            KnownPort(
                ("grafana", "service", "http", "http-web", "dashboard"), (3000,), HTTP,
                (
                    KnownAnswer("/api/health", 200),
                    KnownAnswer("/", 302, REPORTED, unless="it lets everybody in without a login"),
                ),
            ),
        ),
        "answers 200 on /api/health and redirects / to its login page with 302",
    ),
    Workload(
        "rabbitmq",
        (*_named("rabbitmq"), *_images("library/rabbitmq", "rabbitmq", "bitnami/rabbitmq")),
        (
            KnownPort(
                ("management", "http-stats", "stats"), (15672,), HTTP,
                (KnownAnswer("/", 200, MEASURED, unless="its management has a path prefix"),),
            ),
        ),
        "answers 200 on / of the management port; its health checks ask for a login",
    ),
    Workload(
        "nats",
        (*_named("nats"), *_images("library/nats", "nats")),
        (
            KnownPort(
                ("monitor",), (8222,), HTTP,
                (KnownAnswer("/healthz", 200, MEASURED, since=(2, 3)), KnownAnswer("/", 200, MEASURED)),
            ),
        ),
        "answers 200 on /healthz of the monitoring port; its client port speaks no http",
    ),
    Workload(
        "oauth2-proxy",
        (*_named("oauth2-proxy"), *_images("oauth2-proxy/oauth2-proxy", "bitnami/oauth2-proxy")),
        (
            KnownPort(
                ("http",), (4180,), HTTP,
                (
                    KnownAnswer("/ping", 200, MEASURED), KnownAnswer("/ready", 200, MEASURED, since=(7, 5)),
                    KnownAnswer("/", 403, MEASURED, unless="it is told to skip the sign-in"),
                ),
            ),
        ),
        "answers 200 on /ping, and 403 with its sign-in page on all that needs a login",
    ),
    Workload(
        "keycloak",
        (*_named("keycloak", "keycloakx"), *_images("keycloak/keycloak", "bitnami/keycloak")),
        (
            KnownPort(
                ("http",), (8080,), HTTP,
                (KnownAnswer("/realms/master", 200, MEASURED, unless="it has a relative path such as /auth"),),
            ),
        ),
        "answers 200 on /realms/master; its health is on port 9000 since release 25, which is no port of the Service",
    ),
    Workload(
        "uptime-kuma",
        (*_named("uptime-kuma"), *_images("louislam/uptime-kuma")),
        (KnownPort(("http",), (3001,), HTTP, (KnownAnswer("/", 302, REPORTED),)),),
        "redirects / to its dashboard with 302",
    ),
    Workload(
        "bookstack",
        (*_named("bookstack"), *_images("linuxserver/bookstack", "solidnerd/bookstack")),
        (KnownPort(("http",), (80, 8080), HTTP, (KnownAnswer("/", 302, REPORTED),)),),
        "redirects / to its login page with 302",
    ),
    Workload(
        "authentik",
        (*_named("authentik"), *_images("goauthentik/server")),
        (
            KnownPort(
                ("http",), (9000,), HTTP,
                tuple(
                    KnownAnswer(f"/-/health/{kind}/", 204, REPORTED, unless="it is a release that answers 200")
                    for kind in ("ready", "live")
                ),
            ),
        ),
        "answers 204 on its health paths in older releases",
    ),
    Workload(
        "vault",
        (*_named("vault"), *_images("hashicorp/vault")),
        (KnownPort(("http", "https"), (8200,), ""),),
        "the parameters of /v1/sys/health decide its status: 200, 204, 429, 472, 473, 501 or 503",
    ),
)  # fmt: skip

#: Paths by which pods count as ready while the status is another one than 200; 0 where parameters decide it. A path
#: that ends with a slash or a question mark is the beginning of one.
NOT_200: tuple[KnownAnswer, ...] = (
    KnownAnswer("/v1/sys/health", 0, REPORTED),
    KnownAnswer("/v1/sys/health?", 0, REPORTED),
    KnownAnswer("/weblogic", 302, REPORTED),
    KnownAnswer("/-/health/", 204, REPORTED),
)


def recognise(
    labels: Mapping[str, str],
    selector: Mapping[str, str],
    images: Sequence[str] = (),
    ports: Sequence[ServicePort] = (),
) -> Workload | None:
    """The well-known workload behind a Service, by its labels or its selector, else by the images of its pods."""
    numbers = frozenset(number for port in ports for number in (port.port, port.target_port))
    return _recognise(tuple(labels.items()), tuple(selector.items()), tuple(images), numbers)


@lru_cache(maxsize=256)
def _recognise(
    own: tuple[tuple[str, str], ...],
    selected: tuple[tuple[str, str], ...],
    images: tuple[str, ...],
    numbers: frozenset[int | str | None],
) -> Workload | None:
    """Kept, because several hops ask it of each port of a Service."""
    labels, selector = dict(own), dict(selected)
    names = [_repository(image) for image in images]
    for by_image in (False, True) if names else (False,):
        for workload in WORKLOADS:
            for sign in workload.signs:
                if sign.port and sign.port not in numbers:
                    continue
                if _shows(sign, names) if by_image else _bears(sign, labels, selector):
                    return workload
    return None


def not_200(path: str) -> KnownAnswer | None:
    """What is known against the readiness path *path*: a status that the kubelet takes, and Azure does not."""
    return next(
        (one for one in NOT_200 if path == one.path or (one.path[-1] in "/?" and path.startswith(one.path))), None
    )


def _bears(sign: Sign, labels: Mapping[str, str], selector: Mapping[str, str]) -> bool:
    for key, value in sign.labels.items():
        if value == ANY:
            if key not in labels and key not in selector:
                return False
        elif labels.get(key) != value and selector.get(key) != value:
            return False
    return bool(sign.labels)


def _shows(sign: Sign, names: Sequence[str]) -> bool:
    return any(_is(name, known) for known in sign.images for name in names)


def _is(name: str, known: str) -> bool:
    """Whether a repository is *known*: what has no folder is of Docker Hub's library, and many have such a name."""
    folder, _, last = name.rpartition("/")
    if "/" in known:
        return name == known or name.endswith("/" + known)
    host, _, rest = folder.partition("/")
    if host and not ("." in host or ":" in host or host == "localhost"):
        rest = folder
    return last == known and _OF_MIRRORS.issuperset(filter(None, rest.split("/")))


def release_of(image: str) -> tuple[int, ...]:
    """The numbers that the tag of an image begins with, () where it has none."""
    tag = image.partition("@")[0].removeprefix(_repository(image)).lstrip(":v")
    numbers = []
    for part in tag.split(".")[:3]:
        digits = part.partition("-")[0]
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > _DIGITS:
            break
        numbers.append(int(digits))
        if digits != part:
            break
    return tuple(numbers)


def _repository(image: str) -> str:
    """An image without tag and digest."""
    name = image.partition("@")[0]
    return name.rpartition(":")[0] if ":" in name.rpartition("/")[2] else name
