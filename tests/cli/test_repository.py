"""A repository that somebody else has written: its configuration reads nothing but what is in it."""

from pathlib import Path

import pytest

from tests.given.command import akslb

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n"
CONFIG = ".akslb.yaml"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    (root / "deep").mkdir()
    (root / "deep" / "web.yaml").write_text(SERVICE)
    return root


def linted(root: Path) -> str:
    ran = akslb("lint", "-f", str(root / "deep" / "web.yaml"))
    return ran.out + ran.err


def test_the_configuration_of_the_repository_is_used(repository: Path) -> None:
    (repository / CONFIG).write_text("ignore: ['*']\n")
    assert "open-to-the-internet" not in linted(repository)


def test_a_configuration_above_the_repository_is_not(repository: Path) -> None:
    (repository.parent / CONFIG).write_text("ignore: ['*']\n")
    assert "open-to-the-internet" in linted(repository)


def test_without_a_repository_it_is_said_aloud(repository: Path) -> None:
    (repository / ".git").rmdir()
    (repository / CONFIG).write_text("ignore: ['*']\n")
    if not any((folder / ".git").exists() for folder in repository.parents):
        assert f"the configuration is {repository / CONFIG}" in linted(repository)


@pytest.mark.parametrize("profile", ["/proc/self/environ", "/dev/zero", "../../secret.yaml"])
def test_a_profile_elsewhere_is_not_read(repository: Path, profile: str) -> None:
    (repository / CONFIG).write_text(f"profile: {profile}\n")
    said = linted(repository)
    assert "not below this one" in said
    assert "PATH=" not in said


def test_a_link_to_elsewhere_is_not_read(repository: Path) -> None:
    (repository.parent / "secret.yaml").write_text("kind: Hidden\n")
    (repository / "p.yaml").symlink_to(repository.parent / "secret.yaml")
    (repository / CONFIG).write_text("profile: p.yaml\n")
    said = linted(repository)
    assert "not below this one" in said
    assert "Hidden" not in said


@pytest.mark.parametrize("option", [("--profile", "/dev/zero"), ("--config", "/dev/zero")])
def test_nothing_is_read_without_end(repository: Path, option: tuple[str, str]) -> None:
    ran = akslb("lint", "-f", str(repository / "deep" / "web.yaml"), *option)
    assert ran.code == 3
    assert "which are not read" in ran.err or "more than" in ran.err
