"""What Go's own parsers make of a stream: the program of tests/e2e/tools/yaml-oracle, asked over a pipe."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = Path(os.environ.get("AKSLB_TOOLS") or ROOT / ".cache" / "bin") / "yaml-oracle"
MISSING = f"{PROGRAM} is not there: tests/e2e/tools/build.sh yaml-oracle builds it"


class Read(NamedTuple):
    """What a parser makes of a document: its data, or why it refuses it."""

    data: Any
    error: str

    @property
    def taken(self) -> bool:
        """Whether the parser reads it."""
        return not self.error


class Document(NamedTuple):
    """A document as kubectl cuts it: for kubectl and Helm, for the same parser where it is strict, for kustomize."""

    text: str
    kubectl: Read
    strict: Read
    kyaml: Read


class Stream(NamedTuple):
    """A stream: its documents, or None where kubectl cannot cut it; and the objects that ``kubectl apply -f`` gets."""

    documents: list[Document] | None
    objects: list[Any]


class Oracle:
    """The program, running."""

    def __init__(self) -> None:
        if not PROGRAM.exists():
            pytest.skip(MISSING)
        self._process = subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, data: bytes) -> Stream:
        """What Go makes of a stream."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(b"%d\n" % len(data) + data)
        stdin.flush()
        answer = json.loads(stdout.readline())
        documents = [
            Document(one["text"], _read(one["kubectl"]), _read(one["strict"]), _read(one["kyaml"]))
            for one in answer["documents"]
        ]
        return Stream(None if answer.get("error") else documents, answer["objects"])

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def _read(found: dict[str, Any]) -> Read:
    return Read(found.get("json"), found.get("error", ""))
