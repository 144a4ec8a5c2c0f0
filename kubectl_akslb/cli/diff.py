"""``kubectl akslb diff``."""

from typing import TYPE_CHECKING

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import inputs, output
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli.plan_options import PlanForm, threshold
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.edge import git
from kubectl_akslb.errors import InputError
from kubectl_akslb.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kubectl_akslb.arguments.diff import Arguments
    from kubectl_akslb.plan.diff_manifests import ManifestDiff, StateBefore
    from kubectl_akslb.render.terminal import Terminal


def diff(given: "Arguments") -> int:
    """Say what applying the manifests does; returns the exit code."""
    named = inputs.told_apart(given)
    if named.services:
        from kubectl_akslb.model.command import command

        hint = f"what stands says {command('kubectl', 'akslb', 'explain', '--', named.services[0])}"
        raise output.WrongUsageError(f"{named.services[0]} is no manifest", hint=hint)
    if not named.manifests:
        raise output.WrongUsageError("what is to be applied is not said", hint="-f new.yaml, or -k DIR")
    labels = _labels(given)
    live = on.live_options(given._replace(namespace=None, selector=None))
    with Progress("reading") as progress:
        if given.old:
            on.no_cluster(live, ())
            result = _of_files(given, named)
        else:
            progress.now("asking the cluster")
            result = _of_cluster(given, named, labels)
        progress.now("writing")
        text = rendered(result, given.form, output.terminal(given.color), verbose=given.verbose)
    output.print_in(given.form, text)
    output.report_all(result.problems, given.color)
    if result.problems:
        return output.EXIT_INPUT
    return output.EXIT_FINDING if result.fails(threshold(given.fail_on)) else output.EXIT_OK


def _labels(given: "Arguments") -> "Mapping[str, str] | None":
    """The labels of Services that are pruned; None where nothing is."""
    if given.old and (given.prune or given.selector is not None):
        hint = "with --old, what is not in the new manifests is deleted: leave out --prune and -l"
        raise output.WrongUsageError("--prune is about the Services of a cluster", hint=hint)
    if not given.prune:
        if given.selector is not None:
            raise output.WrongUsageError("-l chooses what --prune deletes", hint="give --prune, too")
        return None
    pairs = [pair.replace("==", "=").partition("=") for pair in (given.selector or "").split(",") if pair]
    if not pairs or any(not key or not equals or key.endswith("!") for key, equals, _ in pairs):
        raise output.WrongUsageError("--prune needs labels", hint="-l app=web, as with kubectl apply --prune")
    return {key.strip(): value.strip() for key, _, value in pairs}


def _of_files(given: "Arguments", named: inputs.NamedInputs) -> "ManifestDiff":
    from kubectl_akslb.cli.job import templates_of
    from kubectl_akslb.plan.diff_manifests import of_files, plan_diff

    chosen = opt.cluster_of(opt.described_by(given))
    old, against, notices = _old(given, named)
    left = tuple(word for word in inputs.words_of(named) if word not in old.gone)
    data, problems = inputs.read(named._replace(files=left))
    namespace = given.namespace or ""
    templates = templates_of(named.files)
    standing = of_files(old.inputs, namespace, templates)
    found = plan_diff(data, standing, chosen.cluster, namespace=namespace, against=against, templates=templates)
    problems = (*problems, *old.problems, *found.problems)
    return found._replace(notices=(*chosen.notices, *notices, *found.notices), problems=problems)


class _Old(NamedTuple):
    """What was applied before; *gone* are the files and folders of the new manifests that only it has."""

    inputs: inputs.Inputs
    problems: tuple[InputError, ...] = ()
    gone: frozenset[str] = frozenset()


def _old(given: "Arguments", named: inputs.NamedInputs) -> tuple[_Old, str, tuple[str, ...]]:
    """What was applied before, what it is called, and what has to be said of it."""
    words = tuple(given.old or ())
    revisions = [found for word in words if (found := git.revision(word)) is not None]
    against = " and ".join(words)
    if not revisions:
        if inputs.STDIN in words and inputs.STDIN in named.files:
            raise output.WrongUsageError("standard input cannot be both", hint="write one of the two to a file")
        data, problems = inputs.read(inputs.NamedInputs((), words, given.recursive))
        return _Old(data, problems), against, ()
    if len(words) > 1:
        raise output.WrongUsageError("git:REV is the only --old", hint="leave out the others")
    if named.kustomization is not None or inputs.STDIN in named.files:
        what = "-k" if named.kustomization is not None else "standard input"
        hint = "git worktree add /tmp/old REV, build it there, and give the result with --old FILE"
        raise output.WrongUsageError(f"git:REV has no {what}", hint=hint)
    meant = inputs.words_of(named)
    data, missing = git.manifests_at(revisions[0], meant, recursive=named.recursive)
    gone = [word for word in meant if word not in missing and inputs.is_nothing(word, recursive=named.recursive)]
    told = ((missing, f"not in {revisions[0]}: all of it is new"), (gone, "there no more: all of it is deleted"))
    notices = tuple(f"{_some(words)} {'is' if len(words) == 1 else 'are'} {what}" for words, what in told if words)
    return _Old(data, gone=frozenset(gone)), against, notices


def _some(words: "Sequence[str]") -> str:
    return ", ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")


def _of_cluster(given: "Arguments", named: inputs.NamedInputs, labels: "Mapping[str, str] | None") -> "ManifestDiff":
    from kubectl_akslb.cli.job import templates_of
    from kubectl_akslb.cluster import services_before
    from kubectl_akslb.cluster.discover_profile import profile_of
    from kubectl_akslb.cluster.summary import summary
    from kubectl_akslb.plan.diff_manifests import namespaces_of, plan_diff

    described = opt.described_by(given)
    live = on.live_options(given._replace(selector=None))
    on.check(live, (), described.profile)
    file = opt.base_profile(described) if described.profile is not None else None
    data, problems = inputs.read(named)
    azure = on.ask_azure(live)
    namespace = services_before.current_namespace(live.connection)
    templates = templates_of(named.files)
    namespaces = namespaces_of(data, namespace, templates)
    reading = services_before.read(namespaces or {namespace}, live.connection)
    loaded, _ = profile_of(reading, live.connection, azure, file)
    loaded = opt.flagged(loaded, described)
    standing: StateBefore = services_before.standing(reading, prune=labels, namespaces=namespaces)
    found = plan_diff(data, standing, loaded.cluster, namespace=namespace, against="the cluster", templates=templates)
    notices = (*summary(loaded), *loaded.notices, *found.notices)
    problems = (*problems, *found.problems)
    return found._replace(notices=notices, problems=problems, connection=live.connection.words)


def rendered(plan: "ManifestDiff", form: PlanForm, terminal: "Terminal", *, verbose: bool = False) -> str:
    """What differs in the format that was asked for."""
    if form == "text":
        from kubectl_akslb.render.diff_text import diff_text

        return diff_text(plan, terminal, verbose=verbose)
    from kubectl_akslb.render import diff_formats as formats

    if form == "markdown":
        return formats.diff_markdown(plan)
    if form == "sarif":
        return formats.diff_sarif(plan)
    if form == "junit":
        return formats.diff_junit(plan)
    from kubectl_akslb.render.json_text import in_form

    return in_form(formats.diff_document(plan), form)
