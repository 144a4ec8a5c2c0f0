"""``kubectl akslb fix``."""

import re
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import inputs as given
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output
from kubectl_akslb.cli.job import (
    FINDINGS,
    ConfigFile,
    FailOn,
    Ignore,
    Job,
    Select,
    config_of,
    job,
    live_job,
    rule_options,
)
from kubectl_akslb.cluster.connection import Connection

if TYPE_CHECKING:
    from kubectl_akslb.fix.fixer import FixResult
    from kubectl_akslb.lint.policy import Policy

_DIRECTIVE = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\n)*%")
_MARKER = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\r?\n)*---(?=[ \t\r\n]|\Z)")


class Format(str, Enum):
    """What ``-o`` takes."""

    YAML = "yaml"
    DIFF = "diff"
    KUSTOMIZE = "kustomize"
    KUSTOMIZATION = "kustomization"
    KUBECTL = "kubectl"
    JSON = "json"


def fix(  # noqa: PLR0913 - typer makes an option of each argument
    service: given.Targets = None,
    filename: opt.Files = None,
    form: Annotated[Format | None, typer.Option("--output", "-o",
                    help="How to print it. [default: yaml for files, kubectl for a cluster]")] = None,
    policy: Annotated[str | None, typer.Option("--policy", metavar="FILE",
                      help="Which annotations Services and Gateways get, as for post-render.")] = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", rich_help_panel=FINDINGS,
                       help="The least severity of what is left that makes the exit code 1.")] = FailOn.NEVER,
    config: ConfigFile = None,
    *,
    unsafe_fixes: Annotated[bool, typer.Option("--unsafe-fixes",
                            help="Also make the fixes that change more than they name.")] = False,
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
    namespace: Annotated[str | None, typer.Option("--namespace", "-n", rich_help_panel="kubectl",
                         help="The namespace; with -f, that of objects that name none.")] = None,
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
    """Print manifests with all that can be mended safely, or the patches that do it: for Flux, kustomize or kubectl.

    These are the fixes of 'lint --fix', for Services and for Gateways; with --policy, the policy says what becomes of
    http(s) probes, as for post-render. Nothing is written and no cluster is changed: what to do with the result is up
    to you. What was done, and what is left to you, is told on standard error.

    yaml: the manifests, every other byte as it was. diff: the difference. kustomize: postRenderers for the spec of a
    Flux HelmRelease. kustomization: the same patches as a component of kustomize. kubectl: a patch command for each
    object. json: patches and findings.
    """
    named = given.told_apart(service, filename, kustomize, recursive=recursive)
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
    connection = Connection(
        None if named.manifests else namespace, all_namespaces, selector, context, kubeconfig, cluster, user, as_user,
        tuple(as_group or ()), request_timeout,
    )  # fmt: skip
    live = on.LiveOptions(connection, az, aks)
    settings = config_of(config, named.files)
    options = rule_options(select, ignore, fail_on, settings)
    wanted = _policy(policy)
    if named.manifests:
        on.no_cluster(live, named.services)
        work = job(named, described, settings, options)
        if work.problems:
            raise work.problems[0]  # a stream that lacks a file would be applied as if it were whole
    elif form is Format.YAML:
        hint = "give a file with -f, or take -o kubectl or -o kustomize"
        raise output.WrongUsageError("-o yaml prints manifests, and a cluster has none", hint=hint)
    else:
        work = live_job(named.services, live, described, settings, options)
    code = _mend(
        work, form or (Format.YAML if named.manifests else Format.KUBECTL), wanted, namespace or "", unsafe_fixes
    )
    if code:
        raise typer.Exit(code)


def _policy(path: str | None) -> "Policy | None":
    if path is None:
        return None
    from kubectl_akslb.lint.policy_file import MAX_BYTES, load_policy  # noqa: PLC0415 - only who gives one pays for it

    return load_policy(opt.read_file(path, MAX_BYTES), path)


def _mend(work: Job, form: Format, policy: "Policy | None", namespace: str, unsafe: bool) -> int:  # noqa: FBT001
    from kubectl_akslb.fix.fixer import fix as fixed  # noqa: PLC0415
    from kubectl_akslb.lint.engine import exit_code  # noqa: PLC0415 - the rules cost start-up time
    from kubectl_akslb.render.fixed import forbidden_text, mended_text  # noqa: PLC0415

    options = work.options._replace(policy=policy, namespace=namespace)
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


def _rendered(mended: "FixResult", form: Format, namespace: str, connection: tuple[str, ...]) -> bytes:
    if form is Format.YAML:
        return _stream([file.after for file in mended.files])
    return _patches(mended, form, namespace, connection).encode("utf-8", "surrogateescape")


def _patches(mended: "FixResult", form: Format, namespace: str, connection: tuple[str, ...]) -> str:
    from kubectl_akslb.fix.patch import patches  # noqa: PLC0415 - only where something is to be mended

    if form is Format.DIFF:
        from kubectl_akslb.render.diff import diff  # noqa: PLC0415

        return diff(mended.files)
    found = patches(mended.files, mended.fixed)
    if form is Format.JSON:
        from kubectl_akslb.render.fixed import mended_json  # noqa: PLC0415

        return mended_json(mended, found)
    from kubectl_akslb.render.patches import commands, component, flux  # noqa: PLC0415

    if form is Format.KUBECTL:
        return commands(found, namespace, connection)
    return flux(found) if form is Format.KUSTOMIZE else component(found)


def _stream(files: list[bytes]) -> bytes:
    """Several files as one stream: each begins a document, and only the first may have a byte order mark."""
    parts = files[:1]
    for data in files[1:]:
        last = next((part for part in reversed(parts) if part), b"\n")
        content = data.removeprefix(b"\xef\xbb\xbf")
        start = b"...\n" if _DIRECTIVE.match(content) else b"" if _MARKER.match(content) else b"---\n"
        parts += [b"" if last.endswith(b"\n") else b"\n", start, content]
    return b"".join(parts)
