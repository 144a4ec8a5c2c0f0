"""Which API server, as whom, and which Services of it."""

from typing import NamedTuple


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
    as_groups: tuple[str, ...] = ()
    request_timeout: str | None = None

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags that say which API server, and as whom."""
        pairs = (*self._pairs(), ("--request-timeout", self.request_timeout))
        return tuple(word for name, value in pairs if value is not None for word in (name, value))

    @property
    def words(self) -> tuple[str, ...]:
        """The same for commands that are printed, each in one word; how long to wait is left to who runs them."""
        return tuple(f"{name}={value}" for name, value in self._pairs() if value is not None)

    def _pairs(self) -> tuple[tuple[str, str | None], ...]:
        return (
            ("--context", self.context),
            ("--kubeconfig", self.kubeconfig),
            ("--cluster", self.cluster),
            ("--user", self.user),
            ("--as", self.as_user),
            *(("--as-group", group) for group in self.as_groups),
        )

    @property
    def scope(self) -> tuple[str, ...]:
        """The flags that say which namespace."""
        if self.all_namespaces:
            return ("-A",)
        return ("-n", self.namespace) if self.namespace is not None else ()
