"""Whole screens of ``trace``, ``capacity``, ``upgrade``, ``diff``, ``compare`` at 80 columns; run as a module it writes them anew, to be read before a commit."""

from pathlib import Path

import pytest

from tests.given.command import akslb

FOLDER = Path(__file__).parent / "screens"
ROOT = Path(__file__).resolve().parents[2]
WEB = ("-f", "examples/web.yaml", "--kubernetes-version", "1.30")
NSG = ("--azure", "examples/azure/nsg.json", "--azure", "examples/azure/public-ip.json")
SCREENS: dict[str, tuple[str, ...]] = {
    "trace-depends": ("trace", "203.0.113.7", "svc/shop", *WEB),
    "trace-dropped": ("trace", "203.0.113.7", "svc/shop", *WEB, *NSG),
    "trace-parts": ("trace", "203.0.0.0/16", "svc/shop", *WEB, *NSG, "-v"),
    "trace-private": ("trace", "vnet", "svc/shop", *WEB),
    "capacity-fits": ("capacity", *WEB, "--nodes", "3"),
    "capacity-near": ("capacity", *WEB, "--azure", "examples/azure/usages.json"),
    "capacity-added": ("capacity", *WEB, "--add", "examples/ingress-nginx.yaml"),
    "upgrade-three": ("upgrade", "-f", "examples/upgrade.yaml", "--from", "1.31", "--to", "1.34"),
    "upgrade-one": ("upgrade", "-f", "examples/ingress-nginx.yaml", "--from", "1.23", "--to", "1.24"),
    "diff": (
        "diff",
        "-f",
        "examples/diff/after.yaml",
        "--old",
        "examples/diff/before.yaml",
        "--kubernetes-version",
        "1.34",
    ),
    "compare": ("compare", "examples/compare/ingress.yaml", "examples/gateway.yaml", "--kubernetes-version", "1.34"),
    "upgrade-several-minors": ("upgrade", "-f", "examples/ingress-nginx.yaml", "--from", "1.23.30", "--to", "1.36.5"),
}


def kept(name: str) -> Path:
    """The file of a screen."""
    return FOLDER / f"{name}.80.txt"


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_as_it_was_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    out = akslb(*SCREENS[name]).out
    assert kept(name).read_text(encoding="utf-8") == out
    wide = [line for line in out.splitlines() if len(line) > 80]
    assert all(line.lstrip().startswith(("settle ", "+ ")) for line in wide), "only what is pasted is not broken"


def test_every_file_is_a_screen() -> None:
    assert {kept(name) for name in SCREENS} == set(FOLDER.iterdir())


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each, words in SCREENS.items():
        kept(each).write_text(akslb(*words).out, encoding="utf-8")
