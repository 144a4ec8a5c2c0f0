"""Input that cannot be read: where, what, the line with a caret, a hint; everything else is still explained."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kubectl_akslb.cli import output
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.manifest import compose
from kubectl_akslb.render.terminal import Terminal
from tests.given.command import Ran, akslb

HEAD = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"
SPEC = "spec:\n  type: LoadBalancer\n  ports:\n  - port: 80\n"
SERVICE = HEAD + SPEC
OPEN = "spec:\n  type: LoadBalancer\n"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)
)

#: Per fault: the manifest, and what stands on standard error. The file's name stands in front of the first line.
FAULTS: dict[str, tuple[str | bytes, str]] = {
    "a colon too many": (
        SERVICE + "x: a: b\n",
        """\
:9:5: error: not valid YAML: mapping values are not allowed here
  | x: a: b
  |     ^
  hint: Check the indentation, and put a value that contains ": " in quotes.
""",
    ),
    "a tab": (
        HEAD + "spec:\n\ttype: LoadBalancer\n",
        """\
:6:1: error: not valid YAML: a tab stands where only spaces may
  |  type: LoadBalancer
  | ^
  hint: Indent with spaces: YAML allows no tabs here.
""",
    ),
    "a template": (
        HEAD + OPEN + "  ports: {{ .Values.ports }}\n",
        """\
:7:11: error: a key must be a single value
  |   ports: {{ .Values.ports }}
  |           ^
  hint: This looks like a Helm template: render it first, with helm template.
""",
    ),
    "not UTF-8": (
        SERVICE.encode() + b"# caf\xe9\n",
        ":9:6: error: byte 105 (0xe9) is not UTF-8\n  hint: Save the file as UTF-8.\n",
    ),
    "UTF-16": (SERVICE.encode("utf-16"), ":1:1: error: the file is UTF-16, not UTF-8\n  hint: Save it as UTF-8.\n"),
    "a key twice": (
        HEAD + "spec:\n  type: LoadBalancer\n  type: ClusterIP\n  ports:\n  - port: 80\n",
        """\
:7:3: error: the key 'type' stands twice in this mapping
  |   type: ClusterIP
  |   ^
""",
    ),
    "no ports": (
        HEAD + OPEN,
        """\
:5:1: error: spec.ports is missing
  | spec:
  | ^
  hint: A Service needs at least one entry under spec.ports, such as - port: 80.
""",
    ),
    "empty ports": (
        HEAD + OPEN + "  ports: []\n",
        """\
:7:3: error: spec.ports is empty
  |   ports: []
  |   ^
  hint: A Service needs at least one entry under spec.ports, such as - port: 80.
""",
    ),
    "a port as a string": (
        HEAD + OPEN + '  ports:\n  - port: "80"\n',
        """\
:8:11: error: spec.ports[0].port must be a number, but it is the string '80'
  |   - port: "80"
  |           ^
""",
    ),
    "ports as a number": (
        HEAD + OPEN + "  ports: 80\n",
        """\
:7:10: error: spec.ports must be a list of mappings, but it is the number 80
  |   ports: 80
  |          ^
""",
    ),
    "an annotation that is no string": (
        HEAD + "  annotations:\n    service.beta.kubernetes.io/azure-load-balancer-internal: true\n" + SPEC,
        """\
:6:62: error: metadata.annotations["service.beta.kubernetes.io/azure-load-balancer-internal"] must be a string, but it is the boolean true
  |     service.beta.kubernetes.io/azure-load-balancer-internal: true
  |                                                              ^
""",
    ),
    "annotations as a list": (
        HEAD + "  annotations: [a]\n" + SPEC,
        """\
:5:3: error: metadata.annotations must be a mapping, but it is a list
  |   annotations: [a]
  |   ^
""",
    ),
    "no name": (
        SERVICE.replace("name:", "generateName:"),
        """\
:3:1: error: metadata.name is missing
  | metadata:
  | ^
  hint: Give the Service a name; generateName is not enough to judge it.
""",
    ),
    "a protocol in lower case": (
        SERVICE + "    protocol: tcp\n",
        """\
:9:15: error: spec.ports[0].protocol must be one of TCP, UDP, SCTP, but it is 'tcp'
  |     protocol: tcp
  |               ^
""",
    ),
    "a character that acts on a terminal": (
        SERVICE.replace("80", '"\x1b[31m80"'),
        """\
:8:12: error: the character U+001B is not allowed in YAML
  |   - port: "\\x1b[31m80"
  |            ^^^^
""",
    ),
    "a wide character before the fault": (
        SERVICE.replace("- port: 80", "- {name: \u65e5\u672c, port: x}"),
        """\
