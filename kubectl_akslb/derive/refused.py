"""The provider's errors, inside the derivation; they leave it as data."""

from kubectl_akslb.model.derivation import RefusalCode
from kubectl_akslb.model.provenance import Origin


class Refused(Exception):  # noqa: N818 - it is the provider that is in error, not this program
    """The provider stops here with the error of this *code*, because of *origin*; *values* fill its template.

    *head* and *tail* are what outer functions of the provider put around the text.
    """

    def __init__(self, code: RefusalCode, origin: Origin, *, head: str = "", tail: str = "", **values: object) -> None:
        self.code = code
        self.message = head + code.template.format(**values) + tail
        self.origin = origin
        super().__init__(self.message)

    def within(self, head: str) -> "Refused":
        """The same refusal with the text that an outer function of the provider puts before it."""
        self.message = head + self.message
        return self
