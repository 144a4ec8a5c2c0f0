"""What ``--version`` says."""

import sys

from kubectl_akslb import __version__
from kubectl_akslb.provider.version import NEWEST


def version_line() -> str:
    """Which versions answer: of this program, of its Python, and the newest of the provider that is known."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    return f"kubectl-akslb {__version__} (Python {python}, knows cloud-provider-azure up to {NEWEST})\n"
