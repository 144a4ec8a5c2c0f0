"""The provider's errors, inside the derivation; they leave it as data."""

from kubectl_akslb.model.provenance import Origin


class Refused(Exception):  # noqa: N818 - it is the provider that is in error, not this program
    """The provider stops here, with this error text, because of *origin*."""

    def __init__(self, message: str, origin: Origin) -> None:
        super().__init__(message)
        self.message = message
        self.origin = origin

    def within(self, head: str) -> "Refused":
        """The same refusal with the text that an outer function of the provider puts before it."""
        return Refused(head + self.message, self.origin)
