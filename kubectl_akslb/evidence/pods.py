"""The pods of a Service as the API server has them, and why one is not ready."""

from collections.abc import Mapping

from kubectl_akslb.evidence.objects import (
    Object,
    Objects,
    condition,
    events_by_object,
    integer,
    mapping,
    mappings,
    name_of,
    one_line,
    text,
    texts,
)
from kubectl_akslb.evidence.selected import ByLabel, by_label, controller_of, deployment_of, selected
from kubectl_akslb.evidence.state import UNHEALTHY, PodState
from kubectl_akslb.evidence.workloads import lasting_containers

_ENDED = ("Succeeded", "Failed")
_STARTING = ("ContainerCreating", "PodInitializing")
_SANDBOX = ("FailedCreatePodSandBox", "SandboxChanged")
_OF_OTHERS = ("FailedScheduling", UNHEALTHY, "BackOff", "ProbeWarning")
"""Warnings that say nothing of why a pod that has a node does not start."""


def running_pods(objects: Objects, namespace: str, selector: Mapping[str, str]) -> tuple[PodState, ...]:
    """The pods that the selector matches; those that have ended only where there are no others."""
    alive = selected(objects.once(_pods_by_label), namespace, selector)
    return alive or selected(objects.once(_ended_by_label), namespace, selector)


def _pods_by_label(objects: Objects) -> ByLabel[PodState]:
    return by_label(_pods(objects, ended=False))


def _ended_by_label(objects: Objects) -> ByLabel[PodState]:
    return by_label(_pods(objects, ended=True))


def _pods(objects: Objects, *, ended: bool) -> dict[str, tuple[PodState, ...]]:
    """The pods that have a status, by namespace: those that have *ended*, or the others."""
    found: dict[str, list[PodState]] = {}
    for one in objects.of("Pod"):
        phase = text(mapping(one.get("status")).get("phase"))
        if phase and (phase in _ENDED) is ended:
            found.setdefault(objects.namespace_of(one), []).append(_pod(one, objects))
    return {namespace: tuple(pods) for namespace, pods in found.items()}


def _pod(one: Object, objects: Objects) -> PodState:
    metadata, spec = mapping(one.get("metadata")), mapping(one.get("spec"))
    ready = condition(one, "Ready") is True and mapping(one.get("status")).get("phase") not in _ENDED
    reason, message = ("", "") if ready else _reason(one, objects)
    controller = controller_of(one)
    return PodState(
        name=text(metadata.get("name")),
        labels=texts(metadata.get("labels")),
        containers=tuple(lasting_containers(spec)),
        node=text(spec.get("nodeName")),
        ready=ready,
        host_network=spec.get("hostNetwork") is True,
        terminating=bool(metadata.get("deletionTimestamp")),
        reason=reason,
        message=message,
        owner=deployment_of(one, controller) or controller,
        addresses=tuple(text(each.get("ip")) for each in mappings(mapping(one.get("status")).get("podIPs"))),
        annotations=texts(metadata.get("annotations")),
    )


def _reason(one: Object, objects: Objects) -> tuple[str, str]:
    """Why a pod is not ready: what its containers wait for, else its events, else its conditions."""
    status = mapping(one.get("status"))
    stuck, starting = _of_containers(status)
    if text(status.get("phase")) in _ENDED and text(status.get("reason")):  # the kubelet has ended it: Evicted
        return text(status.get("reason")), one_line(status.get("message"))
    if stuck is not None:
        return stuck
    if status.get("phase") == "Succeeded":
        return "Completed", ""
    for event in reversed(objects.once(events_by_object).get(("Pod", objects.namespace_of(one), name_of(one)), ())):
        hinders = event.get("reason") in _SANDBOX or (starting and event.get("reason") not in _OF_OTHERS)
        if hinders and event.get("type") != "Normal":
            return text(event.get("reason")), one_line(event.get("message"))
    conditions = {text(each.get("type")): each for each in mappings(status.get("conditions"))}
    for name, otherwise in (("PodScheduled", "Unschedulable"), ("Ready", "NotReady")):
        condition = mapping(conditions.get(name))
        if name == "Ready" and starting:
            return starting, ""
        if condition and condition.get("status") != "True":
            failing = _unhealthy(one, objects) if name == "Ready" else ""
            if failing:
                return UNHEALTHY, failing
            return text(condition.get("reason")) or otherwise, one_line(condition.get("message"))
    return text(status.get("reason")), one_line(status.get("message"))


def _unhealthy(one: Object, objects: Objects) -> str:
    """What the kubelet says of a readiness probe that fails."""
    about = objects.once(events_by_object).get(("Pod", objects.namespace_of(one), name_of(one)), ())
    messages = (one_line(event.get("message")) for event in reversed(about) if event.get("reason") == UNHEALTHY)
    return next((message for message in messages if message.startswith("Readiness")), "")


def _of_containers(status: Mapping[str, object]) -> tuple[tuple[str, str] | None, str]:
    """What a container fails with, if one does, and what one waits for while it starts."""
    starting = ""
    for field in ("initContainerStatuses", "containerStatuses"):
        for container in mappings(status.get(field)):
            state = mapping(container.get("state"))
            wait, ended = mapping(state.get("waiting")), mapping(state.get("terminated"))
            reason = text(wait.get("reason"))
            if reason in _STARTING:
                starting = starting or reason
            elif reason:
                return (
                    reason,
                    "; ".join(filter(None, (_last_end(container, field), one_line(wait.get("message"))))),
                ), starting
            if ended and field == "containerStatuses":
                return (text(ended.get("reason")) or "terminated", one_line(ended.get("message"))), starting
    return None, starting


def _last_end(container: Mapping[str, object], field: str) -> str:
    """How a container ended the last time, and which one of those that run before the others it is."""
    ended = mapping(mapping(container.get("lastState")).get("terminated"))
    reason, code = text(ended.get("reason")), integer(ended.get("exitCode"))
    name = text(container.get("name"))
    said = [f"init container {name}"] if name and field == "initContainerStatuses" else []
    if reason and reason != "Completed":
        said.append(f"it ended with {reason}" + (f" ({code})" if code is not None else ""))
    return ", ".join(said)
