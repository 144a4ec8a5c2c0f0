"""The pods behind a Service: whose they are, by the templates of their workloads or as they are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kubectl_akslb.evidence.evidence import Pods
from kubectl_akslb.evidence.objects import mapping, mappings, text, texts

#: Where each kind keeps its pod template. The pods of Helm's hooks and tests are none of the Service.
_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Rollout", "Job"),
        ("spec", "template"),
    ),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Pod": (),
}
WORKLOAD_KINDS = frozenset(_TEMPLATES)
_ENDING = ("Job/", "CronJob/")
_HOOK = "helm.sh/hook"
_ENDED = frozenset({"Succeeded", "Failed"})


def pods_of(data: object) -> Iterator[Pods]:
    """The pods that an object runs, if it runs any."""
    data = mapping(data)
    kind, metadata = text(data.get("kind")), mapping(data.get("metadata"))
    if kind not in _TEMPLATES or _HOOK in mapping(metadata.get("annotations")) or _is_over(data, metadata):
        return
    pod: Mapping[str, Any] = data
    for step in _TEMPLATES[kind]:
        pod = mapping(pod.get(step))
    spec = mapping(pod.get("spec"))
    if spec:
        yield Pods(
            f"{kind}/{metadata.get('name', '')}",
            text(metadata.get("namespace")),
            texts(mapping(pod.get("metadata")).get("labels")),
            tuple(_containers(spec)),
            spec.get("hostNetwork") is True,
        )


def _is_over(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> bool:
    """Whether it has no pods any more: a pod that ended, a revision that a Deployment keeps to go back to."""
    if mapping(data.get("status")).get("phase") in _ENDED:
        return True
    return bool(metadata.get("ownerReferences")) and mapping(data.get("spec")).get("replicas") == 0


def lasting(pods: Sequence[Pods]) -> tuple[Pods, ...]:
    """The pods that stay; those of Jobs end. All of them where none stays."""
    return tuple(one for one in pods if not one.owner.startswith(_ENDING)) or tuple(pods)


def _containers(spec: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The containers that run as long as the pod does: sidecars are init containers that are always restarted."""
    yield from mappings(spec.get("containers"))
    for one in mappings(spec.get("initContainers")):
        if one.get("restartPolicy") == "Always":
            yield one
