"""Microsoft's page on the public standard load balancer: the way out, SNAT ports, and the flags of az."""

from typing import Any

from kubectl_akslb.derive.outbound.outbound import derive_outbound
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.outbound import Outbound
from kubectl_akslb.model.outbound_profile import OutboundProfile
from kubectl_akslb.provider.errata import LEARN
from tests.doc_claims.row import Check, Row, Table, case
from tests.given.derived import bare
from tests.given.services import on, service


def _cluster(**profile: Any) -> Cluster:
    """A cluster with this outbound profile."""
    given = frozenset(f"outbound.{field}" for field in profile)
    return on()._replace(outbound=OutboundProfile()._replace(**profile), given=given)


def _outbound(**profile: Any) -> Outbound:
    return derive_outbound(_cluster(**profile))


def _snat(field: str, **profile: Any) -> int | None:
    snat = _outbound(**profile).snat
    assert snat is not None
    number = bare(getattr(snat, field))
    assert number is None or isinstance(number, int)
    return number


def _most(ports: int, ips: int) -> int | None:
    return _snat("max_nodes", allocated_outbound_ports=ports, managed_ip_count=ips)


EQUATION = Table(LEARN, "outbound-equation", "Calculate and verify outbound ports and IPs needed", (
    Row("most-nodes", "64,000 / ports of a node x addresses, rounded to the nearest number, is the most nodes",
        (case(service(), _cluster(allocated_outbound_ports=24), refused=None),),
        (Check("24 ports: 2666.67 nodes", 2666, lambda: _most(24, 1)),),
        disagrees=("snat-rounding",)),
))  # fmt: skip


TABLES = (
    EQUATION,
)  # fmt: skip
