"""Single settings from the command line, on top of a profile or of the defaults."""

from collections.abc import Iterable
from typing import Any

from kubectl_akslb.errors import AkslbError, did_you_mean
from kubectl_akslb.model.cluster import POD_IP, SERVICE, SHARED
from kubectl_akslb.model.outbound_profile import NodePool
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.profile.schema import CLOUD_CONFIG, allowed
from kubectl_akslb.profile.settings import (
    AKS_CLUSTER,
    AKS_SHARED_PROBE_PORT,
    CLOUD_CONFIG_ONLY,
    OUTBOUND,
    LoadedProfile,
    cluster_of,
    of_load_balancer,
    sku_by_default,
)
from kubectl_akslb.provider.behaviours import SERVICE_GATEWAY, behaviours_of
from kubectl_akslb.provider.version import choose

WHAT_IF = ("service-gateway",)
"""The features that --what-if gives to a cluster."""
_NETWORK = "networkProfile"
_ZONES = ("1", "2", "3")
"""The availability zones of a region; the numbers are per subscription."""


def with_flags(  # noqa: PLR0913 - one argument for each flag
    loaded: LoadedProfile,
    *,
    provider_version: str | None = None,
    kubernetes_version: str | None = None,
    aks_release: str | None = None,
    sku: str | None = None,
    backend_pool_type: str | None = None,
    probe_mode: str | None = None,
    zones: Iterable[str] | None = None,
    outbound_type: str | None = None,
    nodes: int | None = None,
    what_if: str | None = None,
) -> LoadedProfile:
    """*loaded* with single settings replaced by what flags say; None leaves a setting alone.

    *nodes* replace all node pools by one. AkslbError for a bad value.
    """
    flags = _Flags(loaded)
    flags.version(provider_version, kubernetes_version, aks_release)
    flags.put("load_balancer_sku", _sku(sku), "--sku")
    flags.put("pool_type", _pool_type(backend_pool_type), "--backend-pool-type")
    flags.probe_mode(_probe_mode(probe_mode))
    flags.put("zones", _zones(zones), "--zones")
    flags.put("outbound.outbound_type", _outbound_type(outbound_type), "--outbound-type")
    flags.nodes(_number(nodes, "--nodes", 0, 100_000))
    flags.what_if(what_if)
    return flags.applied()


def _check_not_empty(value: object, flag: str) -> None:
    """AkslbError for text of nothing but blanks, as a variable of the shell that is not set makes it."""
    if isinstance(value, str) and not value.strip():
        raise AkslbError(f"{flag} is empty", hint=f"give {flag} a value, or leave it out")


