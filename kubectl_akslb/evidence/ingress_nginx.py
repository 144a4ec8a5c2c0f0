"""What beside an ingress-nginx keeps it from answering a probe as it usually does.

Source: ingress-nginx' nginx.tmpl: ``/healthz`` is answered by the server ``_`` only, where a regular expression, the
very path or a snippet of that server comes before it; and no listener takes plain requests where it expects the proxy
protocol.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kubectl_akslb.evidence.evidence import Pods, words_of
from kubectl_akslb.evidence.objects import Objects, mapping, mappings, name_of, text, texts
from kubectl_akslb.named_tuple import NamedTuple

KINDS = ("ConfigMap", "Ingress", "IngressClass")

_PREFIX = "nginx.ingress.kubernetes.io/"
_CLASS = "kubernetes.io/ingress.class"
_CONTROLLER = "k8s.io/ingress-nginx"
#: What the names of other controllers' classes hold.
_OTHERS = ("traefik", "haproxy", "kong", "istio", "cilium", "contour", "azure", "alb", "apisix", "ambassador", "gce")
#: Settings of the ConfigMap that hold for the server that answers probes too, and may turn a request away.
_SETTINGS = ("server-snippet", "whitelist-source-range", "block-user-agents", "block-referers", "block-cidrs")
_PROXY_PROTOCOL = "use-proxy-protocol"
_REJECT_HANDSHAKE = "ssl-reject-handshake"
_TLS_VERSIONS = "ssl-protocols"
_OF_PROBES = "TLSv1.2"
"""What Azure's HTTPS probes were seen to speak (MicrosoftDocs/azure-docs#107193); no document tells it."""
_HEALTH_CHECK_PATH = "health-check-path"
#: The flags that move its listeners from 80 and 443.
_PORTS = ("http-port", "https-port")

#: Bytes of which one is in every ConfigMap that can matter.
SIGNS = tuple(word.encode() for word in (*_SETTINGS, _PROXY_PROTOCOL, _REJECT_HANDSHAKE, _TLS_VERSIONS))

#: What a snippet does that can keep the request from the place that answers it.
_DIVERTS = r"\b(?:return|rewrite|location|deny|auth_\w+|if)\b"
#: Manifests are not trusted, and an expression can take for ever: short ones with few repetitions cannot.
_MAX_EXPRESSION, _MAX_PATH, _MAX_REPEATS = 80, 40, 3


class Obstacle(NamedTuple):
    """An object that takes the request, or turns it away: its kind and name, and the setting or path that does it.

    *certain*: no probe passes. *captures*: the application behind an Ingress answers in its place.
    """

    kind: str
    name: str
    what: str
    certain: bool = False
    captures: bool = False


def obstacle(path: str, scheme: str, pods: Sequence[Pods], objects: Objects) -> Obstacle | None:
    """Why the usual answer to *path* may not come; *pods* are the controller's, as far as they are known."""
    given = ControllerArguments(pods)
    settings = [found for one in objects.of("ConfigMap") if given.reads(one) and (found := _setting(one, scheme))]
    certain = next((one for one in settings if one.certain), None)
    if certain is not None:
        return certain
    classes = {name_of(one): text(mapping(one.get("spec")).get("controller")) for one in objects.of("IngressClass")}
    ingresses = [one for one in objects.of("Ingress") if _is_hostless(one) and given.serves(one, classes)]
    regular = any(_is_regular(one) for one in ingresses)  # one of them makes all paths of its host expressions
    captures = (_capture(one, path, regular=regular) for one in ingresses)
    return next((one for one in captures if one is not None), settings[0] if settings else None)


def wants_proxy_protocol(given: "ControllerArguments", objects: Objects) -> str:
    """The ConfigMap by which the traffic ports take only what begins with the header of the proxy protocol, or ""."""
    found = (one for one in objects.of("ConfigMap") if texts(one.get("data")).get(_PROXY_PROTOCOL) == "true")
    return next((name_of(one) for one in found if given.reads(one)), "")


