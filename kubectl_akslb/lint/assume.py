"""What a manifest takes for granted: public IPs that it asks for are taken to exist, unless somebody says which do."""

from collections.abc import Iterable, Sequence

from kubectl_akslb.azure.resources import Resources, group_of
from kubectl_akslb.derive.addresses import is_address, is_private
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.public_ip.public_ip import load_balancer_ips, pip_name, resource_group
from kubectl_akslb.model.cluster import Cluster, ExistingPublicIP
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily, Service


def with_assumed_addresses(services: Sequence[Service], cluster: Cluster, azure: Resources | None = None) -> Cluster:
    """The cluster with every public IP that a public Service asks for, by name or by address.

    Nobody can know offline whether it exists; a finding that it does not would be wrong most of the time. Where *azure*
    has all that there are, those of them count, for Services that have no address yet.
    """
    if "existing_public_ips" in cluster.given:
        return cluster
    assumed: dict[tuple[str, str], ExistingPublicIP] = {}
    for service in services:
        if not is_internal(service):
            for address in _there(service, _asked_for(Context(service, cluster)), azure):
                assumed.setdefault((address.resource_group.lower(), address.name.lower()), address)
    return (
        cluster._replace(existing_public_ips=(*cluster.existing_public_ips, *assumed.values())) if assumed else cluster
    )


def _there(service: Service, asked: Sequence[ExistingPublicIP], azure: Resources | None) -> Iterable[ExistingPublicIP]:
    """Of what a Service asks for that which is there."""
    if azure is None or azure.public_ips is None or "public_ips" not in azure.whole or service.ingress_ips:
        return asked
    return (
        one._replace(name=known.name, ip_address=known.ip_address)
        for one in asked
        for known in azure.public_ips
        if group_of(known.id) == one.resource_group.lower()
        and (known.ip_address == one.ip_address or known.name.lower() == one.name.lower())
    )


def _asked_for(context: Context) -> list[ExistingPublicIP]:
    group = resource_group(context)
    found = []
    for family in (IPV4, IPV6):
        name = pip_name(context, family).raw
        if name and (family is IPV4 or IPV6 in context.service.ip_families):
            found.append(ExistingPublicIP(name, Placeholder(f"address of {name}"), family, group))
    asked = (text for text in load_balancer_ips(context) if is_address(text) and not is_private(text))
    return [*found, *(ExistingPublicIP(f"<name of {text}>", text, IPFamily.of(text), group) for text in asked)]