class _Flags:
    """The settings of a profile, being replaced one by one."""

    def __init__(self, loaded: LoadedProfile) -> None:
        self._loaded = loaded
        cluster = loaded.cluster._asdict()
        outbound = cluster.pop("outbound")._asdict()
        self._fields: dict[str, Any] = {key: cluster[key] for key in cluster if key not in ("behaviours", "given")}
        self._fields.update({OUTBOUND + key: value for key, value in outbound.items()})
        self._sources = dict(loaded.sources)
        self._version_notice = loaded.version_notice
        self._notices = [notice for notice in loaded.notices if notice != loaded.version_notice]

    def put(self, field: str, value: object, flag: str) -> None:
        """Replace one setting."""
        if value is None:
            return
        _check_not_empty(value, flag)
        self._fields[field] = value
        self._sources[field] = flag

    def version(self, provider: str | None, kubernetes: str | None, aks_release: str | None) -> None:
        """Choose the provider version anew; it can change the SKU that a cloud config without one means.

        An AKS release without a Kubernetes version means that of the profile.
        """
        _check_not_empty(provider, "--provider-version")
        _check_not_empty(kubernetes, "--kubernetes-version")
        _check_not_empty(aks_release, "--aks-release")
        if not provider and not kubernetes and not aks_release:
            return
        if aks_release and not kubernetes and "provider_version" in self._sources:
            kubernetes = f"1.{self._fields['provider_version'].minor}"
        chosen = choose(provider or "", "" if provider else kubernetes or "", aks_release or "")
        flag = "--provider-version" if provider else "--aks-release" if aks_release else "--kubernetes-version"
        self.put("provider_version", chosen.version, flag)
        self._version_notice = chosen.notice
        self._fields["provider_assumed"] = bool(chosen.notice)
        if self._loaded.platform == CLOUD_CONFIG_ONLY and "load_balancer_sku" not in self._sources:
            self._notices = [notice for notice in self._notices if not notice.startswith("loadBalancerSku")]
            self._fields["load_balancer_sku"], notice = sku_by_default(chosen.version)
            self._notices += [notice] if notice else []

    def probe_mode(self, mode: str | None) -> None:
        """Replace the probe mode; in shared mode AKS has its own port."""
        self.put("probe_mode", mode, "--probe-mode")
        if mode != SHARED or "shared_probe_port" in self._sources:
            return
        if self._loaded.platform == AKS_CLUSTER:
            self._fields["shared_probe_port"] = AKS_SHARED_PROBE_PORT
            notice = f"shared probe mode on AKS: nodes are probed on port {AKS_SHARED_PROBE_PORT}"
        else:
            notice = (
                f"shared probe mode: assuming the provider's port {self._fields['shared_probe_port']};"
                f" on AKS it is {AKS_SHARED_PROBE_PORT}, which a profile of the cluster says (--profile)"
            )
        if notice not in self._notices:
            self._notices.append(notice)

    def nodes(self, count: int | None) -> None:
        """Replace the node pools by one of so many nodes; its surge is that of the one that there was."""
        if count is not None:
            pools: tuple[NodePool, ...] = self._fields["outbound.node_pools"]
            surge = pools[0].max_surge if len(pools) == 1 else ""
            self.put("outbound.node_pools", (NodePool("nodes", count, None, surge),), "--nodes")

    def what_if(self, feature: str | None) -> None:
        """Give the cluster a feature that it does not have, with the first provider that knows it."""
        if _word(feature, "--what-if", WHAT_IF) is None:
            return
        version: ProviderVersion = self._fields["provider_version"]
        if SERVICE_GATEWAY not in behaviours_of(version):
            first = SERVICE_GATEWAY.since[0]
            if self._sources.get("provider_version") == "--provider-version":
                hint = f"Leave out --provider-version, or give {first} or later."
                raise AkslbError(f"provider {version} has no service gateway", hint=hint)
            self._fields["provider_version"] = first
            self._version_notice = ""
            self._fields["provider_assumed"] = False
            self._notices.append(f"--what-if: provider {version} has no service gateway, so {first} is explained")
        for field, value in (("service_gateway", True), ("load_balancer_sku", SERVICE), ("pool_type", POD_IP)):
            self.put(field, value, "--what-if")
        self._fields["load_balancers"] = ()

    def applied(self) -> LoadedProfile:
        """The profile with all replacements."""
        cluster = cluster_of(self._fields, frozenset(self._sources))
        before = of_load_balancer(self._loaded.cluster)
        own = [notice for notice in self._notices if notice not in before]
        notices = [*([self._version_notice] if self._version_notice else []), *own, *of_load_balancer(cluster)]
        return self._loaded._replace(
            cluster=cluster, notices=tuple(notices), sources=self._sources, version_notice=self._version_notice
        )


def _word(value: str | None, flag: str, words: tuple[str, ...]) -> str | None:
    """*value*, which must be one of *words* in any case, as the first of them that fits is spelled."""
    if value is None:
        return None
    found = next((word for word in words if word.lower() == value.lower()), None)
    if found is None:
        known = list({word.lower(): word for word in reversed(words)}.values())[::-1]
        hint = did_you_mean(value, known) or f"Write {' or '.join(known)}."
        raise AkslbError(f"{flag} must be one of {', '.join(known)}, but it is {value[:60]!r}", hint=hint)
    return found


def _sku(value: str | None) -> str | None:
    return _word(value, "--sku", allowed(_NETWORK, "loadBalancerSku") if value is not None else ())


def _probe_mode(value: str | None) -> str | None:
    words = allowed(CLOUD_CONFIG, "clusterServiceLoadBalancerHealthProbeMode") if value is not None else ()
    return _word(value, "--probe-mode", words)


def _pool_type(value: str | None) -> str | None:
    words = allowed(_NETWORK, "loadBalancerProfile", "backendPoolType") if value is not None else ()
    return _word(value, "--backend-pool-type", words)


def _outbound_type(value: str | None) -> str | None:
    return _word(value, "--outbound-type", allowed(_NETWORK, "outboundType") if value is not None else ())


def _zones(zones: Iterable[str] | None) -> tuple[str, ...] | None:
    if zones is None:
        return None
    found = tuple(dict.fromkeys(zone.strip() for zone in zones))
    wrong = next((zone for zone in found if zone not in _ZONES), None)
    if wrong is not None:
        hint = "write --zones 1,2,3 or some of them; --zones= means a region without zones"
        raise AkslbError(f"--zones must be {', '.join(_ZONES)}, but one of them is {wrong[:60]!r}", hint=hint)
    return found


def _number(value: int | None, flag: str, low: int, high: int) -> int | None:
    if value is not None and not low <= value <= high:
        raise AkslbError(
            f"{flag} must be from {low:,} to {high:,}, but it is {value:,}", hint=f"give {flag} a number between them"
        )
    return value
