"""A machine on which nothing is wrong, for tests that change one thing."""

from kubectl_akslb.doctor.installation import Executable, HelmPlugin, Installation, Krew, Program, Tool

STORE = "/home/jane/.krew/store/akslb/v0.1.0/kubectl-akslb"
PIP_SCRIPT = "#!/opt/venv/bin/python3\nimport sys\nfrom kubectl_akslb.__main__ import main\n"
KREW = Executable("/home/jane/.krew/bin/kubectl-akslb", STORE, version="0.1.0")
PIP = Executable("/opt/venv/bin/kubectl-akslb", "/opt/venv/bin/kubectl-akslb", head=PIP_SCRIPT, version="0.2.0")
PIPX = Executable(
    "/home/jane/.local/bin/kubectl-akslb",
    "/home/jane/.local/share/pipx/venvs/kubectl-akslb/bin/kubectl-akslb",
    head=PIP_SCRIPT,
)
UV = Executable("/home/jane/bin/kubectl-akslb", "/home/jane/.local/share/uv/tools/kubectl-akslb/bin/kubectl-akslb")
PLAIN = Executable("/usr/local/bin/kubectl-akslb", "/usr/local/bin/kubectl-akslb")
ASKS = Executable(
    "/home/jane/.krew/bin/kubectl_complete-akslb",
    "/home/jane/.krew/bin/kubectl_complete-akslb",
    head='#!/bin/sh\nexec kubectl-akslb __complete "$@"\n',
)
PROGRAM = Program("0.1.0", STORE, "3.12.1", commands=("explain", "lint", "post-render"))
PLUGINS = "/home/jane/.local/share/helm/plugins"
PLUGIN = HelmPlugin(f"{PLUGINS}/akslb", "akslb", "0.1.0", command="kubectl-akslb", found=KREW.path)
HELM_3 = Tool("helm", "/usr/bin/helm", "v3.17.3")
HELM_4 = Tool("helm", "/usr/bin/helm", "v4.2.3")
HEALTHY = Installation(
    PROGRAM,
    "linux",
    "/home/jane",
    path=("/home/jane/.krew/bin", "/usr/bin"),
    copies=(KREW,),
    completions=(ASKS,),
    kubectl=Tool("kubectl", "/usr/bin/kubectl", "v1.36.1"),
    helms=(HELM_4,),
    plugin_folders=(PLUGINS,),
    plugins=(PLUGIN,),
    krew=Krew("/home/jane/.krew", installed=True),
)
