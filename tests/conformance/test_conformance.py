"""Our derivation against recordings of the real provider, for every recorded release and every Service.

The recordings are not in the repository; where they are missing, the test is skipped.
"""

import pytest

from conformance.outcome import compared, without_order_of_ranges
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.behaviours import ACCESS_CONTROL, behaviours_of
from tests.conformance.adapter import answer
from tests.conformance.recordings import RECORDINGS, Json, recorded, versions

SHOWN = 5


@pytest.mark.shared_conformance
@pytest.mark.skipif(not RECORDINGS.exists(), reason="no recordings of the provider beside the repository")
@pytest.mark.parametrize("version", versions())
def test_says_what_the_provider_did(version: str) -> None:
    ordered = ACCESS_CONTROL in behaviours_of(ProviderVersion.parse(version))
    wrong = []
    for question, outcome in recorded()[version]:
        expected, actual = compared(outcome), compared(answer(question))
        if not ordered:
            expected, actual = without_order_of_ranges(expected), without_order_of_ranges(actual)
        if expected != actual:
            wrong.append({"case": question["id"], "provider": expected, "ours": actual})
    assert [] == wrong[:SHOWN], f"{len(wrong)} of {len(recorded()[version])} cases differ"


def test_only_the_order_of_ranges_is_forgiven() -> None:
    def rules(*priorities: int) -> Json:
        names = ("auid-TCP-80-10.0.0.0_8", "auid-TCP-80-192.0.2.0_24", "auid-TCP-443-10.0.0.0_8", "auid-TCP-80-Sql")
        sources = ("10.0.0.0/8", "192.0.2.0/24", "10.0.0.0/8", "Sql")
        return {
            "securityRules": [
                {"name": name, "sourceAddressPrefix": source, "priority": priority}
                for name, source, priority in zip(names, sources, priorities, strict=True)
            ]
        }

    expected = without_order_of_ranges(rules(500, 501, 503, 502))
    assert expected == without_order_of_ranges(rules(501, 500, 503, 502)), "two ranges of one port"
    assert expected != without_order_of_ranges(rules(500, 503, 501, 502)), "another port's turn"
    assert expected != without_order_of_ranges(rules(500, 502, 503, 501)), "a service tag before a range"
