"""Whole screens, kept as files beside this one; run as a module it writes them anew, to be read before a commit.

The newest release stands in them as a word, so that a newer one changes none.
"""

from pathlib import Path

from kubectl_akslb.provider.version import NEWEST
from kubectl_akslb.render.terminal import Terminal
from kubectl_akslb.render.text import Detail, explanation
from tests.given import screens as services

FOLDER = Path(__file__).parent / "screens"
WIDTHS = (80, 120)
NOTICE = f"no version given: assuming the newest known provider, {NEWEST}"

#: What each screen is explained of, and how much is said.
SCREENS: dict[str, tuple[tuple[str, ...], Detail]] = {
    **{name.replace(" ", "-"): ((given,), Detail()) for name, given in services.ALL.items()},
    "several-ports": ((services.SEVERAL_PORTS,), Detail()),
    "twelve-ports": ((services.TWELVE_PORTS,), Detail()),
    "many-services": (
        (services.manifest(name="front"), services.REFUSED, services.MANY_NEED, services.OTHER_CLASS), Detail(),
    ),
    "in-detail": ((services.APP_PROTOCOL,), Detail(verbose=True)),
}  # fmt: skip


def screen(name: str, width: int) -> str:
    """A screen as it is printed now."""
    given, detail = SCREENS[name]
    result = services.explained(*given)._replace(notices=(NOTICE,))
    return explanation(result, Terminal(width), detail).replace(str(NEWEST), "NEWEST")


def kept(name: str, width: int) -> Path:
    """The file of a screen."""
    return FOLDER / f"{name}.{width}.txt"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for one in SCREENS:
        for columns in WIDTHS:
            kept(one, columns).write_text(screen(one, columns), encoding="utf-8")
