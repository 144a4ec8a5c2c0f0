"""What Azure refuses of private link services."""

from collections.abc import Iterator

from kubectl_akslb.azure import limits
from kubectl_akslb.azure.refused.sent import DOCUMENTED, OBSERVED, Objection, SentState, is_same, load_balancer_of
from kubectl_akslb.derive import private_link
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.precedence import annotation
from kubectl_akslb.model.cluster import NODE_IP
from kubectl_akslb.model.derivation import (
    Derivation,
)
from kubectl_akslb.provider import annotations as keys


def private_link_on_addresses(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """A private link service before pools that hold addresses."""
    if private_link.is_requested(Context(derivation.service, sent.cluster)) and is_same(
        sent.cluster.pool_type, NODE_IP
    ):
        because = "the backend pools of the cluster hold addresses (nodeIP)"
        yield Objection(because, annotation(derivation.service, keys.PLS_CREATE), OBSERVED)


def too_many_private_links(sent: SentState, derivation: Derivation) -> Iterator[Objection]:
    """More private link services than a load balancer has."""
    count = sent.private_links_up_to.get(derivation.service.full_name, 0)
    if count > limits.PRIVATE_LINK_SERVICES:
        because = (
            f"load balancer {load_balancer_of(derivation)} would have {count} private link services; 8 are the most"
        )
        yield Objection(because, annotation(derivation.service, keys.PLS_CREATE), DOCUMENTED)
