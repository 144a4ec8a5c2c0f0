"""Create pods, wait until they are done, read what they say, and remove them whatever happens."""

from collections.abc import Callable, Mapping, Sequence
from json import dumps
from time import monotonic, sleep
from typing import Any

from kubectl_akslb.cluster import kubectl
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.cluster.probe_pod import MOST_LOG_BYTES, RUN, ProbePod, answers, manifest
from kubectl_akslb.edge.interrupts import Interrupts
from kubectl_akslb.edge.process import Finished, NotInstalledError, Running
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.evidence.objects import mapping, mappings, name_of, text
from kubectl_akslb.model.command import Command, command, flag
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.answer import Answer

_PAUSE = 1.0
_CALL_SECONDS = 30.0
"""So long one call of kubectl may take here: what was made has to be removed in time."""

_NO_IMAGE = frozenset({"ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"})
_NO_START = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError"})
_NO_PROGRAM = ("executable file not found", "no such file or directory")
#: curl ends with these where it does not know an option.
_USAGE = (2, 4)


class PodRun(NamedTuple):
    """What came of the pods: answers by pod and request, and for each that did not run, why not.

    *remains* are the commands that remove what could not be removed.
    """

    answers: Mapping[tuple[str, int], Answer]
    failed: Mapping[str, AkslbError]
    remains: tuple[Command, ...] = ()


def run(pods: Sequence[ProbePod], connection: Connection, seconds: int, doing: Callable[[str], object] = str) -> PodRun:
    """Run the pods, all of them in one namespace; EndedError where a signal ends it, with the pods removed.

    AkslbError where they cannot be created.
    """
    remains: tuple[Command, ...] = ()
    with Interrupts() as interrupts:
        try:
            with interrupts.held():  # who asks for a pod has to know whether there is one
                doing("creating")
                failed = _create(pods, connection)
            there = [one for one in pods if one.name not in failed]
            if not there:
                raise next(iter(failed.values()))
            doing("asking")
            states = _wait(there, connection, seconds)
            doing("reading the answers")
            found: dict[tuple[str, int], Answer] = {}
            for one in there:
                error = _failure(one, states.get(one.name), seconds)
                if error is not None:
                    failed[one.name] = error
                found |= _read(one, connection, states.get(one.name))
        finally:
            with interrupts.held():
                doing("removing")
                remains = remove(pods, connection)
                if remains:
                    tell_remains(remains)
    return PodRun(found, failed, remains)


def tell_remains(remains: Sequence[Command]) -> None:
    """Say at once what is left, and how it is removed: an error may come that says something else."""
    from kubectl_akslb.edge.streams import tell

    tell("".join(f"warning: a pod could not be removed; remove it: {one}\n" for one in remains))


def _call(argv: Sequence[str], feed: bytes | None = None) -> Finished:
    try:
        running = Running(argv, feed=feed)
    except NotInstalledError as missing:
        raise AkslbError(missing.message, hint="install kubectl and put it on the PATH") from None
    try:
        return running.finished(_CALL_SECONDS)
    finally:
        running.stop()


def _create(pods: Sequence[ProbePod], connection: Connection) -> dict[str, AkslbError]:
    """Create them, each on its own: of several some may be refused; why, by name."""
    failed = {}
    for one in pods:
        argv = (kubectl.KUBECTL, "create", "-f", "-", "-n", one.namespace, "-o", "name", *connection.flags)
        done = _call(argv, dumps(manifest(one)).encode())
        if done.code != 0:
            failed[one.name] = _refused(done, one)
    return failed


def _refused(done: Finished, pod: ProbePod) -> AkslbError:
    from kubectl_akslb.cluster.kubectl_errors import bare, help_for, lines_of

    said = bare((lines_of(done.err) or [""])[-1])
    if "violates PodSecurity" in said:
        hint = (
            "a pod with the node's network needs a namespace whose level is privileged: --pod-namespace kube-system"
            if pod.node
            else "name a namespace that takes it: --pod-namespace NAME"
        )
        return AkslbError(f"namespace {pod.namespace} refuses the pod: {said}", hint=hint)
    if "denied the request" in said:
        hint = "a policy of the cluster refuses it: name an image that it takes (--image), or --pod-namespace NAME"
        return AkslbError(f"the pod is refused: {said}", hint=hint)
    return help_for(done)


def _wait(pods: Sequence[ProbePod], connection: Connection, seconds: int) -> dict[str, Mapping[str, Any]]:
    """The pods when all are done, or when time is up; one that is gone is not among them."""
    until = monotonic() + seconds
    names = [one.name for one in pods]
    argv = (
        kubectl.KUBECTL,
        "get",
        "pods",
        "-l",
        f"{RUN}={pods[0].run}",
        "-n",
        pods[0].namespace,
        "-o",
        "json",
        *connection.flags,
    )
    states: dict[str, Mapping[str, Any]] = {}
    while True:
        done = _call(argv)
        if done.code == 0:
            objects = kubectl.objects(done)
            states = {name_of(one): one for one in objects}
            if all(_is_done(one, states.get(one.name)) for one in pods):
                return {name: states[name] for name in names if name in states}
        if monotonic() >= until:
            return {name: states[name] for name in names if name in states}
        sleep(_PAUSE)


