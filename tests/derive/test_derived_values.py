"""What differs between two derivations, and what of it was intended."""

import pytest

from kubectl_akslb.derive import derived_values
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.model.derivation import Derivation
from tests.given.manifests import PREFIX, cluster


def derived(**annotations: str) -> Derivation:
    data = {
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"name": "web", "annotations": {PREFIX + key.replace("0x2d", "-"): v for key, v in annotations.items()}},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80, "appProtocol": "http"}]},
    }  # fmt: skip
    return derive(with_defaults(decode(data)), cluster())


PROBE = ("load_balancer", "probes", "a<uid of default/web>-TCP-80")
TCP = {"port_80_health0x2dprobe_protocol": "tcp"}


def test_nothing_differs_from_itself() -> None:
    assert () == derived_values.differences(derived(), derived())


def test_reasons_do_not_count() -> None:
    assert () == derived_values.differences(derived(), derived(azure0x2dload0x2dbalancer0x2dtcp0x2didle0x2dtimeout="4"))


def test_a_value_that_goes_is_a_difference() -> None:
    assert ((*PROBE, "protocol"), (*PROBE, "request_path")) == derived_values.differences(derived(), derived(**TCP))


@pytest.mark.parametrize(
    ("intended", "left"),
    [
        ((), 2),
        (("load_balancer.probes",), 0),
        (("load_balancer.probes.*.protocol",), 1),
        (("load_balancer.probes.*.protocol", "load_balancer.probes.*.request_path"), 0),
        (("*",), 0),
        (("load_balancer.rules", "load_balancer.probes.web", "load_balancer.probes.*.protocol.text"), 2),
    ],
)
def test_intended(intended: tuple[str, ...], left: int) -> None:
    assert left == len(derived_values.unintended(derived_values.differences(derived(), derived(**TCP)), intended))


def test_origins_and_what_was_considered() -> None:
    one = derived(**TCP, azure0x2dload0x2dbalancer0x2dhealth0x2dprobe0x2dprotocol="https")
    own, general = PREFIX + "port_80_health-probe_protocol", PREFIX + "azure-load-balancer-health-probe-protocol"
    assert (True, False) == (own in derived_values.origins(one), general in derived_values.origins(one))
    assert {own, general} <= derived_values.considered(one)
    assert ("port_80_health-probe_protocol 'tcp'",) == derived_values.winners(one, general)
    assert () == derived_values.winners(one, own)
