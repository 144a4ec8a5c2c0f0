"""``kubectl akslb drift``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kubectl_akslb.cli import azure_files, inputs, output
from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.errors import AkslbError

if TYPE_CHECKING:
    from kubectl_akslb.arguments.drift import Arguments
    from kubectl_akslb.azure.resources import Resources
    from kubectl_akslb.model.cluster import Cluster
    from kubectl_akslb.model.service import Service
    from kubectl_akslb.plan.drift.difference import Drift

_NEVER = "never"
_ASK = "--az asks az; or --azure FILE with what az network lb list, nsg list and public-ip list print with -o json"


def drift(given: "Arguments") -> int:
    """Compare what stands in Azure with what the arguments name; returns the exit code."""
    named = inputs.told_apart(given)
    live = on.live_options(given._replace(namespace=None) if named.manifests else given)
    with Progress("reading") as progress:
        az = live.az or live.aks is not None
        if not given.azure and not az:
            raise output.WrongUsageError("what stands in Azure is not said", hint=_ASK)
        standing = azure_files.AzureStanding(given.azure, az=az)
        connection = None
        if named.manifests:
            on.no_cluster(live, named.services)
            found = _of_files(named, given, _known(standing.around(None)))
        elif given.complete:
            hint = "leave it out: all Services of a cluster are read"
            raise output.WrongUsageError("--complete is about files", hint=hint)
        else:
            progress.now("asking the cluster")
            found = _of_cluster(named.services, live, opt.described_by(given), standing)
            connection = live.connection.words
        progress.now("writing")
        text = _rendered(found, given, connection)
    output.print_in(given.form, text)
    return output.EXIT_FINDING if _fails(found, given.fail_on) else output.EXIT_OK


def _of_files(named: inputs.NamedInputs, given: "Arguments", standing: "Resources") -> "Drift":
    from kubectl_akslb.cli.job import templates_of
    from kubectl_akslb.lint.stream import read_manifests
    from kubectl_akslb.manifest.decode import with_defaults
    from kubectl_akslb.pipeline import in_namespace

    chosen = opt.cluster_of(opt.described_by(given))
    data, problems = inputs.read(named)
    namespace = given.namespace or ""
    manifests = read_manifests(data, namespace, templates_of(named.files))
    unread = (*problems, *manifests.unread)
    if unread:
        raise unread[0]  # a Service that is not read would be taken for one that is gone
    services = [with_defaults(in_namespace(one, namespace).service) for one in manifests.found]
    return _compared(services, chosen.cluster, standing, chosen.notices, complete=given.complete)


def _of_cluster(
    targets: tuple[str, ...], live: on.LiveOptions, described: opt.ClusterOptions, standing: azure_files.AzureStanding
) -> "Drift":
    """All Services are read, because they share rules and addresses; what is shown is about those that are meant."""
    from kubectl_akslb.cluster import reading as reader

    names, live = on.services_meant(targets, live)
    on.check(live, names, described.profile)
    anywhere = live.connection._replace(namespace=None, all_namespaces=False, selector=None)
    read = on.read_services(live._replace(connection=anywhere), described)
    stands = _known(standing.around(read.nodes, read.clusters))
    notices = (*read.notices, *stands.notices)
    found = _compared(read.services, read.cluster, stands, notices, complete=True)
    if live.connection.all_namespaces:
        return found
    return found.only(reader.chosen_services(live.connection, names))


def _known(standing: "Resources | None") -> "Resources":
    """What stands; an error where nothing tells of load balancers, with what was said instead."""
    from kubectl_akslb.plan.drift.cluster_resources import with_empty_lists

    if standing is None:
        raise output.WrongUsageError("what stands in Azure is not said", hint=_ASK)
    if with_empty_lists(standing).load_balancers is None and standing.notices:
        raise AkslbError(standing.notices[0], hint=_ASK)
    return standing


def _compared(
    services: "Sequence[Service]", cluster: "Cluster", standing: "Resources", notices: Sequence[str], *, complete: bool
) -> "Drift":
    from kubectl_akslb.plan.drift.drift import drift as compare

    return compare(services, cluster, standing, complete=complete)._replace(notices=tuple(notices))


def _fails(found: "Drift", last: str) -> bool:
    """Whether there is a difference of this fate, or of one before it."""
    from kubectl_akslb.plan.drift.difference import Fate

    if last == _NEVER:
        return False
    order = list(Fate)
    return any(order.index(one.fate) <= order.index(Fate(last)) for one in found.differences)


def _rendered(found: "Drift", given: "Arguments", connection: tuple[str, ...] | None) -> str:
    if given.form == "text":
        from kubectl_akslb.render.drift_text import drift_text

        screen = output.terminal(given.color)
        return drift_text(found, screen, connection, verbose=given.verbose, why=given.why)
    from kubectl_akslb.render import drift_formats as formats

    if given.form == "markdown":
        return formats.drift_markdown(found)
    if given.form == "sarif":
        return formats.drift_sarif(found)
    if given.form == "junit":
        return formats.drift_junit(found)
    from kubectl_akslb.render.json_text import in_form

    return in_form(formats.drift_document(found), given.form)
