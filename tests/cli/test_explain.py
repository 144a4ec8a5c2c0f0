"""``explain`` as a person runs it: formats, flags, exit codes."""

import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from kubectl_akslb.cli import output
from kubectl_akslb.errors import AkslbError, InputError
from kubectl_akslb.provider.version import NEWEST
from tests.given import screens as services
from tests.given.command import Ran, akslb
from tests.given.screens import COLOUR

ROOT = Path(__file__).parents[2]
WEB = ("explain", "-f", str(ROOT / "examples/web.yaml"))
INGRESS = ("explain", "-f", str(ROOT / "examples/ingress-nginx.yaml"))
UNKNOWN = "probes[9].port"


def piped(*arguments: str, text: str = services.PLAIN) -> Ran:
    return akslb("explain", "-f", "-", *arguments, stdin=text.encode())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("explain", "-f", "-"), 0),
        (("explain", "-f", "-", "--why"), 0),
        (("explain", "-f", "-", "-o", "json"), 0),
        (("annotations",), 0),
        (("changes",), 0),
        (("--version",), 0),
        (("--help",), 0),
        (("explain", "-h"), 0),
        ((), 0),
        (("nope",), 2),
        (("explain", "--nope"), 2),
        (("explain", "-f"), 2),
        (("explain", "-f", "-", "-o", "pdf"), 2),
        (("explain", "-f", "-", "--nodes", "many"), 2),
        (("explain", "-f", "-", "--nodes", "-1"), 2),
        (("explain", "-f", "-", "--sku", "gold"), 2),
        (("explain", "-f", "-", "--probe-mode", "x"), 2),
        (("explain", "-f", "-", "--backend-pool-type", "x"), 2),
        (("explain", "-f", "-", "--outbound-type", "x"), 2),
        (("explain", "-f", "-", "--kubernetes-version", "x"), 2),
        (("explain", "-f", "-", "--kubernetes-version", ""), 2),
        (("explain", "-f", "-", "--aks-release", ""), 2),
        (("explain", "-f", "-", "--provider-version", "1.22.9"), 2),
        (("explain", "-f", "-", "--why", UNKNOWN), 2),
        (("explain", "-f", "-", "--why", "-o", "json"), 2),
        (("annotations", "nope"), 2),
        (("changes", "--from", "x"), 2),
        (("changes", "--to", "1.2"), 2),
        (("explain", "-f", "nope.yaml"), 3),
        (("explain", "-f", "-", "--profile", "nope.yaml"), 3),
    ],
)
def test_exit_code(arguments: tuple[str, ...], code: int) -> None:
    ran = akslb(*arguments, stdin=services.PLAIN.encode())
    assert code == ran.code, ran
    assert "Traceback" not in ran.err
    if code == 0:
        assert ("", True) == (ran.err, ran.out.endswith("\n")), ran
    elif arguments:
        assert ("", True) == (ran.out, "rror: " in ran.err), ran


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ("--sku", "gold"),
            "error: --sku must be one of standard, basic, but it is 'gold'\n  hint: Write standard or basic.\n",
        ),
        (
            ("--kubernetes-version", "latest"),
            "error: 'latest' is not a Kubernetes version\n  hint: write it as 1.30 or 1.30.4\n",
        ),
        (
            ("--kubernetes-version", "1.22"),
            "error: 1.22 is older than 1.23.0, the oldest provider version that is known\n"
            "  hint: use 1.23.0 or later; earlier providers lived inside Kubernetes and behave differently\n",
        ),
        (
            ("--provider-version", "1.22.17"),
            "error: 1.22.17 is older than 1.23.0, the oldest provider version that is known\n"
            "  hint: use 1.23.0 or later; earlier providers lived inside Kubernetes and behave differently\n",
        ),
        (
            ("--why", UNKNOWN, "--why", "nope"),
            "error: no value matches probes[9].port, nope\n  hint: --why alone lists every value with its path\n",
        ),
        (
            ("--why", "-o", "json"),
            "error: --why cannot go with -o json\n  hint: -o json holds every reason by path\n",
        ),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], expected: str) -> None:
    assert Ran(2, "", expected) == piped(*arguments)


