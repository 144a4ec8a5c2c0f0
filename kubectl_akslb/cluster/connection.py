"""Which API server, as whom, and which Services of it."""

from kubectl_akslb.arguments.groups import CONNECTION_FLAGS, ConnectionOptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class Connection(ConnectionOptions):
    """kubectl's own flags, passed on as they were given; None leaves a choice to kubectl."""

    __slots__ = ()

    @classmethod
    def of(cls, values: "Mapping[str, Any]") -> "Connection":
        """The connection that a command line names by the names of its options; what it does not say is left out."""
        pairs = ((name, values.get(name)) for name in cls._fields)
        said: dict[str, Any] = {
            name: tuple(one) if isinstance(one, list) else one for name, one in pairs if one is not None
        }
        return cls(**said)

    @staticmethod
    def flag(field: str) -> str:
        """The flag of a field."""
        return CONNECTION_FLAGS[field]

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags that say which API server, and as whom."""
        return tuple(
            word
            for flag, value in self._pairs(_SCOPE)
            for word in ((f"{flag}={_said(value)}",) if flag in _ONE_WORD else (flag, _said(value)))
        )

    @property
    def words(self) -> tuple[str, ...]:
        """The same for commands that are printed, each in one word: without the token, and how the answer travels."""
        return tuple(f"{flag}={_said(value)}" for flag, value in self._pairs(_SCOPE | _NOT_PRINTED))

    def _pairs(self, without: frozenset[str]) -> list[tuple[str, str | bool]]:
        return [
            (self.flag(field), one)
            for field, value in self._asdict().items()
            if value not in (None, False, ()) and field not in without
            for one in (value if isinstance(value, tuple) else (value,))
        ]

    @property
    def scope(self) -> tuple[str, ...]:
        """The flags that say which namespace."""
        if self.all_namespaces:
            return ("-A",)
        return ("-n", self.namespace) if self.namespace is not None else ()


def _said(value: str | bool) -> str:
    return "true" if value is True else str(value)


_ONE_WORD = frozenset({"--token", "--insecure-skip-tls-verify", "--disable-compression"})
_NOT_PRINTED = frozenset({"token", "request_timeout", "cache_dir", "disable_compression"})
_SCOPE = frozenset({"namespace", "all_namespaces", "selector"})
