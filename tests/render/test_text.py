"""What stands on a terminal: whole screens at 80 and 120 columns, and what holds for every one."""

import re
from pathlib import Path

import pytest

from kubectl_akslb.pipeline import explain
from kubectl_akslb.provider.version import NEWEST
from kubectl_akslb.render.overview import MOST_ALIKE
from kubectl_akslb.render.terminal import Terminal
from kubectl_akslb.render.text import MOST_IN_DETAIL, Detail, explanation
from tests.given import screens as services
from tests.given.screens import COLOUR, NASTY, explained, hostile, manifest
from tests.render.snapshots import FOLDER, SCREENS, WIDTHS, kept, screen

ROOT = Path(__file__).parents[2]


def text(*manifests: str, width: int = 80, verbose: bool = False, **flags: object) -> str:
    return explanation(explained(*manifests, **flags), Terminal(width), Detail(verbose))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, width: int) -> None:
    assert kept(name, width).read_text(encoding="utf-8") == screen(name, width)


def test_no_screen_is_left_over() -> None:
    assert {kept(name, width) for name in SCREENS for width in WIDTHS} == set(FOLDER.iterdir())


def test_the_shared_probe_is_the_same_for_every_service() -> None:
    other = manifest("{port: 53, protocol: UDP}", name="dns")
    shown = text(services.PLAIN, other, probe_mode="shared", verbose=True)
    assert 2 == len(re.findall(r"/(?:TCP|UDP)  HTTP :10256/healthz +ok +clusterServiceLoadBalancer", shown)), shown


def test_ports_that_are_alike_share_a_line() -> None:
    ports = [f"{{port: {port}, name: p{port}, appProtocol: http}}" for port in (80, 81)]
    shown = text(manifest(*ports, labels="{app.kubernetes.io/name: ingress-nginx}"), provider_version="1.23.3")
    assert "  80/TCP, 81/TCP  TCP " in shown


def _deployment(spec: str) -> str:
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  replicas: %s\n"
        "  template: {metadata: {labels: {app: web}, annotations: {%s}}, spec: {containers: [{name: web}]}}\n"
    ) % ((spec, "") if spec.isdigit() else ("2", spec))


@pytest.mark.parametrize(
    ("port", "pods", "expected"),
    [
        ("{port: 80}", "2", "ok"),
        ("{port: 80}", "0", "no ✗"),
        ("{port: 80, targetPort: none}", "2", "no ✗"),
        ("{port: 80}", "config.linkerd.io/default-inbound-policy: deny", "ok"),
    ],
)
def test_a_probe_that_only_connects_is_answered_as_the_pods_behind_it_are(port: str, pods: str, expected: str) -> None:
    """A mesh refuses a client after its sidecar has accepted the connection."""
    shown = text(f"{manifest(port)}---\n{_deployment(pods)}")
    assert re.search(rf"80/TCP  TCP +{expected} ", shown), shown


def test_numbers_that_were_set_are_named_among_the_reasons() -> None:
    shown = text(
        manifest(
            annotations={
                "azure-load-balancer-health-probe-interval": '"15"',
                "azure-load-balancer-health-probe-num-of-probe": '"2"',
            }
        ),
        verbose=True,
    )
    assert "every 15 s, out after 2 failures (30 s)" in " ".join(shown.split())
    assert "interval by azure-load-balancer-health-probe-interval '15'" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"spec": "sessionAffinity: ClientIP"}, "sticky by SourceIP"),
        ({"annotations": {"azure-load-balancer-disable-tcp-reset": '"true"'}}, "no TCP reset"),
        ({"annotations": {"azure-load-balancer-tcp-idle-timeout": '"30"'}}, "idle 30 min"),
        ({"annotations": {"azure-disable-load-balancer-floating-ip": '"true"'}}, "node port <nodePort of 80>"),
        ({"annotations": {"azure-load-balancer-ipv4": '"20.0.0.9"'}, "spec": "loadBalancerIP: 20.0.0.9"}, "20.0.0.9"),
    ],
)
def test_what_differs_from_the_defaults_is_shown_in_detail(change: dict[str, str], words: str) -> None:
    assert words in " ".join(text(manifest(**change), verbose=True).split())  # type: ignore[arg-type]


def test_many_services_are_a_table_the_worst_first() -> None:
    lines = text(services.PLAIN, services.REFUSED, services.APP_PROTOCOL, services.OTHER_CLASS).splitlines()
    assert lines[0].startswith("2 of 4 Services need work ")
    assert ["PENDING", "DEPENDS", "WORKS", "IGNORED"] == [line.split()[0] for line in lines[2:6]]


