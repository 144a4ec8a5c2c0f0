"""What applying a manifest does: address, access, rules, connections, deletion, and the edits that decide."""

from pathlib import Path
from typing import NamedTuple

import pytest

from kubectl_akslb.path.verdict import VerdictKind
from kubectl_akslb.plan.diff import ServiceFate
from kubectl_akslb.plan.diff_manifests import ManifestDiff, ReportedDiff, of_files, plan_diff
from kubectl_akslb.plan.effect import Effect
from kubectl_akslb.provider.version import NEWEST
from tests.plan.test_upgrade import AZURE, INTERNAL, cluster, manifest

ROOT = Path(__file__).parents[2]
DUAL = "ipFamilies: [IPv4, IPv6]\nipFamilyPolicy: RequireDualStack"
TWO = "[{name: a, port: 80}, {name: b, port: 81}]"
PREFIX = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/publicIPPrefixes/p"
STORED = b"""\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, uid: 6c5a3f3e-0000-4000-8000-000000000001}
spec: {type: LoadBalancer, ports: [{port: 80, targetPort: 8080, nodePort: 30080}], clusterIP: 10.0.0.9}
status: {loadBalancer: {ingress: [{ip: 20.1.2.3}]}}
"""


def planned(old: bytes, new: bytes, version: str = "1.34.3") -> ManifestDiff:
    """The whole difference."""
    return plan_diff([("new.yaml", new)], of_files([("old.yaml", old)]), cluster(version), against="old.yaml")


def one(old: bytes, new: bytes, version: str = "1.34.3") -> ReportedDiff:
    """What becomes of the one Service."""
    (found,) = planned(old, new, version).services
    return found


class Row(NamedTuple):
    """Two manifests and what the second does to what the first has built; *kept* is the address, by IP family."""

    old: bytes
    new: bytes
    effect: Effect
    kept: tuple[bool | None, ...]
    interrupted: bool = False
    fate: ServiceFate = ServiceFate.CHANGED


