"""``kubectl akslb fix``."""

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output
from kubectl_akslb.cli.inputs import told_apart
from kubectl_akslb.cli.job import Job, config_of, job, live_job, rule_options
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.errors import assert_never

if TYPE_CHECKING:
    from kubectl_akslb.arguments.fix import Arguments
    from kubectl_akslb.fix.fixer import FixResult
    from kubectl_akslb.lint.annotation_policy import Policy

_DIRECTIVE = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\n)*%")
_MARKER = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\r?\n)*---(?=[ \t\r\n]|\Z)")

Patches: TypeAlias = Literal["diff", "kustomize", "kustomization", "kubectl", "json"]
Form: TypeAlias = Patches | Literal["yaml"]


def fix(given: "Arguments") -> int:
    """Print what the arguments name with all that can be mended, or the patches that do it; returns the exit code."""
    named = told_apart(given)
    described = opt.described_by(given)
    live = on.live_options(given._replace(namespace=None) if named.manifests else given)
    settings = config_of(given.config, named.files)
    options = rule_options(given.select, given.ignore, given.fail_on, settings)
    wanted = _policy(given.policy)
    if named.manifests:
        on.no_cluster(live, named.services)
        work = job(named, described, settings, options)
        if work.problems:
            raise work.problems[0]  # a stream that lacks a file would be applied as if it were whole
    elif given.form == "yaml":
        hint = "give a file with -f, or take -o kubectl or -o kustomize"
        raise output.WrongUsageError("-o yaml prints manifests, and a cluster has none", hint=hint)
    else:
        with Progress("asking the cluster"):
            work = live_job(named.services, live, described, settings, options)
    form = given.form or ("yaml" if named.manifests else "kubectl")
    return _mend(work, form, wanted, given.namespace or "", given.unsafe_fixes)


def _policy(path: str | None) -> "Policy | None":
    if path is None:
        return None
    from kubectl_akslb.lint.policy_file import MAX_BYTES, load_policy

    return load_policy(opt.read_file(path, MAX_BYTES), path)


def _mend(work: Job, form: Form, policy: "Policy | None", namespace: str, unsafe: bool) -> int:
    from kubectl_akslb.fix.fixer import fix as fixed
    from kubectl_akslb.lint.engine import exit_code
    from kubectl_akslb.render.fixed import forbidden_text, mended_text

    options = work.options._replace(policy=policy, namespace=namespace)
    with Progress("mending, and proving that nothing else changes"):
        mended = fixed(work.inputs, work.cluster, options, unsafe=unsafe)
    if mended.forbidden:
        output.tell(forbidden_text(mended.forbidden))
        return output.EXIT_FINDING
    output.write_whole(_rendered(mended, form, namespace, work.connection))
    if mended.remaining.services:
        output.note(work.notices)
    output.tell(mended_text(mended))
    problems = (*mended.remaining.problems, *work.problems)
    output.report_all(problems)
    return output.EXIT_INPUT if problems else exit_code(mended.remaining, work.options.fail_on)


def _rendered(mended: "FixResult", form: Form, namespace: str, connection: tuple[str, ...]) -> bytes:
    if form == "yaml":
        return _stream([file.after for file in mended.files])
    return _patches(mended, form, namespace, connection).encode("utf-8", "surrogateescape")


def _patches(mended: "FixResult", form: Patches, namespace: str, connection: tuple[str, ...]) -> str:
    from kubectl_akslb.fix.patch import patches

    if form == "diff":
        from kubectl_akslb.render.diff import diff

        return diff(mended.files)
    found = patches(mended.files, mended.fixed)
    if form == "json":
        from kubectl_akslb.render.fixed import mended_json

        return mended_json(mended, found)
    from kubectl_akslb.render.patches import commands, component, flux

    if form == "kubectl":
        return commands(found, namespace, connection)
    if form == "kustomize":
        return flux(found)
    if form == "kustomization":
        return component(found)
    assert_never(form)


def _stream(files: list[bytes]) -> bytes:
    """Several files as one stream: each begins a document, and only the first may have a byte order mark."""
    parts = files[:1]
    for data in files[1:]:
        last = next((part for part in reversed(parts) if part), b"\n")
        content = data.removeprefix(b"\xef\xbb\xbf")
        start = b"...\n" if _DIRECTIVE.match(content) else b"" if _MARKER.match(content) else b"---\n"
        parts += [b"" if last.endswith(b"\n") else b"\n", start, content]
    return b"".join(parts)
