"""Command lines: every command, and every output that loads modules of its own."""

WEB, NGINX, ISTIO = "examples/web.yaml", "examples/ingress-nginx.yaml", "examples/istio-gateway.yaml"
#: Every command, and every output that loads modules of its own.
COMMANDS = [
    "--version",
    "--help",
    "explain --help",
    "post-render --help",
    f"explain -f {WEB} -f {NGINX} -f {ISTIO}",
    f"explain -f {WEB} --why",
    *(f"explain -f {NGINX} -o {form}" for form in ("json", "yaml", "markdown", "mermaid")),
    f"explain -f {NGINX} --profile examples/cluster.yaml",
    "explain -f no-such-file.yaml",
    "explain -f - --kubernetes-version x",
    *(f"lint -f {NGINX} -o {form}" for form in ("text", "json", "sarif", "github", "junit", "markdown")),
    f"lint -f {NGINX} --fix --diff",
    f"lint -f {NGINX} --fix --diff --unsafe-fixes",
    "lint -f - --fix",
    *(f"fix -f {NGINX} -o {form}" for form in ("yaml", "diff", "kustomize", "kustomization", "kubectl", "json")),
    f"fix -f {NGINX} --policy examples/policy.yaml",
    "krm",
    "doctor install",
    "doctor install -o json",
    *(f"completion {shell}" for shell in ("bash", "zsh", "fish", "powershell")),
    "completion",
    "profile --kubeconfig no-such-file",
    "rules",
    "rules open-to-the-internet",
    "rules no-such-rule",
    "annotations",
    "annotations internal",
    "changes --from 1.23 --to 1.36",
    f"trace internet svc/shop -f {WEB}",
    f"trace internet svc/shop -f {WEB} -o json",
    "verify svc/web --kubeconfig no-such-file",
    "verify --api-server --kubeconfig no-such-file",
    f"capacity -f {WEB}",
    f"capacity -f {WEB} -o json",
    *(
        f"diff -f examples/diff/after.yaml --old examples/diff/before.yaml -o {form}"
        for form in ("text", "json", "yaml", "markdown", "sarif", "junit")
    ),
    *(
        f"compare examples/compare/ingress.yaml examples/gateway.yaml -o {form}"
        for form in ("text", "json", "yaml", "markdown", "sarif", "junit")
    ),
    f"upgrade -f {NGINX} --from 1.23 --to 1.24",
    *(f"upgrade -f {NGINX} --from 1.23 --to 1.24 -o {form}" for form in ("json", "sarif", "junit")),
    f"explain -f {NGINX} -o svg",
    "explain -f examples/gateway.yaml",
    "snat --nodes 60 --ips 2 --ports 1000",
    "post-render",
    "post-render --dry-run --strict",
    "post-render --policy no-such-file.yaml",
    "__complete lint --",
    "no-such-command",
]
