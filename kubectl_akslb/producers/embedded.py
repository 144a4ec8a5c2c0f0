"""Services that stand in a field of another object: what holds for every operator that has such a field."""

from collections.abc import Iterator

from kubectl_akslb.evidence.objects import Objects, mapping, text
from kubectl_akslb.producers.draft import METADATA_ANNOTATIONS, Draft, Made, Object, Path, below, name_of

_DEEPEST = 8
#: Copies of pods and schemas hold no Service of their own.
_PASSED = frozenset({"status", "template", "podTemplate", "versions", "openAPIV3Schema"})
_SPEC = (
    "type", "externalTrafficPolicy", "loadBalancerClass", "loadBalancerIP", "loadBalancerSourceRanges", "ipFamilies",
    "ipFamilyPolicy", "allocateLoadBalancerNodePorts", "healthCheckNodePort", "ports", "sessionAffinity",
)  # fmt: skip


def of_any(one: Object, objects: Objects) -> list[Made]:
    """The Services that fields of *one* describe: a mapping whose ``type`` or ``spec.type`` is LoadBalancer.

    Who makes them is not known here, and neither is their name; ports only where they are given.
    """
    return [made for at, fields in _found(one.get("spec"), ("spec",)) for made in _made(one, at, fields, objects)]


def _found(value: object, at: Path) -> Iterator[tuple[Path, Object]]:
    if len(at) > _DEEPEST:
        return
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _found(item, (*at, index))
        return
    fields = mapping(value)
    if len(at) > 1 and "LoadBalancer" in (fields.get("type"), below(fields, "spec", "type")):
        yield at, fields
        return
    for key, below_it in fields.items():
        if key not in _PASSED and isinstance(key, str):
            yield from _found(below_it, (*at, key))


def _made(one: Object, at: Path, fields: Object, objects: Objects) -> list[Made]:
    nested = below(fields, "spec", "type") is not None
    spec, where = (mapping(fields.get("spec")), (*at, "spec")) if nested else (fields, at)
    template = nested or isinstance(fields.get("metadata"), dict)
    annotations: Path = (*at, *METADATA_ANNOTATIONS) if template else (*at, "annotations")
    metadata = mapping(fields.get("metadata")) if template else fields
    draft = Draft(text(metadata.get("name")) or name_of(one), objects.namespace_of(one))
    draft.label(metadata.get("labels"))
    draft.annotate(metadata.get("annotations"), annotations)
    draft.merge_spec({key: spec[key] for key in _SPEC if key in spec}, where)
    kind = text(one.get("kind"))
    draft.unknown.append(f"what the controller of {kind} adds is not known here: the name, ports, defaults")
    return draft.made(f"the controller of {kind}", annotations)
