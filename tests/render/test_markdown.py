"""The explanation for a pull request: a table that no name can break."""

import re

import pytest

from kubectl_akslb.render.markdown import markdown
from tests.given import screens as services
from tests.given.screens import NASTY, PREFIX, explained, hostile, manifest

#: Markup in a text from a manifest: a character that means something and has no backslash in front of it.
BARE = re.compile(r"(?<![\\&])(?:\\\\)*[`*_~{}\[\]<>|#]|&(?!amp;|#8288;)")
SURE = "certain|documented|known workload|unknown"


def test_a_service() -> None:
    assert """\
### shop/web

**down**: every node leaves rotation, clients time out: GET / gets 404 from ingress-nginx, and Azure needs 200 \
\\[well-known workload\\]

```yaml
service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path: /healthz
```

| port | goes to | probe | up | why |
| --- | --- | --- | --- | --- |
| 80/TCP | floating IP | Http :\\<nodePort of 80\\>/, 5 s x 2 | no | GET / gets 404 from ingress-nginx, and Azure needs \
200 (well-known workload) |

Reachable by: everybody on the internet.
""" == markdown(explained(services.KNOWN_WORKLOAD)._replace(notices=()))


def test_the_annotations_that_mend_it_stand_as_yaml() -> None:
    assert '\n```yaml\nservice.beta.kubernetes.io/azure-load-balancer-internal: "true"\n```\n' in markdown(
        explained(services.INTERNAL_TRUE)
    )


def test_a_refusal_says_what_stands_and_what_to_do() -> None:
    shown = markdown(explained(services.REFUSED))
    assert "It stops at the load balancer: the load balancer keeps what it had" in shown
    assert "\nFix: make the Service internal on a Standard load balancer, with HA ports.\n" in shown


def test_an_ignored_service_has_no_table() -> None:
    shown = markdown(explained(services.OTHER_CLASS))
    assert "**ignored**: Azure's provider does not act on it" in shown
    assert "|" not in shown


def test_notices_stand_below() -> None:
    result = explained(services.PLAIN)._replace(notices=("no version given",))
    assert markdown(result).endswith("\n\n> no version given\n")


def test_nothing_found() -> None:
    assert "No Service of type LoadBalancer found.\n" == markdown(explained("kind: ConfigMap\n"))


def test_what_was_not_read_is_said() -> None:
    shown = markdown(explained(services.PLAIN, services.PLAIN.replace("port: 80", "port: x")))
    assert "### shop/web" in shown
    expected = "> **not read**: web.yaml:22: spec.ports\\[0\\].port must be a number, but it is the string 'x'\n"
    assert shown.endswith(expected), shown
    assert "No Service" not in markdown(explained(services.PLAIN.replace("port: 80", "port: x")))


def test_a_table_has_as_many_rows_as_rules() -> None:
    shown = markdown(
        explained(manifest("{port: 80, name: a}", "{port: 443, name: b}", spec="ipFamilyPolicy: RequireDualStack"))
    )
    assert 2 + 4 == sum(line.startswith("|") for line in shown.splitlines())


@pytest.mark.parametrize("nasty", NASTY)
def test_no_name_breaks_out(nasty: str) -> None:
    shown = markdown(hostile(nasty))
    assert shown.replace("\n", "").isprintable()
    fenced = False
    for line in shown.split("\n"):
        if line in {"```yaml", "```"}:
            fenced = not fenced
        elif fenced:
            assert line.startswith(PREFIX), line
        elif line.startswith("| ") and "---" not in line:
            cells = re.split(r"(?<!\\)(?:\\\\)*\|", line)
            assert 7 == len(cells), line
            assert not any(BARE.search(cell) for cell in cells), line
        else:
            text = re.sub(r"^(### |\| --- .*|> |\*\*[a-z]+\*\*: )", "", line)
            assert not BARE.search(text), line
    assert not fenced
