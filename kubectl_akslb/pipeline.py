"""What the commands do, as functions from text to results: nothing here reads a file or writes to a terminal."""

import gc
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, TypeAlias

from kubectl_akslb.azure.dated_deviations import by_service
from kubectl_akslb.azure.deviations import Deviation
from kubectl_akslb.azure.refusals import Sent
from kubectl_akslb.derive.naming import multiple_load_balancers
from kubectl_akslb.derive.reconcile import derive_all
from kubectl_akslb.errors import InputError
from kubectl_akslb.evidence.cluster import evidence_of
from kubectl_akslb.evidence.evidence import Evidence, EvidenceSource
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.lint.assume import with_assumed_addresses
from kubectl_akslb.lint.diagnostic import Diagnostic
from kubectl_akslb.lint.stream import Stream, read_manifests
from kubectl_akslb.manifest.decode import with_defaults
from kubectl_akslb.manifest.load import FoundService
from kubectl_akslb.model.cluster import Cluster, ExistingPublicIP
from kubectl_akslb.model.command import command, flag
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.provenance import Placeholder
from kubectl_akslb.model.service import Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.context import PathContext
from kubectl_akslb.path.reconciled import last_failure
from kubectl_akslb.path.verdict import Path
from kubectl_akslb.path.walk import walk
from kubectl_akslb.provider.workloads import Workload, recognise

if TYPE_CHECKING:
    from datetime import datetime

    from kubectl_akslb.azure.resources import Resources
    from kubectl_akslb.derive.ineffective_annotations import IneffectiveAnnotation
    from kubectl_akslb.evidence.service_templates import ServiceTemplate
    from kubectl_akslb.model.live_state import LiveState
    from kubectl_akslb.model.outbound import Outbound, PodEgress
    from kubectl_akslb.provider.errata import Erratum

TextOf: TypeAlias = Callable[[FoundService], tuple[FoundService, Stream] | None]
"""The text of a Service, and the stream that it is a part of: as it was found, or as lint writes it of a cluster."""


class Explained(NamedTuple):
    """All there is to say about one Service.

    *lint* are the findings about it, made when somebody asks. *connection* are kubectl's flags for the cluster that it
    was read from.
    """

    found: FoundService
    derivation: Derivation
    evidence: Evidence
    path: Path
    cluster: Cluster
    lint: Callable[[], tuple[Diagnostic, ...]] = tuple
    live: "LiveState | None" = None
    connection: tuple[str, ...] = ()

    @property
    def context(self) -> PathContext:
        """What the hops of its path ask."""
        return PathContext(self.derivation, self.cluster, self.evidence)

    # What only a Service in detail shows, and not a line of the table: of ten thousand it would take seconds, and what
    # it needs is not imported for those who do not ask.

    @property
    def egress(self) -> "PodEgress":
        """How its pods leave."""
        from kubectl_akslb.derive.outbound.outbound import derive_outbound, how_pods_leave

        found = how_pods_leave(self.context, derive_outbound(self.cluster))
        return found._replace(verify=found.verify.on(self.connection)) if self.connection else found

    @property
    def workload(self) -> Workload | None:
        """What is known to stand behind it."""
        service = self.derivation.service
        images = tuple(image for pods in self.evidence.pods or () for image in pods.images)
        return recognise(service.labels, service.selector, images)

    @property
    def ineffective(self) -> "tuple[IneffectiveAnnotation, ...]":
        """Its annotations that do nothing."""
        from kubectl_akslb.derive.ineffective_annotations import ineffective_annotations

        return ineffective_annotations(self.derivation, self.cluster)

    @property
    def errata(self) -> "tuple[Erratum, ...]":
        """Where a document says otherwise about it."""
        from kubectl_akslb.provider.errata import errata_of

        return errata_of(self.derivation.service, self.cluster)


class Explanation(NamedTuple):
    """The Services of all inputs in order, and what could not be read.

    *other_services* counts Services of other types that were passed over, *secrets* the Secrets that were not read.
    *azure* is what was read of what stands there, None where nobody asked.
    """

    cluster: Cluster
    notices: tuple[str, ...]
    services: tuple[Explained, ...]
    problems: tuple[InputError, ...]
    other_services: int = 0
    secrets: int = 0
    azure: "Resources | None" = None

    @property
    def outbound(self) -> "Outbound":
        """The cluster's own way out."""
        from kubectl_akslb.derive.outbound.outbound import derive_outbound

        return derive_outbound(self.cluster)


def explain(
    inputs: Sequence[tuple[str, bytes]],
    cluster: Cluster,
    notices: Sequence[str] = (),
    namespace: str = "",
    azure: "Resources | None" = None,
    templates: "Sequence[ServiceTemplate]" = (),
) -> Explanation:
    """Explain every Service of type LoadBalancer in *inputs*, pairs of a name and its bytes.

    Services share addresses and security rules as if they were created in this order, and all that stands in any of the
    inputs is evidence, beside what stands in *azure*; what names no namespace goes to *namespace*. *templates* are
    fields of other objects that hold a Service. InputError where an input is no text at all; documents that cannot be
    read are problems of the explanation, the others are explained.
    """
    streams, objects, made = read_manifests(inputs, namespace, templates)
    found = [in_namespace(one, namespace) for one in made]
    asked = len(cluster.existing_public_ips)
    read = Read(objects, azure=azure)
    asking = [service for one in found if not lacks_address(service := with_defaults(one.service), read)]
    cluster = with_assumed_addresses(asking, cluster, azure)
    by_path = {stream.path: stream for stream in streams}
    services = explain_services(found, cluster, read, lambda one: (one, by_path[one.path]))
    said = (
        *notices,
        *_faults(cluster),
        *_twice([one for one in found if not one.made_of]),
        *_assumed(cluster.existing_public_ips[asked:], cluster, azure),
        *azure_notices(azure),
    )
    return Explanation(
        cluster,
        said,
        services,
        tuple(problem for stream in streams for problem in stream.unread),
        sum(len(stream.others) for stream in streams),
        sum(stream.secrets for stream in streams),
        azure,
    )


