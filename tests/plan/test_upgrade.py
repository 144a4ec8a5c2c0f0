"""What an upgrade does to a Service: its effect, the dated behaviour that causes it, and the fix that comes before."""

from datetime import datetime, timezone
from typing import NamedTuple

import pytest

from conformance.cases import all_cases
from conformance.upgrades import nodes_after, standing
from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.manifest.decode import decode, with_defaults
from kubectl_akslb.manifest.load import load
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import LOAD_BALANCER, Service
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.plan.change import ChangeKind
from kubectl_akslb.plan.effect import Effect
from kubectl_akslb.plan.of_inputs import plan_upgrade
from kubectl_akslb.plan.upgrade import Planned, upgrade
from kubectl_akslb.plan.upgrade_plan import Reported
from kubectl_akslb.provider.behaviours import BEHAVIOURS, behaviours_of
from kubectl_akslb.provider.version import NEWEST
from tests.given.objects import ALONE
from tests.recorded.play import cluster_of

AZURE = "service.beta.kubernetes.io/azure-"


def manifest(annotations: str = "", spec: str = "", ports: str = "[{port: 80, targetPort: 8080}]") -> bytes:
    """A Service of type LoadBalancer; *annotations* and *spec* are lines of YAML."""
    told = "".join(f"    {line.strip()}\n" for line in annotations.splitlines() if line.strip())
    more = "".join(f"  {line.strip()}\n" for line in spec.splitlines() if line.strip())
    head = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: shop\n"
    return f"{head}  annotations:\n{told}spec:\n  type: LoadBalancer\n{more}  ports: {ports}\n".encode()


def cluster(version: str, behaviours: frozenset[str] | None = None) -> Cluster:
    """A cluster with this release of the provider."""
    parsed = ProviderVersion.parse(version)
    return Cluster(parsed, behaviours_of(parsed) if behaviours is None else behaviours)


def services(data: bytes) -> list[Service]:
    """The Services of a manifest."""
    return [with_defaults(found.service) for found in load(data).services]


def planned(data: bytes, old: str, new: str) -> tuple[Planned, ...]:
    """The plan of each Service of a manifest."""
    objects = Objects(found.data for found in load(data).services)
    now = datetime.now(timezone.utc)
    return upgrade(services(data), cluster(old), cluster(new), lambda one: evidence_of(one, objects, now=now))


HTTP = "[{name: http, port: 80, targetPort: 8080, appProtocol: http}]"
DUAL = "ipFamilies: [IPv4, IPv6]\nipFamilyPolicy: RequireDualStack\nloadBalancerSourceRanges: [0.0.0.0/0]"
INTERNAL = f'{AZURE}load-balancer-internal: "true"'
NO_FLOATING_IP = f'{AZURE}disable-load-balancer-floating-ip: "true"'


class Row(NamedTuple):
    """A Service, the two releases, and what the upgrade comes to."""

    manifest: bytes
    old: str
    new: str
    effect: Effect
    causes: tuple[str, ...]


