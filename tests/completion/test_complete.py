"""What TAB offers after ``kubectl akslb``."""

import subprocess
import sys
from pathlib import Path

import pytest

from kubectl_akslb.completion.complete import FILES, MORE, NO_FILES, complete
from kubectl_akslb.completion.table import COMMANDS
from kubectl_akslb.provider.version import NEWEST
from tests.given.programs import Answer, FakeProgram

ROOT = Path(__file__).parents[2]


@pytest.fixture
def kubectl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeProgram:
    program = FakeProgram(tmp_path, "kubectl")
    monkeypatch.setenv("PATH", str(program.folder))
    program.answers(
        Answer(["get", "services"], "web\t20.1.2.3 \napi\t\n"),
        Answer(["get", "pods"], "pod/web-1\n"),
        Answer(["get", "nodes"], "node/aks-1\n"),
        Answer(["get", "gateways.gateway.networking.k8s.io"], "gateway.gateway.networking.k8s.io/edge\n"),
        Answer(["get", "namespaces"], "namespace/shop\nnamespace/default\n"),
        Answer(["get-contexts"], "prod\ntest\n"),
        Answer(["get-clusters"], "NAME\nprod\n"),
        Answer(["get-users"], "NAME\njane\n"),
    )
    return program


def words(*given: str) -> list[str]:
    return [word for word, _ in complete(given).candidates]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["ex"], ["explain"]),
        (["explain", "--provider"], ["--provider-version"]),
        (["explain", "-o", ""], ["text", "json", "yaml", "markdown", "mermaid", "svg"]),
        (["explain", "-o", "j"], ["json"]),
        (["explain", "--output=j"], ["json"]),
        (["explain", "--sku", ""], ["standard", "basic"]),
        (["explain", "--probe-mode", "s"], ["servicenodeport", "shared"]),
        (["explain", "--outbound-type", "managed"], ["managedNATGateway", "managedNATGatewayV2"]),
        (["lint", "--select", "internal-not-e"], ["internal-not-exactly-true"]),
        (["rules", "internal-not-e"], ["internal-not-exactly-true"]),
        (["annotations", "azure-load-balancer-ipv"], ["azure-load-balancer-ipv4", "azure-load-balancer-ipv6"]),
        (["snat", "--max-s"], ["--max-surge"]),
        (["explain", "--sku", "standard", "--sk"], []),
        (["explain", "-f", "x.yaml", ""], []),
        (["nope", ""], []),
        (["doctor", ""], ["install"]),
        (["doctor", "-"], ["--help"]),
        (["doctor", "in"], ["install"]),
        (["doctor", "install", "-o", ""], ["text", "json"]),
        (["doctor", "nope", ""], []),
        (["completion", ""], ["bash", "fish", "zsh"]),
        (["explain", "--kubernetes-version", "1.2"], ["1.29", "1.28", "1.27", "1.26", "1.25", "1.24", "1.23"]),
        (["upgrade", "--to", "1.3"], [f"1.{minor}" for minor in range(NEWEST.minor, 29, -1)]),
        (["upgrade", "--from", "1.30.1"], [*(f"1.30.{patch}" for patch in range(18, 9, -1)), "1.30.1"]),
        (["changes", f"--to={NEWEST}"], [str(NEWEST)]),
        (["lint", "--provider-version", "1.99."], []),
        (["explain", "--provider-version", "x"], []),
        (["explain", "--aks-release", "2026-06-1"], ["2026-06-19", "2026-06-16"]),
        (["upgrade", "--to-aks-release", "2022-05-0"], ["2022-05-01"]),
        (["explain", "--what-if", ""], ["service-gateway"]),
        (["trace", ""], ["internet", "vnet", "pod/", "node/"]),
        (["trace", "in"], ["internet"]),
    ],
)
def test_candidates(given: list[str], expected: list[str]) -> None:
    assert expected == words(*given)


def test_every_command_is_offered() -> None:
    top = [name for name in COMMANDS if " " not in name]
    assert top == words("")
    assert {"explain", "doctor"} <= set(top)


def test_flags_are_offered_behind_a_dash() -> None:
    assert ["--help", "--version"] == words("-")