def in_namespace(found: FoundService, namespace: str) -> FoundService:
    """The Service in *namespace*, where it names none itself."""
    if not namespace or found.service.namespace:
        return found
    return found._replace(service=found.service._replace(namespace=namespace))


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
    if not multiple_load_balancers(cluster) and not cluster.disable_outbound_snat:
        return []
    from kubectl_akslb.derive.load_balancer.configurations import configuration_faults

    return [
        f"the provider does not start with this cluster, so nothing happens: {fault.message} ({fault.origin.path})"
        for fault in configuration_faults(cluster)
        if fault.at_start
    ]


def azure_notices(azure: "Resources | None") -> tuple[str, ...]:
    """What there is to say about what was read of Azure, and in which state the cluster is there."""
    if azure is None:
        return ()
    from kubectl_akslb.path.hindrances import cluster_states
    from kubectl_akslb.path.sentences import sentence

    return (*azure.notices, *map(sentence, cluster_states(azure)))


def _assumed(addresses: Sequence[ExistingPublicIP], cluster: Cluster, azure: "Resources | None") -> list[str]:
    """A sentence for each public IP that a Service asks for and that nobody said exists, with the command to see it."""
    if azure is not None and "public_ips" in azure.whole:
        return []
    own = cluster.resource_group if "resource_group" in cluster.given else "NODE_RESOURCE_GROUP"
    texts = []
    for one in addresses:
        group = flag("--resource-group", one.resource_group if one.resource_group != cluster.resource_group else own)
        if isinstance(one.ip_address, Placeholder):
            show = command("az", "network", "public-ip", "show", group, flag("--name", one.name))
            texts.append(f"the public IP {one.name} is taken to exist: {show}")
        else:
            query = flag("--query", f"[?ipAddress=='{one.ip_address}'].name")
            found = command("az", "network", "public-ip", "list", group, query)
            texts.append(f"a public IP with the address {one.ip_address} is taken to exist: {found}")
    return texts


class Read(NamedTuple):
    """What was read beside the Services: *objects*, of these *kinds* (None: whatever files hold), and what was not.

    Ages count up to *now*, None for the present. *azure* is what really stands there, None where nobody asked.
    """

    objects: Objects
    source: EvidenceSource = EvidenceSource.FILES
    kinds: Collection[str] | None = None
    unread: tuple[str, ...] = ()
    now: "datetime | None" = None
    azure: "Resources | None" = None


#: What the provider says of a public IP that is not there.
_NO_ADDRESS = ("cannot find public IP with IP address", "doesn't exist", "failed to find PIP", ") not found")


def lacks_address(service: Service, read: Read) -> bool:
    """Whether Azure has said that a public IP is not there; all others that Services ask for are taken to exist."""
    if not read.objects.of("Event"):
        return False
    failed = last_failure(evidence_of(service, read.objects, read.source, now=read.now, read=read.kinds))
    return failed is not None and any(text in failed.message for text in _NO_ADDRESS)


def explain_services(
    found: Sequence[FoundService],
    cluster: Cluster,
    read: Read,
    text_of: TextOf | None = None,
    shown: Collection[int] | None = None,
) -> tuple[Explained, ...]:
    """Explain Services in the order of their creation, by what was *read* beside them; *text_of* one is for lint.

    *shown* are the documents that are meant; the others stand beside them in Azure, and that is all.
    """
    collecting = gc.isenabled()
    gc.disable()  # nothing here has cycles; the collector would only walk thousands of small tuples again and again
    try:
        outcome = derive_all([with_defaults(one.service) for one in found], cluster)
        sent = Sent(outcome.azure, cluster)
        deviations = by_service(outcome, cluster)
        pairs = zip(found, outcome.derivations, strict=True)
        return tuple(
            _explained(one, derivation, sent, deviations.get(derivation.service.full_name, ()), read, text_of)
            for one, derivation in pairs
            if shown is None or one.document in shown
        )
    finally:
        if collecting:
            gc.enable()


def _explained(
    found: FoundService,
    derivation: Derivation,
    sent: Sent,
    deviations: Sequence[Deviation],
    read: Read,
    text_of: TextOf | None,
) -> Explained:
    service, cluster = derivation.service, sent.cluster
    evidence = evidence_of(service, read.objects, read.source, now=read.now, read=read.kinds, unread=read.unread)
    evidence = evidence._replace(azure=read.azure)
    if found.made_of:
        from kubectl_akslb.producers.found import with_maker

        evidence = with_maker(evidence, found)
    path = walk(PathContext(derivation, cluster, evidence), sent.refusals(derivation), deviations)
    one = Explained(found, derivation, evidence, path, cluster)
    return one if text_of is None else one._replace(lint=lambda: _linted(one, sent, deviations, text_of(found)))


def _linted(
    one: Explained, sent: Sent, deviations: Sequence[Deviation], text: tuple[FoundService, Stream] | None
) -> tuple[Diagnostic, ...]:
    """What the rules find about a Service that is derived already, the worst first."""
    if text is None:
        return ()
    from kubectl_akslb.lint.context import ServiceContext
    from kubectl_akslb.lint.engine import by_severity, of_service
    from kubectl_akslb.lint.registry import ALL_RULES

    found, stream = text
    context = ServiceContext(found, one.derivation, sent, stream, one.evidence, one.path, deviations=deviations)
    kept, _ = of_service(context, ALL_RULES)
    return tuple(sorted(kept, key=by_severity))