def test_services_that_work_are_not_shown_in_detail_among_many() -> None:
    lines = text(services.PLAIN, services.LOCAL).splitlines()
    assert lines[0].startswith("all 2 Services work ")
    assert not any(line.startswith("✓") for line in lines)


def test_many_that_work_are_not_listed_without_end() -> None:
    given = [services.APP_PROTOCOL, *(manifest(name=f"web-{n}") for n in range(MOST_ALIKE + 5))]
    lines, detailed = text(*given).splitlines(), text(*given, verbose=True).splitlines()
    assert lines[0].startswith(f"1 of {len(given)} Services need work ")
    assert MOST_ALIKE == sum(line.startswith("  WORKS    shop/") for line in lines)
    assert "           and 5 more that need none; -v lists them" in lines
    assert MOST_ALIKE + 5 == sum(line.startswith("  WORKS    shop/") for line in detailed)


def test_a_long_name_takes_no_room_from_the_causes_of_others() -> None:
    given = [manifest(name="a-name-that-is-longer-than-a-third"), services.REFUSED, services.BAD_RANGE]
    rows = text(*given).splitlines()[2:5]
    assert not any(row.endswith("…") for row in rows)


def test_a_service_that_nobody_acts_on_is_not_said_to_work() -> None:
    assert text(services.PLAIN, services.OTHER_CLASS).startswith("1 of 2 Services work ")


def test_ports_that_are_alike_share_a_line_wherever_they_stand_in_a_file() -> None:
    shown = text(services.TWELVE_PORTS)
    rows = [line for line in shown.splitlines() if re.match(r"  8\d/TCP", line)]
    assert ["80/TCP", "81/TCP,", "82/TCP,", "83/TCP,"] == [
        row.split()[0] for row in rows if " HTTP" in row or " TCP" in row
    ]
    assert "lines" in shown


def _asking(path: str, name: str) -> str:
    key = "azure-load-balancer-health-probe-request-path"
    return manifest("{port: 80, name: http, appProtocol: http}", name=name, annotations={key: path})


def test_of_very_many_causes_only_the_first_are_shown_in_detail() -> None:
    bad = [_asking(f"/{'x' * (number + 1)}", f"web-{number}") for number in range(MOST_IN_DETAIL + 3)]
    shown = text(*bad)
    assert (MOST_IN_DETAIL, MOST_IN_DETAIL + 3) == (shown.count("\n? shop/"), shown.count("\n  DEPENDS  shop/"))
    assert "\n3 more need work: " in shown


def test_a_cause_of_many_services_is_said_once() -> None:
    many = [_asking("/ready", f"web-{number}") for number in range(MOST_ALIKE + 5)]
    given = [_asking("/live", "other"), *many, services.REFUSED]
    shown, detailed = text(*given), text(*given, verbose=True)
    assert (1, 2) == (shown.count("\n✗ shop/"), shown.count("\n? shop/"))
    assert MOST_ALIKE + 1 == shown.count("\n  DEPENDS  shop/")
    assert "and 5 more with the same cause; -v lists them" in shown
    assert "likewise     shop/web-1, shop/web-2," in shown
    assert " and 4 more; -v lists them" in " ".join(shown.split())
    assert len(many) + 1 == detailed.count("\n? shop/") == detailed.count("\n  DEPENDS  shop/")


def test_what_is_mended_in_another_file_is_not_the_same() -> None:
    workload = "{app.kubernetes.io/name: ingress-nginx}"
    given = [manifest("{port: 80, appProtocol: http}", name=name, labels=workload) for name in ("one", "two")]
    alone = explain([("a.yaml", given[0].encode()), ("b.yaml", given[1].encode())], services.cluster())
    both = explain([("a.yaml", "---\n".join(given).encode())], services.cluster())
    assert (2, 1) == tuple(explanation(one, Terminal(80)).count("lint --fix") for one in (alone, both))


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({}, f"Kubernetes 1.{NEWEST.minor} ({NEWEST} assumed)"),
        ({"kubernetes_version": "1.30"}, "Kubernetes 1.30 (1.30.18 assumed)"),
        ({"provider_version": "1.30.4"}, "Kubernetes 1.30 (1.30.4)"),
    ],
)
def test_the_release_stands_at_the_right_of_the_table(flags: dict[str, object], said: str) -> None:
    result = services.explained(services.PLAIN, services.LOCAL, **flags)
    for width in (80, 120):
        head = explanation(result, Terminal(width)).splitlines()[0]
        assert (width, True) == (len(head), head.endswith(said))
    assert f" {said}" not in explanation(result, Terminal(40)).splitlines()[0]