@pytest.mark.parametrize(
    ("given", "directive"),
    [
        (["explain", "-f", ""], FILES),
        (["explain", "--profile=x"], FILES),
        (["explain", "--kubeconfig", ""], FILES),
        (["explain", "--sku", ""], NO_FILES),
        (["explain", "examples/"], FILES),
        (["verify", "examples/"], NO_FILES),
        (["diff", "exa"], FILES),
        (["compare", "exa"], FILES),
        (["lint", "-k", ""], FILES),
        (["diff", "--old", ""], FILES),
        (["trace", "po"], MORE),
        (["trace", "vn"], NO_FILES),
        (["changes", "x"], NO_FILES),
    ],
)
def test_files(given: list[str], directive: str) -> None:
    assert directive == complete(given).directive


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["explain", ""], ["web", "api"]),
        (["explain", "w"], ["web"]),
        (["explain", "svc/"], ["svc/web", "svc/api"]),
        (["explain", "service/w"], ["service/web"]),
        (["explain", "svc", "a"], ["api"]),
        (["explain", "web", ""], ["api"]),
        (["lint", ""], ["web", "api"]),
        (["verify", "a"], ["api"]),
        (["upgrade", "svc/w"], ["svc/web"]),
        (["drift", ""], ["web", "api"]),
        (["capacity", ""], ["web", "api"]),
        (["trace", "internet", ""], ["svc/web", "svc/api"]),
        (["trace", "-n", "shop", "internet", "svc/w"], ["svc/web"]),
        (["trace", "internet", "w"], []),
        (["trace", "pod/"], ["pod/web-1"]),
        (["trace", "node/"], ["node/aks-1"]),
        (["compare", ""], ["svc/web", "svc/api"]),
        (["compare", "svc/web", "s"], ["svc/api"]),
        (["compare", "gateway/"], ["gateway/edge"]),
        (["compare", "web.yaml", "x"], []),
        (["verify", "--node", ""], ["aks-1"]),
        (["verify", "--pod-namespace", "d"], ["default"]),
        (["compare", "--old-context", ""], ["prod", "test"]),
        (["explain", "deploy/"], []),
        (["explain", "-A", ""], []),
        (["explain", "-n", ""], ["shop", "default"]),
        (["explain", "--namespace=sh"], ["shop"]),
        (["explain", "--context", "p"], ["prod"]),
        (["explain", "--cluster", ""], ["prod"]),
        (["profile", "--user", ""], ["jane"]),
    ],
)
def test_what_the_cluster_knows(kubectl: FakeProgram, given: list[str], expected: list[str]) -> None:
    assert expected == words(*given)
    assert 1 >= len(kubectl.calls)


def test_a_service_is_offered_with_its_address(kubectl: FakeProgram) -> None:
    assert [("web", "20.1.2.3"), ("api", "<pending>")] == complete(["explain", ""]).candidates
    assert 1 == len(kubectl.calls)


def test_flags_given_so_far_are_passed_on(kubectl: FakeProgram) -> None:
    complete(["explain", "--sku", "basic", "-n", "shop", "--context=prod", "--request-timeout", "60s", ""])
    ((*_, n, namespace, context, name, timeout, seconds),) = kubectl.calls
    assert ["-n", "shop", "--context", "prod", "--request-timeout", "2s"] == [
        n,
        namespace,
        context,
        name,
        timeout,
        seconds,
    ]


def test_a_cluster_that_cannot_be_reached_offers_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = FakeProgram(tmp_path, "kubectl")
    failing.answers(Answer([], err="Unable to connect to the server", code=1))
    monkeypatch.setenv("PATH", str(failing.folder))
    assert [] == words("explain", "")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert [] == words("explain", "")


def test_what_kubectl_reads() -> None:
    command = [sys.executable, "-m", "kubectl_akslb", "__complete", "expl"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    first, second, rest = done.stdout.split("\n")
    assert first.startswith("explain\tExplain what Azure builds")
    assert (":4", "") == (second, rest)


def test_it_is_quick_because_typer_is_not_imported() -> None:
    code = "import sys; from kubectl_akslb.completion.complete import complete; complete(['']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set() == {"typer", "rich", "ruamel", "subprocess", "json"} & set(done.stdout.split())