ROWS = {
    "nothing": Row(manifest(), manifest(), Effect.SAME, (True,), fate=ServiceFate.SAME),
    "annotation that nobody reads": Row(manifest(), manifest("a: b"), Effect.SAME, (True,), fate=ServiceFate.SAME),
    "label that Azure refused is gone": Row(manifest(f"{AZURE}dns-label-name: x"), manifest(), Effect.EXPOSES, (False,)),
    "label that Azure refused stays": Row(
        manifest(f"{AZURE}dns-label-name: x"), manifest(f"{AZURE}dns-label-name: x\na: b"), Effect.SAME, (True,), fate=ServiceFate.SAME
    ),
    "public to internal": Row(manifest(), manifest(INTERNAL), Effect.BREAKS, (False,), interrupted=True),
    "internal to public": Row(manifest(INTERNAL), manifest(), Effect.EXPOSES, (False,), interrupted=True),
    "internal to public, where nobody gets in": Row(
        manifest(INTERNAL), manifest(f"{AZURE}allowed-ip-ranges: 198.51.100.1/24"), Effect.BREAKS, (False,), interrupted=True,
    ),
    "prefix": Row(manifest(), manifest(f"{AZURE}pip-prefix-id: {PREFIX}"), Effect.LOSES_ADDRESS, (False,), interrupted=True),
    "name of a public IP": Row(
        manifest(), manifest(f"{AZURE}pip-name: mine"), Effect.LOSES_ADDRESS, (False,), interrupted=True
    ),
    "address of a public IP": Row(
        manifest(), manifest("", "loadBalancerIP: 20.9.9.9"), Effect.LOSES_ADDRESS, (False,), interrupted=True
    ),
    "other subnet": Row(
        manifest(INTERNAL), manifest(f"{INTERNAL}\n{AZURE}load-balancer-internal-subnet: other"), Effect.LOSES_ADDRESS,
        (False,), interrupted=True,
    ),
    "second family": Row(manifest(), manifest("", DUAL), Effect.EXPOSES, (True, False)),
    "second family gone": Row(
        manifest("", DUAL), manifest("", "ipFamilyPolicy: SingleStack"), Effect.BREAKS, (True, False), interrupted=True
    ),
    "families left out stay": Row(manifest("", DUAL), manifest(), Effect.SAME, (True, True), fate=ServiceFate.SAME),
    "range": Row(manifest(), manifest("", "loadBalancerSourceRanges: [192.0.2.0/24]"), Effect.MAY_BREAK, (True,)),
    "range more": Row(
        manifest("", "loadBalancerSourceRanges: [192.0.2.0/24]"),
        manifest("", "loadBalancerSourceRanges: [192.0.2.0/24, 198.51.100.0/24]"), Effect.EXPOSES, (True,),
    ),
    "range wider": Row(
        manifest("", "loadBalancerSourceRanges: [192.0.2.0/24]"),
        manifest("", "loadBalancerSourceRanges: [192.0.2.0/23]"), Effect.EXPOSES, (True,),
    ),
    "port gone": Row(
        manifest(ports=TWO), manifest(ports="[{name: a, port: 80}]"), Effect.BREAKS, (True,), interrupted=True
    ),
    "port more": Row(manifest(ports="[{name: a, port: 80}]"), manifest(ports=TWO), Effect.CHANGES, (True,)),
    "floating IP": Row(
        manifest(), manifest(f'{AZURE}disable-load-balancer-floating-ip: "true"'), Effect.INTERRUPTS, (True,),
        interrupted=True,
    ),
    "idle timeout": Row(
        manifest(), manifest(f'{AZURE}load-balancer-tcp-idle-timeout: "10"'), Effect.CHANGES, (True,)
    ),
    "Local": Row(manifest(), manifest("", "externalTrafficPolicy: Local"), Effect.CHANGES, (True,)),
    "selector": Row(manifest("", "selector: {app: a}"), manifest("", "selector: {app: b}"), Effect.CHANGES, (True,)),
    "class": Row(manifest(), manifest("", "loadBalancerClass: a.b/c"), Effect.BREAKS, ()),
    "first family": Row(manifest(), manifest("", "ipFamilies: [IPv6]"), Effect.BREAKS, ()),
    "no CIDR": Row(manifest(), manifest("", "loadBalancerSourceRanges: [x]"), Effect.BREAKS, ()),
    "refused by the provider": Row(
        manifest(), manifest(f'{AZURE}load-balancer-tcp-idle-timeout: "x"'), Effect.BREAKS, (True,)
    ),
    "ClusterIP": Row(
        manifest(), manifest().replace(b"LoadBalancer", b"ClusterIP"), Effect.BREAKS, (False,), interrupted=True
    ),
    "LoadBalancer": Row(
        manifest().replace(b"LoadBalancer", b"ClusterIP"), manifest(), Effect.EXPOSES, (False,), fate=ServiceFate.CREATED
    ),
    "deleted": Row(manifest(), b"", Effect.BREAKS, (False,), interrupted=True, fate=ServiceFate.DELETED),
    "new": Row(b"", manifest(), Effect.EXPOSES, (False,), fate=ServiceFate.CREATED),
    "new and internal": Row(b"", manifest(INTERNAL), Effect.CHANGES, (False,), fate=ServiceFate.CREATED),
    "new and refused": Row(b"", manifest(f'{AZURE}load-balancer-tcp-idle-timeout: "x"'), Effect.BREAKS, (),
                           fate=ServiceFate.CREATED),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_says_what_becomes_of_it(name: str) -> None:
    row = ROWS[name]
    found = one(row.old, row.new)
    difference = found.difference
    interrupted = difference.is_interrupted and difference.fate is not ServiceFate.CREATED
    assert (row.effect, row.fate, row.interrupted) == (found.effect, difference.fate, interrupted)
    assert row.kept == tuple(change.kept for change in difference.addresses)


def test_an_address_that_is_known_is_named_and_no_new_one_is_made_up() -> None:
    annotations = (
        b"web, namespace: shop, annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: 'true'}, uid"
    )
    (moved,) = one(STORED, STORED.replace(b"web, namespace: shop, uid", annotations)).difference.addresses
    assert moved.old is not None
    assert moved.new is not None
    assert ("20.1.2.3", False, False) == (moved.old.text, moved.new.known, moved.kept)
    (kept,) = one(STORED, STORED.replace(b"targetPort: 8080", b"targetPort: 9090")).difference.addresses
    assert True is kept.kept


def test_the_verdict_of_before_and_after() -> None:
    new = (ROOT / "examples/ingress-nginx.yaml").read_bytes()
    path = b"  annotations:\n    service.beta.kubernetes.io/azure-load-balancer-health-probe-request-path: /healthz\n"
    first = new.index(b"  labels:", new.index(b"kind: Service"))
    planned = one(new[:first] + path + new[first:], new).difference.planned
    assert planned.old is not None
    assert planned.new is not None
    assert (VerdictKind.WORKS, VerdictKind.DOWN) == (planned.old.verdict.kind, planned.new.verdict.kind)
    assert Effect.BREAKS is planned.effect


def test_only_the_edits_that_decide_are_the_reason() -> None:
    new = manifest(f'{INTERNAL}\n{AZURE}load-balancer-tcp-idle-timeout: "10"\nx: z')
    found = one(manifest(), new)
    assert 3 == len(found.edits)
    assert ["load-balancer-internal"] == [str(edit.path[-1]).partition("azure-")[2] for edit in found.decisive]


def _named(text: bytes, name: str) -> bytes:
    return text.replace(b"name: web", f"name: {name}".encode())


SHARED = manifest(f"{AZURE}pip-name: ours")
OWNER = manifest("", "", "[{port: 443}]")


def test_what_deletion_takes_along_and_what_stays() -> None:
    deleted = one(manifest(), b"").difference
    assert ["load balancer", "public IP"] == sorted(text.rpartition(" ")[0].rpartition(" kub")[0] or text.partition(" k")[0]
                                                    for text in (each.replace("<uid of shop/web>", "u") for each in deleted.goes))  # fmt: skip
    assert ("public IP ours",) == one(SHARED, b"").difference.stays


def test_another_service_keeps_the_address_that_they_share() -> None:
    other = _named(manifest(f"{AZURE}pip-name: ours", "", "[{port: 443}]"), "other")
    found = {each.service.name: each for each in planned(SHARED + b"---\n" + other, other).services}
    assert {"web": ServiceFate.DELETED, "other": ServiceFate.SAME} == {
        name: each.difference.fate for name, each in found.items()
    }


def test_what_cannot_be_read_is_not_taken_for_deleted() -> None:
    found = planned(manifest(), manifest("y: 1"))
    assert found.problems
    assert [Effect.SAME] == [each.effect for each in found.services]


@pytest.mark.parametrize("version", ["1.23.5", "1.24.4", "1.34.3"])
@pytest.mark.parametrize(
    "left",
    [
        "[{name: b, port: 81}]",
        "[{name: b, port: 81}, {name: a, port: 80}]",
        "[{name: c, port: 82}, {name: b, port: 81}]",
    ],
)
def test_a_port_that_stays_at_another_place_of_the_list_is_served_as_before(version: str, left: str) -> None:
    """The provider keeps its rule, and the rule is the port's still."""
    planned = one(manifest(ports=TWO), manifest(ports=left), version).difference.planned
    assert planned.new is not None
    assert VerdictKind.WORKS is planned.new.verdict.kind
    served = {one.port.port: one.rule.frontend_port.value for one in planned.new.ports if one.port is not None}
    assert served[81] == 81
    assert all(port == number for port, number in served.items())


def test_a_port_that_moves_from_one_service_to_another_on_the_same_address() -> None:
    first = manifest(f"{AZURE}pip-name: ours", "", "[{name: a, port: 80}, {name: b, port: 443}]")
    second = _named(manifest(f"{AZURE}pip-name: ours", "", "[{name: b, port: 444}]"), "other")
    new = manifest(f"{AZURE}pip-name: ours", "", "[{name: a, port: 80}]") + b"---\n" + second.replace(b"444", b"443")
    found = {each.service.name: each for each in planned(first + b"---\n" + second, new).services}
    assert found["other"].difference.planned.new is not None
    assert VerdictKind.WORKS is found["other"].difference.planned.new.verdict.kind
    assert Effect.BREAKS is found["web"].effect


GATEWAY = b"""\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: istio
  listeners: [{name: http, port: 80, protocol: HTTP}]
"""


def test_a_gateway_is_read_as_explain_reads_it() -> None:
    internal = b"edge, namespace: shop, annotations: {networking.istio.io/service-type: LoadBalancer}"
    inside = GATEWAY.replace(
        b"spec:\n",
        b"spec:\n  infrastructure: {annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: 'true'}}\n",
    )
    found = one(GATEWAY, inside)
    assert found.found is not None
    assert ("Gateway shop/edge", 1) == (found.found.made_of, found.found.line)
    (moved,) = found.difference.addresses
    assert moved.new is not None
    assert ("internal", False) == (moved.new.kind, moved.kept)
    assert Effect.SAME is one(GATEWAY, GATEWAY.replace(b"edge, namespace: shop", internal)).effect


@pytest.mark.parametrize("version", ["1.23.0", "1.24.4", "1.27.11", "1.28.9", "1.29.4", "1.32.4", str(NEWEST)])
@pytest.mark.parametrize("name", ROWS)
def test_in_every_release_what_stays_is_the_same_and_each_answer_is_made(name: str, version: str) -> None:
    row = ROWS[name]
    assert {Effect.SAME} >= {each.effect for each in planned(row.new, row.new, version).services}
    one(row.old, row.new, version)