def test_further_findings_are_counted_and_the_verdict_is_not_one_of_them() -> None:
    padded = manifest(
        "{port: 80, name: http, appProtocol: http}",
        annotations={"azure-pip-nmae": "x"},
    )
    assert "  lint         1 warning more: kubectl akslb lint web.yaml\n" in text(padded)
    for given in (services.REFUSED, services.INTERNAL_TRUE, services.BAD_RANGE, services.KNOWN_WORKLOAD):
        assert "\n  lint " not in text(given)


def test_a_finding_with_the_fix_of_the_verdict_is_not_one_more() -> None:
    gateway = (ROOT / "examples" / "gateway.yaml").read_bytes()
    shown = explanation(explain([("gateway.yaml", gateway)], services.cluster()), Terminal(80))
    assert "+ service.beta.kubernetes.io/port_443_health-probe_protocol: tcp" in shown
    assert "  lint  " not in shown


def test_a_command_is_only_named_where_it_can_make_the_edit() -> None:
    can = explanation(explained(services.APP_PROTOCOL), Terminal())
    shared = manifest("{port: 80, name: http, appProtocol: http}", labels="&same {a: b}\n  annotations: *same")
    cannot = explanation(explained(shared), Terminal())
    edit = "+ service.beta.kubernetes.io/port_80_health-probe_protocol: tcp"
    assert (True, True) == ("  kubectl akslb lint --fix" in can, edit in can)
    assert (False, True, True) == ("  kubectl akslb lint --fix" in cannot, edit in cannot, "by hand: " in cannot)


def test_who_gets_in_by_one_ip_family_is_not_everybody() -> None:
    of_one = manifest(spec="ipFamilyPolicy: RequireDualStack\n  loadBalancerSourceRanges: [0.0.0.0/0]")
    assert "clients      the internet, in part\n" in explanation(explained(of_one), Terminal())
    assert "clients      everybody on the internet\n" in explanation(explained(services.DUAL_STACK), Terminal())


def test_the_verdict_comes_right_after_the_name() -> None:
    for name, given in services.ALL.items():
        second = text(given).splitlines()[1]
        assert re.match(r"  [A-Z]{4,11}  +\S", second), f"{name}: {second}"


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_it_has_to_be(width: int) -> None:
    for name, given in services.ALL.items():
        for line in text(given, width=width).splitlines():
            copied = line.strip().startswith(("fix ", "verify ", "+ "))
            words = 1 if copied else len(line.split())
            assert len(line) <= max(width, 60) or words <= 2, f"{name} at {width}: {line}"


def test_a_long_name_takes_the_place_to_the_next_line() -> None:
    first, second, *_ = text(manifest(name="w" * 63)).splitlines()
    assert (f"✓ shop/{'w' * 63}", "  public  web.yaml:1") == (first, second)


@pytest.mark.parametrize("name", services.ALL)
def test_colours_only_paint(name: str) -> None:
    result = explained(services.ALL[name])
    plain = explanation(result, Terminal(80))
    coloured = explanation(result, Terminal(80, colours=True))
    assert "\x1b" not in plain
    assert plain == COLOUR.sub("", coloured)
    assert plain != coloured


@pytest.mark.parametrize("colours", [False, True])
@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_in_a_manifest_acts_on_the_terminal(nasty: str, *, colours: bool) -> None:
    for why in ((), ("all",)):
        shown = explanation(hostile(nasty), Terminal(80, colours=colours), Detail(why=why))
        bare = COLOUR.sub("", shown).replace("\n", "")
        assert bare.isprintable(), [c for c in bare if not c.isprintable()]


def test_other_services_are_counted() -> None:
    other = services.PLAIN.replace("LoadBalancer", "NodePort")
    assert "no Service of type LoadBalancer found; 2 of another type passed over\n" == text(other, other)


def test_nothing_found() -> None:
    assert "no Service of type LoadBalancer found\n" == text("kind: ConfigMap\n")


def test_where_something_could_not_be_read_nothing_is_said_about_what_was_found() -> None:
    assert "" == text(services.PLAIN.replace("port: 80", "port: x"))


def test_the_way_out_stands_once_for_all_services() -> None:
    shown = text(services.PLAIN, manifest(name="api"), verbose=True)
    assert (2, 1) == (shown.count("\n  outbound  "), shown.count("\ncluster  outbound rule aksOutboundRule"))
