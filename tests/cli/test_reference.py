"""``annotations`` and ``changes`` as a person runs them."""

import pytest

from kubectl_akslb.provider.annotations import ANNOTATIONS
from kubectl_akslb.provider.version import NEWEST
from tests.given.command import Ran, akslb


def test_all_annotations() -> None:
    code, out, err = akslb("annotations")
    assert (0, "") == (code, err)
    assert out.startswith("All keys begin with service.beta.kubernetes.io/;")
    assert all(f"  {row.short}\n" in out for row in ANNOTATIONS)


@pytest.mark.parametrize("row", ANNOTATIONS, ids=lambda row: row.short)
def test_a_name_in_full_or_without_its_prefix_is_one_page(row: str) -> None:
    (found,) = [one for one in ANNOTATIONS if one == row]
    in_full, in_short = akslb("annotations", str(found)), akslb("annotations", found.short)
    assert in_full == in_short
    assert 0 == in_full.code
    assert [str(found)] == [line for line in in_full.out.splitlines() if line[:1].strip()]


@pytest.mark.parametrize("part", ["internal", "INTERNAL", "probe_port"])
def test_a_part_of_a_name_is_every_page_that_fits(part: str) -> None:
    expected = [str(row) for row in ANNOTATIONS if part.lower() in row.lower()]
    assert expected == [line for line in akslb("annotations", part).out.splitlines() if line[:1].strip()]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("azure-load-balancer-intern4l", "Did you mean azure-load-balancer-internal?"),
        ("zzz", "kubectl akslb annotations lists all"),
        ("\x1b[31m", "kubectl akslb annotations lists all"),
    ],
)
def test_a_name_that_does_not_exist(name: str, hint: str) -> None:
    assert Ran(2, "", f"error: no annotation is called {name!r}\n  hint: {hint}\n") == akslb("annotations", name)


def test_changes_between_two_kubernetes_versions_say_which_patches_they_mean() -> None:
    lines = akslb("changes", "--from", "1.28", "--to", "1.30").out.splitlines()
    assert [
        "",
        "note  Kubernetes 1.28: assuming the newest known provider of it, 1.28.14",
        "note  Kubernetes 1.30: assuming the newest known provider of it, 1.30.18",
    ] == lines[-3:]
    assert "  1.29.0       shared-nsg-rules  breaks" in lines


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--from", "1.28.10", "--to", "1.28.11"), "nothing changed between 1.28.10 and 1.28.11\n"),
        (("--from", str(NEWEST)), f"nothing changed between {NEWEST} and {NEWEST}\n"),
        (("--to", "1.23.0"), "nothing changed between 1.23.0 and 1.23.0\n"),
    ],
)
def test_no_change(arguments: tuple[str, ...], expected: str) -> None:
    assert Ran(0, expected, "") == akslb("changes", *arguments)


def test_what_comes_is_not_older_than_what_runs() -> None:
    ran = akslb("changes", "--from", "1.30", "--to", "1.28.14")
    assert (2, "") == (ran.code, ran.out)
    assert "error: --to 1.28.14 is older than --from 1.30.18\n" in ran.err


def test_an_annotation_is_found_by_its_letters() -> None:
    assert akslb("annotations", "tcp-idle-timeout") == akslb("annotations", "TcpIdleTimeout")


def test_an_exact_patch_is_taken_as_it_is() -> None:
    lines = akslb("changes", "--from", "1.29.10", "--to", "1.29.11").out.splitlines()
    assert ["aggregated-ranges"] == [line.split()[1] for line in lines if line[2:3].strip()]


def test_a_version_newer_than_known_is_said() -> None:
    said = akslb("changes", "--to", "1.99").out
    assert said.endswith(f"\n\nnote  Kubernetes 1.99 is newer than any known one: explained as {NEWEST}\n")


def test_version() -> None:
    code, out, err = akslb("--version")
    assert (0, "") == (code, err)
    assert out.startswith("kubectl-akslb 0.")
    assert out.endswith(f"knows cloud-provider-azure up to {NEWEST})\n")
