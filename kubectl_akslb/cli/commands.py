"""The commands that work on Services, as typer takes them.

What is declared here is the command line. docs/generate.py makes `kubectl_akslb/arguments` of it, with which the
commands start without typer.
"""

from typing import Annotated, Literal

import typer

from kubectl_akslb.cli.declarations import (
    CLUSTER,
    CLUSTER_OPTIONS,
    CONNECTION_OPTIONS,
    FINDINGS,
    KUBECTL,
    POLICY,
    Az,
    Color,
    Connected,
    Declared,
    Described,
    Files,
    Named,
    Namespace,
    Rules,
    Standing,
)
from kubectl_akslb.cli.declarations import (
    Profile as ProfileFile,
)
from kubectl_akslb.cli.job import FailOn
from kubectl_akslb.path.choice import KnownChoice, UnknownChoice

_UPGRADE = "Upgrade"
_DIFF = "Diff"
_DRIFT = "Drift"
Threshold = Literal["breaks", "may-break", "exposes", "loses-address", "interrupts", "changes", "renames", "never"]


class Explain:
    """Explain what Azure builds for a Service of type LoadBalancer, and why.

    For every Service: does it work, the flow and the probe of each port, who can reach it, how its pods get out. With
    -f of files, and nothing is asked of a cluster; else of the cluster, with its ready endpoints and last events. With
    --az, or --azure FILE, beside what really stands in Azure: load balancer, security groups, machines, routes.
    """

    form: Annotated[
        Literal["text", "json", "yaml", "markdown", "mermaid", "svg"],
        typer.Option("--output", "-o", help="How to print it."),
    ] = "text"
    why: Annotated[
        list[str] | None,
        typer.Option("--why", metavar="[PATH]",
            help="Print the full trail of a value, such as probes[0].port; of every value without PATH. Repeatable."),
    ] = None  # fmt: skip
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Every Service in detail: flows, names, access, outbound.")
    ] = False
    watch: Annotated[
        bool, typer.Option("--watch", "-w", rich_help_panel=KUBECTL, help="Look again and again: what changes?")
    ] = False
    interval: Annotated[
        int,
        typer.Option("--interval", metavar="SECONDS", rich_help_panel=KUBECTL,
            help="With --watch: the seconds between two looks."),
    ] = 5  # fmt: skip
    color: Color = "auto"


class Lint:
    """Find what is wrong with Services of type LoadBalancer, and mend it.

    With -f of files; else of the cluster, where nothing is changed.

    A finding names its rule: 'rules RULE' tells why it matters. To silence one, say why on the Service itself:
    akslb.dev/ignore: "RULE: reason". Fixed files are written in place; standard input goes to standard output.
    """

    form: Annotated[
        Literal["text", "json", "sarif", "github", "junit", "markdown"],
        typer.Option("--output", "-o", help="How to print it."),
    ] = "text"
    fail_on: Annotated[
        FailOn | None,
        typer.Option("--fail-on", rich_help_panel=FINDINGS,
                     help="The least severity that makes the exit code 1. [default: error]"),
    ] = None  # fmt: skip
    fix: Annotated[bool, typer.Option("--fix", help="Make the fixes that change only what they name.")] = False
    unsafe_fixes: Annotated[bool, typer.Option("--unsafe-fixes", help="Make the other fixes as well.")] = False
    diff: Annotated[bool, typer.Option("--diff", help="Print what would be fixed, and write nothing.")] = False
    color: Color = "auto"


class Fix:
    """Print manifests with all that can be mended safely, or the patches that do it: for Flux, kustomize or kubectl.

    These are the fixes of 'lint --fix', for Services and for Gateways; with --policy, the policy says what becomes of
    http(s) probes, as for post-render. Nothing is written and no cluster is changed: what to do with the result is up
    to you. What was done, and what is left to you, is told on standard error.

    yaml: the manifests, every other byte as it was. diff: the difference. kustomize: postRenderers for the spec of a
    Flux HelmRelease. kustomization: the same patches as a component of kustomize. kubectl: a patch command for each
    object. json: patches and findings.
    """

    form: Annotated[
        Literal["yaml", "diff", "kustomize", "kustomization", "kubectl", "json"] | None,
        typer.Option("--output", "-o", help="How to print it. [default: yaml for files, kubectl for a cluster]"),
    ] = None
    policy: Annotated[
        str | None,
        typer.Option("--policy", metavar="FILE",
                     help="Which annotations Services and Gateways get, as for post-render."),
    ] = None  # fmt: skip
    fail_on: Annotated[
        FailOn,
        typer.Option("--fail-on", rich_help_panel=FINDINGS,
                     help="The least severity of what is left that makes the exit code 1."),
    ] = "never"  # fmt: skip
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Also make the fixes that change more than they name.")
    ] = False


