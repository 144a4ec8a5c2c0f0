"""Which API server, as whom, and which Services of it."""

from kubectl_akslb.named_tuple import NamedTuple


class Connection(NamedTuple):
    """kubectl's own flags, passed on as they were given; None leaves a choice to kubectl."""

    namespace: str | None = None
    all_namespaces: bool = False
    selector: str | None = None
    context: str | None = None
    kubeconfig: str | None = None
    cluster: str | None = None
    user: str | None = None
    as_user: str | None = None
    as_group: tuple[str, ...] = ()
    as_uid: str | None = None
    as_user_extra: tuple[str, ...] = ()
    server: str | None = None
    token: str | None = None
    certificate_authority: str | None = None
    client_certificate: str | None = None
    client_key: str | None = None
    tls_server_name: str | None = None
    insecure_skip_tls_verify: bool = False
    disable_compression: bool = False
    cache_dir: str | None = None
    request_timeout: str | None = None

    @staticmethod
    def flag(field: str) -> str:
        """The flag of a field."""
        return "--as" if field == "as_user" else f"--{field.replace('_', '-')}"

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
