"""The addresses of a Service before and after: which are kept, and which are other ones."""

from kubectl_akslb.derive.naming import family_of_name
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.loadbalancer import FrontendIPConfiguration
from kubectl_akslb.model.provenance import ANNOTATION, Derived, Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily
from kubectl_akslb.named_tuple import NamedTuple

PUBLIC, INTERNAL = "public", "internal"


class ServiceAddress(NamedTuple):
    """One address of a Service: *text* is a placeholder where only Azure knows it.

    *resource* is the public IP, or the subnet of an internal one, which may be *asked for* or the cluster's own.
    *managed*: the provider has made it, and deletes it. *identity* is the same as long as nothing makes it anew.
    """

    kind: str
    family: IPFamily
    text: str
    resource: str
    managed: bool = True
    is_asked_for: bool = True
    identity: Derived[str] | None = None

    @property
    def known(self) -> bool:
        """Whether it is an address, and not a placeholder."""
        return not isinstance(self.text, Placeholder)


class AddressChange(NamedTuple):
    """What becomes of the address of an IP family; one of the two is None where the Service has none then.

    *kept* is None where nobody can tell: the provider keeps an internal address if the subnet still holds it.
    """

    family: IPFamily
    old: ServiceAddress | None
    new: ServiceAddress | None
    kept: bool | None


def addresses(derivation: Derivation, azure: Azure) -> dict[IPFamily, ServiceAddress]:
    """The addresses of a Service by IP family, on what stands."""
    balancer = derivation.load_balancer
    found = {}
    for frontend in balancer.frontend_ip_configurations if balancer is not None else ():
        one = _of(frontend, azure)
        found[one.family] = one
    return found


def _of(frontend: FrontendIPConfiguration, azure: Azure) -> ServiceAddress:
    named, key = frontend.public_ip_address, frontend.public_ip_key
    if named is None or key is None:
        family = IPV6 if frontend.private_ip_address_version is not None else IPFamily.of(frontend.address)
        subnet = frontend.subnet.value if frontend.subnet is not None else ""
        told = frontend.subnet is not None and frontend.subnet.origin.kind == ANNOTATION
        return ServiceAddress(INTERNAL, family, frontend.address, subnet, True, told, frontend.name)
    standing = azure.public_ips.get(key)
    if standing is None:
        family = IPV6 if IPFamily.of(frontend.address) is IPV6 else family_of_name(named.value)
        return ServiceAddress(PUBLIC, family, frontend.address, named.value)
    family = IPV6 if standing.version.value == IPV6 else IPV4
    address = standing.ip_address
    return ServiceAddress(PUBLIC, family, address.value, standing.name.value, standing.managed, True, address)


def compared(old: dict[IPFamily, ServiceAddress], new: dict[IPFamily, ServiceAddress]) -> tuple[AddressChange, ...]:
    """What becomes of each."""
    return tuple(
        AddressChange(family, old.get(family), new.get(family), _kept(old.get(family), new.get(family)))
        for family in sorted({**old, **new})
    )


def _kept(old: ServiceAddress | None, new: ServiceAddress | None) -> bool | None:
    if old is None or new is None or old.kind != new.kind:
        return False
    if old.known and new.known:
        return old.text == new.text and old.resource.lower() == new.resource.lower()
    if old.resource.lower() != new.resource.lower() or old.known != new.known:
        return False
    if old.identity is new.identity:
        return True  # nothing has made it anew
    return False if old.kind == PUBLIC else None
