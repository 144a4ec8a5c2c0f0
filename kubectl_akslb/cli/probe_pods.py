"""What ``verify`` does with its pods: their making, the consent, the run, and the output."""

import sys
from collections.abc import Callable, Iterable, Sequence
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Literal

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import output
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.named_tuple import NamedTuple

if TYPE_CHECKING:
    from kubectl_akslb.arguments.verify import Arguments
    from kubectl_akslb.cluster.probe_pod import ProbePod
    from kubectl_akslb.path.answer import Answer
    from kubectl_akslb.path.request import Request

MOST_SENDERS = 20
_LONGEST = 3600


def check(given: "Arguments") -> None:
    """Refuse what cannot be done."""
    if not 1 <= given.timeout <= _LONGEST:
        raise output.WrongUsageError(f"--timeout cannot be {given.timeout}", hint=f"1 to {_LONGEST} seconds")


def bounded(nodes: Iterable[str]) -> tuple[str, ...]:
    """The nodes that are asked from; WrongUsageError where they are too many."""
    names = tuple(nodes)
    if len(names) > MOST_SENDERS:
        message = f"these are {len(names)} nodes, and at most {MOST_SENDERS} are asked from"
        raise output.WrongUsageError(message, hint="name some of them: --node NAME")
    return names


def made(
    requests: "tuple[Request, ...]", senders: Sequence[str], namespace: str, given: "Arguments"
) -> "tuple[ProbePod, ...]":
    """The pods that make *requests*: one on each node of *senders*, "" for anywhere; *namespace* is the default."""
    from kubectl_akslb.cluster.probe_pod import IMAGE, ProbePod
    from kubectl_akslb.model.command import is_label

    namespace = given.pod_namespace or namespace or "default"
    if not is_label(namespace):
        raise output.WrongUsageError(f"{namespace[:80]!r} is no namespace", hint="--pod-namespace NAME")
    image = given.image or _configured_image() or IMAGE
    if not image.isprintable() or " " in image:
        raise output.WrongUsageError(f"{image[:80]!r} is no image", hint="--image REGISTRY/NAME:TAG")
    run = token_hex(4)
    names = (f"akslb-verify-{run}" + (f"-{index}" if node else "") for index, node in enumerate(senders))
    return tuple(
        ProbePod(name, namespace, image, requests, node, given.timeout, run)
        for name, node in zip(names, senders, strict=True)
    )


def _configured_image() -> str:
    """The image that .akslb.yaml names; whose file that is, is told, for it may be somebody else's."""
    from kubectl_akslb.cli.job import config_of

    found = config_of(None, ())
    if found.image:
        output.note([f"the image is the one that {found.path} names"])
    return found.image


def print_manifests(pods: "Sequence[ProbePod]") -> int:
    """What would be created, as YAML; returns the exit code."""
    from kubectl_akslb.cluster.probe_pod import manifest
    from kubectl_akslb.manifest.block import block_text

    output.write_whole("---\n".join(block_text(manifest(pod)) for pod in pods).encode())
    return output.EXIT_OK


def agree(pods: "Sequence[ProbePod]", given: "Arguments") -> None:
    """Show what will be created, and ask; SystemExit where it is not wanted, WrongUsageError where nobody can say."""
    first = pods[0]
    kind = f"{len(pods)} pods" if len(pods) > 1 else "the pod"
    where = " on a node each, with the node's network," if first.node else ""
    output.tell(
        f"{kind} {', '.join(pod.name for pod in pods)}{where} will be created in namespace {first.namespace},\n"
        f"image {first.image}, make {len(first.requests)} requests{' each' if len(pods) > 1 else ''} and be removed;"
        " --dry-run prints all of it\n"
    )
    if given.yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        hint = "--yes says that it is; --dry-run prints what would be created"
        raise output.WrongUsageError("verify creates a pod, and nobody can be asked whether that is wanted", hint=hint)
    output.tell("create it? [y/N] ")
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        output.tell("nothing was created\n")
        raise SystemExit(output.EXIT_USAGE)


class Ran(NamedTuple):
    """The answers by sender and request, what there is to say of pods that did not run, and whether one is left."""

    answers: "dict[tuple[str, Request], Answer]"
    notices: list[str]
    remains: bool


def run(pods: "Sequence[ProbePod]", live: on.LiveOptions, given: "Arguments") -> Ran:
    """Run the pods; SystemExit where a signal ends it, with the pods removed."""
    from kubectl_akslb.cluster import pod_run
    from kubectl_akslb.edge.interrupts import EndedError

    try:
        with Progress("creating") as progress:
            done = pod_run.run(pods, live.connection, given.timeout, progress.now)
    except EndedError as ended:
        output.tell("interrupted\n")
        raise SystemExit(ended.exit_code) from None
    if len(done.failed) == len(pods) and not done.answers:
        raise next(iter(done.failed.values()))
    notices = [f"{name}: {error.message}; {error.hint}" for name, error in done.failed.items()]
    by_name = {pod.name: pod for pod in pods}
    answers = {
        (by_name[name].node, by_name[name].requests[number]): answer for (name, number), answer in done.answers.items()
    }
    return Ran(answers, notices, bool(done.remains))


def print_result(
    form: Literal["text", "json", "yaml"], text: Callable[[], str], document: Callable[[], dict[str, Any]]
) -> None:
    """The result in the form that is wanted."""
    if form == "text":
        output.show(text())
        return
    from kubectl_akslb.render.json_text import in_form

    output.write(in_form(document(), form))
