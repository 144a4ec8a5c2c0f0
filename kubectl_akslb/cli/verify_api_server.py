"""``kubectl akslb verify --api-server``: whether pods, or nodes, reach the API server."""

from typing import TYPE_CHECKING

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import output, probe_pods
from kubectl_akslb.cli.progress import Progress

if TYPE_CHECKING:
    from kubectl_akslb.arguments.verify import Arguments


def verify_api_server(given: "Arguments", live: on.LiveOptions) -> int:
    """Ask the API server by each way from a pod, or from nodes; returns the exit code."""
    from kubectl_akslb.cluster.ways_to_api_server import read
    from kubectl_akslb.path.answer import NOT_SEEN
    from kubectl_akslb.path.reach import Break, Tried, breaks_at
    from kubectl_akslb.render import reach as render

    if given.service:
        raise output.WrongUsageError("--api-server asks no Service", hint="leave out one of them")
    with Progress("reading the cluster"):
        found = read(live.connection, with_nodes=given.from_nodes)
    nodes = tuple(given.node) if given.node else found.nodes
    unknown = next((name for name in nodes if given.from_nodes and found.nodes and name not in found.nodes), None)
    if unknown is not None:
        raise output.WrongUsageError(f"there is no node {unknown[:80]!r}", hint="kubectl get nodes lists them")
    senders = probe_pods.bounded(nodes) if given.from_nodes else ("",)
    requests = tuple(dict.fromkeys(one.request for one in found.ways))
    pods = probe_pods.made(requests, senders, given.namespace or "default", given)
    if given.dry_run:
        return probe_pods.print_manifests(pods)
    probe_pods.agree(pods, given)
    ran = probe_pods.run(pods, live, given)
    tried = [
        Tried(way, pod.node, ran.answers.get((pod.node, way.request), NOT_SEEN)) for pod in pods for way in found.ways
    ]
    notices = (*found.notices, *ran.notices)
    probe_pods.print_result(
        given.form,
        lambda: render.reach_text(tried, output.terminal(given.color), notices),
        lambda: render.reach_document(tried, notices),
    )
    reached = all(breaks_at(each) is Break.NOWHERE for each in render.by_sender(tried).values())
    return output.EXIT_INPUT if ran.remains else output.EXIT_OK if reached else output.EXIT_FINDING
