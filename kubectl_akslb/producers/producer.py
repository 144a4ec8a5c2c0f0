"""What a file of this package offers: a kind of objects, or a controller of Gateways, and what is made of them."""

from collections.abc import Callable
from typing import TypeAlias

from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.producers.draft import Made, Object

Make: TypeAlias = Callable[[Object, Objects], list[Made]]
MakeOfGateway: TypeAlias = Callable[[Object, Object, Objects], list[Made]]


class Producer(NamedTuple):
    """Objects of *kind* in API *group*, of which *make* makes Services; *refers_to* are kinds that decide with them.

    *word* is in the text of each that has one of type LoadBalancer: where it is not, the text is not read.
    """

    kind: str
    group: str
    make: Make
    refers_to: tuple[str, ...] = ()
    word: str = ""

    def has(self, api_version: str) -> bool:
        """Whether an object of this version is meant, and not one of the same kind of somebody else."""
        return api_version.startswith(f"{self.group}/")


class GatewayController(NamedTuple):
    """Whose GatewayClass has one of the *controllers*' names; *classes* are the names that its documentation uses.

    *make* takes the Gateway and its GatewayClass, an empty one where it is not there. None: it makes no Service.
    """

    controllers: tuple[str, ...]
    classes: tuple[str, ...]
    make: MakeOfGateway | None
    refers_to: tuple[str, ...] = ()
