"""Every row of every document, compared with what the provider makes of it."""

import pytest

from kubectl_akslb.provider.errata import ERRATA, errata_of
from tests.doc_claims.row import Row, Table, answers
from tests.doc_claims.rows import TABLES
from tests.given.services import on, service

NAMED = [(f"{table.document.name}/{table.name}/{row.name}", table, row) for table in TABLES for row in table.rows]
ROWS = [pytest.param(table, row, id=name) for name, table, row in NAMED]
KNOWN = {row.identifier: row for row in ERRATA}


@pytest.mark.parametrize(("table", "row"), ROWS)
def test_provider(table: Table, row: Row) -> None:
    for case in row.cases:
        assert case.expected == answers(case), f"{table.document.name}: {row.claim} ({case.cluster.provider_version})"
    for check in row.checks:
        assert check.expected == check.ask(), f"{row.claim}: {check.question}"


@pytest.mark.parametrize(("table", "row"), ROWS)
def test_output_says_what_the_document_says(table: Table, row: Row) -> None:
    shown = {note.identifier for case in row.cases for note in errata_of(case.service, case.cluster)}
    assert set(row.disagrees) <= shown
    for identifier in row.disagrees:
        assert table.document in KNOWN[identifier].documents


def test_names_are_unique() -> None:
    names = [name for name, _, _ in NAMED]
    assert sorted(set(names)) == sorted(names)


def test_every_erratum_has_a_row() -> None:
    used = {(table.document.name, identifier) for table in TABLES for row in table.rows for identifier in row.disagrees}
    assert used == {(document.name, row.identifier) for row in ERRATA for document in row.documents}


def test_nothing_to_say_about_a_plain_service() -> None:
    assert errata_of(service(), on()) == ()
