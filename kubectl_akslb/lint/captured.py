"""What in the same stream keeps a known workload from answering 200 on its known path.

Source: ingress-nginx' nginx.tmpl: ``/healthz`` is answered by the server ``_`` only, where a regular expression or a
snippet of that server is tried before it; and no listener takes plain requests where it expects the proxy protocol.
"""

from collections.abc import Iterable, Mapping
from typing import Any

INGRESS_NGINX = "ingress-nginx"

#: Bytes of which one is in the stream wherever something here can apply.
SIGNS: Mapping[str, tuple[bytes, ...]] = {
    INGRESS_NGINX: (
        b"use-proxy-protocol", b"server-snippet", b"whitelist-source-range", b"ssl-reject-handshake", b"use-regex",
        b"rewrite-target", b"health-check-path",
    ),
}  # fmt: skip

_ANNOTATIONS = "nginx.ingress.kubernetes.io/"
_PATH_FLAG = "--health-check-path"


def obstacle(workload: str, scheme: str, objects: Iterable[Mapping[str, Any]]) -> str:
    """Why the known path of *workload* may not answer 200 beside these objects, as a clause, or ""."""
    if workload != INGRESS_NGINX:
        return ""
    for one in objects:
        found = _setting(one, scheme) if one.get("kind") == "ConfigMap" else _regex(one)
        if found:
            return found
    return ""


def moved_path(workload: str, arguments: Iterable[str]) -> str:
    """The path that the controller's own arguments put in place of the known one, or ""."""
    given = list(arguments) if workload == INGRESS_NGINX else []
    for index, text in enumerate(given):
        flag, equals, value = text.partition("=")
        if flag == _PATH_FLAG:
            return value if equals else next(iter(given[index + 1 : index + 2]), "")
    return ""


def _setting(config_map: Mapping[str, Any], scheme: str) -> str:
    data = config_map.get("data")
    if not isinstance(data, dict):
        return ""
    name = _name(config_map)
    if data.get("use-proxy-protocol") == "true":
        return f"ConfigMap {name} sets use-proxy-protocol, which Azure's probes do not speak"
    if scheme == "HTTPS" and data.get("ssl-reject-handshake") == "true":
        return f"ConfigMap {name} sets ssl-reject-handshake, and Azure's probes name no host"
    for key in ("server-snippet", "whitelist-source-range"):
        if data.get(key):
            return f"ConfigMap {name} sets {key} for every server, also for the one that answers probes"
    return ""


def _regex(ingress: Mapping[str, Any]) -> str:
    metadata, spec = ingress.get("metadata"), ingress.get("spec")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if ingress.get("kind") != "Ingress" or not isinstance(annotations, dict) or not isinstance(spec, dict):
        return ""
    used = annotations.get(f"{_ANNOTATIONS}use-regex") == "true" or f"{_ANNOTATIONS}rewrite-target" in annotations
    rules = spec.get("rules")
    if used and isinstance(rules, list) and any(isinstance(rule, dict) and not rule.get("host") for rule in rules):
        return f"Ingress {_name(ingress)} has regular expressions for every host, which are tried before the path"
    return ""


def _name(one: Mapping[str, Any]) -> str:
    metadata = one.get("metadata")
    return str(metadata.get("name", "")) if isinstance(metadata, dict) else ""
