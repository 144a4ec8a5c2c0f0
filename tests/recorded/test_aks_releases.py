"""AKS' change log: which releases are new to the table, and what they say of the provider."""

from pathlib import Path

import pytest

from conformance import aks_releases
from conformance.aks_releases import extended, main, notes_of
from kubectl_akslb.provider.aks_releases import LAST_NOTE, READ_ON

LOG = """\
# Azure Kubernetes Service Changelog

## Release 2099-02-01
* Component Updates
  * [Cloud Controller Manager](https://github.com/kubernetes-sigs/cloud-provider-azure) is v1.34.13, `v1.36.5-1` and v1.35.8.
  * Azure Disk CSI driver v1.33.5.

## Release 2099-01-20
* cloud-node-manager was raised to v1.33.17

## Release 2099-01-10
* Azure [File CSI](https://github.com/kubernetes-sigs/cloud-provider-azure/v1.30.1) v1.30.2

## Release 2025-07-20
* Cloud controller manager v1.33.1
"""


def test_what_notes_say() -> None:
    assert ["2099-02-01 ccm 1.34.13 1.35.8 1.36.5", "2099-01-20 cnm 1.33.17", "", "2025-07-20 ccm 1.33.1"] == [
        note.row for note in notes_of(LOG)
    ]


def test_only_what_is_new_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "CHANGELOG.md"
    file.write_text(LOG)
    assert 0 == main([str(file)])
    text = capsys.readouterr().out
    assert "    2099-02-01 ccm 1.34.13 1.35.8 1.36.5\n" in text
    assert "## 2099-01-10\n\nIt names no release of the provider.\n" in text
    assert "2025-07-20" not in text
    file.write_text(LOG[LOG.index("## Release 2025") :])
    assert 0 == main([str(file)])
    assert not capsys.readouterr().out


def test_the_table_grows_in_its_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "aks_releases.py"
    before = aks_releases.TABLE.read_text(encoding="utf-8")
    table.write_text(before, encoding="utf-8")
    monkeypatch.setattr(aks_releases, "TABLE", table)
    (tmp_path / "CHANGELOG.md").write_text(LOG)
    assert 0 == main([str(tmp_path / "CHANGELOG.md"), "--write"])
    after = table.read_text(encoding="utf-8")
    rows = '2099-01-20 cnm 1.33.17\n2099-02-01 ccm 1.34.13 1.35.8 1.36.5\n"""\n'
    assert before.replace(LAST_NOTE, "2099-02-01") == after.replace(rows, '"""\n').replace(
        'READ_ON = "2099-02-01"', f'READ_ON = "{READ_ON}"'
    )


def test_the_table_is_in_its_own_order() -> None:
    text = aks_releases.TABLE.read_text(encoding="utf-8")
    assert text == extended(text, [])


@pytest.mark.parametrize(("text", "message"), [("", "names no release"), (None, "No such file")])
def test_what_is_no_change_log(
    text: str | None, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "CHANGELOG.md"
    if text is not None:
        file.write_text(text)
    assert 2 == main([str(file)])
    assert message in capsys.readouterr().err