:8:22: error: spec.ports[0].port must be a number, but it is the string 'x'
  |   - {name: \u65e5\u672c, port: x}
  |                        ^
""",
    ),
    "deep nesting": (
        HEAD + OPEN + f"  x: {'[' * 100}{']' * 100}\n",
        ":7:68: error: nested deeper than 64 levels\n"
        f"  | x: {'[' * 96}…\n"
        f"  | {' ' * 65}^\n"
        "  hint: No Kubernetes object is; flatten it.\n",
    ),
    "an alias bomb": (
        HEAD + BOMB + SPEC,
        """\
:10:10: error: the aliases stand for more than 100,000 values
  | a5: &a5 [*a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4, *a4]
  |          ^
  hint: Write the values out instead of nesting aliases.
""",
    ),
    "an alias of nothing": (
        SERVICE.replace("80", "*p"),
        """\
:8:11: error: the alias *p has no anchor
  |   - port: *p
  |           ^
  hint: Define the anchor (&name) in the same document, in front of the alias (*name).
""",
    ),
}
#: Faults of the file as a whole: nothing of it is explained.
WHOLE_FILE = {"not UTF-8", "UTF-16"}


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def explain(*texts: str | bytes) -> Ran:
    """Explain files that hold *texts*: x.yaml, x1.yaml, ..."""
    arguments = []
    for index, text in enumerate(texts):
        name = f"x{index or ''}.yaml"
        Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
        arguments += ["-f", name]
    return akslb("explain", *arguments)


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str) -> None:
    text, expected = FAULTS[name]
    code, out, err = explain(text)
    assert (3, "") == (code, out)
    assert f"x.yaml{expected}" == err if "hint" in expected else err.startswith(f"x.yaml{expected}  hint: "), err


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in WHOLE_FILE])
def test_the_other_documents_are_explained(name: str) -> None:
    text, expected = FAULTS[name]
    lines = len(SERVICE.splitlines()) + 1
    code, out, err = explain(f"{SERVICE}---\n{text}---\n{SERVICE.replace('web', 'api')}")  # type: ignore[str-bytes-safe]
    assert 3 == code
    assert ["default/web", "default/api"] == re.findall(r"^  [A-Z]+ +(default/\w+)", out, re.MULTILINE)
    line, _, rest = expected[1:].partition(":")
    assert err.startswith(f"x.yaml:{int(line) + lines}:{rest}"), err


@pytest.mark.parametrize("name", FAULTS)
def test_another_file_is_explained_or_nothing_is_printed(name: str) -> None:
    text, expected = FAULTS[name]
    code, out, err = explain(text, SERVICE)
    assert 3 == code
    first = out.partition("\n")[0].split()[1:]
    assert ["default/web", "public", "x1.yaml:1"] == first
    assert err.startswith(f"x.yaml{expected}")


def test_every_problem_is_reported() -> None:
    broken = SERVICE.replace("80", "x")
    code, _, err = explain(f"{broken}---\n{broken}", broken)
    assert (3, ["x.yaml:8:11:", "x.yaml:17:11:", "x1.yaml:8:11:"]) == (
        code,
        [line.split()[0] for line in err.splitlines() if "error: " in line],
    )


@pytest.mark.parametrize(
    "text", ["\ufeff" + SERVICE, SERVICE.replace("\n", "\r\n"), "\ufeff" + SERVICE.replace("\n", "\r\n")]
)
def test_marks_and_line_breaks_of_windows_are_no_fault(text: str) -> None:
    expected = explain(SERVICE)
    assert 0 == expected.code
    assert expected == explain(text)


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n---\n", "\ufeff", "kind: ConfigMap\n"])
def test_a_file_without_services_is_no_fault(text: str) -> None:
    assert Ran(0, "no Service of type LoadBalancer found\n", "") == explain(text)


def test_a_gigantic_document_of_involved_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compose, "MAX_CHARACTERS", 50)
    code, out, err = explain(SERVICE.replace("name: web", "name: &name web"))
    assert (3, "") == (code, out)
    assert err.startswith("x.yaml:1:1: error: the document has 106 characters; of YAML this involved 50 are read\n")


def test_a_line_beside_a_secret_is_not_quoted() -> None:
    text = (
        "apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  data: {password: hunter2}\n"
        "- kind: Service\n  spec: {type: LoadBalancer, ports: hunter2: x}\n"
    )
    code, _, err = explain(text)
    assert 3 == code
    assert "hunter2" not in err


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("nope.yaml", "error: cannot read 'nope.yaml': No such file or directory\n  hint: check the path and its permissions\n"),
        ("", "error: cannot read '': No such file or directory\n  hint: check the path and its permissions\n"),
        ("a\0b", "error: cannot read 'a\\\\x00b': embedded null byte\n  hint: check the path and its permissions\n"),
        ("x.yaml/y", "error: cannot read 'x.yaml/y': Not a directory\n  hint: check the path and its permissions\n"),
    ],
)  # fmt: skip
def test_a_path_that_leads_to_no_file(path: str, expected: str) -> None:
    Path("x.yaml").write_text(SERVICE)
    told = expected.replace("\\\\x00", "\\x00")
    assert Ran(3, "", told) == akslb("explain", "-f", path)
    for arguments in (("-f", "x.yaml", "-f", path), ("-f", path, "-f", "x.yaml")):
        code, out, err = akslb("explain", *arguments)
        assert (3, True) == (code, out.startswith("✓ default/web"))
        assert err.endswith(told)


BASE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {
        "name": "web",
        "namespace": "shop",
        "uid": "u",
        "labels": {"a": "b"},
        "annotations": {"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
    },
    "spec": {
        "type": "LoadBalancer",
        "selector": {"a": "b"},
        "loadBalancerIP": "10.0.0.4",
        "loadBalancerClass": None,
        "loadBalancerSourceRanges": ["10.0.0.0/8"],
        "externalTrafficPolicy": "Cluster",
        "healthCheckNodePort": 30000,
        "sessionAffinity": "None",
        "allocateLoadBalancerNodePorts": True,
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "clusterIP": "10.1.0.1",
        "clusterIPs": ["10.1.0.1"],
        "ports": [
            {"name": "http", "port": 80, "protocol": "TCP", "nodePort": 30080, "targetPort": 80, "appProtocol": "http"}
        ],
    },
    "status": {"loadBalancer": {"ingress": [{"ip": "10.0.0.4"}]}},
}
WRONG: tuple[Any, ...] = (None, True, 5, -1, 10**30, 1.5, "x", "", "80", [], [None], [5], {}, {"a": 5})


def changed(data: Any, wrong: object) -> list[Any]:
    """*data* with *wrong* in each place in turn."""
    found: list[Any] = [wrong]
    if isinstance(data, dict):
        found += [{**data, key: below} for key in data for below in changed(data[key], wrong)]
    elif isinstance(data, list):
        found += [[*data[:i], below, *data[i + 1 :]] for i in range(len(data)) for below in changed(data[i], wrong)]
    return found


def survives(text: str) -> None:
    """Either everything is explained, or the fault is reported and nothing is printed."""
    code, out, err = akslb("explain", "-f", "-", stdin=text.encode())
    if code == 0:
        assert "" == err, text
        assert re.match(r"[-✓✗?] \S+/\S+ +(public|internal|\w+) +|no Service of type LoadBalancer found", out), out
    else:
        assert (3, "") == (code, out), text
        assert re.match(r"<stdin>:\d+:\d+: error: .+\n(  \| .*\n){2}  hint: .+\n\Z", err), err


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_a_wrong_type_anywhere(wrong: object) -> None:
    for one in changed(BASE, wrong):
        survives(json.dumps(one, indent=1))


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize("key", ["kind", "apiVersion"])
def test_a_kind_or_version_of_a_wrong_type(key: str, wrong: object) -> None:
    survives(json.dumps({**BASE, key: wrong}, indent=1))


@pytest.mark.parametrize("flag", [("--color", "always"), ("--color=always",)])
def test_errors_have_the_colours_that_are_asked_for(flag: tuple[str, ...]) -> None:
    for arguments in (("explain", "-f", "not-there.yaml"), ("explain", "--no-such-option"), ("rules", "no-such-rule")):
        assert akslb(*arguments, *flag).err.startswith("\x1b[1;31merror:\x1b[0m "), arguments
        assert "\x1b" not in akslb(*arguments).err


def test_an_error_is_wrapped_on_a_terminal_and_whole_in_a_log() -> None:
    error = AkslbError("a word " * 20, hint="another word " * 20)
    assert ["error:", "  hint:"] == [line.split(" a")[0] for line in output.error_text(error).splitlines()]
    lines = output.error_text(error, Terminal(60)).splitlines()
    assert 4 < len(lines)
    assert 60 >= max(map(len, lines))
    assert " ".join(output.error_text(error).split()) == " ".join(" ".join(lines).split())


def test_no_colour_of_an_error_comes_from_its_text() -> None:
    told = akslb("explain", "-f", "\x1b[31mred\n::error::x", "--color", "always").err
    assert "\x1b[31m" not in told
    assert 2 >= told.count("\n")