class Trace:
    """Follow the packets of one client hop by hop, to the first that drops them, and back.

    Inbound by the load balancer, or from a pod to a host outside. With -f of files, else of the cluster; --azure FILE
    has the real security groups evaluated. Exits with 1 where it does not arrive, or where that is not certain.
    """

    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="CLIENT svc/NAME[:PORT]|HOST:PORT",
                       help="Who: an address, range or service tag, internet, vnet, pod/NAME, node/NAME. Whither: a"
                            " Service; from a pod also a host outside."),
    ] = None  # fmt: skip
    form: Annotated[
        Literal["text", "json", "yaml", "markdown"], typer.Option("--output", "-o", help="How to print it.")
    ] = "text"
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="The hops of every part of a range.")] = False
    color: Color = "auto"


class Verify:
    """Ask what Azure's health probes ask, from a pod in the cluster: does each node answer with 200, and only 200?

    The only command that creates something: a pod that runs curl, shown before, created only after consent or --yes,
    and removed at the end, also after Ctrl-C. Exits with 1 where a node does not answer as Azure needs it.
    """

    service: Annotated[
        list[str] | None,
        typer.Argument(metavar="[svc/NAME]...", help="Services; without any all that are LoadBalancers."),
    ] = None
    api_server: Annotated[
        bool,
        typer.Option("--api-server", help="Ask the API server instead, by each way that pods and nodes have to it."),
    ] = False
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Create the pod without asking.")] = False
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be created, and create nothing.")] = False
    from_nodes: Annotated[
        bool,
        typer.Option("--from-nodes", help="Ask from each node, by a pod with the node's network: a privileged one."),
    ] = False
    node: Annotated[
        list[str] | None, typer.Option("--node", metavar="NAME", help="Ask only this node. Repeatable.")
    ] = None
    image: Annotated[
        str | None,
        typer.Option("--image", metavar="IMAGE",
                     help="An image with curl 7.75 or later (also: verifyImage in .akslb.yaml)."
                          " [default: mcr.microsoft.com/azurelinux/base/core:3.0]"),
    ] = None  # fmt: skip
    pod_namespace: Annotated[
        str | None,
        typer.Option("--pod-namespace", metavar="NAME",
                     help="The namespace of the pod. [default: that of the first Service]"),
    ] = None  # fmt: skip
    timeout: Annotated[
        int, typer.Option("--timeout", metavar="SECONDS", help="So long the pod may take, with pulling its image.")
    ] = 120
    form: Annotated[Literal["text", "json", "yaml"], typer.Option("--output", "-o", help="How to print it.")] = "text"
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="A row for every node.")] = False
    color: Color = "auto"


class Capacity:
    """Count what Services take of Azure's limits: rules, frontends, security rules, public IPs, nodes, SNAT ports.

    Of all Services of the cluster, or of those that names, -n or -l choose, or of files; with --azure FILE of what
    really stands. How many more fit, which limit comes first, and what helps. Exits with 1 where a limit is exceeded,
    also with what --add brings.
    """

    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="FILE", help="Services that are to come: what is left with them. Repeatable."),
    ] = None
    form: Annotated[
        Literal["text", "json", "yaml", "markdown"], typer.Option("--output", "-o", help="How to print it.")
    ] = "text"
    color: Color = "auto"


class Krm:
    """Work as a KRM function: read a ResourceList from standard input, write it mended and with results.

    kustomize starts it. It does what 'fix' does; with mode: lint it changes nothing and fails where lint would.

    functionConfig is an AnnotationPolicy, or a ConfigMap with these keys, all optional: mode (fix or lint), fail-on
    (error, warning, info or never), known, unknown (as in a policy), select, ignore (rules), provider-version,
    kubernetes-version, probe-mode. What it says wins over the flags.

    The exit code is 1 where a result is not to be let through, and 3 where standard input is no ResourceList.
    """


