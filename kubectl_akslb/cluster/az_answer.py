"""What Azure says about the cluster, by az, where somebody asks for it."""

from kubectl_akslb.cluster import az
from kubectl_akslb.cluster.discover import Discovered
from kubectl_akslb.edge.process import Running
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.profile.settings import LoadedProfile


class AzureAnswer:
    """The cluster of this name, or without one the cluster that the nodes belong to.

    With a name az starts at once and runs while kubectl does. Whatever goes wrong is a notice: nothing depends on az.
    *clusters* is what it printed, None before it has answered.
    """

    clusters: bytes | None = None

    def __init__(self, name: az.AksName | None) -> None:
        self._name = name
        self._running: Running | None = None
        self._error: AkslbError | None = None
        self._told: tuple[LoadedProfile | None, tuple[str, ...]] | None = None
        try:
            az.installed()
            self._running = az.start(az.show(name)) if name is not None else None
        except AkslbError as error:
            self._error = error

    def profile(self, found: Discovered) -> tuple[LoadedProfile | None, tuple[str, ...]]:
        """The profile that az gives, and what to tell about it; az is asked once, however often this is."""
        if self._told is None:
            self._told = self._asked(found)
        return self._told

    def _asked(self, found: Discovered) -> tuple[LoadedProfile | None, tuple[str, ...]]:
        facts = {fact.field: str(fact.value) for fact in found.facts}
        subscription, group = facts.get("subscription", ""), facts.get("resource_group", "")
        try:
            loaded = self._named(self._name, subscription) if self._name else self._listed(subscription, group)
        except AkslbError as error:
            return None, (f"{error.message} ({error.hint})" if error.hint else error.message,)
        other = loaded.cluster.resource_group
        if group and "resource_group" in loaded.sources and other.lower() != group.lower():
            warning = f"{self._name} has its nodes in {other}, but kubectl talks to a cluster that has them in {group}"
            return loaded, (f"{warning}: check kubectl config current-context",)
        return loaded, ()

    def _named(self, name: az.AksName, subscription: str) -> LoadedProfile:
        """The cluster of that name; in the subscription of the nodes, where az's default has none."""
        if self._error is not None or self._running is None:
            raise self._error or AkslbError("az was not started")
        done = self._running.finished(az.SECONDS)
        if done.code != 0 and subscription and not name.subscription and "NotFound" in done.err:
            done = az.start(az.show(name._replace(subscription=subscription))).finished(az.SECONDS)
        loaded = az.profile_of(done, name)
        self.clusters = done.out
        return loaded

    def _listed(self, subscription: str, group: str) -> LoadedProfile:
        if self._error is not None:
            raise self._error
        if not group:
            raise AkslbError(
                "no node shows its resource group, so az cannot be asked which cluster it is",
                hint="name it: --aks GROUP/NAME",
            )
        done = az.start(az.list_all(subscription)).finished(az.SECONDS)
        loaded = az.profile_in_list(done, group)
        self.clusters = done.out
        return loaded