@pytest.mark.parametrize(
    ("arguments", "notice"),
    [
        ((), f"no version given: assuming the newest known provider, {NEWEST}"),
        (("--kubernetes-version", "1.30"), "Kubernetes 1.30: assuming the newest known provider of it, 1.30.18"),
        (("--kubernetes-version", "1.99"), f"Kubernetes 1.99 is newer than any known one: explained as {NEWEST}"),
        (("--provider-version", "1.36.99"), f"provider 1.36.99 is newer than any known one: explained as {NEWEST}"),
    ],
)
def test_what_was_assumed_is_said(arguments: tuple[str, ...], notice: str) -> None:
    assert piped(*arguments).out.endswith(f"\nnote  {notice}\n")
    assert [notice] == json.loads(piped(*arguments, "-o", "json").out)["notices"]


def test_an_exact_version_needs_no_note() -> None:
    assert "note  " not in piped("--provider-version", "1.30.4").out


def test_a_flag_beats_the_profile() -> None:
    profile = ("--profile", str(ROOT / "examples/cluster.yaml"))
    assert "1.30.14" == json.loads(piped("-o", "json", *profile).out)["cluster"]["providerVersion"]
    given = json.loads(piped("-o", "json", *profile, "--provider-version", "1.28.3", "--zones", "").out)["cluster"]
    assert ("1.28.3", []) == (given["providerVersion"], given["zones"])


def test_a_bad_profile(tmp_path: Path) -> None:
    path = tmp_path / "cluster.yaml"
    path.write_text("apiVersion: akslb.dev/v1alpha1\nkind: ClusterProfile\nspec:\n  networkprofile: {}\n")
    code, out, err = piped("--profile", str(path))
    assert (3, "") == (code, out)
    assert err.startswith(f"{path}:4:3: error: ")
    assert "  |   networkprofile: {}\n  |   ^\n  hint: " in err


def test_the_first_command_of_the_readme() -> None:
    code, out, err = akslb(*INGRESS, "--kubernetes-version", "1.30")
    assert (0, "") == (code, err)
    assert (
        "  DOWN         every node leaves rotation, clients time out: GET / gets 404 from\n"
        "               ingress-nginx, and Azure needs 200 [well-known workload]\n"
        "\n"
        "  PORT     AZURE PROBES  ANSWER  BECAUSE\n"
        "  80/TCP   HTTP /        404 ✗   appProtocol: http (line 25, since 1.24)\n"
    ) in out


def test_before_1_24_the_same_manifest_works() -> None:
    assert "\n  WORKS  " in akslb(*INGRESS, "--provider-version", "1.23.3").out


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("text", "✓ shop/web  "),
        ("json", "{\n"),
        ("yaml", "apiVersion: "),
        ("markdown", "### "),
        ("mermaid", "flowchart LR\n"),
    ],
)
def test_formats(form: str, start: str) -> None:
    code, out, err = piped("-o", form)
    assert (0, "", True) == (code, err, out.startswith(start)), out
    assert "\x1b" not in out


@pytest.mark.parametrize("form", ["json", "yaml", "markdown", "mermaid"])
def test_what_cannot_be_read_is_reported_in_every_format(form: str) -> None:
    code, out, err = piped("-o", form, text=f"{services.PLAIN}---\n{services.PLAIN.replace('port: 80', 'port: x')}")
    assert 3 == code
    assert "shop/web" in out or '"web"' in out or "name: web" in out
    assert err.startswith("<stdin>:22:12: error: ")