class Profile:
    """Print the profile of the cluster: a file for --profile, offline and in the post-renderer.

    Each setting comes with a comment that says where it was seen. What is not in the file nobody could see: it is
    assumed, and named in the first lines.
    """

    form: Annotated[Literal["yaml", "json"], typer.Option("--output", "-o", help="How to print it.")] = "yaml"
    profile: ProfileFile = None


class PostRender:
    """Patch the Services of a Helm chart with annotations that keep Azure's health probes answered.

    Reads manifests from standard input and writes them to standard output, byte for byte but for the annotations. Helm
    3: --post-renderer kubectl-akslb --post-renderer-args post-render. Helm 4: install the plugin, then --post-renderer
    akslb.
    """

    provider_version: Annotated[
        str | None,
        typer.Option("--provider-version", metavar="VERSION", rich_help_panel=CLUSTER,
                     help="The release of cloud-provider-azure, such as 1.30.4."),
    ] = None  # fmt: skip
    kubernetes_version: Annotated[
        str | None,
        typer.Option("--kubernetes-version", metavar="VERSION", rich_help_panel=CLUSTER,
                     help="The version of Kubernetes, such as 1.30: the newest provider of it."),
    ] = None  # fmt: skip
    profile: Annotated[
        str | None,
        typer.Option("--profile", metavar="FILE", rich_help_panel=CLUSTER,
                     help="What is known about the cluster: a profile, az aks show -o json, or an azure.json."),
    ] = None  # fmt: skip
    probe_mode: Annotated[
        str | None,
        typer.Option("--probe-mode", metavar="MODE", rich_help_panel=CLUSTER,
                     help="The health probe mode of the cluster: servicenodeport or shared."),
    ] = None  # fmt: skip
    policy: Annotated[
        str | None,
        typer.Option("--policy", metavar="FILE", rich_help_panel=POLICY,
                     help="Which annotations Services and Gateways get beyond those that are right for all."),
    ] = None  # fmt: skip
    known: Annotated[
        KnownChoice | None,
        typer.Option("--known", rich_help_panel=POLICY, help="Http(s) probes of known workloads (default: path)."),
    ] = None
    unknown: Annotated[
        UnknownChoice | None,
        typer.Option("--unknown", rich_help_panel=POLICY, help="Http(s) probes of other workloads (default: tcp)."),
    ] = None
    namespace: Annotated[
        str | None,
        typer.Option("--namespace", "-n", metavar="NAME",
                     help="The namespace of the release, for objects that name none."),
    ] = None  # fmt: skip
    report: Annotated[
        str | None,
        typer.Option("--report", metavar="FILE",
                     help="Write what was changed and why, as JSON (also: AKSLB_REPORT)."),
    ] = None  # fmt: skip
    strict: Annotated[bool, typer.Option("--strict", help="Make warnings errors.")] = False
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the difference only, not the stream.")] = False
    errors_on_stdout: Annotated[
        bool,
        typer.Option("--errors-on-stdout",
                     help="For Helm 4, which shows only what it cannot read: errors as such a document."),
    ] = False  # fmt: skip


class Upgrade:
    """Find what an upgrade breaks, before it does: by Service, with the cause and the fix to apply first.

    Each Service is derived with the release that runs now, and reconciled by the other. Nothing is changed.

    Exits with 1 where a Service breaks, may break, is exposed or loses its address (--fail-on).
    """

    to: Annotated[
        str | None,
        typer.Option("--to", metavar="VERSION", rich_help_panel=_UPGRADE,
                     help="The minor of Kubernetes, such as 1.34, or a release of the provider, such as 1.34.2."),
    ] = None  # fmt: skip
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="VERSION", rich_help_panel=_UPGRADE,
                     help="What runs now, in the same way; without it, the cluster's or the profile's."),
    ] = None  # fmt: skip
    to_aks_release: Annotated[
        str | None,
        typer.Option("--to-aks-release", metavar="DATE", rich_help_panel=_UPGRADE,
                     help="An AKS release, such as 2026-06-19: the provider announced by then."),
    ] = None  # fmt: skip
    fail_on: Annotated[
        Threshold,
        typer.Option("--fail-on", metavar="EFFECT", rich_help_panel=_UPGRADE,
                     help="The least effect that makes the exit code 1: breaks, may-break, exposes, loses-address,"
                          " interrupts, changes, renames, or never."),
    ] = "loses-address"  # fmt: skip
    form: Annotated[
        Literal["text", "json", "yaml", "markdown", "sarif", "junit"],
        typer.Option("--output", "-o", help="How to print it."),
    ] = "text"
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Every Service in detail, with all changes and causes.")
    ] = False
    color: Color = "auto"