def _statuses(pod: ProbePod, state: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The states of our containers: what a mesh may have put in beside them goes on for ever."""
    ours = {name for name, _ in pod.containers}
    found = mappings(mapping(state.get("status")).get("containerStatuses"))
    return [mapping(one.get("state")) for one in found if one.get("name") in ours]


def _is_done(pod: ProbePod, state: Mapping[str, Any] | None) -> bool:
    if state is None or text(mapping(state.get("status")).get("phase")) in {"Succeeded", "Failed"}:
        return True
    found = _statuses(pod, state)
    ended = len(found) == len(pod.containers) and all("terminated" in one for one in found)
    return ended or any(_waits_for(one) in _NO_IMAGE | _NO_START for one in found)


def _waits_for(state: Mapping[str, Any]) -> str:
    return text(mapping(state.get("waiting")).get("reason"))


def _failure(pod: ProbePod, state: Mapping[str, Any] | None, seconds: int) -> AkslbError | None:
    """Why a pod did not ask, or None where it did."""
    if state is None:
        return AkslbError(f"the pod {pod.name} is gone: somebody has removed it", hint="try again")
    ours = _statuses(pod, state)
    error = next(filter(None, (_of_container(pod, one) for one in ours)), None)
    if error is not None or (ours and all("terminated" in one for one in ours)):
        return error
    status = mapping(state.get("status"))
    if text(status.get("phase")) == "Failed":
        said = ": ".join(filter(None, (text(status.get("reason")), text(status.get("message")))))
        return AkslbError(f"the pod {pod.name} was ended: {said or 'nothing says why'}", hint="try again")
    for one in mappings(status.get("conditions")):
        if one.get("type") == "PodScheduled" and one.get("status") == "False":
            said = f"no node takes the pod: {text(one.get('message'))}"
            return AkslbError(said, hint="wait longer with --timeout, or ask from the nodes: --from-nodes")
    return AkslbError(f"the pod {pod.name} was not done after {seconds} s", hint="wait longer with --timeout")


def _of_container(pod: ProbePod, state: Mapping[str, Any]) -> AkslbError | None:
    """Why a container did not start, or could not do what it was started for."""
    reason, said = _waits_for(state), text(mapping(state.get("waiting")).get("message"))
    if reason in _NO_IMAGE:
        hint = "name one that the nodes can pull, with curl in it: --image REGISTRY/curl:TAG"
        return AkslbError(f"the image {pod.image} cannot be pulled: {said or reason}", hint=hint)
    if any(words in said for words in _NO_PROGRAM):
        return AkslbError(f"the image {pod.image} has no curl: {said}", hint="name one that has it: --image")
    if reason in _NO_START:
        return AkslbError(f"the pod does not start ({reason}): {said}", hint="another image: --image")
    ended = mapping(state.get("terminated"))
    message = text(ended.get("message"))
    if any(words in message for words in _NO_PROGRAM):
        return AkslbError(f"the image {pod.image} has no curl: {message}", hint="name one that has it: --image")
    if ended.get("exitCode") in _USAGE:
        hint = "name one with curl 7.75 or later: --image"
        return AkslbError(f"the image {pod.image} has a curl that does not know an option", hint=hint)
    return None


def _read(pod: ProbePod, connection: Connection, state: Mapping[str, Any] | None) -> dict[tuple[str, int], Answer]:
    """What its containers wrote, as far as they have begun."""
    found: dict[tuple[str, int], Answer] = {}
    if state is None or not any("terminated" in one or "running" in one for one in _statuses(pod, state)):
        return found
    for name, asked in pod.containers:
        argv = (
            kubectl.KUBECTL,
            "logs",
            pod.name,
            "-c",
            name,
            "-n",
            pod.namespace,
            f"--limit-bytes={MOST_LOG_BYTES}",
            *connection.flags,
        )
        done = _call(argv)
        if done.code != 0:
            from kubectl_akslb.cluster.kubectl_errors import help_for

            raise help_for(done)
        found |= {(pod.name, number): answer for number, answer in answers(asked, done.out).items()}
    return found


def remove(pods: Sequence[ProbePod], connection: Connection) -> tuple[Command, ...]:
    """Remove them; for those that could not be removed, the command that does it."""
    names = [one.name for one in pods]
    namespace = pods[0].namespace
    words = ("delete", "pod", *names, "-n", namespace, "--ignore-not-found", "--now", "--wait=false")
    for _ in range(2):
        done = _call((kubectl.KUBECTL, *words, *connection.flags))
        if done.code == 0:
            return ()
    by_hand = command("kubectl", "delete", "pod", flag("--namespace", namespace), *names)
    return (by_hand.on(connection.words),)
