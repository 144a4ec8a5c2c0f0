"""What the linter says of the Services of which it is recorded what the real provider made of them.

The recordings are not in the repository; where they are missing, the test is skipped.
"""

import json

import pytest

from kubectl_akslb.lint.engine import lint
from tests.conformance.adapter import cluster_of
from tests.conformance.recordings import RECORDINGS, recorded, versions

PENDING = "stays pending"


@pytest.mark.shared_conformance
@pytest.mark.skipif(not RECORDINGS.exists(), reason="the recordings of the provider are not here")
@pytest.mark.parametrize("version", versions())
def test_a_service_is_said_to_be_pending_exactly_if_the_provider_refuses_it(version: str) -> None:
    wrong = []
    cases = recorded()[version]
    # All of them take a minute; every release gets another quarter.
    for case, outcome in cases[versions().index(version) % 4 :: 4]:
        given = frozenset({"provider_version", "existing_public_ips"})
        documents = [*(case.get("existingServices") or []), case["service"]]
        text = "\n---\n".join(json.dumps(document) for document in documents)
        result = lint([("case", text.encode())], cluster_of(case)._replace(given=given))
        last = len(documents) - 1
        said = [one.message for one in result.diagnostics if one.document == last and PENDING in one.message]
        if bool(said) != bool(outcome["error"]):
            wrong.append((case["id"], outcome["error"], said))
    assert [] == wrong[:5]
