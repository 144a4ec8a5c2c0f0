"""``post-render`` in the command line's own help: the same options as the command that starts without typer."""

from pathlib import Path

import pytest

from kubectl_akslb.arguments.post_render import OPTIONS
from tests.given.command import akslb

CHART = (Path(__file__).parents[2] / "examples" / "ingress-nginx.yaml").read_bytes()
ADDED = "    service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path: /healthz\n"


def test_help_names_every_option() -> None:
    ran = akslb("post-render", "--help", environ={"COLUMNS": "200"})
    assert (0, "") == (ran.code, ran.err)
    for flag, short, *_ in OPTIONS:
        assert f" {flag}" in ran.out
        assert short in ran.out


def test_options_reach_the_post_renderer() -> None:
    ran = akslb("post-render", stdin=CHART)
    assert (0, "") == (ran.code, ran.err)
    assert CHART.decode() == ran.out.replace(f"  annotations:\n{ADDED}", "")
    assert ADDED in ran.out
    shown = akslb(
        "post-render", "--dry-run", "--unknown", "tcp", "-n", "edge", "--kubernetes-version=1.30", stdin=CHART
    )
    assert f"+{ADDED}" in shown.out
    assert 0 == shown.code


@pytest.mark.parametrize("wrong", [("--unknown", "nope"), ("--strictly",), ("FILE",)])
def test_wrong_usage(wrong: tuple[str, ...]) -> None:
    ran = akslb("post-render", *wrong, stdin=CHART)
    assert (2, "") == (ran.code, ran.out)
    assert wrong[-1] in ran.err
