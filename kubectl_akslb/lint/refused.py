"""Which rule explains which error of the provider: found by a part of its text, the first row that fits."""

from kubectl_akslb.lint.assume import is_private
from kubectl_akslb.model.derivation import Refusal
from kubectl_akslb.provider import annotations as keys

GENERIC = "refused-by-provider"

_RULES: tuple[tuple[str, str], ...] = (
    ("private link service", GENERIC),
    ("checkAndUpdatePLSIPConfigs", GENERIC),
    ("getPLSStaticIPs", GENERIC),
    ("health-probe_port: port", "probe-port-outside-service"),
    ("idle timeout value must be", "idle-timeout-out-of-range"),
    ("value must be a whole number", "not-a-whole-number"),
    ("the minimum value of interval is", "probe-interval-too-short"),
    ("the minimum value of num-of-probe is", "probe-count-too-low"),
    ("total probe should be less than 120", "probe-window-too-long"),
    ("SCTP is only supported", "sctp-not-internal"),
    ("cannot set both spec.LoadBalancerSourceRanges", "two-kinds-of-ranges"),
    ("both of spec.loadBalancerSourceRanges", "two-kinds-of-ranges"),
    ("cannot use non-public LoadBalancer IP", "private-address-on-public-service"),
    (keys.ADDITIONAL_IPS, "malformed-additional-addresses"),
    ("invalid IP range", "invalid-source-range"),
    ("invalid CIDR", "invalid-source-range"),
    ("is not valid. Expecting", "invalid-source-range"),
)


def rule_for(refusal: Refusal) -> str:
    """The id of the rule that explains *refusal*."""
    if refusal.origin.path == keys.ADDITIONAL_IPS:
        return "malformed-additional-addresses"
    if "cannot find public IP with IP address" in refusal.message and is_private(refusal.origin.raw or ""):
        return "private-address-on-public-service"
    return next((rule for text, rule in _RULES if text in refusal.message), GENERIC)