@pytest.mark.parametrize(
    ("tty", "environ", "coloured"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "0"}, False),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (False, {"CLICOLOR_FORCE": "1"}, True),
        (False, {"CLICOLOR_FORCE": "0"}, False),
    ],
)
def test_colours(tty: bool, environ: dict[str, str], coloured: bool) -> None:
    ran = akslb(*WEB, tty=tty, environ=environ)
    assert coloured == ("\x1b[" in ran.out)
    assert akslb(*WEB).out == COLOUR.sub("", ran.out)


def test_what_the_command_line_says_of_colours_wins() -> None:
    assert "\x1b[" in akslb(*WEB, "--color", "always", environ={"NO_COLOR": "1"}).out
    assert "\x1b[" not in akslb(*WEB, "--color=never", tty=True, environ={"FORCE_COLOR": "1"}).out
    lint = ("lint", "--diff", str(ROOT / "examples/ingress-nginx.yaml"), "--fix")
    assert "\x1b[32m+" in akslb(*lint, "--color=always").out


@pytest.mark.parametrize(
    ("columns", "width"), [("120", 120), ("60", 60), ("10", 40), ("", 80), ("x", 80), ("0", 80), ("-5", 80)]
)
def test_the_width_of_the_terminal(columns: str, width: int) -> None:
    shown = akslb(*WEB, "--why", tty=True, environ={"COLUMNS": columns, "NO_COLOR": "1"}).out
    notes = re.findall(r"^    note: .*(?:\n      \S.*)*", shown, re.MULTILINE)
    longest = max(len(line) for note in notes for line in note.splitlines())
    assert width - 15 < longest <= width


def test_several_files_are_explained_in_order(tmp_path: Path) -> None:
    names = []
    for index, text in enumerate((services.LOCAL, services.OTHER_CLASS, services.REFUSED)):
        path = tmp_path / f"{index}.yaml"
        path.write_text(text)
        names += ["-f", str(path)]
    found = json.loads(akslb("explain", *names, "-o", "json").out)["services"]
    assert ["works", "ignored", "pending"] == [service["verdict"]["kind"] for service in found]
    assert [str(tmp_path / f"{index}.yaml") for index in range(3)] == [service["source"]["path"] for service in found]


def test_a_stream_of_helm_names_its_template() -> None:
    stream = (
        f"---\n# Source: shop/templates/service.yaml\n{services.PLAIN}---\n# Source: shop/templates/x.yaml\nkind: X\n"
    )
    (found,) = json.loads(piped("-o", "json", text=stream).out)["services"]
    assert {"path": "<stdin>", "line": 3, "template": "shop/templates/service.yaml"} == found["source"]


@pytest.mark.parametrize("odd", ["\u202e", "\u00a0", "\u2066", "\U000e0041"])
@pytest.mark.parametrize("form", ["text", "json", "yaml", "markdown", "mermaid"])
def test_no_character_of_a_manifest_acts_on_the_terminal(form: str, odd: str) -> None:
    path = {
        "azure-load-balancer-health-probe-protocol": "http",
        "azure-load-balancer-health-probe-request-path": f"/{odd}",
    }
    ran = piped("-o", form, text=services.manifest(annotations=path))
    assert 0 == ran.code
    assert ran.out.replace("\n", "").isprintable()
    if form == "yaml":
        (service,) = YAML(typ="safe", pure=True).load(ran.out)["services"]
        assert f"/{odd}" == service["azure"]["loadBalancer"]["probes"][0]["requestPath"]


def test_a_secret_is_never_shown() -> None:
    hidden = "kind: Secret\napiVersion: v1\nmetadata: {name: s}\nstringData: {a: hunter2, b: LoadBalancer Service}\n"
    for form in ("text", "json", "yaml", "markdown", "mermaid"):
        ran = piped("-o", form, text=f"{hidden}---\n{services.PLAIN}---\n{hidden}x: [\n")
        assert (0, "") == (ran.code, ran.err)
        assert "hunter2" not in ran.out


