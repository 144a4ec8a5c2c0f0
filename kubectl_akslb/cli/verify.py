"""``kubectl akslb verify``: the one command that writes to a cluster, and only after consent."""

import sys
from collections.abc import Sequence
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.errors import AkslbError

if TYPE_CHECKING:
    from kubectl_akslb.arguments.verify import Arguments
    from kubectl_akslb.cluster.probe_pod import ProbePod
    from kubectl_akslb.path.answer import Answer
    from kubectl_akslb.path.request import Request, Requests
    from kubectl_akslb.pipeline import Explained
    from kubectl_akslb.render.verification import Shown

MOST_NODES = 100
"""Of a larger pool so many nodes are asked, unless others are named."""

MOST_SENDERS = 20
_LONGEST = 3600


class _Subject(NamedTuple):
    """A Service and what its probes ask."""

    name: str
    requests: "Requests"


def verify(given: "Arguments") -> int:
    """Ask what Azure's probes ask; returns the exit code."""
    live = on.live_options(given)
    if not 1 <= given.timeout <= _LONGEST:
        raise output.WrongUsageError(f"--timeout cannot be {given.timeout}", hint=f"1 to {_LONGEST} seconds")
    with Progress("reading the cluster"):
        result = on.explain_cluster(given.service or (), live, opt.described_by(given))
        output.report_all(result.problems)
        if not result.services:
            raise AkslbError("there is no Service of type LoadBalancer", hint="name one, or look everywhere: -A")
        if all(one.evidence.nodes is None for one in result.services):
            raise AkslbError(
                "the nodes cannot be read, and without their addresses nothing can be asked of them",
                hint="; ".join(result.notices[-2:]) or "the right to list nodes is needed",
            )
        subjects = [_subject(one, given.node or ()) for one in result.services]
    notices = [*_bounded(subjects, given.node or ())]
    subjects = [_cut(one, given.node or ()) for one in subjects]
    pods = _pods(subjects, result.services, given)
    if not pods:
        return _print(_shown(subjects, {}, (), notices), given)
    if given.dry_run:
        return _print_manifests(pods)
    _consent(pods, given)
    ran = _run(pods, live, given)
    code = _print(_shown(subjects, ran.answers, pods, (*notices, *ran.notices)), given)
    return output.EXIT_INPUT if ran.remains else code


def _subject(one: "Explained", nodes: Sequence[str]) -> _Subject:
    from kubectl_akslb.path.request import requests_of

    found = requests_of(one.derivation, one.cluster, one.evidence)
    known = {each.name for each in one.evidence.nodes or ()}
    wrong = next((name for name in nodes if name not in known), None)
    if wrong is not None:
        from kubectl_akslb.errors import did_you_mean

        hint = did_you_mean(wrong, known) or "kubectl get nodes lists them"
        raise output.WrongUsageError(f"there is no node {wrong[:80]!r}", hint=hint)
    return _Subject(one.derivation.service.full_name, found)


def _bounded(subjects: Sequence[_Subject], nodes: Sequence[str]) -> list[str]:
    """What is left out of a large pool."""
    most = max((len({each.node for each in one.requests.asked}) for one in subjects), default=0)
    if nodes or most <= MOST_NODES:
        return []
    return [f"the first {MOST_NODES} of {most} nodes are asked; --node names others"]


def _cut(one: _Subject, nodes: Sequence[str]) -> _Subject:
    """Only the nodes that are named, or the first."""
    names = list(dict.fromkeys(each.node for each in one.requests.asked))
    chosen = set(nodes or names[:MOST_NODES])
    asked = tuple(each for each in one.requests.asked if each.node in chosen)
    left_out = tuple(each for each in one.requests.left_out if not nodes or not each.node or each.node in chosen)
    return one._replace(requests=one.requests._replace(asked=asked, left_out=left_out))


