"""One concrete client: an address, a range, a service tag, the internet, the virtual network, a pod or a node."""

import re
from collections.abc import Mapping
from typing import Any

from kubectl_akslb.azure.resources import Resources
from kubectl_akslb.azure.security_groups import INTERNET, VIRTUAL_NETWORK
from kubectl_akslb.azure.service_tags import is_documented
from kubectl_akslb.derive.addresses import AddressError
from kubectl_akslb.derive.intervals import Interval, address_interval, interval_of, intervals, merged
from kubectl_akslb.enumeration import Enum
from kubectl_akslb.errors import AkslbError, did_you_mean
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.objects import mapping, mappings, name_of, text, texts
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import kubectl
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.network_policy import Sender, labels_of_namespace
from kubectl_akslb.path.sources import AZURE_PROBES, PRIVATE, PUBLIC

_TAG = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)?\Z")
_WAYS = (
    "an address (203.0.113.7), a range (10.0.0.0/8), a service tag (AzureFrontDoor.Backend), internet, vnet, pod/NAME,"
    " node/NAME"
)


class ClientKind(Enum):
    """What somebody named as the client."""

    ADDRESS = "address"
    RANGE = "range"
    SERVICE_TAG = "service tag"
    INTERNET = "internet"
    VIRTUAL_NETWORK = "virtual network"
    POD = "pod"
    NODE = "node"


class Client(NamedTuple):
    """A client; *spans* are all addresses that it can have.

    *every*: it has all of them, as a range has; else some of them, and nobody knows which. *tags* are service tags that
    hold all of it. *sender* is a pod or node as policies see it; *node* is where it runs. *ready* is why a pod is not,
    "" where it is or nothing is known.
    """

    kind: ClientKind
    name: str
    spans: tuple[Interval, ...]
    every: bool = True
    tags: frozenset[str] = frozenset()
    sender: Sender | None = None
    node: str = ""
    containers: tuple[Mapping[str, Any], ...] = ()
    ready: str = ""

    @property
    def is_inside(self) -> bool:
        """Whether it is a pod or a node of the cluster."""
        return self.kind in {ClientKind.POD, ClientKind.NODE}

    @property
    def chooses(self) -> bool:
        """Whether it need not send from each of its addresses: one host takes that of the family that it calls."""
        return self.is_inside or not self.every


def parse_client(word: str, cluster: Cluster, evidence: Evidence, azure: Resources | None, namespace: str) -> Client:
    """The client that *word* names; AkslbError with the forms that there are where it names none."""
    lower = word.lower()
    kind, slash, name = word.partition("/")
    if slash and kind.lower() in {"pod", "pods", "po"}:
        return _pod(name, evidence, namespace)
    if slash and kind.lower() in {"node", "nodes", "no"}:
        return _node(name, cluster, evidence)
    if lower == INTERNET:
        return Client(ClientKind.INTERNET, "the internet", PUBLIC, tags=frozenset({INTERNET}))
    if lower in {"vnet", VIRTUAL_NETWORK}:
        known = network_spans(azure)
        return Client(
            ClientKind.VIRTUAL_NETWORK,
            "the virtual network",
            known or PRIVATE,
            bool(known),
            frozenset({VIRTUAL_NETWORK}),
        )
    try:
        span = interval_of(word)
    except AddressError:
        return _tag(word, azure)
    return Client(ClientKind.RANGE if span[1] != span[2] else ClientKind.ADDRESS, word, (span,))


def network_spans(azure: Resources | None) -> tuple[Interval, ...]:
    """The addresses of the virtual networks that were given, with those that are peered."""
    networks = azure.virtual_networks or () if azure is not None else ()
    return merged(intervals(prefix for one in networks for prefix in (*one.prefixes, *one.peered)))


def _tag(word: str, azure: Resources | None) -> Client:
    known = azure.prefixes_of(word) if azure is not None else None
    name = word[:80]
    if known is None and not (_TAG.match(word) and is_documented(word)):
        hint = did_you_mean(word, ["internet", "vnet"]) or f"name {_WAYS}"
        raise AkslbError(f"{name!r} is no client", hint=hint)
    if word.lower() == "azureloadbalancer":
        spans = address_interval(AZURE_PROBES)
        return Client(ClientKind.SERVICE_TAG, name, spans, tags=frozenset({word.lower()}))
    spans = merged(intervals(known)) if known is not None else PUBLIC
    return Client(ClientKind.SERVICE_TAG, name, spans, known is not None, frozenset({word.lower()}))


def _pod(name: str, evidence: Evidence, namespace: str) -> Client:
    objects = evidence.objects
    for one in objects.of("Pod"):
        metadata = mapping(one.get("metadata"))
        if text(metadata.get("name")) == name and objects.namespace_of(one) == namespace:
            break
    else:
        names = [name_of(one) for one in objects.of("Pod")]
        listed = f"{kubectl('get', 'pods', namespace=namespace) or 'kubectl get pods'} lists those that there are"
        hint = did_you_mean(name, names) or listed
        raise AkslbError(f"no pod {name[:80]!r} in the namespace {namespace}", hint=hint)
    spec, status = mapping(one.get("spec")), mapping(one.get("status"))
    addresses = tuple(text(each.get("ip")) for each in mappings(status.get("podIPs"))) or (text(status.get("podIP")),)
    spans = tuple(span for address in addresses for span in address_interval(address))
    node = text(spec.get("nodeName"))
    labels = texts(metadata.get("labels"))
    sender = Sender(addresses[0], namespace, labels, labels_of_namespace(evidence.objects, namespace))
    containers = tuple(mappings(spec.get("containers")))
    if spec.get("hostNetwork") is True:
        sender = Sender(addresses[0])
    phase = text(status.get("phase"))
    ready = phase if phase not in {"", "Running"} else ""
    return Client(
        kind=ClientKind.POD,
        name=f"pod/{name}",
        spans=spans,
        every=bool(spans),
        tags=frozenset(),
        sender=sender,
        node=node,
        containers=containers,
        ready=ready,
    )


def _node(name: str, cluster: Cluster, evidence: Evidence) -> Client:
    known = {one.name: one.addresses for one in cluster.nodes or ()}
    known.update({one.name: one.addresses for one in evidence.nodes or ()})
    if name not in known:
        hint = did_you_mean(name, known) or "kubectl get nodes lists those that there are"
        raise AkslbError(f"no node {name[:80]!r} was read", hint=hint)
    spans = tuple(span for address in known[name] for span in address_interval(address))
    first = known[name][0] if known[name] else ""
    return Client(ClientKind.NODE, f"node/{name}", spans, bool(spans), frozenset(), Sender(first), name)
