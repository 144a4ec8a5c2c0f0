"""That Services share what their changes come to changes no answer: each comes to what it comes to by its own path."""

from datetime import datetime, timezone

import pytest

from bench.fleet import fleet
from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.lint.stream import read_manifests
from kubectl_akslb.manifest.decode import with_defaults
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.path.verdict import Path
from kubectl_akslb.plan.path_shape import PathShapes
from kubectl_akslb.plan.upgrade import Planned, upgrade
from kubectl_akslb.plan.walked import Walked
from kubectl_akslb.render.plan_words import headline
from tests.plan.test_upgrade import AZURE, DUAL, HTTP, INTERNAL, NO_FLOATING_IP, cluster, manifest

#: Kubernetes' part changes in all of them, so that every Service is walked.
UPGRADES = (("1.24.4", "1.25.5"), ("1.28.9", "1.29.4"), ("1.31.0", "1.33.2"))
LOCAL = "externalTrafficPolicy: Local"
RANGES = "loadBalancerSourceRanges: [20.1.0.0/16]"
SAME_NODE_PORT = "[{port: 80, nodePort: 30080}, {name: u, port: 80, protocol: UDP, nodePort: 30080}]"
ODD = tuple(
    manifest(annotations, spec, ports)
    for annotations in ("", INTERNAL, NO_FLOATING_IP, f"{AZURE}allowed-service-tags: AzureCloud")
    for spec, ports in (("", SAME_NODE_PORT), (LOCAL, HTTP), (RANGES, HTTP), (DUAL, SAME_NODE_PORT))
)
WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx, ports: [{containerPort: 8080}]}]}
"""


def _twice(data: bytes, number: int) -> bytes:
    """A Service with another one of its kind, which has a UID: what stands already is asked less."""
    names = (
        f"name: web-{number}-{other}\n  uid: {number:08x}-{other:04x}-4000-8000-000000000000\n" for other in (1, 2)
    )
    return b"---\n".join(data.replace(b"name: web\n", name.encode(), 1) for name in names)


def _plans(data: bytes, old: str, new: str) -> tuple[Planned, ...]:
    manifests = read_manifests([("all.yaml", data)])
    services = [with_defaults(one.service) for one in manifests.found]
    now = datetime.now(timezone.utc)
    return upgrade(services, cluster(old), cluster(new), lambda one: evidence_of(one, manifests.objects, now=now))


def _told(planned: tuple[Planned, ...]) -> list[tuple[object, ...]]:
    return [
        (
            one.service.full_name,
            one.effect,
            [change.key for change in one.changes],
            [(each.effect, each.who, each.after) for each in one.consequences],
            one.causes,
            headline(one),
        )
        for one in planned
    ]


@pytest.mark.parametrize(("old", "new"), UPGRADES)
@pytest.mark.parametrize("beside", ["", WORKLOAD])
def test_paths_that_are_shared_come_to_the_same(
    beside: str, old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = b"---\n".join(_twice(one, number) for number, one in enumerate(ODD))
    data = b"---\n".join((odd, fleet(24, 8), beside.encode()))
    walks = 0
    path = Walked.path

    def counted(walked: Walked, one: Derivation, evidence: Evidence) -> Path:
        nonlocal walks
        walks += 1
        return path(walked, one, evidence)

    monkeypatch.setattr(Walked, "path", counted)
    shared = _told(_plans(data, old, new))
    once = walks
    monkeypatch.setattr(PathShapes, "of", lambda *_: None)  # nobody is like another
    assert shared == _told(_plans(data, old, new))
    assert once < walks - once