def _pods(subjects: Sequence[_Subject], services: "Sequence[Explained]", given: "Arguments") -> "tuple[ProbePod, ...]":
    """The pods that ask: one, or with --from-nodes one on each node that is asked."""
    from kubectl_akslb.cluster.probe_pod import IMAGE, MOST_REQUESTS, ProbePod
    from kubectl_akslb.model.command import is_label

    requests = tuple(dict.fromkeys(each.request for one in subjects for each in one.requests.asked))
    if not requests:
        return ()
    if len(requests) > MOST_REQUESTS:
        message = f"these are {len(requests):,} requests, and a pod makes {MOST_REQUESTS:,} at most"
        raise output.WrongUsageError(message, hint="name fewer Services, or nodes with --node")
    namespace = given.pod_namespace or services[0].derivation.service.namespace or "default"
    if not is_label(namespace):
        raise output.WrongUsageError(f"{namespace[:80]!r} is no namespace", hint="--pod-namespace NAME")
    image = given.image or _configured_image() or IMAGE
    if not image.isprintable() or " " in image:
        raise output.WrongUsageError(f"{image[:80]!r} is no image", hint="--image REGISTRY/NAME:TAG")
    run = token_hex(4)
    senders = _senders(subjects) if given.from_nodes else ("",)
    names = (f"akslb-verify-{run}" + (f"-{index}" if node else "") for index, node in enumerate(senders))
    return tuple(
        ProbePod(name, namespace, image, requests, node, given.timeout, run)
        for name, node in zip(names, senders, strict=True)
    )


def _senders(subjects: Sequence[_Subject]) -> tuple[str, ...]:
    names = dict.fromkeys(each.node for one in subjects for each in one.requests.asked)
    if len(names) > MOST_SENDERS:
        message = f"these are {len(names)} nodes, and at most {MOST_SENDERS} are asked from"
        raise output.WrongUsageError(message, hint="name some of them: --node NAME")
    return tuple(names)


def _configured_image() -> str:
    """The image that .akslb.yaml names; whose file that is, is told, for it may be somebody else's."""
    from kubectl_akslb.cli.job import config_of

    found = config_of(None, ())
    if found.image:
        output.note([f"the image is the one that {found.path} names"])
    return found.image


def _print_manifests(pods: "Sequence[ProbePod]") -> int:
    from kubectl_akslb.cluster.probe_pod import manifest
    from kubectl_akslb.manifest.block import block_text

    output.write_whole("---\n".join(block_text(manifest(pod)) for pod in pods).encode())
    return output.EXIT_OK


def _consent(pods: "Sequence[ProbePod]", given: "Arguments") -> None:
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


class _Ran(NamedTuple):
    """The answers by sender and request, what there is to say of pods that did not run, and whether one is left."""

    answers: "dict[tuple[str, Request], Answer]"
    notices: list[str]
    remains: bool


def _run(pods: "Sequence[ProbePod]", live: on.LiveOptions, given: "Arguments") -> _Ran:
    """Run the pods; SystemExit where a signal ends it, with the pods removed."""
    from kubectl_akslb.cluster.pod_run import run
    from kubectl_akslb.edge.interrupts import EndedError

    try:
        with Progress("creating") as progress:
            done = run(pods, live.connection, given.timeout, progress.now)
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
    return _Ran(answers, notices, bool(done.remains))


def _shown(
    subjects: Sequence[_Subject], answers: "dict[tuple[str, Request], Answer]", pods: "Sequence[ProbePod]",
    notices: Sequence[str],
) -> "Shown":  # fmt: skip
    from kubectl_akslb.path.answer import NOT_SEEN, Asked, Verified
    from kubectl_akslb.render.verification import Shown

    services = []
    for one in subjects:
        asked = tuple(
            Asked(each, pod.node, answers.get((pod.node, each.request), NOT_SEEN))
            for each in one.requests.asked
            for pod in pods
        )
        services.append(Verified(one.name, asked, one.requests.left_out, one.requests.unprobed))
    return Shown(tuple(services), pods[0].image if pods else "", tuple(pod.name for pod in pods), tuple(notices))


def _print(shown: "Shown", given: "Arguments") -> int:
    from kubectl_akslb.path.answer import Word
    from kubectl_akslb.render import verification as render

    if given.form == "text":
        output.show(render.verification_text(shown, output.terminal(given.color), verbose=given.verbose))
    elif given.form == "yaml":
        from kubectl_akslb.manifest.block import block_text

        output.write(block_text(render.verification_document(shown)))
    else:
        from kubectl_akslb.render.json_text import json_text

        output.write(json_text(render.verification_document(shown)))
    return output.EXIT_OK if shown.word is Word.ANSWERED else output.EXIT_FINDING
