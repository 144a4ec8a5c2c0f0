"""The answer for one Service: what stands in Azure for it, and what the person in front of it has to know."""

from typing import Final, Literal, TypeAlias

from kubectl_akslb.model.loadbalancer import LoadBalancer, LoadBalancingRule
from kubectl_akslb.model.network import PrivateLinkService, PublicIPAddress, SecurityRule
from kubectl_akslb.model.provenance import Derived, Origin
from kubectl_akslb.model.service import Service
from kubectl_akslb.named_tuple import NamedTuple

#: How far the reconcile got, in the order of the provider's reconcileService.
Stage: TypeAlias = Literal["load balancer", "status", "security group", "private link service", "public IP"]
LOAD_BALANCER_STAGE: Final = "load balancer"
STATUS_STAGE: Final = "status"
SECURITY_GROUP_STAGE: Final = "security group"
PRIVATE_LINK_STAGE: Final = "private link service"
PUBLIC_IP_STAGE: Final = "public IP"


class RefusalCode(NamedTuple):
    """One error of the provider, a row of ``provider/refusals.py``: that a Service is refused is told by *code* alone.

    *template* is the provider's text with names for what varies, *remedy* what a person does about it, *rule* the id of
    the lint rule that explains it.
    """

    code: str
    template: str
    remedy: str
    rule: str


class Refusal(NamedTuple):
    """The provider's own error text, so that a person can find it in the events of the Service.

    *stage* is where the reconcile stopped; all earlier stages took effect in Azure. *origin* is what caused it. Where
    it is not *returned*, the provider tells it in an event of its own, and does not try again.
    """

    message: str
    stage: Stage
    origin: Origin
    code: RefusalCode
    returned: bool = True


class Event(NamedTuple):
    """An event of the component ``azure-cloud-provider``.

    *recorded* is False where this provider version finds the fault but does not tell anybody.
    """

    type: str
    reason: str
    message: str
    recorded: bool = True


class Derivation(NamedTuple):
    """What the provider builds for one Service, given all Services that came before it.

    *ignored* is the reason why the provider does not act, or None. The load balancer holds only what belongs to this
    Service, its own frontends and those it shares; *azure* holds the whole state after it.
    """

    service: Service
    ignored: Derived[str] | None = None
    load_balancer: LoadBalancer | None = None
    public_ips: tuple[PublicIPAddress, ...] = ()
    security_rules: tuple[SecurityRule, ...] = ()
    refusal: Refusal | None = None
    events: tuple[Event, ...] = ()
    notes: tuple[str, ...] = ()
    #: Those on its frontends, where it asks for one; the one of a frontend that it shares may be another Service's.
    private_link_services: tuple[PrivateLinkService, ...] = ()

    @property
    def load_balancing_rules(self) -> tuple[LoadBalancingRule, ...]:
        """Its rules on the load balancer, none where it is on none."""
        return self.load_balancer.load_balancing_rules if self.load_balancer is not None else ()

    @property
    def serves_pods(self) -> bool:
        """Whether the load balancer sends packets to pods, past the nodes."""
        return self.load_balancer is not None and self.load_balancer.serves_pods