class ControllerArguments:
    """What the controller's own arguments say; each is "" where pods do not tell it. *ports* are by their flag."""

    __slots__ = ("config_map", "controller", "default_backend", "ingress_class", "moved_path", "ports")

    def __init__(self, pods: Sequence[Pods]) -> None:
        given = dict(_arguments(pods))
        self.config_map = given.get("configmap", "")
        self.controller = given.get("controller-class", "")
        self.default_backend = given.get("default-backend-service", "")
        self.ingress_class = given.get("ingress-class", "")
        self.moved_path = given.get(_HEALTH_CHECK_PATH, "")
        self.ports = {flag: int(given[flag]) for flag in _PORTS if given.get(flag, "").isdecimal()}

    def reads(self, config_map: Mapping[str, Any]) -> bool:
        """Whether the controller takes its settings from this ConfigMap, as far as can be told."""
        namespace, _, name = self.config_map.rpartition("/")
        own = text(mapping(config_map.get("metadata")).get("namespace"))
        if name and "$" not in name and name != name_of(config_map):
            return False
        return not (namespace and "$" not in namespace and own and own != namespace)

    def serves(self, ingress: Mapping[str, Any], classes: Mapping[str, str]) -> bool:
        """Whether the controller serves this Ingress, as far as can be told.

        *classes* are the controllers of the IngressClasses that are known, by name.
        """
        annotations = _annotations(ingress)
        name = text(mapping(ingress.get("spec")).get("ingressClassName")) or annotations.get(_CLASS, "")
        if not name:
            return True  # there may be a default class, and a controller may serve what has none
        if name in classes:
            return classes[name] == (self.controller or _CONTROLLER)
        if self.ingress_class:
            return name == self.ingress_class
        if "nginx" in name:
            return True
        return any(key.startswith(_PREFIX) for key in annotations) and not any(one in name for one in _OTHERS)


def _arguments(pods: Sequence[Pods]) -> Iterator[tuple[str, str]]:
    """The flags of all containers with their values."""
    for one in pods:
        for container in one.containers:
            words = [*words_of(container)]
            for index, word in enumerate(words):
                flag, equals, value = word.partition("=")
                if flag.startswith("-"):
                    yield flag.lstrip("-"), value if equals else next(iter(words[index + 1 : index + 2]), "")


def _setting(config_map: Mapping[str, Any], scheme: str) -> Obstacle | None:
    data, name = texts(config_map.get("data")), name_of(config_map)
    if data.get(_PROXY_PROTOCOL) == "true":
        return Obstacle("ConfigMap", name, _PROXY_PROTOCOL, certain=True)
    if scheme == "HTTPS" and data.get(_REJECT_HANDSHAKE) == "true":
        return Obstacle("ConfigMap", name, _REJECT_HANDSHAKE)
    if scheme == "HTTPS" and _OF_PROBES not in data.get(_TLS_VERSIONS, _OF_PROBES).split():
        return Obstacle("ConfigMap", name, _TLS_VERSIONS)
    found = next((key for key in _SETTINGS if data.get(key)), "")
    return Obstacle("ConfigMap", name, found) if found else None


def _rules(ingress: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The rules of an Ingress that hold for every host: they are those of the default server."""
    return (one for one in mappings(mapping(ingress.get("spec")).get("rules")) if not one.get("host"))


def _is_hostless(ingress: Mapping[str, Any]) -> bool:
    return bool(mapping(ingress.get("spec")).get("defaultBackend")) or any(True for _ in _rules(ingress))


def _annotations(ingress: Mapping[str, Any]) -> Mapping[str, str]:
    return texts(mapping(ingress.get("metadata")).get("annotations"))


def _is_regular(ingress: Mapping[str, Any]) -> bool:
    given = _annotations(ingress)
    return given.get(_PREFIX + "use-regex") == "true" or _PREFIX + "rewrite-target" in given


def _capture(ingress: Mapping[str, Any], path: str, *, regular: bool) -> Obstacle | None:
    """What of an Ingress without a host takes *path*, or may."""
    given, name = _annotations(ingress), name_of(ingress)
    if re.search(_DIVERTS, given.get(_PREFIX + "server-snippet", "")):
        return Obstacle("Ingress", name, "server-snippet")
    if given.get(_PREFIX + "default-backend"):
        return Obstacle("Ingress", name, "default-backend", captures=True)
    if path == "/" and mapping(ingress.get("spec")).get("defaultBackend"):
        return Obstacle("Ingress", name, "defaultBackend", captures=True)
    for rule in _rules(ingress):
        for one in (*mappings(mapping(rule.get("http")).get("paths")),) or ({},):
            own = text(one.get("path")) or "/"
            if _matches(own, path) if regular else path in (own, own.rstrip("/") or "/"):
                return Obstacle("Ingress", name, own, captures=True)
    return None


def _matches(expression: str, path: str) -> bool:
    repeats = sum(expression.count(sign) for sign in "*+{")
    if len(expression) > _MAX_EXPRESSION or len(path) > _MAX_PATH or repeats > _MAX_REPEATS:
        return True  # it is not tried, so it may
    try:
        return re.match(expression, path, re.IGNORECASE) is not None
    except (re.error, OverflowError, RecursionError):
        return True
