"""Print the releases of the provider that are newer than every recorded one of their minor: python -m conformance.newest.

The Go module proxy is asked, as `go list` asks it.
"""

import re
import subprocess
import sys

from conformance import vectors
from kubectl_akslb.model.version import ProviderVersion

_MODULE = "sigs.k8s.io/cloud-provider-azure"
_RELEASE = re.compile(r"v1\.\d+\.\d+")


def main() -> int:
    """One release a line, oldest first; of each minor only the newest."""
    listed = subprocess.run(
        ["go", "list", "-m", "-versions", _MODULE],  # noqa: S607 - go stands where the runner has put it
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        return listed.returncode
    found = [word for word in listed.stdout.split() if _RELEASE.fullmatch(word)]
    print("\n".join(newer(found, vectors.versions_of(vectors.read()))))
    return 0


def newer(released: list[str], recorded: list[str]) -> list[str]:
    """The newest release of each minor, where it is newer than what is recorded of that minor, from the last recorded minor on."""
    newest: dict[int, ProviderVersion] = {}
    for text in released:
        version = ProviderVersion.parse(text)
        newest[version.minor] = max(version, newest.get(version.minor, version))
    known = [ProviderVersion.parse(text) for text in recorded]
    first = max((version.minor for version in known), default=0)
    return [
        f"v{version}"
        for minor, version in sorted(newest.items())
        if minor >= first and all(version > other for other in known if other.minor == minor)
    ]


if __name__ == "__main__":
    sys.exit(main())
