"""What the commands are used for: the examples of --help and of the pages in docs/cli."""

from kubectl_akslb.named_tuple import NamedTuple


class Example(NamedTuple):
    """*command* in the words of a shell; *lines* of what it prints are shown on the command's page."""

    what: str
    command: str
    lines: int = 0


# 80 without the indent of click and the mark of a line that goes on.
_WIDTH = 74
_INGRESS = "-f examples/ingress-nginx.yaml --kubernetes-version 1.30"
_RELEASE = "upgrade --install edge ingress-nginx/ingress-nginx"

EXAMPLES: dict[str, tuple[Example, ...]] = {
    "explain": (
        Example("Does it work, and why?", f"kubectl akslb explain {_INGRESS}", 18),
        Example("Where does one value come from?", f"kubectl akslb explain {_INGRESS} --why 'probes[0].protocol'", 99),
        Example(
            "With all that is known about a cluster",
            "kubectl akslb explain -f examples/istio-gateway.yaml --profile examples/cluster.yaml",
        ),
        Example("Many at once, the worst first", "kubectl akslb explain examples/troubleshooting", 14),
        Example("Beside what really stands in Azure", "kubectl akslb explain svc/web --az"),
        Example(
            "The same with what stands there in a file",
            "kubectl akslb explain -f examples/drift.yaml --azure examples/azure/drift.json",
        ),
        Example("With flows, names in Azure and the way out", "kubectl akslb explain -f examples/web.yaml -v"),
        Example("The Service that a controller makes of a Gateway", "kubectl akslb explain -f examples/gateway.yaml"),
        Example("What a chart renders to", "helm template ingress-nginx/ingress-nginx | kubectl akslb explain -f -"),
        Example("A Service of the running cluster", "kubectl akslb explain svc/web"),
        Example("Look again and again while something is mended", "kubectl akslb explain svc/web --watch"),
        Example("A picture of the path", "kubectl akslb explain -f examples/web.yaml -o svg >path.svg"),
        Example("All of them, for a pull request", "kubectl akslb explain -A -o markdown"),
    ),
    "trace": (
        Example(
            "Does this address get in, and if not, where does it end?",
            "kubectl akslb trace 203.0.113.7 svc/shop -f examples/web.yaml --azure examples/azure/nsg.json",
            8,
        ),
        Example(
            "Which part of a range gets in?",
            "kubectl akslb trace 203.0.0.0/16 svc/shop:http -f examples/web.yaml --azure examples/azure/nsg.json",
            8,
        ),
        Example("In the running cluster, from the internet", "kubectl akslb trace internet svc/web:80 -n shop"),
        Example("From a pod to the load balancer's address", "kubectl akslb trace pod/web-1 svc/web:80 -n shop"),
        Example("From a pod to a host outside", "kubectl akslb trace pod/web-1 mcr.microsoft.com:443 -n shop"),
    ),
    "verify": (
        Example("Do the nodes answer as Azure needs it?", "kubectl akslb verify svc/web -n shop --yes"),
        Example("What would be created for that?", "kubectl akslb verify svc/web -n shop --dry-run"),
        Example(
            "With an image of a registry that the nodes reach",
            "kubectl akslb verify svc/web -n shop --yes --image registry.example.com/curl:8.11",
        ),
        Example("Does a pod reach the API server?", "kubectl akslb verify --api-server --yes"),
        Example(
            "From the nodes themselves", "kubectl akslb verify svc/web -n shop --from-nodes --pod-namespace kube-system"
        ),
    ),
    "lint": (
        Example("What is wrong with a file?", f"kubectl akslb lint {_INGRESS}", 14),
        Example("What would be changed?", f"kubectl akslb lint {_INGRESS} --fix --diff", 99),
        Example("Change it", "kubectl akslb lint -f examples/ingress-nginx.yaml --fix"),
        Example("In a pipeline, where warnings fail too", "kubectl akslb lint -f examples/web.yaml --fail-on warning"),
        Example("For code scanning", "kubectl akslb lint -f examples/web.yaml -o sarif >akslb.sarif"),
        Example("Without one rule", "kubectl akslb lint -f examples/web.yaml --ignore open-to-the-internet"),
        Example("All Services of the running cluster", "kubectl akslb lint -A"),
    ),
    "fix": (
        Example("What would be changed?", "kubectl akslb fix -f examples/web.yaml -o diff", 99),
        Example("For the HelmRelease of Flux", "kubectl akslb fix -f examples/web.yaml -o kustomize", 99),
        Example(
            "By a policy", "kubectl akslb fix -f examples/ingress-nginx.yaml --policy examples/policy.yaml -o diff"
        ),
        Example("What Helm renders, mended", "helm template ingress-nginx/ingress-nginx | kubectl akslb fix -f -"),
        Example("The commands that mend a Service of the running cluster", "kubectl akslb fix svc/web"),
    ),
    "rules": (
        Example("What is looked for", "kubectl akslb rules", 8),
        Example("Why one rule matters, and what to do", "kubectl akslb rules open-to-the-internet", 99),
    ),
    "post-render": (
        Example("What would be changed?", "kubectl akslb post-render --dry-run <examples/web.yaml", 99),
        Example(
            "By a policy",
            "kubectl akslb post-render --policy examples/policy.yaml --dry-run <examples/ingress-nginx.yaml",
        ),
        Example(
            "With Helm 3", f"helm {_RELEASE} --post-renderer kubectl-akslb --post-renderer-args post-render  # Helm 3"
        ),
        Example("With Helm 4, where the plugin is installed", f"helm {_RELEASE} --post-renderer akslb"),
    ),
    "krm": (Example("What goes in, and what comes out", "kubectl akslb krm <examples/resource-list.yaml", 99),),
    "profile": (
        Example("Keep it for use without the cluster", "kubectl akslb profile >cluster.yaml"),
        Example("With what only Azure knows", "kubectl akslb profile --aks GROUP/NAME >cluster.yaml"),
    ),
    "completion": (
        Example("After krew", "kubectl akslb completion >~/.krew/bin/kubectl_complete-akslb"),
        Example("For kubectl-akslb by its own name, in bash; fish and zsh alike", "kubectl akslb completion bash"),
    ),
    "doctor install": (
        Example("Is all as it should be?", "kubectl akslb doctor install"),
        Example("For other programs", "kubectl akslb doctor install -o json"),
    ),
    "annotations": (
        Example("All of them", "kubectl akslb annotations", 10),
        Example("One, by a part of its name", "kubectl akslb annotations idle-timeout", 99),
    ),
    "changes": (
        Example("Before an upgrade", "kubectl akslb changes --from 1.28 --to 1.30", 14),
        Example("With the functions of the provider that decide", "kubectl akslb changes --from 1.33 --to 1.34 -v"),
        Example("All of them", "kubectl akslb changes"),
    ),
    "upgrade": (
        Example("What does it break?", "kubectl akslb upgrade -f examples/upgrade.yaml --from 1.31.0 --to 1.34", 30),
        Example(
            "A fix to apply first, from the release where this began",
            "kubectl akslb upgrade -f examples/ingress-nginx.yaml --from 1.23 --to 1.24",
        ),
        Example("All Services of the running cluster", "kubectl akslb upgrade -A --to 1.35"),
        Example(
            "When AKS changes its provider, without an upgrade of Kubernetes",
            "kubectl akslb upgrade -A --to-aks-release 2026-06-19",
        ),
    ),
    "diff": (
        Example(
            "What does a change of a manifest do?",
            "kubectl akslb diff -f examples/diff/after.yaml --old examples/diff/before.yaml",
            24,
        ),
        Example("Against the running cluster", "kubectl akslb diff -f examples/diff/after.yaml"),
        Example(
            "What does a branch do, for a pull request?", "kubectl akslb diff -R -f deploy --old git:main -o markdown"
        ),
        Example(
            "Only what clients notice makes the exit code 1",
            "kubectl akslb diff -f examples/diff/after.yaml --old examples/diff/before.yaml --fail-on loses-address",
        ),
    ),
    "compare": (
        Example(
            "From an ingress controller to a Gateway",
            "kubectl akslb compare examples/compare/ingress.yaml examples/gateway.yaml --kubernetes-version 1.34",
            30,
        ),
        Example("In the running cluster", "kubectl akslb compare svc/web svc/local -n shop"),
    ),
    "drift": (
        Example(
            "What is in Azure that Kubernetes did not put there?",
            "kubectl akslb drift -f examples/drift.yaml --azure examples/azure/drift.json --complete",
            30,
        ),
        Example("Of the running cluster, by your own az", "kubectl akslb drift -A --az"),
        Example(
            "Of the running cluster, and of what stands in files",
            "kubectl akslb drift -A --azure lb.json --azure nsg.json --azure public-ip.json",
        ),
        Example(
            "Of one Service, with the functions of the provider that decide",
            "kubectl akslb drift svc/web --azure lb.json --why",
        ),
    ),
    "capacity": (
        Example(
            "How much of Azure's limits do these Services take?", "kubectl akslb capacity -f examples/web.yaml", 99
        ),
        Example(
            "Does it fit into the quota of public IPs?",
            "kubectl akslb capacity -f examples/web.yaml --azure examples/azure/usages.json",
            2,
        ),
        Example(
            "Does a new Service still fit?",
            "kubectl akslb capacity -f examples/web.yaml --add examples/ingress-nginx.yaml",
        ),
        Example("How many more fit into the running cluster?", "kubectl akslb capacity"),
    ),
    "snat": (
        Example("Does it fit?", "kubectl akslb snat --nodes 60 --ips 2 --ports 1000", 5),
        Example(
            "With autoscaling and surge",
            "kubectl akslb snat --nodes 3 --max-nodes 15 --ips 1 --ports 7104 --max-surge 1",
            12,
        ),
    ),
}


def epilog(command: str) -> str:
    r"""The examples of *command* below its help; the line ``\b`` keeps a paragraph as it is."""
    rows = EXAMPLES.get(command, ())
    lines = [line for row in rows for line in (f"  # {row.what}", *_wrapped(row.command))]
    return "\n".join(["\b", "Examples:", *lines]) if rows else ""


def _wrapped(command: str) -> list[str]:
    """*command* in lines for a terminal of 80 columns, to be copied as they are; an option keeps its value."""
    lines = [" "]
    for words in command.replace(" -", "\0-").split("\0"):
        if lines[-1].strip() and len(lines[-1]) + len(words) > _WIDTH:
            lines[-1] += " \\"
            lines.append("     ")
        lines[-1] += f" {words}"
    return lines