#: For each behaviour that breaks something, a Service and two releases beside its date, where there is one alone.
BREAKING = {
    "app-protocol-probe": Row(manifest(ports=HTTP), "1.23.30", "1.24.0", Effect.MAY_BREAK, ("app-protocol-probe",)),
    "probe-path-root": Row(
        manifest(f"{AZURE}load-balancer-health-probe-protocol: http"), "1.23.8", "1.23.9", Effect.MAY_BREAK,
        ("probe-path-root",),
    ),
    "probe-code-of-1.23.4": Row(
        manifest(ports=HTTP), "1.23.3", "1.23.4", Effect.MAY_BREAK, ("probe-code-of-1.23.4",)
    ),
    "local-probe-port": Row(
        manifest('service.beta.kubernetes.io/port_80_health-probe_port: "80"', "externalTrafficPolicy: Local"),
        "1.28.0", "1.28.1", Effect.CHANGES, ("local-probe-port",),
    ),
    "access-control": Row(
        manifest(f"{AZURE}allowed-ip-ranges: 192.0.2.0/24"), "1.28.4", "1.28.5", Effect.MAY_BREAK, ("access-control",)
    ),
    "deny-invalid-ranges": Row(
        manifest("", "loadBalancerSourceRanges: [192.0.2.1/24]"), "1.28.7", "1.28.8", Effect.MAY_BREAK,
        ("deny-invalid-ranges",),
    ),
    "shared-nsg-rules": Row(manifest(), "1.28.14", "1.29.0", Effect.RENAMES, ("shared-nsg-rules",)),
    "strict-additional-ips": Row(
        manifest(f'{AZURE}additional-public-ips: "203.0.113.9, 203.0.113.10"'), "1.28.14", "1.29.0", Effect.BREAKS,
        ("strict-additional-ips",),
    ),
    "trimmed-ranges": Row(
        manifest(f'{AZURE}allowed-ip-ranges: "192.0.2.0/24, 198.51.100.0/24"'), "1.29.3", "1.29.4", Effect.EXPOSES,
        ("trimmed-ranges",),
    ),
    "no-internet-beside-any": Row(
        manifest("", DUAL), "1.33.1", "1.33.2", Effect.BREAKS, ("no-internet-beside-any",)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKING)
def test_names_the_behaviour_that_causes_it(name: str) -> None:
    row = BREAKING[name]
    (found,) = planned(row.manifest, row.old, row.new)
    assert (row.effect, row.causes) == (found.effect, tuple(c.behaviour for c in found.causes if c.decisive))


class Together(NamedTuple):
    """A recorded case of several Services or load balancers, two releases, and what one of its Services comes to."""

    case: str
    service: str
    old: str
    new: str
    effect: Effect


#: Rows that one Service alone cannot show: they need multiple load balancers, or what others have left.
ELSEWHERE = {
    "selected-load-balancers-first": Together(
        "multiple/one-selector-edge", "default/web", "1.28.4", "1.28.5", Effect.LOSES_ADDRESS
    ),
    "pinned-load-balancer": Together(
        "multiple/pinned-ipv4-and-asked", "default/web", "1.33.11", "1.33.12", Effect.BREAKS
    ),
    "managed-nsg-rules-by-name": Together(
        "history/refused-private-link-beside", "default/web", "1.33.2", "1.33.3", Effect.CHANGES
    ),
    "shared-frontends-are-ipv4": Together("together/dual-stack", "default/two", "1.31.14", "1.32.0", Effect.BREAKS),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_names_the_behaviour_that_causes_it_among_several(name: str) -> None:
    row = ELSEWHERE[name]
    case = next(one for one in all_cases() if one.id == row.case).as_json()
    found = [one for one in map(with_defaults, map(decode, standing(case))) if one.type == LOAD_BALANCER]
    given = {**case, "nodes": nodes_after(case)}
    versions = ProviderVersion.parse(row.old), ProviderVersion.parse(row.new)
    old, new = (cluster_of(given, version, behaviours_of(version)) for version in versions)
    plans = {one.service.full_name: one for one in upgrade(found, old, new, lambda _: ALONE)}
    planned = plans[row.service]
    assert (row.effect, [name]) == (planned.effect, [one.behaviour for one in planned.causes if one.decisive])


def test_every_breaking_behaviour_has_a_case() -> None:
    assert {str(row) for row in BEHAVIOURS if row.breaking} == {*BREAKING, *ELSEWHERE}


def test_a_cause_names_the_first_release_on_the_way() -> None:
    (found,) = planned(manifest(f"{AZURE}allowed-ip-ranges: 192.0.2.0/24"), "1.26.3", "1.28.14")
    assert [("access-control", ProviderVersion(1, 26, 19))] == [(c.behaviour, c.release) for c in found.causes[:1]]


def test_what_stays_is_the_same() -> None:
    (found,) = planned(manifest(), "1.34.1", str(NEWEST))
    assert (Effect.SAME, (), ()) == (found.effect, found.changes, found.causes)


def test_unknown_node_ports_are_those_of_each_service() -> None:
    effects = []
    for node_ports in ((", nodePort: 30080", ", nodePort: 30081", ", nodePort: 30082"), ("", "", "")):
        annotations = (NO_FLOATING_IP, NO_FLOATING_IP, f"{NO_FLOATING_IP}\n{AZURE}allowed-ip-ranges: 192.0.2.0/24")
        pairs = zip(annotations, node_ports, strict=True)
        texts = [manifest(told, "", f"[{{port: 80{node_port}}}]") for told, node_port in pairs]
        data = b"---\n".join(one.replace(b"name: web", b"name: web-%d" % number) for number, one in enumerate(texts))
        effects.append([one.effect for one in planned(data, "1.28.9", "1.31.14")])
    assert effects[0] == effects[1]
    assert Effect.BREAKS not in effects[1]


def test_kube_proxy_is_a_cause_of_its_own() -> None:
    (found,) = planned(manifest("", "loadBalancerSourceRanges: [192.0.2.0/24]"), "1.24.22", "1.25.16")
    assert (Effect.MAY_BREAK, ["kubernetes-1.25"]) == (found.effect, [c.behaviour for c in found.causes])


def test_kube_proxy_is_the_cause_beside_rows_that_change_less() -> None:
    """The step that breaks is named among several minors, though rows of the provider change values of their own."""
    data = manifest("", "loadBalancerSourceRanges: [192.0.2.0/24]")
    (found,) = planned(data, "1.23.30", "1.34.13")
    decisive = [(one.behaviour, one.release) for one in found.causes if one.decisive]
    assert (Effect.MAY_BREAK, [("kubernetes-1.25", ProviderVersion(1, 25, 0))]) == (found.effect, decisive)
    assert "probe-threshold" in {one.behaviour for one in found.causes}


def test_a_service_that_is_refused_no_more_changes() -> None:
    data = manifest('service.beta.kubernetes.io/port_80_health-probe_port: "8100"')
    (found,) = planned(data, "1.25.16", "1.25.17")
    assert (Effect.CHANGES, ["literal-probe-port"]) == (found.effect, [c.behaviour for c in found.causes])


def test_a_service_that_is_refused_from_then_on_keeps_what_stands() -> None:
    data = manifest(f"{AZURE}allowed-ip-ranges: 192.0.2.0/24", "loadBalancerSourceRanges: [192.0.2.0/24]")
    (found,) = planned(data, "1.28.4", "1.28.5")
    assert (Effect.BREAKS, [ChangeKind.SERVICE]) == (found.effect, [change.kind for change in found.changes])


def reported(data: bytes, old: str, new: str, *, exact: bool = True) -> Reported:
    """What the command says of the one Service of a manifest."""
    return plan_upgrade([("web.yaml", data)], cluster(old), cluster(new), exact=exact).services[0]


def test_the_fix_comes_before_and_is_right_on_both_sides() -> None:
    data = manifest(f'{AZURE}additional-public-ips: "203.0.113.9, 203.0.113.10"')
    found = reported(data, "1.28.14", "1.29.0")
    assert found.before is not None
    (edit,) = found.before.edits
    assert (f"{AZURE}additional-public-ips", "203.0.113.9,203.0.113.10") == (edit.path[-1], edit.value)
    assert Effect.SAME is found.before.now
    assert Effect.RENAMES is found.before.then


def test_services_that_are_alike_get_the_fix_for_their_own_pods() -> None:
    images = {"metrics": ("prom/prometheus", 9090), "edge": ("kong", 8000)}
    documents = [
        f"""
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec:
  type: LoadBalancer
  selector: {{app: {name}}}
  ports: [{{name: web, port: 80, targetPort: web, appProtocol: http}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: main, image: {image}, ports: [{{name: web, containerPort: {number}}}]}}]}}
"""
        for name, (image, number) in images.items()
    ]
    plan = plan_upgrade([("web.yaml", "---".join(documents).encode())], cluster("1.23.30"), cluster("1.24.22"))
    first, second = (one.before for one in plan.services)
    assert first is not None
    assert second is not None
    assert ["/-/healthy", "tcp"] == [first.edits[0].value, second.edits[0].value]


def test_the_fix_for_one_ip_family_names_the_other() -> None:
    found = reported(manifest("", DUAL), "1.33.1", "1.33.2")
    assert found.before is not None
    assert [("0.0.0.0/0", "::/0")] == [edit.value for edit in found.before.edits]
    applied = manifest("", DUAL.replace("[0.0.0.0/0]", '[0.0.0.0/0, "::/0"]'))
    (after,) = planned(applied, "1.33.1", "1.33.2")
    assert after.effect is found.before.then


def test_an_old_minor_without_its_patch_means_the_worst_patch() -> None:
    found = reported(manifest("", DUAL), "1.31.14", "1.33.2", exact=False)
    assert (Effect.BREAKS, ProviderVersion(1, 31, 8)) == (found.effect, found.unless)
    assert Effect.SAME is reported(manifest("", DUAL), "1.31.14", "1.33.2").effect


def _under(row: Row, behaviours: frozenset[str]) -> Planned:
    now = datetime.now(timezone.utc)
    clusters = cluster(row.old), cluster(row.new, behaviours)
    (found,) = upgrade(services(row.manifest), *clusters, lambda one: evidence_of(one, Objects(()), now=now))
    return found


@pytest.mark.parametrize("name", BREAKING)
def test_no_cause_makes_no_difference(name: str) -> None:
    """Without any one of the causes the changes are others: that is what the smallest set means."""
    row = BREAKING[name]
    (found,) = planned(row.manifest, row.old, row.new)
    behaviours = behaviours_of(ProviderVersion.parse(row.new))
    for cause in found.causes:
        if cause.behaviour != "app-protocol-probe":  # its other half is the row that ends where it begins
            other = _under(row, behaviours - {cause.behaviour})
            assert [change.key for change in other.changes] != [change.key for change in found.changes]
