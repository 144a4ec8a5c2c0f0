"""``kubectl akslb upgrade``."""

from typing import TYPE_CHECKING

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import inputs, output
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli.plan_options import PlanForm, threshold
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.errors import AkslbError

if TYPE_CHECKING:
    from kubectl_akslb.arguments.upgrade import Arguments
    from kubectl_akslb.model.cluster import Cluster
    from kubectl_akslb.plan.upgrade_plan import UpgradePlan
    from kubectl_akslb.provider.version import ChosenVersion
    from kubectl_akslb.render.terminal import Terminal


def upgrade(given: "Arguments") -> int:
    """Find what an upgrade does to what the arguments name; returns the exit code."""
    if given.to is None and given.to_aks_release is None:
        raise output.WrongUsageError("what to upgrade to is not said", hint="--to 1.34, or --to-aks-release 2026-06-19")
    for flag, text in (("--from", given.since), ("--to", given.to), ("--to-aks-release", given.to_aks_release)):
        if text is not None and not text.strip():
            raise output.WrongUsageError(f"{flag} is empty", hint="is a variable of the shell not set?")
    named = inputs.told_apart(given)
    live = on.live_options(given._replace(namespace=None) if named.manifests else given)
    asked = given.since, given.to, given.to_aks_release
    with Progress("reading") as progress:
        if named.manifests:
            on.no_cluster(live, named.services)
            plan = _of_files(named, opt.described_by(given), asked, given.namespace or "")
        else:
            progress.now("asking the cluster")
            plan = _of_cluster(named.services, live, opt.described_by(given), asked)
        progress.now("writing")
        text = rendered(plan, given.form, output.terminal(given.color), verbose=given.verbose)
    output.print_in(given.form, text)
    output.report_all(plan.problems, given.color)
    if plan.problems:
        return output.EXIT_INPUT
    return output.EXIT_FINDING if plan.fails(threshold(given.fail_on)) else output.EXIT_OK


_Asked = tuple[str | None, str | None, str | None]


def _of_files(named: inputs.NamedInputs, described: opt.ClusterOptions, asked: _Asked, namespace: str) -> "UpgradePlan":
    from kubectl_akslb.cli.job import templates_of
    from kubectl_akslb.plan.of_inputs import plan_upgrade

    loaded = opt.flagged(opt.base_profile(described), described)
    if asked[0] is None and "provider_version" not in loaded.cluster.given:
        raise output.WrongUsageError("what runs now is not said", hint="--from 1.33, or --profile with the cluster")
    exact = _is_exact(asked[0], described, loaded.cluster)
    old, new = _chosen(asked, loaded.cluster, exact=exact)
    data, problems = inputs.read(named)
    clusters = [opt.flagged(loaded, _of_release(described, one)).cluster for one in (old, new)]
    templates = templates_of(named.files)
    found = plan_upgrade(data, clusters[0], clusters[1], namespace=namespace, exact=exact, templates=templates)
    notices = (*_notices(old, new), *(text for text in loaded.notices if "no version given" not in text))
    return found._replace(notices=notices, problems=(*problems, *found.problems))


def _of_cluster(
    targets: tuple[str, ...], live: on.LiveOptions, described: opt.ClusterOptions, asked: _Asked
) -> "UpgradePlan":
    from kubectl_akslb.plan.of_inputs import plan_upgrade
    from kubectl_akslb.provider.behaviours import behaviours_of

    read = on.lint_cluster(targets, live, described)
    exact = _is_exact(asked[0], described, read.cluster)
    old, new = _chosen(asked, read.cluster, exact=exact)
    clusters = [
        read.cluster._replace(provider_version=one.version, behaviours=behaviours_of(one.version)) for one in (old, new)
    ]
    found = plan_upgrade(read.inputs, clusters[0], clusters[1], read.beside, exact=exact)
    notices = (*_notices(old, new), *read.notices, *read.left_out)
    return found._replace(notices=notices, problems=(*read.problems, *found.problems), connection=live.connection.words)


def _of_release(described: opt.ClusterOptions, chosen: "ChosenVersion") -> opt.ClusterOptions:
    """The same cluster with another release of the provider."""
    version = str(chosen.version)
    return described._replace(provider_version=version, kubernetes_version=None, aks_release=None)


def _is_exact(since: str | None, described: opt.ClusterOptions, cluster: "Cluster") -> bool:
    """Whether the patch of the release that runs now is known, and not only its minor."""
    if since is not None:
        return since.count(".") > 1
    return bool(described.aks_release) or not cluster.provider_assumed


def _chosen(asked: _Asked, cluster: "Cluster", *, exact: bool) -> "tuple[ChosenVersion, ChosenVersion]":
    """The releases of before and after; of the one before not *exact* any patch of its minor may run."""
    from kubectl_akslb.provider.version import ChosenVersion, choose

    since, to, aks_release = asked
    try:
        old = choose(since) if since is not None else ChosenVersion(cluster.provider_version, "")
        minor = f"1.{old.version.minor}" if to is None else to
        new = choose("", minor, aks_release) if aks_release is not None else choose(minor)
    except AkslbError as error:
        raise output.WrongUsageError(error.message, error.hint) from None
    if not exact and new.version < old.version and new.version.minor == old.version.minor:
        text = f"which patch of 1.{new.version.minor} runs now is not said: assuming none after {new.version}"
        old = ChosenVersion(new.version, text)
    if new.version < old.version:
        message = f"{new.version} is older than {old.version}: AKS does not go back"
        raise output.WrongUsageError(message, hint="--from is what runs now, --to is what comes")
    return old, new


def _notices(old: "ChosenVersion", new: "ChosenVersion") -> tuple[str, ...]:
    """How the releases were chosen, and what AKS has said of the new one."""
    from kubectl_akslb.provider.aks_releases import READ_ON, provider_at

    found = [text for text in (old.notice, new.notice) if text]
    known = provider_at(READ_ON, new.version.minor)
    if known.announced is not None:
        text = f"AKS announced provider {known.announced} for Kubernetes 1.{new.version.minor} on {known.announced_on}"
        if known.prepared is not None and known.prepared > known.announced:
            text += f", and was preparing {known.prepared} on {known.prepared_on}"
        found.append(f"{text} (AKS' change log as of {READ_ON}); a cluster gets it within weeks of that")
    return tuple(dict.fromkeys(found))


def rendered(plan: "UpgradePlan", form: PlanForm, terminal: "Terminal", *, verbose: bool = False) -> str:
    """The plan in the format that was asked for."""
    if form == "text":
        from kubectl_akslb.render.plan_text import upgrade_text

        return upgrade_text(plan, terminal, verbose=verbose)
    from kubectl_akslb.render import plan_formats as formats

    if form == "markdown":
        return formats.upgrade_markdown(plan)
    if form == "sarif":
        return formats.upgrade_sarif(plan)
    if form == "junit":
        return formats.upgrade_junit(plan)
    from kubectl_akslb.render.json_text import in_form

    return in_form(formats.upgrade_document(plan), form)
