"""What stands in a manifest stays text, wherever it is printed."""

import json
import xml.etree.ElementTree as ET

import pytest

from kubectl_akslb.edge import escape
from tests.given.command import akslb

#: ESC, OSC, C1, both kinds of bidi controls, line breaks of all kinds.
ACTING = "\x1b[2J\x1b]0;x\x07\x9b31m\x85\u2028\u202e\u2066\u200f\r\n::error::x\n##[error]x"
MARKUP = "@octocat https://evil.example www.evil.example <img src=x> [a](http://b) #1 |x| `x` **x** ~~x~~ &lt;"


def service(value: str) -> bytes:
    return json.dumps({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"name": "web", "annotations": {
            "service.beta.kubernetes.io/azure-load-balancer-health-probe-protocol": value,
            "service.beta.kubernetes.io/azure-load-balancer-health-probe-interval": value,
            "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
            "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": value,
            "service.beta.kubernetes.io/azure-pip-name": value,
        }},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80, "appProtocol": "http", "name": "http"}],
                 "loadBalancerSourceRanges": [value], "loadBalancerIP": value, "selector": {"a": value}},
    }).encode()  # fmt: skip


VALUES = (
    ACTING,
    MARKUP,
    "x" * 70 + " ::error::x",
    "x" * 70 + "\n::error file=a::x",
    "a ##[error]x",
    "]] ]]>",
    '"><script>',
)
FORMS = [("explain", form) for form in ("text", "json", "yaml", "markdown", "mermaid")] + [
    ("lint", form) for form in ("text", "json", "sarif", "github", "junit", "markdown")
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
@pytest.mark.parametrize(("command", "form"), FORMS)
def test_no_text_leaves_its_place(command: str, form: str, value: str) -> None:
    ran = akslb(command, "-f", "-", "-o", form, stdin=service(value))
    assert ran.code in {0, 1, 3}
    for text in (ran.out, ran.err):
        assert text.replace("\n", "").isprintable()
        if form != "github" or text is ran.err:
            assert not [line for line in text.split("\n") if line.lstrip().startswith("::")]
        assert form in {"json", "yaml", "sarif"} or "##[" not in text
    if form == "github":
        assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in ran.out.splitlines())
    if form == "junit":
        names = {one.tag for one in ET.fromstring(ran.out).iter()}  # noqa: S314 - our own output
        assert names <= {"testsuites", "testsuite", "testcase", "failure", "skipped", "error"}
    if form == "markdown":
        for mark in ("@octocat", " <img", "><script", "https://evil", "www.evil", "](http://b"):
            assert mark not in ran.out
    if form == "sarif":
        assert "](http" not in "".join(one["message"]["text"] for one in json.loads(ran.out)["runs"][0]["results"])


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
@pytest.mark.parametrize("form", ["yaml", "diff", "kubectl", "kustomize", "json"])
def test_standard_error_is_for_people(form: str, value: str) -> None:
    ran = akslb("fix", "-o", form, "-f", "-", stdin=service(value))
    assert ran.err.replace("\n", "").isprintable()
    assert not [line for line in ran.err.split("\n") if line.lstrip().startswith("::")]


def test_the_edges_by_themselves() -> None:
    assert escape.clean("a\x1bb\u202e") == "a\\x1bb\\u202e"
    assert escape.log_lines("a\n  ::error::x\n::b") == "a\n  \\x3a:error::x\n\\x3a:b"
    assert escape.log_lines("##[error]x") == "#\\x23[error]x"
    assert escape.workflow_property("a:b,c\n%") == "a%3Ab%2Cc%0A%25"
    assert escape.html("@a <b> &lt; #1 http://x") == "@&#8288;a &lt;b&gt; &amp;lt; #&#8288;1 http:&#8288;//x"
    assert escape.markdown("@a <b> #1 http://x www.y") == "@&#8288;a \\<b\\> \\#&#8288;1 http:&#8288;//x www&#8288;.y"
    assert escape.xml('a\t"<\x9b\u202e\n::b') == 'a\t"<\\x9b\\u202e\n\\x3a:b'
    assert escape.sarif("[a](b)") == "[a] (b)"
    assert escape.mermaid('a"#`<') == '"a#quot;#35;#96;#lt;"'


@pytest.mark.parametrize("arguments", [("fix",), ("fix", "-o", "diff"), ("lint", "--diff"), ("lint", "--fix")])
def test_a_terminal_is_shown_manifests_clean(arguments: tuple[str, ...]) -> None:
    text = "apiVersion: v1\r\nkind: Service\r\nmetadata: {name: web}\r\nspec:\t{type: LoadBalancer, ports: [{port: 80, appProtocol: http}]}\r\n# \u202e\x9b\r\n"
    shown = akslb(*arguments, "-f", "-", stdin=text.encode(), tty=True).out
    assert shown.replace("\n", "").replace("\t", "").isprintable()
    assert "\u202e" in akslb("fix", "-f", "-", stdin=text.encode()).out
