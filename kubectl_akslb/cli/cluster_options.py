"""How a command finds its cluster and its Services there, and the way from them to a result."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli.output import WrongUsageError
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.edge.files import names_service
from kubectl_akslb.errors import AkslbError, InputError
from kubectl_akslb.named_tuple import NamedTuple

if TYPE_CHECKING:
    from kubectl_akslb.cli.azure_files import AzureStanding
    from kubectl_akslb.cluster.az_answer import AzureAnswer
    from kubectl_akslb.cluster.producers import Asked, Producing
    from kubectl_akslb.cluster.reading import Reading
    from kubectl_akslb.evidence.evidence import Evidence
    from kubectl_akslb.evidence.state import NodeState
    from kubectl_akslb.model.cluster import Cluster
    from kubectl_akslb.model.service import Service
    from kubectl_akslb.pipeline import Explanation


class LiveOptions(NamedTuple):
    """What the command line says about the cluster to read: kubectl's flags, and whether az is asked."""

    connection: Connection
    az: bool = False
    aks: str | None = None


def live_options(given: object) -> LiveOptions:
    """What the arguments of a command say about the cluster to read."""
    connection = Connection.of({name: getattr(given, name, None) for name in Connection._fields})
    return LiveOptions(connection, getattr(given, "az", False), getattr(given, "aks", None))


def no_cluster(live: LiveOptions, targets: Sequence[str]) -> None:
    """Refuse flags that only a cluster can answer, where files are given."""
    given = [flag for flag, value in live.connection._asdict().items() if value]
    if targets or given or live.az or live.aks:
        what = "--aks" if live.aks else "--az" if live.az else Connection.flag(given[0]) if given else ""
        what = targets[0] if targets else what
        hint = "leave out the files to ask the cluster, or leave out everything that is about the cluster"
        if targets and not names_service(what):
            hint = "check the path; to ask the cluster for that Service, leave out the files"
        raise WrongUsageError(f"{what[:80]} asks the cluster, but files are given", hint=hint)


def check(live: LiveOptions, names: Sequence[str], profile: str | None) -> None:
    """Refuse what contradicts itself."""
    connection = live.connection
    if names and (connection.all_namespaces or connection.selector is not None):
        flag = "-A" if connection.all_namespaces else "-l"
        raise WrongUsageError(f"{flag} chooses Services, and so do names", hint=f"leave out {flag}, or the names")
    if profile is not None and (live.az or live.aks):
        raise WrongUsageError("--profile and az describe the same cluster", hint="leave out one of them")


def explain_cluster(
    targets: Sequence[str],
    live: LiveOptions,
    cluster: opt.ClusterOptions,
    azure: "AzureAnswer | None" = None,
    client: str = "",
    standing: "AzureStanding | None" = None,
) -> "Explanation":
    """Explain Services of the cluster. AkslbError where they cannot be read; what else cannot is told in notices.

    *azure* is what az was asked before, so that it is not asked again; *client* is a pod that is read too. *standing*
    tells what really stands in Azure.
    """
    from kubectl_akslb.cluster import reading as reader

    target = _maker(targets)
    if target is not None:
        return _explain_producer(target, live, cluster, azure, standing)
    names = names_of(targets)
    check(live, names, cluster.profile)
    file = opt.base_profile(cluster) if cluster.profile is not None else None
    azure = azure if azure is not None else ask_azure(live)
    reading = reader.read(names, live.connection, _import_the_rest, client)
    problems = _missing(reading, live.connection)
    from kubectl_akslb.cluster.discover_profile import profile_of
    from kubectl_akslb.cluster.explain_services import explain, now
    from kubectl_akslb.cluster.summary import summary

    loaded, _ = profile_of(reading, live.connection, azure, file)
    loaded = opt.flagged(loaded, cluster)
    notices = (*summary(loaded), *loaded.notices, *reading.notices, *_left_out(live.connection))
    stands = standing.around(_nodes(reading), azure.clusters if azure is not None else None) if standing else None
    result = explain(
        reading,
        loaded.cluster,
        notices,
        connection=live.connection,
        named=bool(names),
        now=now(),
        azure=stands,
    )
    return result._replace(problems=(*result.problems, *problems))


def _maker(targets: Sequence[str]) -> "Asked | None":
    """The object of which a controller makes Services, where the words name one, as in ``gateway/web``."""
    if not (any("/" in word for word in targets) or len(targets) == 2):
        return None
    from kubectl_akslb.cluster.producers import asked

    try:
        return asked(targets)
    except AkslbError as error:
        raise WrongUsageError(error.message, error.hint) from None


def services_meant(targets: Sequence[str], live: LiveOptions) -> tuple[tuple[str, ...], LiveOptions]:
    """The names of the Services that the words mean, also by the object that they are made of, and where they are."""
    target = _maker(targets)
    if target is None:
        return names_of(targets), live
    from kubectl_akslb.cluster.producers import standing_of

    check(live, (target.name,), None)
    found = standing_of(target, live.connection)
    if found.alone is not None:
        hint = f"explain {target.kind.lower()}/{target.name} says what its controller would make"
        raise AkslbError(f"no Service that comes of {target.kind} {target.name} is there", hint=hint)
    return found.names, live._replace(connection=found.connection)


