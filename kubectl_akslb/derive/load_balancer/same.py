"""What the provider takes for the same: a probe or a rule that stands is kept, whatever else somebody has set on it."""

from kubectl_akslb.derive.readers import equal_fold
from kubectl_akslb.model.loadbalancer import LoadBalancingRule, Probe
from kubectl_akslb.model.provenance import Derived


def same_probe(stands: Probe, wanted: Probe) -> bool:
    """Whether a probe that stands is the one that is wanted. Upstream: findProbe."""
    return (
        stands.port.value == wanted.port.value
        and equal_fold(stands.protocol.value, wanted.protocol.value)
        and equal_fold(_text(stands.request_path), _text(wanted.request_path))
        and stands.interval_in_seconds.value == wanted.interval_in_seconds.value
        and (stands.threshold_field, stands.threshold.value) == (wanted.threshold_field, wanted.threshold.value)
    )


def kept_rule(stands: LoadBalancingRule, wanted: LoadBalancingRule) -> LoadBalancingRule:
    """The rule that is not sent again, as it stands, for the port of the Service that asks for it now."""
    return stands._replace(service_port=wanted.service_port)


def same_rule(stands: LoadBalancingRule, wanted: LoadBalancingRule) -> bool:
    """Whether a rule that stands is the one that is wanted. Upstream: equalLoadBalancingRulePropertiesFormat.

    The TCP reset counts for Tcp alone, an idle timeout where both have one.
    """
    if stands.protocol.value != wanted.protocol.value:
        return False
    if stands.protocol.value == "Tcp" and _flag(stands.enable_tcp_reset) != _flag(wanted.enable_tcp_reset):
        return False
    idle, asked = stands.idle_timeout_in_minutes, wanted.idle_timeout_in_minutes
    if idle is not None and asked is not None and idle.value != asked.value:
        return False
    return (
        equal_fold(stands.frontend.value, wanted.frontend.value)
        and equal_fold(stands.backend_pool.value, wanted.backend_pool.value)
        and _text(stands.load_distribution) == _text(wanted.load_distribution)
        and stands.frontend_port.value == wanted.frontend_port.value
        and stands.backend_port.value == wanted.backend_port.value
        and (stands.probe is None) == (wanted.probe is None)
        and equal_fold(_text(stands.probe), _text(wanted.probe))
        and stands.enable_floating_ip.value == wanted.enable_floating_ip.value
        and _flag(stands.disable_outbound_snat) == _flag(wanted.disable_outbound_snat)
    )


def _text(derived: Derived[str] | None) -> str:
    return derived.value if derived is not None else ""


def _flag(derived: Derived[bool] | None) -> bool:
    return derived is not None and derived.value
