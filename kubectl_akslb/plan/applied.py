"""What the API server stores when a manifest is applied to a Service that is there, and what it refuses of that.

As `kubectl apply` does it: what the manifest says counts, what it said when it was applied last and says no more goes,
and what others have written stays. Upstream: the three-way patch of kubectl, and patchAllocatedValues of the API
server's Service storage; tests/plan/data/applied.json has what kube-apiserver 1.36.1 did.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kubectl_akslb.evidence.objects import mapping, mappings, text, texts
from kubectl_akslb.manifest.decode import SINGLE_STACK
from kubectl_akslb.model.service import IPV4, IPV6, LOAD_BALANCER, LOCAL, TCP
from kubectl_akslb.named_tuple import NamedTuple

Json = Mapping[str, Any]
Path = tuple[str | int, ...]

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
HELM_LABEL = "app.kubernetes.io/managed-by"
#: What the API server chooses where a manifest does not say it, and keeps from then on.
_ALLOCATED = frozenset(
    {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort", "ports", "type"}
)
_DEFAULTS: Json = {
    "sessionAffinity": "None", "externalTrafficPolicy": "Cluster", "internalTrafficPolicy": "Cluster",
    "allocateLoadBalancerNodePorts": True, "type": "ClusterIP",
}  # fmt: skip


class UpdateRefusal(NamedTuple):
    """What the API server says against an update: the field, the value, and why."""

    field: str
    value: str
    message: str


class Applied(NamedTuple):
    """The object as it is stored then. *refused*: it stays as it was. *assumed* are fields nobody knows the owner of.

    Those that stand in the cluster, are not in the manifest, and of which nothing says who has written them.
    """

    data: Json
    refused: tuple[UpdateRefusal, ...] = ()
    assumed: tuple[Path, ...] = ()


def is_stored(one: Json) -> bool:
    """Whether an API server has written an object: then fields stand in it that no manifest names."""
    metadata = mapping(one.get("metadata"))
    return any(metadata.get(key) for key in ("uid", "resourceVersion", "creationTimestamp"))


def applied(stored: Json, manifest: Json, last: Json | None = None) -> Applied:
    """What becomes of *stored* with *manifest*; *last* is what was applied before, where it is known."""
    if last is None:
        last = _last_applied(stored) if is_stored(stored) else stored
    known = last is not None
    helm = not known and texts(mapping(stored.get("metadata")).get("labels")).get(HELM_LABEL) == "Helm"
    assumed: list[Path] = []
    metadata = dict(mapping(stored.get("metadata")))
    given, before = mapping(manifest.get("metadata")), mapping((last or {}).get("metadata"))
    for key in ("annotations", "labels"):
        metadata[key] = _pairs(texts(metadata.get(key)), texts(given.get(key)), texts(before.get(key)))
        if key == "annotations" and not known:
            found = [one for one in texts(metadata[key]) if one not in texts(given.get(key)) and _is_read(one)]
            assumed += [("metadata", key, one) for one in found]
    old, new, past = (mapping((one or {}).get("spec")) for one in (stored, manifest, last))
    refused = tuple(refusals(old, new)) if old.get("type") == LOAD_BALANCER == new.get("type") else ()
    if refused:
        return Applied(stored, refused)
    spec = {**old, **{key: value for key, value in new.items() if value is not None}}
    for key in old:
        if new.get(key) is not None or key in _ALLOCATED:
            continue
        owned = key in past or helm
        if owned and _DEFAULTS.get(key) != old[key]:
            del spec[key]
        elif not known and not helm and old[key] not in (None, [], {}) and _DEFAULTS.get(key) != old[key]:
            assumed.append(("spec", key))
    if "type" in past and new.get("type") is None:
        spec.pop("type", None)
    spec["ports"] = _ports(mappings(old.get("ports")), mappings(new.get("ports")), past if known else None, helm=helm)
    _keep_allocated(spec, old, new)
    body = {key: value for key, value in stored.items() if key not in {"metadata", "spec"}}
    return Applied({**body, "metadata": metadata, "spec": spec}, (), tuple(assumed))


def _last_applied(stored: Json) -> Json | None:
    """What kubectl has kept of the last manifest; None where it was not applied so."""
    from json import loads

    written = texts(mapping(stored.get("metadata")).get("annotations")).get(LAST_APPLIED)
    try:
        found = loads(written) if written is not None and len(written) <= 1 << 20 else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_read(key: str) -> bool:
    return key.startswith(("service.beta.kubernetes.io/", "service.kubernetes.io/"))


def _pairs(stored: Mapping[str, str], given: Mapping[str, str], last: Mapping[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in stored.items() if key in given or key not in last}
    return {**kept, **given}


def _ports(old: Sequence[Json], new: Sequence[Json], past: Json | None, *, helm: bool) -> list[dict[str, Any]]:
    """The ports of the manifest, with the node ports that they have; those that others have added stay.

    kubectl tells ports by their number, the API server by their name.
    """
    left = list(old)
    found = []
    for port in new:
        same = _same(port, left)
        if same is not None:
            left = [one for one in left if one is not same]
        node_port = port.get("nodePort") or (same.get("nodePort") if same is not None else None)
        body = {**port, "protocol": port.get("protocol") or TCP}
        found.append({**body, "nodePort": node_port} if node_port else body)
    if past is None and not helm:
        numbers = {one.get("port") for one in new}
        found += [dict(one) for one in left if one.get("port") not in numbers]
    elif past is not None:
        own = {one.get("port") for one in (*mappings(past.get("ports")), *new)}
        found += [dict(one) for one in left if one.get("port") not in own]
    return found


def _same(port: Json, stored: Sequence[Json]) -> Json | None:
    protocol = port.get("protocol") or TCP
    tests = (
        lambda one: (one.get("port"), one.get("protocol") or TCP) == (port.get("port"), protocol),
        lambda one: one.get("port") == port.get("port"),
        lambda one: bool(port.get("name")) and one.get("name") == port.get("name"),
    )
    return next((one for test in tests for one in stored if test(one)), None)


def _keep_allocated(spec: dict[str, Any], old: Json, new: Json) -> None:
    """What the API server has chosen once stays, and what no longer fits goes."""
    families, wanted = _families(old), _families(new)
    policy = text(new.get("ipFamilyPolicy")) or text(old.get("ipFamilyPolicy"))
    if new.get("type") == LOAD_BALANCER == old.get("type") and (families or wanted):
        found = wanted or families
        if policy == SINGLE_STACK:
            found = found[:1]
        elif text(new.get("ipFamilyPolicy")) and len(found) == 1 and (policy == "RequireDualStack" or is_dual(old)):
            found = (*found, IPV4 if found[0] == IPV6 else IPV6)
        spec["ipFamilies"] = list(found)
        addresses = old.get("clusterIPs")
        if isinstance(addresses, list) and len(found) < len(addresses):
            spec["clusterIPs"] = addresses[: len(found)]
    if spec.get("externalTrafficPolicy") != LOCAL or spec.get("type") != LOAD_BALANCER:
        spec.pop("healthCheckNodePort", None)


def is_dual(spec: Json) -> bool:
    """Whether a Service has addresses of both families."""
    return len(_families(spec)) > 1


def _families(spec: Json) -> tuple[str, ...]:
    found = spec.get("ipFamilies")
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def refusals(old: Json, new: Json) -> Iterator[UpdateRefusal]:
    """What may not change once a Service of type LoadBalancer is there. Upstream: ValidateServiceUpdate."""
    if (old.get("loadBalancerClass") or None) != (new.get("loadBalancerClass") or None):
        yield UpdateRefusal("spec.loadBalancerClass", text(new.get("loadBalancerClass")), "may not change once set")
    address = text(new.get("clusterIP")) or next(iter(_texts(new.get("clusterIPs"))), "")
    if address and text(old.get("clusterIP")) and address != old.get("clusterIP"):
        yield UpdateRefusal("spec.clusterIPs[0]", address, "may not change once set")
    families, wanted = _families(old) or (IPV4,), _families(new)
    if wanted and wanted[0] != families[0]:
        message = "the first IP family of a Service may not change"
        yield UpdateRefusal("spec.ipFamilies[0]", wanted[0], message)
    elif wanted and len(wanted) < len(families):
        policy = text(new.get("ipFamilyPolicy")) or text(old.get("ipFamilyPolicy"))
        if policy != SINGLE_STACK:
            message = "must be 'SingleStack' to release the secondary IP family"
            yield UpdateRefusal("spec.ipFamilyPolicy", policy, message)
    had, port = old.get("healthCheckNodePort"), new.get("healthCheckNodePort")
    stays = old.get("externalTrafficPolicy") == LOCAL == new.get("externalTrafficPolicy")
    if stays and had and port and had != port:
        yield UpdateRefusal("spec.healthCheckNodePort", str(port), "field is immutable")


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


class FieldEdit(NamedTuple):
    """A field of the manifest that differs; None is what does not stand there."""

    path: Path
    old: object
    new: object


def edits(before: Json, after: Json) -> tuple[FieldEdit, ...]:
    """The annotations and fields of the spec in which two objects differ; ports one by one, by number and protocol."""
    one, other = (texts(mapping(each.get("metadata")).get("annotations")) for each in (before, after))
    found = [
        FieldEdit(("metadata", "annotations", key), one.get(key), other.get(key))
        for key in {**one, **other}
        if one.get(key) != other.get(key) and key != LAST_APPLIED
    ]
    old, new = (mapping(each.get("spec")) for each in (before, after))
    found += [
        FieldEdit(("spec", key), old.get(key), new.get(key))
        for key in {**old, **new}
        if key != "ports" and not _alike(old.get(key, _DEFAULTS.get(key)), new.get(key, _DEFAULTS.get(key)))
    ]
    return (*found, *_port_edits(mappings(old.get("ports")), mappings(new.get("ports"))))


def _alike(one: object, other: object) -> bool:
    return one == other or (one in (None, [], {}, "") and other in (None, [], {}, ""))


def _port_edits(old: Sequence[Json], new: Sequence[Json]) -> Iterator[FieldEdit]:
    before, after = ({_place(one): one for one in ports} for ports in (old, new))
    for place in {**before, **after}:
        one, other = before.get(place), after.get(place)
        path: Path = ("spec", "ports", place)
        if one is None or other is None:
            yield FieldEdit(path, dict(one) if one is not None else None, dict(other) if other is not None else None)
            continue
        for key in ("name", "targetPort", "nodePort", "appProtocol"):
            default = one.get("port") if key == "targetPort" else None
            if one.get(key, default) != other.get(key, default):
                yield FieldEdit((*path, key), one.get(key), other.get(key))


def _place(port: Json) -> str:
    return f"{port.get('port')}/{port.get('protocol') or TCP}"


def undone(data: Json, edit: FieldEdit) -> Json:
    """The object as it is without one of its edits."""
    head, key, *rest = edit.path
    if head == "metadata":
        metadata = mapping(data.get("metadata"))
        found = {name: value for name, value in texts(metadata.get("annotations")).items() if name != rest[0]}
        if edit.old is not None:
            found[str(rest[0])] = str(edit.old)
        return {**data, "metadata": {**metadata, "annotations": found}}
    spec = dict(mapping(data.get("spec")))
    if key != "ports":
        spec.pop(str(key), None)
        return {**data, "spec": {**spec, key: edit.old} if edit.old is not None else spec}
    ports = [dict(one) for one in mappings(spec.get("ports"))]
    if len(rest) == 1:
        ports = [one for one in ports if _place(one) != rest[0]]
        if isinstance(edit.old, dict):
            ports.append(edit.old)
    else:
        ports = [_with(one, str(rest[1]), edit.old) if _place(one) == rest[0] else one for one in ports]
    return {**data, "spec": {**spec, "ports": ports}}


def _with(port: dict[str, Any], key: str, value: object) -> dict[str, Any]:
    found = {name: item for name, item in port.items() if name != key}
    return {**found, key: value} if value is not None else found