def _explain_producer(
    target: "Asked",
    live: LiveOptions,
    cluster: opt.ClusterOptions,
    azure: "AzureAnswer | None",
    standing: "AzureStanding | None",
) -> "Explanation":
    """Explain the Services that a controller makes of an object: those that stand in the cluster, else as it would."""
    from kubectl_akslb.cluster import producers
    from kubectl_akslb.cluster.discover_profile import profile_of
    from kubectl_akslb.cluster.explain_services import explain, now
    from kubectl_akslb.cluster.reading import Reading
    from kubectl_akslb.cluster.summary import summary

    check(live, (target.name,), cluster.profile)
    file = opt.base_profile(cluster) if cluster.profile is not None else None
    azure = azure if azure is not None else ask_azure(live)
    found = producers.read(target, live.connection)
    reading = found.reading or found.around or Reading(())
    loaded, _ = profile_of(reading, live.connection, azure, file)
    loaded = opt.flagged(loaded, cluster)
    told = (*summary(loaded), *loaded.notices, *found.notices, *reading.notices, *_left_out(live.connection))
    notices = tuple(dict.fromkeys(told))
    stands = standing.around(_nodes(reading), azure.clusters if azure is not None else None) if standing else None
    if found.reading is not None:
        return explain(
            reading,
            loaded.cluster,
            notices,
            connection=live.connection,
            named=True,
            now=now(),
            making=found.found,
            azure=stands,
        )
    from kubectl_akslb.pipeline import explain as explain_files

    if not found.found:
        title = f"{target.kind} {target.name}"
        raise AkslbError(
            f"nothing is known to make a Service of type LoadBalancer of {title}",
            hint="its class or type decides: kubectl get svc -A shows what is there",
        )
    namespace = live.connection.namespace or ""
    return explain_files([("", found.manifests)], loaded.cluster, notices, namespace, stands)


def _nodes(reading: "Reading") -> "tuple[NodeState, ...]":
    from kubectl_akslb.evidence.cluster import surroundings

    return surroundings(reading.objects, reading.kinds).nodes or ()


class PodOfCluster(NamedTuple):
    """What a cluster says about a pod and around it; *notices* say what is known of the cluster, and what was not."""

    evidence: "Evidence"
    cluster: "Cluster"
    notices: tuple[str, ...]


def read_pod(client: str, live: LiveOptions, cluster: opt.ClusterOptions) -> PodOfCluster:
    """A pod of the cluster, ``NAMESPACE/NAME`` or ``NAME``; AkslbError where it cannot be read."""
    from kubectl_akslb.cluster import reading as reader
    from kubectl_akslb.cluster.discover_profile import profile_of
    from kubectl_akslb.cluster.summary import summary
    from kubectl_akslb.evidence.cluster import surroundings

    check(live, (), cluster.profile)
    file = opt.base_profile(cluster) if cluster.profile is not None else None
    azure = ask_azure(live)
    reading = reader.read_pod(client, live.connection)
    loaded, _ = profile_of(reading, live.connection, azure, file)
    loaded = opt.flagged(loaded, cluster)
    notices = (*summary(loaded), *loaded.notices, *reading.notices)
    return PodOfCluster(surroundings(reading.objects, reading.kinds), loaded.cluster, notices)


class ServicesOfCluster(NamedTuple):
    """The Services of type LoadBalancer of a cluster, in the order of their creation, and what is known of it.

    *clusters* is what az has said of it, None where it was not asked.
    """

    services: "tuple[Service, ...]"
    cluster: "Cluster"
    notices: tuple[str, ...]
    nodes: "tuple[NodeState, ...]" = ()
    clusters: bytes | None = None


def read_services(live: LiveOptions, cluster: opt.ClusterOptions) -> ServicesOfCluster:
    """All Services of the cluster; AkslbError where they cannot be read."""
    from kubectl_akslb.cluster import reading as reader
    from kubectl_akslb.cluster.discover_profile import profile_of
    from kubectl_akslb.cluster.explain_services import load_balancers
    from kubectl_akslb.cluster.summary import summary

    check(live, (), cluster.profile)
    file = opt.base_profile(cluster) if cluster.profile is not None else None
    azure = ask_azure(live)
    reading = reader.read_services(live.connection)
    loaded, _ = profile_of(reading, live.connection, azure, file)
    loaded = opt.flagged(loaded, cluster)
    notices = (*summary(loaded), *loaded.notices, *reading.notices)
    clusters = azure.clusters if azure is not None else None
    return ServicesOfCluster(load_balancers(reading), loaded.cluster, notices, _nodes(reading), clusters)


