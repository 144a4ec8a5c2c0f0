"""The addresses that the recorder's ARM gives out, so that our derivation can be compared address by address.

Public ones count from 20.0.0.1 and 2603:1030::1, private ones from 10.224.0.100 and fd00:10:224::100, each in the order of
creation. What is deleted and created again gets the next one.
"""

from collections.abc import Iterator, Mapping, Sequence

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.load_balancer.frontends import families
from kubectl_akslb.derive.public_ip.public_ip import resource_group
from kubectl_akslb.derive.service_gateway import PUBLIC_IP_SUFFIX
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.model.cluster import Cluster, Node
from kubectl_akslb.model.loadbalancer import PublicIPKey
from kubectl_akslb.model.service import IPV6, Service
from kubectl_akslb.provider.behaviours import DUAL_STACK, FAMILY_PUBLIC_IPS

_IPV6 = "-ipv6"


class GivingAzure(Azure):
    """An Azure that gives addresses to what is created in it."""

    __slots__ = ("addresses", "counts")

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(cluster, at_once=True)
        #: What has an address: public IPs by resource group and name, frontends by their name.
        self.addresses: dict[str, str] = {}
        #: The next number of each kind of address.
        self.counts: dict[str, int] = {}

    @classmethod
    def of(cls, azure: Azure, before: "GivingAzure") -> "GivingAzure":
        """The state of *azure*, with the addresses that *before* has given so far."""
        other = object.__new__(cls)
        for field in Azure.__slots__:
            setattr(other, field, getattr(azure, field))
        names = _standing(azure)
        other.addresses = {name: address for name, address in before.addresses.items() if name in names}
        other.counts = before.counts
        return other

    def delete_public_ip(self, key: PublicIPKey, by: str) -> None:
        """Delete a public IP, and its address with it."""
        self.addresses.pop("/".join(key), None)
        super().delete_public_ip(key, by)

    def change_nodes(self, before: Sequence[Node], after: Sequence[Node]) -> None:
        """Other nodes: the addresses of those that are gone belong to nobody."""
        self.claim(address for node in after for address in node.addresses)
        self.release(address for node in before for address in node.addresses)

    def given(self, service: Service, cluster: Cluster) -> "GivenAddresses":
        """The addresses for one step: the one of a Service on a cluster."""
        return GivenAddresses(self, service, cluster)


def _standing(azure: Azure) -> set[str]:
    """What stands and has an address of its own: public IPs, and private frontends."""
    private = (
        name
        for balancer in azure.load_balancers.values()
        for name, frontend in balancer.frontends.items()
        if frontend.subnet is not None
    )
    return {*map("/".join, azure.public_ips), *private}


class GivenAddresses(Mapping[str, str]):
    """What the derivation asks for the address that ARM assigned to a public IP or a frontend."""

    def __init__(self, azure: GivingAzure, service: Service, cluster: Cluster) -> None:
        self._azure = azure
        self._service = service
        self._cluster = cluster
        self._new: list[tuple[str, str]] = []

    def __getitem__(self, name: str) -> str:
        """The address of that name; a new one for what has none yet."""
        group = resource_group(Context(self._service, self._cluster))
        key = f"{group}/{name}".lower() if self._is_public(name) else name
        if key not in self._azure.addresses or (key == name and name not in _standing(self._azure)):
            form, first = self._kind(name)
            number = self._azure.counts.get(form, first)
            self._azure.counts[form] = number + 1
            self._azure.addresses[key] = form.format(number)
            self._new.append((key, form))
        return self._azure.addresses[key]

    def _is_public(self, name: str) -> bool:
        return name.startswith(self._cluster.cluster_name) or name.endswith(PUBLIC_IP_SUFFIX)

    def _kind(self, name: str) -> tuple[str, int]:
        public = self._is_public(name)
        ipv6 = self._is_ipv6(name, FAMILY_PUBLIC_IPS if public else DUAL_STACK)
        if public:
            return ("2603:1030::{}" if ipv6 else "20.0.0.{}"), 1
        return ("fd00:10:224::{}" if ipv6 else "10.224.0.{}"), 100

    def _is_ipv6(self, name: str, named_for_families: str) -> bool:
        """A dual-stack Service has both families in its names, from some release on."""
        if name.lower().endswith(_IPV6):
            return True
        if len(self._service.ip_families) == 2 and self._cluster.has(named_for_families):
            return False
        return families(Context(self._service, self._cluster))[:1] == (IPV6,)

    def __iter__(self) -> Iterator[str]:
        """The names that have one."""
        return iter(self._azure.addresses)

    def __len__(self) -> int:
        """How many have one."""
        return len(self._azure.addresses)

    def settle(self, azure: GivingAzure) -> None:
        """After a step: what was never created has taken no address, and what is gone has none any more."""
        standing = _standing(azure)
        for name, form in self._new:
            if name not in standing and name in azure.addresses:
                azure.counts[form] -= 1
        azure.addresses = {name: address for name, address in azure.addresses.items() if name in standing}
