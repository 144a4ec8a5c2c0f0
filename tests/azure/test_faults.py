"""The faults that the provider's issues tell: each is seen where a recorded release has it, and not where none has."""

import pytest

from kubectl_akslb.azure.deviations import Kind, deviations
from kubectl_akslb.model.version import ProviderVersion
from tests.recorded.known import VECTORS
from tests.recorded.play import played

RELEASES = ("1.28.9", "1.29.4", "1.30.4", "1.31.0", "1.32.4", "1.34.3", "1.35.3", "1.36.5")
SINCE_1_30 = RELEASES[2:]

#: The case, what is not as asked and whose it is, and the recorded releases that show it.
FAULTS = [
    ("deny-all-lost", Kind.NOT_KEPT_OUT, "web", RELEASES),
    ("deny-all-lost", Kind.NOT_LET_IN, "web", ("1.29.4",)),
    ("deny-all-back", Kind.NOT_KEPT_OUT, "web", ("1.28.9",)),  # ranges of the annotation denied nobody
    ("deny-all-back", Kind.KEPT_OUT_UNASKED, "api", RELEASES[1:]),
    ("deny-all-lost-by-deletion", Kind.NOT_KEPT_OUT, "web", RELEASES),
    ("deny-all-alone", Kind.NOT_KEPT_OUT, "web", ("1.28.9",)),
    ("deny-all-alone", Kind.NOT_LET_IN, "web", ()),
    ("deny-all-on-nodes-lost", Kind.NOT_KEPT_OUT, "web", RELEASES),
    ("deny-all-on-nodes", Kind.PROBES_DENIED, "api", RELEASES[1:]),
    ("deny-all-stays", Kind.KEPT_OUT_UNASKED, "api", SINCE_1_30),
    ("deny-all-on-all-ports", Kind.KEPT_OUT_UNASKED, "api", RELEASES[1:]),
    ("rules-on-shared-public-ip", Kind.NOT_LET_IN, "web", ("1.29.4",)),
    ("shared-ipv6", Kind.NOT_LET_IN, "web", ("1.29.4",)),
    ("frontend-taken-along", Kind.NOT_SERVED, "web", RELEASES[:-1]),
    ("moved-when-internal", Kind.LET_IN_UNASKED, "", ("1.29.4", "1.30.4", "1.31.0", "1.32.4")),
    ("nodes-per-service", Kind.NOT_LET_IN, "svc0", ("1.29.4",)),
    ("host-bits", Kind.LET_IN_UNASKED, "web", ()),
    ("shared-additional-address", Kind.NOT_LET_IN, "web", ("1.29.4",)),
    ("floating-ip-back", Kind.LET_IN_UNASKED, "", SINCE_1_30),
]


@pytest.mark.parametrize(("name", "kind", "service", "releases"), FAULTS)
def test_seen_where_it_is(name: str, kind: Kind, service: str, releases: tuple[str, ...]) -> None:
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