class LintInputs(NamedTuple):
    """Services of the cluster as streams for lint, and the cluster.

    *notices* say what is known and assumed about it, *left_out* what may not be read.
    """

    inputs: list[tuple[str, bytes]]
    cluster: "Cluster"
    notices: tuple[str, ...]
    left_out: tuple[str, ...]
    problems: tuple[InputError, ...]
    beside: tuple[Mapping[str, Any], ...] = ()


def lint_cluster(targets: Sequence[str], live: LiveOptions, cluster: opt.ClusterOptions) -> LintInputs:
    """Services of the cluster for lint. AkslbError where they cannot be read."""
    from kubectl_akslb.cluster import lint_streams
    from kubectl_akslb.cluster.discover_profile import profile_of
    from kubectl_akslb.cluster.summary import summary

    target = _maker(targets)
    names = names_of(targets) if target is None else (target.name,)
    check(live, names, cluster.profile)
    file = opt.base_profile(cluster) if cluster.profile is not None else None
    azure = ask_azure(live)
    if target is not None:
        from kubectl_akslb.cluster.producers import standing_of

        made = standing_of(target, live.connection)
        if made.alone is not None:
            return _as_it_would_be_made(target, made.alone, live, cluster, azure)
        names, live = made.names, live._replace(connection=made.connection)
    found = lint_streams.read(names, live.connection, _import_rules)
    problems = _missing(found.reading, live.connection)
    loaded, _ = profile_of(found.reading, live.connection, azure, file)
    loaded = opt.flagged(loaded, cluster)
    notices = (*summary(loaded), *loaded.notices, *_left_out(live.connection))
    beside = tuple(found.reading.daemon_sets or ())  # they tell what enforces NetworkPolicies
    return LintInputs(lint_streams.inputs(found), loaded.cluster, notices, found.reading.notices, problems, beside)


def _as_it_would_be_made(
    target: "Asked", made: "Producing", live: LiveOptions, cluster: opt.ClusterOptions, azure: "AzureAnswer | None"
) -> LintInputs:
    """The object itself, of which nothing is made yet, with what it refers to."""
    from kubectl_akslb.cluster.discover_profile import profile_of
    from kubectl_akslb.cluster.reading import Reading
    from kubectl_akslb.cluster.summary import summary

    around = made.around or Reading(())
    file = opt.base_profile(cluster) if cluster.profile is not None else None
    loaded, _ = profile_of(around, live.connection, azure, file)
    loaded = opt.flagged(loaded, cluster)
    notices = (*summary(loaded), *loaded.notices, *made.notices, *_left_out(live.connection))
    named = [(f"{target.kind.lower()}/{target.name}", made.manifests)]
    return LintInputs(named, loaded.cluster, tuple(dict.fromkeys(notices)), around.notices, ())


def _left_out(connection: Connection) -> list[str]:
    """A sentence where the printed commands do not run as they are."""
    return ["the commands that are printed leave out --token: it is a secret"] if connection.token is not None else []


def _import_rules() -> None:
    """Import what comes after kubectl's answer, while kubectl runs."""
    import kubectl_akslb.lint.engine
    import kubectl_akslb.profile.flags  # noqa: F401 - imported while kubectl runs


def names_of(targets: Sequence[str]) -> tuple[str, ...]:
    """The names of Services among the words; wrong usage where one can be none."""
    from kubectl_akslb.cluster.reading import targets as read_targets

    try:
        return read_targets(targets)
    except AkslbError as error:
        raise WrongUsageError(error.message, error.hint) from None


def _import_the_rest() -> None:
    """Import what comes after kubectl's answer, while kubectl runs."""
    import kubectl_akslb.cluster.discover_profile
    import kubectl_akslb.cluster.explain_services
    import kubectl_akslb.cluster.summary
    import kubectl_akslb.profile.flags
    import kubectl_akslb.render.text  # noqa: F401 - imported while kubectl runs


def ask_azure(live: LiveOptions) -> "AzureAnswer | None":
    """Start az, where it is wanted and the cluster's name is known: it takes longer than kubectl."""
    if not live.az and live.aks is None:
        return None
    from kubectl_akslb.cluster.az import parse_name
    from kubectl_akslb.cluster.az_answer import AzureAnswer

    try:
        name = parse_name(live.aks) if live.aks is not None else None
    except AkslbError as error:
        raise WrongUsageError(error.message, error.hint) from None
    return AzureAnswer(name)


def _missing(reading: "Reading", connection: Connection) -> tuple[InputError, ...]:
    """The names that are not there, as problems beside the Services that are; an error where none is."""
    if reading.services and not reading.missing:
        return ()
    from kubectl_akslb.cluster.suggestions import not_there

    errors = tuple(not_there(reading.services, reading.missing, connection))
    if not reading.services and len(errors) == 1:
        raise errors[0]
    names = zip(reading.missing, errors, strict=True)
    return tuple(InputError(error.message, path=f"svc/{name}", hint=error.hint) for name, error in names)
