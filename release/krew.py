"""krew's manifest: filled from its template and the archives of a release.

krew-release-bot fills the same template by itself, once the plugin stands in krew's index; this is for the first time,
for ``kubectl krew install --manifest-url``, and for the tests. ``python -m release.krew v1.2.3 dist`` prints it.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path

from release.archive import ROOT, digest

TEMPLATE = ROOT / "krew" / "akslb.yaml.tmpl"
MANIFEST = ROOT / "krew" / "akslb.yaml"
#: What stands for a checksum that nobody knows yet: krew finds that no archive has it, and installs nothing.
UNKNOWN = "0" * 64
HEADER = """\
# Made from akslb.yaml.tmpl by `make docs`. No release has been published yet: its archives have no checksums, and krew
# installs nothing by these zeros. A release carries this file with its own; see release/README.md.
"""

_COMMENT = re.compile(r"\{\{/\*.*?\*/ -\}\}\s*", re.DOTALL)
_ARCHIVE = re.compile(r'\{\{ *addURIAndSha "([^"]*)" \.TagName \| indent (\d+) *\}\}')
_TAG = re.compile(r"\{\{ *\.TagName *\}\}")


def render(template: str, tag: str, checksum: Callable[[str], str]) -> str:
    """What krew-release-bot makes of the *template*; *checksum* gives that of the archive of a name."""

    def archive(found: re.Match[str]) -> str:
        uri = _TAG.sub(tag, found[1])
        return f"uri: {uri}\n{' ' * int(found[2])}sha256: {checksum(uri.rpartition('/')[2])}"

    text = _TAG.sub(tag, _ARCHIVE.sub(archive, _COMMENT.sub("", template)))
    if "{{" in text:
        message = (
            f"{TEMPLATE.name} has an expression that release/krew.py does not know: {text[text.index('{{') :][:60]}"
        )
        raise SystemExit(message)
    return text


def known(folder: Path) -> Callable[[str], str]:
    """The checksums of the archives in a *folder*."""

    def checksum(archive: str) -> str:
        if not (folder / archive).exists():
            message = f"{folder / archive} is missing: the manifest needs the archives of all platforms"
            raise SystemExit(message)
        return digest(folder / archive)

    return checksum


def unreleased(version: str) -> str:
    """The manifest in the repository, of which no archive has been published."""
    return HEADER + render(
        TEMPLATE.read_text(), f"v{version}", lambda _: f'"{UNKNOWN}"'
    )  # unquoted it would be a number


if __name__ == "__main__":
    sys.stdout.write(render(TEMPLATE.read_text(), sys.argv[1], known(Path(sys.argv[2]))))
