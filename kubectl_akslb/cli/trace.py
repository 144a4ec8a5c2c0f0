"""``kubectl akslb trace``."""

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from kubectl_akslb.cli import azure_files, output
from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import inputs as given
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.errors import AkslbError

if TYPE_CHECKING:
    from kubectl_akslb.azure.resources import Resources
    from kubectl_akslb.model.service import ServicePort
    from kubectl_akslb.path.trace import Trace
    from kubectl_akslb.pipeline import Explained, Explanation


class Format(str, Enum):
    """What ``-o`` takes."""

    TEXT = "text"
    JSON = "json"
    YAML = "yaml"
    MARKDOWN = "markdown"


def trace(  # noqa: PLR0913 - typer makes an option of each argument
    client: Annotated[
        str,
        typer.Argument(metavar="CLIENT", help="An address, range or service tag, internet, vnet, pod/NAME, node/NAME."),
    ],
    target: Annotated[
        str, typer.Argument(metavar="svc/NAME[:PORT]|HOST:PORT", help="A Service; from a pod also a host outside.")
    ],
    filename: opt.Files = None,
    form: Annotated[Format, typer.Option("--output", "-o", help="How to print it.")] = Format.TEXT,
    azure: azure_files.AzureFiles = None,
    profile: opt.Profile = None,
    kubernetes_version: opt.KubernetesVersion = None,
    provider_version: opt.ProviderVersion = None,
    aks_release: opt.AksRelease = None,
    sku: opt.Sku = None,
    probe_mode: opt.ProbeMode = None,
    backend_pool_type: opt.BackendPoolType = None,
    outbound_type: opt.OutboundType = None,
    nodes: opt.Nodes = None,
    zones: opt.Zones = None,
    namespace: on.Namespace = None,
    *,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="The hops of every part of a range.")] = False,
    color: opt.Color = output.Colours.AUTO,
    recursive: given.Recursive = False,
    kustomize: given.Kustomize = None,
    context: on.Context = None,
    kubeconfig: on.Kubeconfig = None,
    cluster: on.ClusterName = None,
    user: on.User = None,
    as_user: on.AsUser = None,
    as_group: on.AsGroups = None,
    request_timeout: on.RequestTimeout = None,
    az: on.Az = False,
    aks: on.Aks = None,
) -> None:  # fmt: skip
    """Follow the packets of one client hop by hop, to the first that drops them, and back.

    Inbound by the load balancer, or from a pod to a host outside. With -f of files, else of the cluster; --azure FILE
    has the real security groups evaluated. Exits with 1 where it does not arrive, or where that is not certain.
    """
    described = opt.ClusterOptions(
        profile,
        kubernetes_version,
        provider_version,
        sku,
        probe_mode,
        backend_pool_type,
        outbound_type,
        nodes,
        zones,
        aks_release,
    )
    files = given.told_apart((), filename, kustomize, recursive=recursive)
    connection = Connection(
        None if files.manifests else namespace,
        context=context,
        kubeconfig=kubeconfig,
        cluster=cluster,
        user=user,
        as_user=as_user,
        as_groups=tuple(as_group or ()),
        request_timeout=request_timeout,
    )
    live = on.LiveOptions(connection, az, aks)
    if files.manifests:
        on.no_cluster(live, ())
    with Progress("reading") as progress:
        standing = azure_files.read(azure)
        progress.now("following the packets")
        asked = _Asked(client, target, namespace or "")
        found, notices = (
            _to_service(asked, files, live, described, standing)
            if _names_service(target)
            else _to_host(asked, files, live, described, standing)
        )
        notices = (*notices, *(standing.notices if standing is not None else ()))
        text = _rendered(found, form, notices, color, verbose=verbose)
    (output.show if form is Format.TEXT else output.write)(text)
    if found.outcome.value != "pass":
        raise typer.Exit(output.EXIT_FINDING)


class _Asked:
    """What the command line asks: who, whither, and in which namespace; "" where it does not say."""

    def __init__(self, client: str, target: str, namespace: str) -> None:
        self.client, self.target, self.namespace = client, target, namespace
        kind, slash, name = client.partition("/")
        self.is_pod = bool(slash) and kind.lower() in {"pod", "pods", "po"}
        inside, apart, bare = name.rpartition("/")
        #: The pod as ``NAMESPACE/NAME`` or ``NAME``, "" where the client is none.
        self.pod = (f"{inside}/{bare}" if apart else bare) if self.is_pod else ""
        self.pod_namespace = inside if apart else namespace
        self.word = f"pod/{bare}" if self.is_pod else client
        if self.is_pod and not (_is_name(bare) and (not apart or _is_name(inside))):
            raise output.WrongUsageError(f"{client[:80]!r} is no pod", hint="write pod/NAME, or pod/NAMESPACE/NAME")


def _is_name(word: str) -> bool:
    from kubectl_akslb.model.command import is_subdomain  # noqa: PLC0415 - only for pods

    return is_subdomain(word)


def _names_service(target: str) -> bool:
    return target.lower().startswith(("svc/", "service/", "services/"))


def _split(target: str) -> tuple[str, str]:
    """Name and port of ``svc/NAME:PORT``; the port is "" where none is given."""
    name, _, port = target.partition("/")[2].partition(":")
    if not _is_name(name):
        hint = "write svc/NAME:PORT; -n names the namespace"
        raise output.WrongUsageError(f"{target[:80]!r} cannot be the name of a Service", hint=hint)
    return name, port


