"""The faults that the provider's issues tell: each is seen where a recorded release has it, and not where none has."""

import pytest

from kubectl_akslb.azure.deviations import DeviationKind, deviations
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.version import NEWEST
from tests.recorded.known import VECTORS
from tests.recorded.play import played

RELEASES = ("1.28.9", "1.29.4", "1.30.4", "1.31.0", "1.32.4", "1.34.3", "1.35.3", str(NEWEST))
SINCE_1_30 = RELEASES[2:]

#: The case, what is not as asked and whose it is, and the recorded releases that show it.
FAULTS = [
    ("deny-all-lost", DeviationKind.NOT_KEPT_OUT, "web", RELEASES),
    ("deny-all-lost", DeviationKind.NOT_LET_IN, "web", ("1.29.4",)),
    ("deny-all-back", DeviationKind.NOT_KEPT_OUT, "web", ("1.28.9",)),  # ranges of the annotation denied nobody
    ("deny-all-back", DeviationKind.KEPT_OUT_UNASKED, "api", RELEASES[1:]),
    ("deny-all-lost-by-deletion", DeviationKind.NOT_KEPT_OUT, "web", RELEASES),
    ("deny-all-alone", DeviationKind.NOT_KEPT_OUT, "web", ("1.28.9",)),
    ("deny-all-alone", DeviationKind.NOT_LET_IN, "web", ()),
    ("deny-all-on-nodes-lost", DeviationKind.NOT_KEPT_OUT, "web", RELEASES),
    ("deny-all-on-nodes", DeviationKind.PROBES_DENIED, "api", RELEASES[1:]),
    ("deny-all-stays", DeviationKind.KEPT_OUT_UNASKED, "api", SINCE_1_30),
    ("deny-all-on-all-ports", DeviationKind.KEPT_OUT_UNASKED, "api", RELEASES[1:]),
    ("rules-on-shared-public-ip", DeviationKind.NOT_LET_IN, "web", ("1.29.4",)),
    ("shared-ipv6", DeviationKind.NOT_LET_IN, "web", ("1.29.4",)),
    ("frontend-taken-along", DeviationKind.NOT_SERVED, "web", RELEASES[:-1]),
    ("moved-when-internal", DeviationKind.LET_IN_UNASKED, "", ("1.29.4", "1.30.4", "1.31.0", "1.32.4")),
    ("nodes-per-service", DeviationKind.NOT_LET_IN, "svc0", ("1.29.4",)),
    ("host-bits", DeviationKind.LET_IN_UNASKED, "web", ()),
    ("shared-additional-address", DeviationKind.NOT_LET_IN, "web", ("1.29.4",)),
    ("floating-ip-back", DeviationKind.LET_IN_UNASKED, "", SINCE_1_30),
]


@pytest.mark.parametrize(("name", "kind", "service", "releases"), FAULTS)
def test_seen_where_it_is(name: str, kind: DeviationKind, service: str, releases: tuple[str, ...]) -> None:
    shown = []
    for text in RELEASES:
        state = played(VECTORS[f"fault/{name}"].case, ProviderVersion.parse(text))
        found = deviations(state.azure, state.cluster, state.refused)
        if any(each.kind is kind and each.service.rpartition("/")[2] == service for each in found):
            shown.append(text)
    assert list(releases) == shown


def test_every_case_has_a_row() -> None:
    cases = {name.partition("/")[2] for name in VECTORS if name.startswith("fault/")}
    assert cases == {name for name, *_ in FAULTS}
