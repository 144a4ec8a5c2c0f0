"""``kubectl akslb trace``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kubectl_akslb.cli import azure_files, output
from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli.inputs import NamedInputs, read
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.errors import AkslbError, InputError, did_you_mean
from kubectl_akslb.path.hop import Outcome

if TYPE_CHECKING:
    from kubectl_akslb.arguments.trace import Arguments
    from kubectl_akslb.model.service import ServicePort
    from kubectl_akslb.path.trace import Trace
    from kubectl_akslb.pipeline import Explained, Explanation


def trace(given: "Arguments") -> int:
    """Follow the packets that the arguments name; returns the exit code."""
    words = given.words or []
    if len(words) != 2:
        hint = "name both: kubectl akslb trace 203.0.113.7 svc/web:443"
        raise output.WrongUsageError("trace takes two words: a client and a target", hint=hint)
    described = opt.described_by(given)
    files = NamedInputs((), tuple(given.filename or ()), given.recursive, given.kustomize)
    live = on.live_options(given._replace(namespace=None) if files.manifests else given)
    if files.manifests:
        on.no_cluster(live, ())
    with Progress("reading") as progress:
        asked = _Asked(words[0], words[1], given.namespace or "")
        standing = azure_files.AzureStanding(given.azure, az=live.az or live.aks is not None)
        progress.now("following the packets")
        to = _to_service if _names_service(words[1]) or _names_maker(words[1]) else _to_host
        try:
            found, notices = to(asked, files, live, described, standing)
        except AkslbError:
            output.report_all(asked.problems, given.color)  # what is missed may stand there
            raise
        text = _rendered(found, given, notices)
    output.print_in(given.form, text)
    output.report_all(asked.problems, given.color)
    if asked.problems:
        return output.EXIT_INPUT
    return output.EXIT_OK if found.outcome is Outcome.PASS else output.EXIT_FINDING


class _Asked:
    """What the command line asks: who, whither, and in which namespace; "" where it does not say."""

    def __init__(self, client: str, target: str, namespace: str) -> None:
        self.client, self.target, self.namespace = client, target, namespace
        #: What could not be read.
        self.problems: list[InputError] = []
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
    from kubectl_akslb.model.command import is_subdomain

    return is_subdomain(word)


def _names_service(target: str) -> bool:
    return target.lower().startswith(("svc/", "service/", "services/"))


def _names_maker(target: str) -> bool:
    """Whether an object is meant of which a controller makes Services, as in ``gateway/web:443``."""
    kind, slash, _ = target.partition("/")
    return bool(slash) and kind.replace(".", "").isalpha()


def _split(target: str) -> tuple[str, str]:
    """Name and port of ``svc/NAME:PORT``; the port is "" where none is given."""
    name, _, port = target.partition("/")[2].partition(":")
    if not _is_name(name):
        hint = "write svc/NAME:PORT; -n names the namespace"
        raise output.WrongUsageError(f"{target[:80]!r} cannot be the name of a Service", hint=hint)
    return name, port


def _to_service(
    asked: _Asked,
    files: NamedInputs,
    live: on.LiveOptions,
    described: opt.ClusterOptions,
    standing: azure_files.AzureStanding,
) -> "tuple[Trace, tuple[str, ...]]":
    from kubectl_akslb.path.client import parse_client
    from kubectl_akslb.path.trace import Subject, on_connection, service_port, trace_service

    name, wanted = _split(asked.target)
    if files.manifests:
        result = _explained(asked, files, described, standing)
    else:
        kind = "svc" if _names_service(asked.target) else asked.target.partition("/")[0]
        result = on.explain_cluster((f"{kind}/{name}",), live, described, client=asked.pod, standing=standing)
    one = _chosen(result, asked.target.partition(":")[0], asked.namespace)
    azure = one.evidence.azure
    service = one.derivation.service
    namespace = asked.pod_namespace or service.namespace or one.evidence.objects.namespace
    try:
        port = service_port(service, wanted) if wanted else _only_port(one)
        client = parse_client(asked.word, result.cluster, one.evidence, azure, namespace)
    except AkslbError as error:
        raise output.WrongUsageError(error.message, error.hint) from None
    subject = Subject(one.derivation, result.cluster, one.evidence, one.path)
    return on_connection(trace_service(subject, client, port), one.connection), result.notices


def _only_port(one: "Explained") -> "ServicePort":
    from kubectl_akslb.path.trace import service_port

    ports = one.derivation.service.ports
    return ports[0] if len(ports) == 1 else service_port(one.derivation.service, "")


def _explained(
    asked: "_Asked", files: NamedInputs, described: opt.ClusterOptions, standing: azure_files.AzureStanding
) -> "Explanation":
    from kubectl_akslb.cli.job import templates_of
    from kubectl_akslb.pipeline import explain

    chosen = opt.cluster_of(described)
    inputs, problems = read(files)
    templates = templates_of(files.files)
    result = explain(inputs, chosen.cluster, chosen.notices, asked.namespace, standing.around(None), templates)
    asked.problems += (*problems, *result.problems)
    return result


def _chosen(result: "Explanation", target: str, namespace: str) -> "Explained":
    """The Service that ``svc/NAME`` or ``gateway/NAME`` means; wrong usage where there is none, or several."""
    from kubectl_akslb.cluster.producers import is_made_of

    kind, _, name = target.partition("/")
    found = [
        one
        for one in result.services
        if (
            (one.derivation.service.name == name and _inside(one.derivation.service.namespace, namespace))
            if _names_service(target)
            else is_made_of(one.found, kind, name, namespace)
        )
    ]
    if len(found) == 1:
        return found[0]
    if found:
        where = ", ".join(one.derivation.service.full_name for one in found[:5])
        hint = "name one with -n" if _names_service(target) else "name the one that is meant: svc/NAME:PORT"
        raise output.WrongUsageError(f"there are {len(found)} Services of {target}: {where}", hint=hint)
    there = ", ".join(one.derivation.service.full_name for one in result.services[:5])
    near = did_you_mean(name, [one.derivation.service.name for one in result.services])
    hint = near or (f"there are {there}" if there else "give a manifest that has one")
    raise AkslbError(f"no Service of type LoadBalancer was read for {target!r}", hint=hint)


def _inside(namespace: str, wanted: str) -> bool:
    return not wanted or (namespace or wanted) == wanted


def _to_host(
    asked: _Asked,
    files: NamedInputs,
    live: on.LiveOptions,
    described: opt.ClusterOptions,
    standing: azure_files.AzureStanding,
) -> "tuple[Trace, tuple[str, ...]]":
    from kubectl_akslb.path.client import parse_client
    from kubectl_akslb.path.trace import on_connection
    from kubectl_akslb.path.trace_outbound import parse_target, trace_outbound

    if not asked.is_pod:
        hint = "the target is a Service, svc/NAME:PORT; only from pod/NAME it can be a host outside"
        raise output.WrongUsageError(f"{asked.target[:80]!r} is no Service", hint=hint)
    try:
        host, port = parse_target(asked.target)
    except AkslbError as error:
        raise output.WrongUsageError(error.message, error.hint) from None
    words: Sequence[str] = ()
    if files.manifests:
        from kubectl_akslb.evidence.cluster import surroundings
        from kubectl_akslb.lint.stream import Stream

        chosen = opt.cluster_of(described)
        inputs, problems = read(files)
        asked.problems += problems
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
    azure = standing.around(evidence.nodes)
    notices = (*notices, *(azure.notices if azure is not None else ()))
    client = parse_client(asked.word, cluster, evidence, azure, namespace)
    return on_connection(trace_outbound(client, host, port, cluster, evidence, azure), words), notices


def _rendered(found: "Trace", given: "Arguments", notices: Sequence[str]) -> str:
    from kubectl_akslb.render import trace as render
    from kubectl_akslb.render.json_text import in_form

    if given.form == "text":
        return render.trace_text(found, output.terminal(given.color), notices, verbose=given.verbose)
    if given.form == "markdown":
        return render.trace_markdown(found, notices)
    return in_form(render.trace_document(found, notices), given.form)
