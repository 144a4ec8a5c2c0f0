"""The profile of a cluster in two sentences: what was seen and where, and what nobody said."""

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


def summary(loaded: LoadedProfile) -> tuple[str, ...]:
    """What is known about the cluster with its sources, then what is assumed."""
    known, assumed = [], []
    for field, label in _SHOWN:
        text = _value(loaded.cluster, field)
        if field in loaded.sources:
            known.append(f"{label} {text} ({loaded.sources[field]})")
        elif field != "provider_version":  # its own notice says how it was chosen
            assumed.append(f"{label} {text}")
    sentences = [f"this cluster: {'; '.join(known)}"] if known else []
    if assumed:
        sentences.append(f"assumed: {', '.join(assumed)}; --az or --aks GROUP/NAME asks Azure, --profile FILE tells")
    return tuple(sentences)


def _value(cluster: Cluster, field: str) -> str:
    part, _, name = field.rpartition(".")
    value = getattr(cluster.outbound if part else cluster, name)
    if field == "nodes":
        return str(len(value)) if value is not None else "unknown"
    if field == "outbound.allocated_outbound_ports" and value == 0:
        return "by Azure's table"
    if field == "outbound.idle_timeout_in_minutes":
        return f"{value if value is not None else 30} min"
    return str(value) or "unknown"
