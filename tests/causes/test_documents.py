"""Every row of every document is shown by what it names, and none is missing."""

import pytest

from docs.session import printed_here
from kubectl_akslb.cluster.kubectl_errors import help_for
from kubectl_akslb.path.verdict import VerdictKind
from tests.causes.cases import CASES
from tests.causes.documents import COUNTS, ROWS, Row
from tests.causes.offline import refused
from tests.causes.remedies import REMEDIES

NAMED = {f"{row.document.name}/{row.name}": row for row in ROWS}
PLAYED_ALONE = frozenset({"healthy", "slices-by-hand", "slices-of-other-name", "slices-of-other-protocol", "nodes-without-address", "nodes-of-other-family", "failed-since", "address-of-cilium", "cilium-takes-address", "shared-address", "ipv6-mismatch", "managed-false", "virtual-nodes", "strict", "strict-of-aks", "strict-beside-init-container", "strict-ambient", "policy-keeps-out-probes", "second-port", "terminating", "terminating-on-local", "status-of-a-name", "lock", "policy", "etag", "timeout", "healthy-in-azure", "azure-load-balancer-failed", "azure-local-node-not-in-pool", "azure-no-frontend", "azure-no-load-balancer", "azure-no-rule", "azure-other-address", "azure-rule-of-other-port", "azure-rule-without-floating-ip", "azure-rule-without-pool"})  # fmt: skip
"""States that no document names."""


def test_no_row_is_missing_and_none_stands_twice() -> None:
    found: dict[str, int] = {}
    for row in ROWS:
        found[row.document.name] = found.get(row.document.name, 0) + 1
    assert COUNTS == found
    assert len(NAMED) == len(ROWS)


@pytest.mark.parametrize("row", NAMED.values(), ids=NAMED)
def test_a_row_is_shown_or_says_what_is_left_to_do(row: Row) -> None:
    assert row.cases or row.files or row.kubectl or row.by_hand
    assert set(row.cases) <= set(CASES)


def test_every_state_is_one_of_a_document_or_is_named() -> None:
    assert set(CASES) - PLAYED_ALONE == {name for row in ROWS for name in row.cases}


def test_each_state_is_done_something_about() -> None:
    assert {name for name, case in CASES.items() if case.kind is not VerdictKind.WORKS} == set(REMEDIES)


FILES = sorted({one for row in ROWS for one in row.files})


@pytest.mark.parametrize(("command", "shown"), FILES)
def test_a_command_on_a_file_shows_it(command: str, shown: str) -> None:
    assert shown in " ".join(printed(command).split())


def printed(command: str) -> str:
    """What the program prints, also where it refuses."""
    try:
        return printed_here(command)
    except RuntimeError as refusal:
        return str(refusal)


@pytest.mark.parametrize(("said", "shown"), [one for row in ROWS for one in row.kubectl])
def test_what_is_made_of_kubectls_words(said: str, shown: str) -> None:
    error = help_for(refused(said))
    assert shown in f"{error.message} {error.hint}"
