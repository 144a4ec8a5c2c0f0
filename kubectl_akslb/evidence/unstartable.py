"""Why no pod of a template ever runs, although the API server takes it: no such node, no user that it may be."""

from collections.abc import Mapping
from typing import Any

from kubectl_akslb.evidence.objects import mapping, mappings, text, texts
from kubectl_akslb.provider.images import STARTS_AS_ROOT, repository

_NODES: Mapping[str, frozenset[str]] = {
    "kubernetes.io/os": frozenset({"linux", "windows"}),
    "kubernetes.io/arch": frozenset({"amd64", "arm64"}),
}
"""The values that nodes of AKS have of these labels, which the kubelet writes itself."""


def why_unstartable(spec: Mapping[str, Any]) -> str:
    """What keeps every pod with this *spec* from running; "" where nothing is known to."""
    for key, value in texts(spec.get("nodeSelector")).items():
        if value not in _NODES.get(key, (value,)):
            return f"no node of AKS has {key}={value}"
    pod = mapping(spec.get("securityContext"))
    for one in (*mappings(spec.get("initContainers")), *mappings(spec.get("containers"))):
        given = {**pod, **mapping(one.get("securityContext"))}
        if given.get("runAsNonRoot") is True and (user := _root(given, one)):
            return f"{user}, and runAsNonRoot forbids it"
    return ""


def _root(security: Mapping[str, Any], container: Mapping[str, Any]) -> str:
    """By what a container is root's; "" where it is not, or where only its image could tell."""
    user, image = security.get("runAsUser"), text(container.get("image"))
    if user is None:
        return f"{image} starts as root" if repository(image) in STARTS_AS_ROOT else ""
    return "runAsUser is 0" if user == 0 else ""
