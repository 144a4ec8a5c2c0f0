"""Versions of cloud-provider-azure; its minor follows the minor of Kubernetes."""

from kubectl_akslb.named_tuple import NamedTuple


class ProviderVersion(NamedTuple):
    """A release of cloud-provider-azure, ordered as releases are.

    >>> ProviderVersion.parse("v1.28.5") < ProviderVersion(1, 29, 0)
    True
    """

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> "ProviderVersion":
        """Read ``1.28.5`` or ``v1.28.5``; ValueError where *text* is something else."""
        parts = text.strip().removeprefix("v").split(".")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
            message = f"not a version of the form 1.28.5: {text!r}"
            raise ValueError(message)
        major, minor, patch = (int(part) for part in parts)
        return cls(major, minor, patch)

    def __str__(self) -> str:
        """``1.28.5``, without the v of the tag."""
        return f"{self.major}.{self.minor}.{self.patch}"
