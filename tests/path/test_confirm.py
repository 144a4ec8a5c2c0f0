"""The commands of the table of events, with what is known of this Service in place of their words in capitals."""

import pytest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.service import Service
from kubectl_akslb.path.confirm import confirm_command
from tests.given.services import INTERNAL, on, service

LB = "az network lb show -g NODE_RESOURCE_GROUP -n kubernetes"
UNKNOWN = on()._replace(given=frozenset())
KNOWN = on(resource_group="MC_shop")._replace(given=frozenset({"resource_group"}))


@pytest.mark.parametrize(
    ("text", "given", "cluster", "expected"),
    [
        ("", service(), UNKNOWN, None),
        ("; az network nsg list", service(), UNKNOWN, None),
        ("kubectl -n NAMESPACE get svc SERVICE", service(), UNKNOWN, "kubectl -n shop get svc web"),
        ("az network nsg list; az network lb list", service(), UNKNOWN, "az network nsg list"),
        ("kubectl get svc --namespace=NAMESPACE", service(), UNKNOWN, "kubectl get svc --namespace=shop"),
        ("kubectl get svc SERVICE", service()._replace(name="$(x)"), UNKNOWN, None),
        (LB, service(), UNKNOWN, LB),
        (LB, service(), KNOWN, "az network lb show -g MC_shop -n kubernetes"),
        (LB, service(INTERNAL), KNOWN, "az network lb show -g MC_shop -n kubernetes-internal"),
    ],
)
def test_what_is_known_stands_in_the_command(text: str, given: Service, cluster: Cluster, expected: str | None) -> None:
    found = confirm_command(text, Context(given, cluster))
    assert expected == (None if found is None else str(found))
