"""``kubectl akslb verify``: the one command that writes to a cluster, and only after consent."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output, probe_pods
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.cli.verify_api_server import verify_api_server
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.named_tuple import NamedTuple

if TYPE_CHECKING:
    from kubectl_akslb.arguments.verify import Arguments
    from kubectl_akslb.cluster.probe_pod import ProbePod
    from kubectl_akslb.path.answer import Answer
    from kubectl_akslb.path.request import Request, Requests
    from kubectl_akslb.pipeline import Explained
    from kubectl_akslb.render.verification import Shown

MOST_NODES = 100
"""Of a larger pool so many nodes are asked, unless others are named."""


class _Subject(NamedTuple):
    """A Service and what its probes ask."""

    name: str
    requests: "Requests"


def verify(given: "Arguments") -> int:
    """Ask what Azure's probes ask; returns the exit code."""
    live = on.live_options(given)
    probe_pods.check(given)
    if given.api_server:
        return verify_api_server(given, live)
    with Progress("reading the cluster"):
        result = on.explain_cluster(given.service or (), live, opt.described_by(given))
        output.report_all(result.problems, given.color)
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
        return probe_pods.print_manifests(pods)
    probe_pods.agree(pods, given)
    ran = probe_pods.run(pods, live, given)
    code = _print(_shown(subjects, ran.answers, pods, (*notices, *ran.notices)), given)
    return output.EXIT_INPUT if ran.remains else code


def _subject(one: "Explained", nodes: Sequence[str]) -> _Subject:
    from kubectl_akslb.path.request import requests_of

    found = requests_of(one.context)
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
    from kubectl_akslb.cluster.probe_pod import MOST_REQUESTS

    requests = tuple(dict.fromkeys(each.request for one in subjects for each in one.requests.asked))
    if not requests:
        return ()
    if len(requests) > MOST_REQUESTS:
        message = f"these are {len(requests):,} requests, and a pod makes {MOST_REQUESTS:,} at most"
        raise output.WrongUsageError(message, hint="name fewer Services, or nodes with --node")
    senders = _senders(subjects) if given.from_nodes else ("",)
    return probe_pods.made(requests, senders, services[0].derivation.service.namespace, given)


def _senders(subjects: Sequence[_Subject]) -> tuple[str, ...]:
    return probe_pods.bounded(dict.fromkeys(each.node for one in subjects for each in one.requests.asked))


def _shown(
    subjects: Sequence[_Subject],
    answers: "dict[tuple[str, Request], Answer]",
    pods: "Sequence[ProbePod]",
    notices: Sequence[str],
) -> "Shown":
    from kubectl_akslb.path.answer import NOT_SEEN, Exchange, Verified
    from kubectl_akslb.render.verification import Shown

    services = []
    for one in subjects:
        asked = tuple(
            Exchange(each, pod.node, answers.get((pod.node, each.request), NOT_SEEN))
            for each in one.requests.asked
            for pod in pods
        )
        services.append(Verified(one.name, asked, one.requests.left_out, one.requests.unprobed))
    return Shown(tuple(services), pods[0].image if pods else "", tuple(pod.name for pod in pods), tuple(notices))


def _print(shown: "Shown", given: "Arguments") -> int:
    from kubectl_akslb.path.answer import Word
    from kubectl_akslb.render import verification as render

    def text() -> str:
        return render.verification_text(shown, output.terminal(given.color), verbose=given.verbose)

    probe_pods.print_result(given.form, text, lambda: render.verification_document(shown))
    return output.EXIT_OK if shown.word is Word.ANSWERED else output.EXIT_FINDING
