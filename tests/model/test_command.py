"""Printed commands: a shell makes of them the arguments that they are made of, whatever is in them."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubectl_akslb.model.command import (
    Command,
    command,
    flag,
    in_order,
    is_label,
    is_subdomain,
    kubectl,
    name_fault,
    on_object,
)

HOSTILE = (
    "",
    "a b",
    "$(touch x)",
    "`touch x`",
    "'; touch x; '",
    '"',
    "\\",
    "!!",
    "=ls",
    "~",
    "*",
    "#",
    "é",
    "\x1b]0;x\x07",
    "a\nb",
    "\u202e",
)
SHELLS = [shell for shell in ("sh", "bash", "zsh") if shutil.which(shell)]
ARGUMENTS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), min_size=1, max_size=4
)


def arguments_of(text: str, shell: str, folder: Path) -> list[str]:
    """What a shell hands to a program that is called so; nothing else may come of it."""
    program = folder / "show"
    program.write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n')
    program.chmod(0o755)
    environment = {"PATH": f"{folder}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([shell, "-c", text], cwd=folder, env=environment, capture_output=True, check=True)
    assert [path.name for path in folder.iterdir()] == ["show"], text
    return done.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("word", [word for word in HOSTILE if word.isprintable()])
def test_a_shell_reads_the_words(word: str, shell: str, tmp_path: Path) -> None:
    assert arguments_of(str(command("show", word, flag("--name", word))), shell, tmp_path) == [word, f"--name={word}"]


@pytest.mark.parametrize("word", HOSTILE)
def test_no_character_acts_on_a_terminal(word: str, tmp_path: Path) -> None:
    text = str(command("show", word))
    assert text.isprintable()
    assert arguments_of(text, "bash", tmp_path) == [word]


@settings(max_examples=100, deadline=None)
@given(ARGUMENTS)
def test_any_words(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    assert arguments_of(str(command("show", *words)), "bash", tmp_path_factory.mktemp("any")) == words


def test_the_output_of_a_command_is_one_word(tmp_path: Path) -> None:
    inner = command("echo", "a  b")
    assert arguments_of(str(command("show", ("http://", inner, "/'x'"))), "sh", tmp_path) == ["http://a  b/'x'"]
    assert str(command("show", ("http://", inner, ":80"))) == """show http://"$(echo 'a  b')":80"""


def test_a_connection_goes_to_every_kubectl() -> None:
    inner = kubectl("get", "nodes")
    assert inner is not None
    outer = Command(("kubectl", "run", "x", "--", "curl", (inner, ":80"))).on(["--context=prod"])
    assert str(outer) == 'kubectl --context=prod run x -- curl "$(kubectl --context=prod get nodes)":80'
    assert str(command("az", "aks", "list").on(["--context=prod"])) == "az aks list"
    assert str(command("kubectl", "akslb", "fix").on(["--context=prod"])) == "kubectl akslb fix --context=prod"
    assert str(command("kubectl", "get", "svc").on([])) == "kubectl get svc"


def test_objects_of_valid_names_only() -> None:
    assert str(on_object("get", "svc", "web", "shop", "-w")) == "kubectl get --namespace=shop svc/web -w"
    assert str(on_object("get", "svc", "web", "")) == "kubectl get svc/web"
    for name in ("--kubeconfig=evil.yaml", "Web", "a b", "a/b", "", "a" * 254, "-a", "a-", "a..b", "x\n"):
        assert on_object("get", "svc", name, "shop") is None
        assert name_fault("Service", name)
    for namespace in ("--kubeconfig=evil.yaml", "a.b", "a" * 64, "$(x)"):
        assert on_object("get", "svc", "web", namespace) is None
        assert name_fault("Service", "web", namespace)
    assert not name_fault("Service", "web", "shop")


def test_names_as_kubernetes_has_them() -> None:
    assert is_label("1-a")
    assert is_label("a" * 63)
    assert is_subdomain("a" * 100 + ".b")
    assert not is_subdomain("a_b")


def test_commands_in_order() -> None:
    assert in_order(command("a"), command("b", "&&")) == "a && b '&&'"
