"""``kubectl akslb capacity``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kubectl_akslb.cli import azure_files, output
from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli.inputs import NamedInputs, read, told_apart
from kubectl_akslb.cli.progress import Progress

if TYPE_CHECKING:
    from kubectl_akslb.arguments.capacity import Arguments
    from kubectl_akslb.azure.capacity import Capacity
    from kubectl_akslb.model.service import Service


def capacity(given: "Arguments") -> int:
    """Count what the Services that the arguments name take; returns the exit code."""
    described = opt.described_by(given)
    named = told_apart(given)
    live = on.live_options(given._replace(namespace=None) if named.manifests else given)
    with Progress("reading") as progress:
        asked = azure_files.AzureStanding(given.azure, az=live.az or live.aks is not None)
        standing = asked.around(()) if given.azure else None
        stands = standing is not None and standing.load_balancers is not None
        if named.manifests:
            on.no_cluster(live, named.services)
        if named.manifests or (stands and not named.services and live == on.LiveOptions(type(live.connection)())):
            chosen = opt.cluster_of(described)
            services = _of_files(named, given.namespace or "") if named.manifests else ()
            cluster, notices = chosen.cluster, chosen.notices
        else:
            progress.now("asking the cluster")
            services, cluster, notices, nodes, clusters = _of_cluster(named.services, live, described)
            progress.now("asking what stands in Azure")
            standing = asked.around(nodes, clusters)
        progress.now("counting")
        added = _of_files(NamedInputs((), tuple(given.add), given.recursive), "") if given.add else ()
        from kubectl_akslb.azure.capacity import capacity as counted
        from kubectl_akslb.lint.assume import with_assumed_addresses

        # An address that a Service asks for is taken to exist, as explain does.
        found = counted(services, added, with_assumed_addresses((*services, *added), cluster), standing)
        notices = (*notices, *(standing.notices if standing is not None else ()))
        text = _rendered(found, given, notices)
    output.print_in(given.form, text)
    return output.EXIT_FINDING if found.exceeded else output.EXIT_OK


def _of_cluster(targets: tuple[str, ...], live: on.LiveOptions, described: opt.ClusterOptions) -> on.ServicesOfCluster:
    """All Services of the cluster, which share its limits; or those that are chosen, and a sentence that says so."""
    from kubectl_akslb.cluster.reading import chosen_services

    names, live = on.services_meant(targets, live)
    on.check(live, names, described.profile)
    anywhere = live.connection._replace(namespace=None, all_namespaces=False, selector=None)
    read = on.read_services(live._replace(connection=anywhere), described)
    if not names and live.connection.namespace is None and live.connection.selector is None:
        return read
    chosen = set(chosen_services(live.connection, names))
    services = tuple(one for one in read.services if one.full_name in chosen)
    count = f"{len(services):,} of {len(read.services):,} Services are counted"
    told = f"{count}, and all of them share these limits: -A counts all"
    return read._replace(services=services, notices=(told, *read.notices))


def _of_files(files: NamedInputs, namespace: str) -> "tuple[Service, ...]":
    """The Services of type LoadBalancer in files; what cannot be read is an error, for it would not be counted."""
    from kubectl_akslb.cli.job import templates_of
    from kubectl_akslb.lint.stream import read_manifests
    from kubectl_akslb.manifest.decode import with_defaults
    from kubectl_akslb.pipeline import in_namespace

    inputs, problems = read(files)
    manifests = read_manifests(inputs, namespace, templates_of(files.files))
    unread = (*problems, *manifests.unread)
    if unread:
        raise unread[0]
    return tuple(with_defaults(in_namespace(one, namespace).service) for one in manifests.found)


def _rendered(found: "Capacity", given: "Arguments", notices: Sequence[str]) -> str:
    from kubectl_akslb.render import capacity as render
    from kubectl_akslb.render.json_text import in_form

    if given.form == "text":
        return render.capacity_text(found, output.terminal(given.color), notices)
    if given.form == "markdown":
        return render.capacity_markdown(found, notices)
    return in_form(render.capacity_document(found, notices), given.form)
