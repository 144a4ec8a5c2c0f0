"""``kubectl akslb upgrade``."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import inputs as given
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.plan.effect import Effect
from kubectl_akslb.render.terminal import Terminal

if TYPE_CHECKING:
    from kubectl_akslb.model.cluster import Cluster
    from kubectl_akslb.plan.report import UpgradePlan
    from kubectl_akslb.provider.version import ChosenVersion

_UPGRADE = "Upgrade"


class Format(str, Enum):
    """What ``-o`` takes."""

    TEXT = "text"
    JSON = "json"
    YAML = "yaml"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    JUNIT = "junit"


class FailOn(str, Enum):
    """What ``--fail-on`` takes."""

    BREAKS = "breaks"
    MAY_BREAK = "may-break"
    EXPOSES = "exposes"
    LOSES_ADDRESS = "loses-address"
    INTERRUPTS = "interrupts"
    CHANGES = "changes"
    RENAMES = "renames"
    NEVER = "never"

    @property
    def threshold(self) -> Effect | None:
        """The least effect that makes the exit code 1; None: none does."""
        return None if self is FailOn.NEVER else Effect(self.value.replace("-", " "))


def upgrade(  # noqa: PLR0913 - typer makes an option of each argument
    service: given.Targets = None,
    filename: opt.Files = None,
    to: Annotated[str | None, typer.Option("--to", metavar="VERSION", rich_help_panel=_UPGRADE,
                  help="The minor of Kubernetes, such as 1.34, or a release of the provider, such as 1.34.2.")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="VERSION", rich_help_panel=_UPGRADE,
                     help="What runs now, in the same way; without it, the cluster's or the profile's.")] = None,
    to_aks_release: Annotated[str | None, typer.Option("--to-aks-release", metavar="DATE", rich_help_panel=_UPGRADE,
                              help="An AKS release, such as 2026-06-19: the provider announced by then.")] = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", rich_help_panel=_UPGRADE,
                       help="The least effect that makes the exit code 1.")] = FailOn.LOSES_ADDRESS,
    form: Annotated[Format, typer.Option("--output", "-o", help="How to print it.")] = Format.TEXT,
    profile: opt.Profile = None,
    sku: opt.Sku = None,
    probe_mode: opt.ProbeMode = None,
    backend_pool_type: opt.BackendPoolType = None,
    namespace: on.Namespace = None,
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Every Service in detail, with all changes and causes.")
    ] = False,
    color: opt.Color = output.Colours.AUTO,
    recursive: given.Recursive = False,
    kustomize: given.Kustomize = None,
    all_namespaces: on.AllNamespaces = False,
    selector: on.Selector = None,
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
    """Find what an upgrade breaks, before it does: by Service, with the cause and the fix to apply first.

    Each Service is derived with the release that runs now, and reconciled by the other. Nothing is changed.

    Exits with 1 where a Service breaks, may break, is exposed or loses its address (--fail-on).
    """
    if to is None and to_aks_release is None:
        raise output.WrongUsageError("what to upgrade to is not said", hint="--to 1.34, or --to-aks-release 2026-06-19")
    described = opt.ClusterOptions(profile, sku=sku, probe_mode=probe_mode, backend_pool_type=backend_pool_type)
    connection = Connection(
        namespace, all_namespaces, selector, context, kubeconfig, cluster, user, as_user, tuple(as_group or ()),
        request_timeout,
    )  # fmt: skip
    live = on.LiveOptions(connection, az, aks)
    named = given.told_apart(service, filename, kustomize, recursive=recursive)
    with Progress("reading") as progress:
        if named.manifests:
            on.no_cluster(live, named.services)
            plan = _of_files(named, described, (since, to, to_aks_release))
        else:
            progress.now("asking the cluster")
            plan = _of_cluster(named.services, live, described, (since, to, to_aks_release))
        progress.now("writing")
        text = rendered(plan, form, output.terminal(color), verbose=verbose)
    (output.show if form is Format.TEXT else output.write)(text)
    output.report_all(plan.problems)
    if plan.problems:
        raise typer.Exit(output.EXIT_INPUT)
    if plan.fails(fail_on.threshold):
        raise typer.Exit(output.EXIT_FINDING)


_Asked = tuple[str | None, str | None, str | None]


def _of_files(named: given.Named, described: opt.ClusterOptions, asked: _Asked) -> "UpgradePlan":
    from kubectl_akslb.plan.of_inputs import plan_upgrade  # noqa: PLC0415 - kubectl starts before it

    loaded = opt.flagged(opt.base_profile(described), described)
    if asked[0] is None and "provider_version" not in loaded.cluster.given:
        raise output.WrongUsageError("what runs now is not said", hint="--from 1.33, or --profile with the cluster")
    old, new = _chosen(asked, loaded.cluster)
    inputs, problems = given.read(named)
    clusters = [
        opt.flagged(loaded, described._replace(provider_version=str(one.version))).cluster for one in (old, new)
    ]
    found = plan_upgrade(inputs, clusters[0], clusters[1], exact=_is_exact(asked[0]))
    notices = (*_notices(old, new), *(text for text in loaded.notices if "no version given" not in text))
    return found._replace(notices=notices, problems=(*problems, *found.problems))


def _of_cluster(
    targets: tuple[str, ...], live: on.LiveOptions, described: opt.ClusterOptions, asked: _Asked
) -> "UpgradePlan":
    from kubectl_akslb.plan.of_inputs import plan_upgrade  # noqa: PLC0415 - kubectl starts before it
    from kubectl_akslb.provider.behaviours import behaviours_of  # noqa: PLC0415 - as above

    read = on.lint_cluster(targets, live, described)
    old, new = _chosen(asked, read.cluster)
    clusters = [
        read.cluster._replace(provider_version=one.version, behaviours=behaviours_of(one.version)) for one in (old, new)
    ]
    found = plan_upgrade(read.inputs, clusters[0], clusters[1], read.beside, exact=_is_exact(asked[0]))
    notices = (*_notices(old, new), *read.notices, *read.left_out)
    return found._replace(notices=notices, problems=(*read.problems, *found.problems), connection=live.connection.words)


def _is_exact(since: str | None) -> bool:
    """Whether the release that runs now is said with its patch; that of a cluster or a profile is taken as it is."""
    return since is None or since.count(".") > 1


def _chosen(asked: _Asked, cluster: "Cluster") -> "tuple[ChosenVersion, ChosenVersion]":
    """The releases of before and after."""
    from kubectl_akslb.provider.version import ChosenVersion, choose  # noqa: PLC0415

    since, to, aks_release = asked
    try:
        old = choose(since) if since is not None else ChosenVersion(cluster.provider_version, "")
        minor = f"1.{old.version.minor}" if to is None else to
        new = choose("", minor, aks_release) if aks_release is not None else choose(minor)
    except AkslbError as error:
        raise output.WrongUsageError(error.message, error.hint) from None
    if new.version < old.version:
        message = f"{new.version} is older than {old.version}: AKS does not go back"
        raise output.WrongUsageError(message, hint="--from is what runs now, --to is what comes")
    return old, new


def _notices(old: "ChosenVersion", new: "ChosenVersion") -> tuple[str, ...]:
    """How the releases were chosen, and what AKS has said of the new one."""
    from kubectl_akslb.provider.aks_releases import READ_ON, provider_at  # noqa: PLC0415

    found = [text for text in (old.notice, new.notice) if text]
    known = provider_at(READ_ON, new.version.minor)
    if known.announced is not None:
        text = f"AKS announced provider {known.announced} for Kubernetes 1.{new.version.minor} on {known.announced_on}"
        if known.prepared is not None and known.prepared > known.announced:
            text += f", and was preparing {known.prepared} on {known.prepared_on}"
        found.append(f"{text} (AKS' change log as of {READ_ON}); a cluster gets it within weeks of that")
    return tuple(dict.fromkeys(found))


def rendered(plan: "UpgradePlan", form: Format, terminal: Terminal, *, verbose: bool = False) -> str:
    """The plan in the format that was asked for."""
    if form is Format.TEXT:
        from kubectl_akslb.render.plan_text import upgrade_text  # noqa: PLC0415 - each format costs only its own import

        return upgrade_text(plan, terminal, verbose=verbose)
    from kubectl_akslb.render import plan_formats as formats  # noqa: PLC0415

    if form is Format.MARKDOWN:
        return formats.upgrade_markdown(plan)
    if form is Format.SARIF:
        return formats.upgrade_sarif(plan)
    if form is Format.JUNIT:
        return formats.upgrade_junit(plan)
    from kubectl_akslb.render.document import json_text  # noqa: PLC0415

    body = formats.upgrade_document(plan)
    if form is Format.YAML:
        from kubectl_akslb.manifest.block import block_text  # noqa: PLC0415

        return block_text(body)
    return json_text(body)