def _to_service(
    asked: _Asked, files: given.Named, live: on.LiveOptions, described: opt.ClusterOptions, azure: "Resources | None"
) -> "tuple[Trace, tuple[str, ...]]":
    from kubectl_akslb.path.client import parse_client  # noqa: PLC0415 - where a cluster is asked, kubectl starts first
    from kubectl_akslb.path.trace import Subject, on_connection, service_port, trace_service  # noqa: PLC0415

    name, wanted = _split(asked.target)
    if files.manifests:
        result = _explained(files, described)
    else:
        result = on.explain_cluster((f"svc/{name}",), live, described, asked.pod)
    one = _chosen(result, name, asked.namespace)
    service = one.derivation.service
    namespace = asked.pod_namespace or service.namespace or one.evidence.objects.namespace
    try:
        port = service_port(service, wanted) if wanted else _only_port(one)
        client = parse_client(asked.word, result.cluster, one.evidence, azure, namespace)
    except AkslbError as error:
        raise output.WrongUsageError(error.message, error.hint) from None
    subject = Subject(one.derivation, result.cluster, one.evidence, one.path, azure)
    return on_connection(trace_service(subject, client, port), one.connection), result.notices


def _only_port(one: "Explained") -> "ServicePort":
    from kubectl_akslb.path.trace import service_port  # noqa: PLC0415 - as above

    ports = one.derivation.service.ports
    return ports[0] if len(ports) == 1 else service_port(one.derivation.service, "")


def _explained(files: given.Named, described: opt.ClusterOptions) -> "Explanation":
    from kubectl_akslb.pipeline import explain  # noqa: PLC0415 - where a cluster is asked, kubectl starts before it

    chosen = opt.cluster_of(described)
    inputs, problems = given.read(files)
    result = explain(inputs, chosen.cluster, chosen.notices)
    output.report_all((*problems, *result.problems))
    return result


def _chosen(result: "Explanation", name: str, namespace: str) -> "Explained":
    """The Service of that name; wrong usage where there is none, or several."""
    found = [
        one
        for one in result.services
        if one.derivation.service.name == name
        and (not namespace or (one.derivation.service.namespace or namespace) == namespace)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        where = ", ".join(one.derivation.service.full_name for one in found)
        raise output.WrongUsageError(f"there are {len(found)} Services {name}: {where}", hint="name one with -n")
    there = ", ".join(one.derivation.service.full_name for one in result.services[:5])
    hint = f"there are {there}" if there else "give a manifest that has one"
    raise AkslbError(f"no Service {name!r} of type LoadBalancer was read", hint=hint)


def _to_host(
    asked: _Asked, files: given.Named, live: on.LiveOptions, described: opt.ClusterOptions, azure: "Resources | None"
) -> "tuple[Trace, tuple[str, ...]]":
    from kubectl_akslb.path.client import parse_client  # noqa: PLC0415 - as above
    from kubectl_akslb.path.trace import on_connection  # noqa: PLC0415
    from kubectl_akslb.path.trace_outbound import parse_target, trace_outbound  # noqa: PLC0415

    if not asked.is_pod:
        hint = "the target is a Service, svc/NAME:PORT; only from pod/NAME it can be a host outside"
        raise output.WrongUsageError(f"{asked.target[:80]!r} is no Service", hint=hint)
    try:
        host, port = parse_target(asked.target)
    except AkslbError as error:
        raise output.WrongUsageError(error.message, error.hint) from None
    words: Sequence[str] = ()
    if files.manifests:
        from kubectl_akslb.evidence.cluster import surroundings  # noqa: PLC0415
        from kubectl_akslb.lint.stream import Stream  # noqa: PLC0415

        chosen = opt.cluster_of(described)
        inputs, problems = given.read(files)
        output.report_all(problems)
        evidence = surroundings(one for path, data in inputs for one in Stream(path, data).objects)
        cluster, notices = chosen.cluster, chosen.notices
    else:
        evidence, cluster, notices = on.read_pod(asked.pod, live, described)
        words = live.connection.words
    pods = [
        one
        for one in evidence.objects.of("Pod")
        if (one.get("metadata") or {}).get("name") == asked.pod.rpartition("/")[2]
    ]
    there = {evidence.objects.namespace_of(one) for one in pods}
    namespace = asked.pod_namespace or (there.pop() if len(there) == 1 else evidence.objects.namespace)
    client = parse_client(asked.word, cluster, evidence, azure, namespace)
    return on_connection(trace_outbound(client, host, port, cluster, evidence, azure), words), notices


def _rendered(found: "Trace", form: Format, notices: Sequence[str], color: output.Colours, *, verbose: bool) -> str:
    from kubectl_akslb.render import trace as render  # noqa: PLC0415 - kubectl starts before it

    if form is Format.TEXT:
        return render.trace_text(found, output.terminal(color), notices, verbose=verbose)
    if form is Format.MARKDOWN:
        return render.trace_markdown(found, notices)
    body = render.trace_document(found, notices)
    if form is Format.YAML:
        from kubectl_akslb.manifest.block import block_text  # noqa: PLC0415

        return block_text(body)
    from kubectl_akslb.render.document import json_text  # noqa: PLC0415

    return json_text(body)
