"""The profile of a cluster in two sentences: what was seen, and what nobody said."""

from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.profile.settings import LoadedProfile

_SHOWN = (
    ("provider_version", "provider"),
    ("load_balancer_sku", "load balancer SKU"),
    ("probe_mode", "probe mode"),
    ("pool_type", "backend pools"),
    ("nodes", "nodes"),
    ("outbound.outbound_type", "outbound type"),
    ("outbound.allocated_outbound_ports", "SNAT ports per node"),
    ("outbound.idle_timeout_in_minutes", "outbound idle timeout"),
)


_UNKNOWN = "unknown"
_NAMED = 3
"""So many of the assumed settings are named on a screen; ``profile`` shows all of them, and what was seen where."""


def summary(loaded: LoadedProfile) -> tuple[str, ...]:
    """What is known about the cluster, and what is assumed, each in a line or two."""
    source = f" ({loaded.sources['provider_version']})" if "provider_version" in loaded.sources else ""
    known = [
        f"{label} {_value(loaded.cluster, field)}{source if field == 'provider_version' else ''}"
        for field, label in _SHOWN
        if field in loaded.sources
    ]
    assumed = [label for label, value in _assumed(loaded) if value != _UNKNOWN]
    unknown = "".join(f", {label} unknown" for label, value in _assumed(loaded) if value == _UNKNOWN)
    more = f" and {len(assumed) - _NAMED} more" if len(assumed) > _NAMED else ""
    left = (
        f"assumed: AKS' defaults for {', '.join(assumed[:_NAMED])}{more}{unknown}; 'profile' lists them, --az or"
        " --aks GROUP/NAME asks Azure"
    )
    return (*((f"this cluster: {', '.join(known)}",) if known else ()), *((left,) if assumed else ()))


def assumptions(loaded: LoadedProfile) -> tuple[str, ...]:
    """What nobody said about the cluster, in one sentence; of the provider's version its own notice tells."""
    assumed = [f"{label} {value}" for label, value in _assumed(loaded)]
    if not assumed:
        return ()
    return (f"assumed: {', '.join(assumed)}; --az or --aks GROUP/NAME asks Azure, --profile FILE tells",)


def _assumed(loaded: LoadedProfile) -> list[tuple[str, str]]:
    """The settings that nobody said, with their values."""
    assumed = [
        (label, _value(loaded.cluster, field))
        for field, label in _SHOWN
        if field not in loaded.sources and field != "provider_version"
    ]
    pools = loaded.cluster.outbound.node_pools
    if pools and not any(pool.max_surge for pool in pools):
        assumed.append(("max surge of each pool", "1 node"))
    return assumed


def _value(cluster: Cluster, field: str) -> str:
    part, _, name = field.rpartition(".")
    value = getattr(cluster.outbound if part else cluster, name)
    if field == "nodes":
        return str(len(value)) if value is not None else _UNKNOWN
    if field == "outbound.allocated_outbound_ports" and value == 0:
        return "by Azure's table"
    if field == "outbound.idle_timeout_in_minutes":
        return f"{value if value is not None else 30} min"
    return str(value) or _UNKNOWN