@pytest.mark.parametrize("text", [services.OTHER_CLASS, services.REFUSED, services.PLAIN])
def test_why_alone_lists_every_value(text: str) -> None:
    expected = json.loads(piped("-o", "json", text=text).out)["services"][0].get("reasons", {})
    shown = [line.partition(" = ")[0] for line in piped("--why", text=text).out.splitlines() if " = " in line]
    assert list(expected) == [path for path in shown if path not in {"ignored", "refusal"}]
    assert shown


def test_why_before_a_file_means_every_value_of_it(tmp_path: Path) -> None:
    path = tmp_path / "web.yaml"
    path.write_text(services.PLAIN)
    assert akslb("explain", str(path), "--why") == akslb("explain", "--why", str(path))


def test_why_of_a_file_without_services() -> None:
    assert Ran(0, "", "") == piped("--why", "x", text="kind: ConfigMap\n")


def test_an_error_without_a_place() -> None:
    assert "error: no\n  hint: yes" == output.error_text(AkslbError("no", "yes"))
    assert "error: no" == output.error_text(AkslbError("no"))


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("a: b", 4, ["  | a: b", "  |    ^"]),
        ("a\tb", 3, ["  | a b", "  |   ^"]),
        ("\x1b: b", 1, ["  | \\x1b: b", "  | ^^^^"]),
        ("\x1b: b", 4, ["  | \\x1b: b", "  |       ^"]),
        ("\u65e5: b", 4, ["  | \u65e5: b", "  |     ^"]),
        ("e\u0301: b", 5, ["  | e\u0301: b", "  |    ^"]),
        ("x" * 300, 200, [f"  | …{'x' * 98}…", f"  | {' ' * 60}^"]),
        ("x" * 300, 1, [f"  | {'x' * 99}…", "  | ^"]),
        ("x" * 101, 101, [f"  | …{'x' * 60}", f"  | {' ' * 60}^"]),
    ],
)
def test_the_caret_stands_below_the_place(line: str, column: int, expected: list[str]) -> None:
    error = InputError("no", path="x", line=7, column=column, source_line=line)
    assert [f"x:7:{column}: error: no", *expected] == output.error_text(error).splitlines()


def test_a_message_cannot_act_on_the_terminal() -> None:
    error = InputError("a\x1b[31m\nb", path="x\x07", line=1, column=1, hint="\x9b")
    assert r"x\x07:1:1: error: a\x1b[31m\nb" + "\n  hint: \\x9b" == output.error_text(error)


def test_what_if_the_cluster_had_a_service_gateway() -> None:
    ran = piped("--what-if", "service-gateway", "-o", "json")
    service = json.loads(ran.out)["services"][0]
    assert "Service" == service["azure"]["loadBalancer"]["sku"]["name"]
    assert "UNKNOWN" == service["verdict"]["kind"].upper()


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (("--kubernetes-version", "1.33"), 0),
        (("--provider-version", str(NEWEST)), 0),
        (("--provider-version", "1.33.2"), 2),
    ],
)
def test_what_if_takes_a_provider_that_has_it(flags: tuple[str, ...], code: int) -> None:
    assert code == piped("--what-if", "service-gateway", *flags).code


def test_what_if_of_something_else_is_wrong_usage() -> None:
    assert 2 == piped("--what-if", "gateway").code


def test_what_was_read_of_azure_is_told() -> None:
    files = [str(ROOT / "examples/azure" / name) for name in ("nsg.json", "public-ip.json")]
    done = akslb(*WEB, "--azure", files[0], "--azure", files[1], "-o", "json")
    read = json.loads(done.out)["azure"]
    assert (files, []) == (read["sources"], read["complete"])
    assert {"networkSecurityGroups", "publicIPAddresses"} <= set(read["resources"])
    assert all(count > 0 for count in read["resources"].values())
    assert json.loads(akslb(*WEB, "-o", "json").out)["azure"] is None
