"""What stands on a terminal: whole blocks of the output, written by hand for 80 columns without colours."""

import re

import pytest

from kubectl_akslb.render.terminal import Terminal
from kubectl_akslb.render.text import explanation
from tests.render import services
from tests.render.services import COLOUR, NASTY, explained, hostile, manifest


def text(*manifests: str, width: int = 80, **flags: object) -> str:
    return explanation(explained(*manifests, **flags), Terminal(width))


BLOCKS = {
    "plain": (
        services.PLAIN,
        """\
shop/web  LoadBalancer, public  web.yaml:1
  WORKS       nothing stands in the way: the probes pass as soon as pods are
              ready

  80/TCP
    flow      public IP kubernetes-a<uid> port 80 → rule a<uid>-TCP-80 →
              floating IP (idle 4 min)
    probe     Tcp :<nodePort of 80> every 5 s, out after 2 failures (10 s)
    because   Tcp by default
    answers   accepted as soon as a pod behind port 80 listens [certain]

  access    everybody on the internet
""",
    ),
    "local": (
        services.LOCAL,
        """\
    probe     Http :<healthCheckNodePort>/healthz every 5 s, out after 2
              failures (10 s)
    because   Http by spec.externalTrafficPolicy 'Local'; path by
              spec.externalTrafficPolicy 'Local'
    answers   kube-proxy answers 200 where the node has a ready pod of this
              Service [certain]
""",
    ),
    "UDP only": (
        services.UDP_ONLY,
        """\
  53/UDP dns
    flow      public IP kubernetes-a<uid> port 53 → rule a<uid>-UDP-53 →
              floating IP (idle 4 min)
    probe     none: UDP is not probed
    answers   nothing is probed: every node counts as up, with or without a
              working pod [certain]
""",
    ),
    "dual stack": (
        services.DUAL_STACK,
        """\
  80/TCP, IPv6
    flow      public IP kubernetes-a<uid>-IPv6 port 80 → rule a<uid>-TCP-80-IPv6
              → floating IP (idle 4 min)
""",
    ),
    "refused": (
        services.REFUSED,
        """\
shop/web  LoadBalancer, public  web.yaml:1
  PENDING     EXTERNAL-IP stays <pending>: SCTP is only supported on standard
              loadbalancer in internal mode
              stops at the load balancer: the load balancer keeps what it had; a
              new public IP is already there;""",
    ),
    "refused, what to do": (
        services.REFUSED,
        """\
  fix         make the Service internal on a Standard load balancer, with HA
              ports

  access    nobody: the reconcile does not get as far as the security rules
""",
    ),
    "HA ports": (
        services.HA_PORTS,
        """\
  all ports
    flow      a private address of subnet every port → rule a<uid>-TCP-80 →
              floating IP (idle 4 min)
    probe     Tcp :<nodePort of 80> every 5 s, out after 2 failures (10 s)
""",
    ),
    "internal True": (
        services.INTERNAL_TRUE,
        """\
shop/web  LoadBalancer, public  web.yaml:1
  UNREACHABLE public address, but closed: 'True' is not exactly 'true' for the
              load balancer
  fix         service.beta.kubernetes.io/azure-load-balancer-internal: "true\"""",
    ),
    "internal True, who gets in": (
        services.INTERNAL_TRUE,
        """\
  access    nobody outside the virtual network
    no      the internet: no rule lets it in: the address is public, but the
            security rules take 'True' for internal [certain]
""",
    ),
    "deny-all by a bad range": (
        services.BAD_RANGE,
        """\
  UNREACHABLE probes can pass, but nobody gets in: no rule lets it in
""",
    ),
    "deny-all by a bad range, the event": (
        services.BAD_RANGE,
        """\
  finding   InvalidAllowedIPRanges: Found invalid
            service.beta.kubernetes.io/azure-allowed-ip-ranges ["10.0.0.0/33"],
            ignoring and adding a default DenyAll rule in security group. (this
            version tells nobody)
  in Azure  load balancer kubernetes (Standard)
            public IP kubernetes-a<uid>
            security rule k8s-azure-lb_deny-all_IPv4 (Deny * → *, priority 4095)
""",
    ),
    "not the provider's": (
        services.OTHER_CLASS,
        """\
shop/web  LoadBalancer  web.yaml:1
  IGNORED     Azure's provider does not act on it: loadBalancerClass
              'example.com/own' hands the Service to another controller

note  no version given: assuming the newest known provider, 1.36.5
""",
    ),
    "no rule at all": (
        services.NO_RULE,
        """\
shop/web  LoadBalancer, public  web.yaml:1
  UNREACHABLE no port has a load-balancing rule, so nothing reaches the nodes

  access""",
    ),
    "it depends": (
        services.APP_PROTOCOL,
        """\
  DEPENDS     port 80 works only if the pods behind port 80 answer 200, and only
              200, to GET /
  verify      kubectl run akslb-probe --rm -i --restart=Never""",
    ),
    "a workload that is known to fail": (
        services.KNOWN_WORKLOAD,
        """\
  DOWN        every port is down: all nodes leave rotation, clients time out;
              ingress-nginx answers 404 to GET /, only 200 counts as up (known
              workload)
  fix         service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path: /healthz
  verify      kubectl run""",
    ),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_block(name: str) -> None:
    given, expected = BLOCKS[name]
    result = explained(given)._replace(notices=("no version given: assuming the newest known provider, 1.36.5",))
    shown = explanation(result, Terminal(80))
    assert expected in shown, shown


def test_the_shared_probe_is_the_same_for_every_service() -> None:
    shown = text(services.PLAIN, manifest("{port: 53, protocol: UDP}", name="dns"), probe_mode="shared")
    probe = (
        "    probe     Http :10256/healthz every 5 s, out after 2 failures (10 s)\n"
        "    because   Http by clusterServiceLoadBalancerHealthProbeMode 'shared'; path\n"
        "              by default\n"
        "    answers   kube-proxy answers for the node; it knows nothing of this\n"
        "              application [certain]\n"
    )
    assert 2 == shown.count(probe), shown


def test_numbers_that_were_set_are_named_among_the_reasons() -> None:
    shown = text(manifest(annotations={"azure-load-balancer-health-probe-interval": '"15"'}))
    assert "every 15 s, out after 2 failures (30 s)" in shown
    assert (
        "because   Tcp by default; interval by\n              azure-load-balancer-health-probe-interval '15'" in shown
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"spec": "sessionAffinity: ClientIP"}, "sticky by SourceIP"),
        ({"annotations": {"azure-load-balancer-disable-tcp-reset": '"true"'}}, "no TCP reset"),
        ({"annotations": {"azure-load-balancer-tcp-idle-timeout": '"30"'}}, "idle 30 min"),
        ({"annotations": {"azure-disable-load-balancer-floating-ip": '"true"'}}, "node port <nodePort of 80>"),
        ({"annotations": {"azure-load-balancer-ipv4": '"20.0.0.9"'}, "spec": "loadBalancerIP: 20.0.0.9"}, "20.0.0.9"),
    ],
)  # fmt: skip
def test_what_differs_from_the_defaults_is_shown(change: dict[str, str], words: str) -> None:
    assert words in " ".join(text(manifest(**change)).split())  # type: ignore[arg-type]


def test_the_verdict_comes_right_after_the_name() -> None:
    for name, given in services.ALL.items():
        second = text(given).splitlines()[1]
        assert re.match(r"  [A-Z]{4,11} +\S", second), f"{name}: {second}"


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_it_has_to_be(width: int) -> None:
    for name, given in services.ALL.items():
        for line in text(given, width=width).splitlines():
            label, _, rest = line.strip().partition(" ")
            words = 1 if label in {"fix", "verify"} else len(rest.split()) + (len(line) - len(line.lstrip()) >= 10)
            assert len(line) <= width or words <= 2, f"{name} at {width}: {line}"


def test_a_long_name_takes_the_place_to_the_next_line() -> None:
    first, second, *_ = text(manifest(name="w" * 63)).splitlines()
    assert (f"shop/{'w' * 63}  LoadBalancer, public", "  web.yaml:1") == (first, second)


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
    for why in ([], ["all"]):
        shown = explanation(hostile(nasty), Terminal(80, colours=colours), why)
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
    shown = text(services.PLAIN, manifest(name="api"))
    assert (2, 1) == (shown.count("\n  outbound  "), shown.count("\ncluster  outbound rule aksOutboundRule"))
