"""What a selector matches: the workloads beside a Service, and what has labels, found by them."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias, TypeVar

from kubectl_akslb.evidence.evidence import Pods
from kubectl_akslb.evidence.objects import Object, Objects, mapping, mappings, name_of, text
from kubectl_akslb.evidence.state import PodState
from kubectl_akslb.evidence.workloads import WORKLOAD_KINDS, pods_of
from kubectl_akslb.model.service import Service

L = TypeVar("L", Pods, PodState)
ByLabel: TypeAlias = dict[tuple[str, str, str], list[L]]


def by_label(found: Mapping[str, Iterable[L]]) -> ByLabel[L]:
    """Things with labels by namespace and each of these, so that N Services beside N workloads stay linear."""
    index: ByLabel[L] = {}
    for namespace, many in found.items():
        for one in many:
            for key, value in one.pairs():
                index.setdefault((namespace, key, value), []).append(one)
    return index


def selected(index: ByLabel[L], namespace: str, selector: Mapping[str, str]) -> tuple[L, ...]:
    """What the selector of a Service matches; one that is empty matches nothing."""
    found = [index.get((namespace, key, value), []) for key, value in selector.items()]
    fewest = min(found, key=len, default=[])
    return tuple(one for one in fewest if all(one.bears(key, value) for key, value in selector.items()))


def workloads(objects: Objects) -> dict[str, tuple[Pods, ...]]:
    """The pods of all workloads by namespace. What is made of another object that is there too counts as that one's."""
    made = objects.of(*sorted(WORKLOAD_KINDS))
    there = {(objects.namespace_of(one), f"{one['kind']}/{name_of(one)}") for one in made}
    found: dict[str, dict[str, Pods]] = {}
    for one in made:
        namespace, controller = objects.namespace_of(one), controller_of(one)
        deployment = deployment_of(one, controller)
        if {(namespace, controller), (namespace, deployment)} & there:
            continue
        for pods in pods_of(one):
            # The pods of one controller are alike: one stands for all of them.
            named = pods._replace(owner=deployment or controller or pods.owner)
            found.setdefault(namespace, {}).setdefault(controller or pods.owner, named)
    return {namespace: tuple(pods.values()) for namespace, pods in found.items()}


def workloads_by_label(objects: Objects) -> ByLabel[Pods]:
    """The same by namespace and label."""
    return by_label(objects.once(workloads))


def elsewhere(objects: Objects, service: Service) -> tuple[Pods, ...]:
    """The workloads of other namespaces that its selector matches."""
    return selected(objects.once(_workloads_anywhere), "", service.selector)


def _workloads_anywhere(objects: Objects) -> ByLabel[Pods]:
    """The workloads that name their namespace, as if all were in the namespace ""."""
    found = (one for many in objects.once(workloads).values() for one in many if one.namespace)
    return by_label({"": found})


def controller_of(one: Object) -> str:
    """The object that made this one, as ``ReplicaSet/web-5d4f``."""
    owners = mappings(mapping(one.get("metadata")).get("ownerReferences"))
    return next((f"{text(o.get('kind'))}/{text(o.get('name'))}" for o in owners if o.get("controller") is True), "")


def deployment_of(one: Object, controller: str) -> str:
    """The Deployment of a pod, which its ReplicaSet is named after."""
    suffix = "-" + text(mapping(mapping(one.get("metadata")).get("labels")).get("pod-template-hash"))
    made = len(suffix) > 1 and controller.startswith("ReplicaSet/") and controller.endswith(suffix)
    return controller.replace("ReplicaSet/", "Deployment/", 1).removesuffix(suffix) if made else ""