class _Manifests:
    service: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE|DIR|-]...", help="The new manifests: a path, a pattern, - for standard input."),
    ] = None  # fmt: skip


class Diff:
    """Say what applying manifests does to what stands in Azure, before somebody does it.

    The new manifests are reconciled onto what the old ones have built: is the address kept, who gets in newly or no
    longer, which rules and probes change, are connections cut, what goes with a Service that is deleted. The old ones
    are the Services of the cluster, or with --old other files. Nothing is changed.

    Exits with 0 where nothing differs, with 1 where something does (--fail-on), like kubectl diff.
    """

    old: Annotated[
        list[str] | None,
        typer.Option("--old", metavar="FILE|git:REV", rich_help_panel=_DIFF,
                     help="What was applied before, in place of the cluster: manifests, or the same files at a revision"
                          " of git, such as git:main. What is not in the new ones is deleted. Repeatable."),
    ] = None  # fmt: skip
    prune: Annotated[
        bool,
        typer.Option("--prune", rich_help_panel=_DIFF,
                     help="Services of the cluster with the labels of -l, in namespaces of the manifests, are deleted"
                          " where no manifest has them."),
    ] = False  # fmt: skip
    selector: Annotated[
        str | None,
        typer.Option("--selector", "-l", rich_help_panel=_DIFF, help="With --prune: labels, such as app=web."),
    ] = None
    fail_on: Annotated[
        Threshold,
        typer.Option("--fail-on", metavar="EFFECT", rich_help_panel=_DIFF,
                     help="The least effect that makes the exit code 1: breaks, may-break, exposes, loses-address,"
                          " interrupts, changes, renames (any difference), or never."),
    ] = "renames"  # fmt: skip
    form: Annotated[
        Literal["text", "json", "yaml", "markdown", "sarif", "junit"],
        typer.Option("--output", "-o", help="How to print it."),
    ] = "text"
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="All changes of every Service.")] = False
    color: Color = "auto"


class Compare:
    """Say what two Services do otherwise that should serve the same clients: in a migration, before it is made.

    NGINX ingress to Gateway API, Basic to Standard, one namespace to another: every difference at layer 4 in address,
    clients, ports, probes, source address, idle timeout and outbound, and the lines that keep what the old one had.
    Nothing is changed.

    Exits with 1 where clients would notice: one breaks, may break, or somebody gets in (--fail-on).
    """

    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="OLD NEW",
                       help="Of the cluster: svc/NAME, svc/NAMESPACE/NAME, gateway/NAME. Of files: web.yaml, or"
                            " web.yaml:svc/shop/web, web.yaml:gateway/web where there are several."),
    ] = None  # fmt: skip
    old_profile: Annotated[
        str | None,
        typer.Option("--old-profile", metavar="FILE", rich_help_panel=CLUSTER,
                     help="The profile of OLD's cluster, where it is another one, such as with Basic load balancers."),
    ] = None  # fmt: skip
    old_context: Annotated[
        str | None,
        typer.Option("--old-context", metavar="NAME", rich_help_panel=KUBECTL,
                     help="The kubeconfig's context for OLD, where it is in another cluster."),
    ] = None  # fmt: skip
    fail_on: Annotated[
        Threshold,
        typer.Option("--fail-on", metavar="EFFECT",
                     help="The least effect that makes the exit code 1: breaks, may-break, exposes, loses-address,"
                          " interrupts, changes (any difference), renames, or never."),
    ] = "exposes"  # fmt: skip
    form: Annotated[
        Literal["text", "json", "yaml", "markdown", "sarif", "junit"],
        typer.Option("--output", "-o", help="How to print it."),
    ] = "text"
    color: Color = "auto"


