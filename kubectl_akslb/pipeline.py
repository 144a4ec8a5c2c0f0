"""What the commands do, as functions from text to results: nothing here reads a file or writes to a terminal."""

import gc
from collections.abc import Sequence
from typing import NamedTuple

from kubectl_akslb.derive.answer import shell_quoted
from kubectl_akslb.derive.configurations import configuration_faults
from kubectl_akslb.derive.outbound import derive_outbound, how_pods_leave
from kubectl_akslb.derive.reach import reach
from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.derive.unread import Unread, unread
from kubectl_akslb.derive.verdict import Verdict, verdict
from kubectl_akslb.errors import InputError
from kubectl_akslb.lint.assume import with_assumed_addresses
from kubectl_akslb.lint.diagnostic import Diagnostic
from kubectl_akslb.manifest.decode import with_defaults
from kubectl_akslb.manifest.load import FoundService, load
from kubectl_akslb.model.cluster import Cluster, ExistingPublicIP
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.live import LiveState
from kubectl_akslb.model.outbound import Outbound, PodEgress
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.model.reach import Reach
from kubectl_akslb.provider.documents import Disagreement, disagreements
from kubectl_akslb.provider.workloads import Workload, recognise


class Explained(NamedTuple):
    """All there is to say about one Service."""

    found: FoundService
    derivation: Derivation
    reach: Reach
    egress: PodEgress
    verdict: Verdict
    workload: Workload | None
    unread: tuple[Unread, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    live: LiveState | None = None


class Explanation(NamedTuple):
    """The Services of all inputs in order, and what could not be read.

    *other_services* counts Services of other types that were passed over, *secrets* the Secrets that were not read.
    """

    cluster: Cluster
    outbound: Outbound
    notices: tuple[str, ...]
    services: tuple[Explained, ...]
    problems: tuple[InputError, ...]
    other_services: int = 0
    secrets: int = 0


def explain(inputs: Sequence[tuple[str, bytes]], cluster: Cluster, notices: Sequence[str] = ()) -> Explanation:
    """Explain every Service of type LoadBalancer in *inputs*, pairs of a name and its bytes.

    Services share addresses and security rules as if they were created in this order. InputError where an input is no
    text at all; documents that cannot be read are problems of the explanation, the others are explained.
    """
    found: list[FoundService] = []
    problems: list[InputError] = []
    others = secrets = 0
    for path, data in inputs:
        loaded = load(data, path)
        found += loaded.services
        problems += loaded.problems
        others += loaded.other_services
        secrets += loaded.secrets
    asked = len(cluster.existing_public_ips)
    cluster = with_assumed_addresses([with_defaults(one.service) for one in found], cluster)
    outbound = derive_outbound(cluster)
    services = explain_services(found, cluster, outbound)
    said = (*notices, *_faults(cluster), *_twice(found), *_assumed(cluster.existing_public_ips[asked:], cluster))
    return Explanation(cluster, outbound, said, services, tuple(problems), others, secrets)


def _twice(found: Sequence[FoundService]) -> list[str]:
    """A sentence for each Service that is there more than once: in a cluster there can be only one."""
    places: dict[str, list[str]] = {}
    for one in found:
        name = f"{one.service.namespace or 'default'}/{one.service.name}"
        places.setdefault(name, []).append(f"{one.path}:{one.line}")
    return [
        f"{name} is there {len(where)} times ({', '.join(where)}): explained as one Service, applied in this order"
        for name, where in places.items()
        if len(where) > 1
    ]


def _faults(cluster: Cluster) -> list[str]:
    """A sentence for each fault with which the provider does not start: it reconciles no Service then."""
    return [
        f"the provider does not start with this cluster, so nothing happens: {fault.message} ({fault.origin.path})"
        for fault in configuration_faults(cluster)
        if fault.at_start
    ]


def _assumed(addresses: Sequence[ExistingPublicIP], cluster: Cluster) -> list[str]:
    """A sentence for each public IP that a Service asks for and that nobody said exists, with the command to see it."""
    own = cluster.resource_group if "resource_group" in cluster.given else "NODE_RESOURCE_GROUP"
    texts = []
    for one in addresses:
        group = shell_quoted(one.resource_group if one.resource_group != cluster.resource_group else own)
        if isinstance(one.ip_address, Placeholder):
            texts.append(
                f"the public IP {one.name} is taken to exist: az network public-ip show -g {group} -n"
                f" {shell_quoted(one.name)}"
            )
        else:
            query = f"\"[?ipAddress=='{one.ip_address}'].name\""  # an address holds nothing that a shell reads
            texts.append(
                f"a public IP with the address {one.ip_address} is taken to exist: az network public-ip list -g {group}"
                f" --query {query}"
            )
    return texts


def explain_services(found: Sequence[FoundService], cluster: Cluster, outbound: Outbound) -> tuple[Explained, ...]:
    """Explain Services in the order of their creation."""
    collecting = gc.isenabled()
    gc.disable()  # nothing here has cycles; the collector would only walk thousands of small tuples again and again
    try:
        outcome = derive_all([with_defaults(one.service) for one in found], cluster)
        pairs = zip(found, outcome.derivations, strict=True)
        return tuple(_explained(one, derivation, cluster, outbound) for one, derivation in pairs)
    finally:
        if collecting:
            gc.enable()


def _explained(found: FoundService, derivation: Derivation, cluster: Cluster, outbound: Outbound) -> Explained:
    service = derivation.service
    clients = reach(derivation, cluster)
    workload = recognise(service.labels, service.selector, (), service.ports)
    return Explained(
        found,
        derivation,
        clients,
        how_pods_leave(service, cluster, outbound),
        verdict(derivation, cluster, clients, workload),
        workload,
        unread(derivation, cluster),
        disagreements(service, cluster),
    )
