"""How the commands of the documentation are found, and how what they print is compared."""

import pytest

from tests.docs.needs import CLUSTER, HELM, KUBECTL, PYPI, needs
from tests.docs.pages import Command, blocks, fenced, printed_as

PAGE = """\
```console
$ echo one \\
    two
one two
$ true

$ cat x
a

b
```

- In a list:

  ```sh
  # a comment
  first
  second
  ```

```yaml
$ not: a command
```
"""


def test_commands_with_what_they_print(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path_factory.mktemp("repository")
    monkeypatch.setattr("tests.docs.pages.ROOT", root)
    page = root / "page.md"
    page.write_text(PAGE)
    session, script = blocks(page)
    assert "page.md:1" == session.id
    assert (
        Command(2, "echo one \\\n    two", "one two"),
        Command(5, "true", None),
        Command(7, "cat x", "a\n\nb"),
    ) == session.commands
    assert (Command(17, "first", None), Command(18, "second", None)) == script.commands


def test_a_block_that_does_not_end_is_an_error() -> None:
    with pytest.raises(ValueError, match="line 2: this block does not end"):
        list(fenced("text\n```sh\ntrue\n"))


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a", "a\n", True),
        ("a", "a\nb\n", False),
        ("a\n…", "a\nb\nc\n", True),
        ("a\n…\nc", "a\nc\n", True),
        ("a\n…\nc", "a\nb\n", False),
        ("took … seconds", "took 3 seconds\n", True),
        ("took … seconds", "took\n3 seconds\n", False),
        ("a.c", "abc\n", False),
    ],
)
def test_what_is_left_out_may_be_anything(shown: str, printed: str, *, same: bool) -> None:
    assert same == printed_as(shown, printed)


@pytest.mark.parametrize(
    ("command", "needed"),
    [
        ("kubectl akslb explain -f a.yaml", set()),
        ("kubectl akslb lint a.yaml", set()),
        ("kubectl akslb rules udp-without-probe", set()),
        ("kubectl akslb lint -A", {CLUSTER}),
        ("kubectl akslb profile >cluster.yaml", {CLUSTER}),
        ("helm template a b | kubectl akslb explain -f -", {HELM}),
        ("helm upgrade a b >/dev/null", {HELM, CLUSTER}),
        ("kubectl get svc web", {CLUSTER}),
        ("kubectl plugin list", {KUBECTL}),
        ("pipx install kubectl-akslb", {PYPI}),
        (".venv/bin/python -m pip install -q .", {PYPI}),
    ],
)
def test_what_a_command_needs(command: str, needed: set[str]) -> None:
    assert needed == needs(command)