class Drift:
    """Find what in Azure is not what Kubernetes makes of it: what comes back, what survives, what belongs to nobody.

    What --azure tells is reconciled once more, as the provider would do it. Nothing is written.

    Exits with 1 where something differs that Kubernetes is responsible for (--fail-on).
    """

    complete: Annotated[
        bool,
        typer.Option("--complete", rich_help_panel=_DRIFT,
                     help="The files of -f hold all Services: what is of none of them is orphaned."),
    ] = False  # fmt: skip
    why: Annotated[
        bool, typer.Option("--why", rich_help_panel=_DRIFT, help="Name the function of the provider that decides.")
    ] = False
    fail_on: Annotated[
        Literal["survives", "reverts", "unfinished", "orphaned", "foreign", "never"],
        typer.Option("--fail-on", metavar="FATE", rich_help_panel=_DRIFT,
                     help="The last fate that makes the exit code 1: survives, reverts, unfinished, orphaned, foreign,"
                     " or never."),
    ] = "orphaned"  # fmt: skip
    form: Annotated[
        Literal["text", "json", "yaml", "markdown", "sarif", "junit"],
        typer.Option("--output", "-o", help="How to print it."),
    ] = "text"
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="All Services, and what others have made.")] = False
    color: Color = "auto"


_LIVE = (*CONNECTION_OPTIONS, Az)

EXPLAIN = Declared(
    "explain",
    "Explain what Azure builds for a Service, and why.",
    Explain,
    (Named, Files, Explain, Standing, *CLUSTER_OPTIONS, *_LIVE),
)
TRACE = Declared(
    "trace",
    "Follow the packets of one client, hop by hop.",
    Trace,
    (Trace, Files, Standing, Described, Namespace, Connected, Az),
)
VERIFY = Declared(
    "verify", "Ask what Azure's probes ask, from a pod, after consent.", Verify, (Verify, Described, *_LIVE)
)
CAPACITY = Declared(
    "capacity",
    "Count what Services take of Azure's limits, and what is left.",
    Capacity,
    (Named, Files, Capacity, Standing, Described, *_LIVE),
)
LINT = Declared(
    "lint", "Find what is wrong with Services, and mend it.", Lint, (Named, Files, Lint, Rules, Described, *_LIVE)
)
FIX = Declared(
    "fix",
    "Print mended manifests, or the patches that mend them.",
    Fix,
    (Named, Files, Fix, Rules, Described, *_LIVE),
)
KRM = Declared("krm", "Be a function of kustomize: mend or lint the items.", Krm, (Described,))
PROFILE = Declared(
    "profile", "Print what can be seen of the cluster, for use without it.", Profile, (Profile, Connected, Az)
)
UPGRADE = Declared(
    "upgrade",
    "Find what an upgrade breaks, with the cause and the fix.",
    Upgrade,
    (Named, Files, Upgrade, Described, *_LIVE),
)
DIFF = Declared(
    "diff",
    "Say what applying manifests does to address, rules and clients.",
    Diff,
    (_Manifests, Files, Diff, Described, Namespace, Connected, Az),
)
COMPARE = Declared(
    "compare",
    "Say what two Services do otherwise, and how to keep it.",
    Compare,
    (Compare, Described, Namespace, Connected, Az),
)
DRIFT = Declared(
    "drift",
    "Find what in Azure is not as Kubernetes makes it.",
    Drift,
    (Named, Files, Drift, Standing, Described, *_LIVE),
)
POST_RENDER = Declared(
    "post-render", "Patch what Helm renders, so that health probes are answered.", PostRender, (PostRender,)
)

PLAIN = (EXPLAIN, TRACE, VERIFY, LINT, FIX, KRM, PROFILE, UPGRADE, DIFF, COMPARE, DRIFT, CAPACITY)
"""Those whose plain command lines are read without typer; post-render does without it altogether."""

COMMANDS = (*PLAIN, POST_RENDER)
