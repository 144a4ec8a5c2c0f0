"""Read a cluster: the Services that are asked for, what decides about them, and the cluster's profile."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from kubectl_akslb.cluster import kubectl
from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.edge.process import Finished
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.evidence.policies import PolicyKind

Object = Mapping[str, Any]
_Call: TypeAlias = tuple[tuple[str, ...], str, tuple[str, ...]]
"""What is asked of kubectl, what a person calls it, and the kinds that it answers for."""

_SERVICE_WORDS = frozenset({"svc", "service", "services"})
_LIMIT = 253
_NO_SUCH_KIND = "the server doesn't have a resource type"
NODE, DAEMON_SET, PEER_AUTHENTICATION = "Node", "DaemonSet", "PeerAuthentication"


class Reading(NamedTuple):
    """What the API said: the Services, and all *objects* beside them, of the *kinds* that could be read.

    *notices* say what could not be read, why, and how it is granted. *missing* are the names that were asked for and
    are not there. *neighbours* are other Services of type LoadBalancer, which share what stands in Azure.
    """

    services: Sequence[Object]
    objects: Sequence[Object] = ()
    kinds: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    kubernetes_version: str = ""
    neighbours: Sequence[Object] = ()

    @property
    def nodes(self) -> Sequence[Object] | None:
        """The nodes; None where they could not be read."""
        return self._of(NODE)

    @property
    def daemon_sets(self) -> Sequence[Object] | None:
        """The DaemonSets of the cluster's own namespaces; None where they could not be read."""
        return self._of(DAEMON_SET)

    def _of(self, kind: str) -> Sequence[Object] | None:
        return [one for one in self.objects if one.get("kind") == kind] if kind in self.kinds else None


def targets(words: Sequence[str]) -> tuple[str, ...]:
    """The names of Services in the arguments: ``svc/x``, ``svc x y``, ``x y``; none means all."""
    names = list(words)
    if names and names[0].lower() in _SERVICE_WORDS and not any("/" in word for word in names):
        names = names[1:]
    return tuple(dict.fromkeys(_name(word) for word in names))


def _name(word: str) -> str:
    kind, slash, name = word.rpartition("/")
    if slash and kind.lower() not in _SERVICE_WORDS:
        from kubectl_akslb.cluster.producers import kind_hint

        raise AkslbError(f"{word[:80]!r} is no Service, and no file", hint=kind_hint(kind))
    if not _is_name(name):
        hint = "write svc/NAME, or NAME; a file is given with -f"
        raise AkslbError(f"{word[:80]!r} cannot be the name of a Service", hint=hint)
    return name


def _is_name(name: str) -> bool:
    legal = name[:1].isalnum() and all(c.isalnum() or c in "-." for c in name) and len(name) <= _LIMIT
    return legal and name.isascii()


def commands(names: Sequence[str], connection: Connection) -> tuple[tuple[str, ...], ...]:
    """The calls with which ``read`` begins."""
    return (
        kubectl.services(connection, names),
        kubectl.slices(connection, names),
        kubectl.events(connection, names),
        kubectl.infrastructure(connection),
        kubectl.policies(connection),
        kubectl.api_groups(connection),
    )


def read(
    names: Sequence[str],
    connection: Connection,
    meanwhile: Callable[[], object] | None = None,
    client: str = "",
    known: Sequence[Object] | None = None,
) -> Reading:
    """All that ``explain`` needs, as much as can be side by side; AkslbError where the Services cannot be read.

    What the Services say decides about the rest: the pods behind one of them by its selector, for many their workloads.
    *client* is a pod, ``NAMESPACE/NAME`` or ``NAME``, that is read too. *known* are the Services, where they were read
    before: what would be asked for beyond the pods is left out then, so that it stays at eight requests.
    """
    calls = commands(names, connection)
    done = kubectl.run(*calls[1 if known is not None else 0 :], meanwhile=meanwhile)
    services, missing = services_of(done[0], connection) if known is None else (known, ())
    if known is None and len(done) < len(calls):
        return Reading(services, missing=missing)
    done = done[-len(calls) + 1 :]
    gathered = Gathered()
    *listed, groups = done
    kinds = (("EndpointSlice",), ("Event",), (NODE, DAEMON_SET), ("NetworkPolicy",))
    for one, what, of in zip(listed, _WHAT, kinds, strict=True):
        gathered.add(one, what, of)
    further = further_policies(groups, connection, gathered)
    _read_behind(services, connection, gathered, further, is_last=bool(client) or known is not None)
    if client and services:
        _read_client(client, str((services[0].get("metadata") or {}).get("namespace", "")), connection, gathered)
    kinds_read, notices = frozenset(gathered.kinds), tuple(gathered.notices)
    asked = set(map(_id, services))
    neighbours = tuple(one for one in gathered.neighbours if _id(one) not in asked)
    return Reading(services, gathered.objects, kinds_read, notices, missing, neighbours=neighbours)


def _id(one: Object) -> tuple[str, str]:
    metadata = one.get("metadata") or {}
    return str(metadata.get("namespace", "")), str(metadata.get("name", ""))


_WHAT = ("ready endpoints", "events", "nodes and versions", "NetworkPolicies")


class FurtherPolicies(NamedTuple):
    """The calls for policies that are not Kubernetes' own, of kinds that the cluster has and may enforce."""

    calls: tuple[tuple[str, ...], ...]
    kinds: "tuple[PolicyKind, ...]"

    def add_to(self, gathered: "Gathered", done: Sequence[Finished]) -> None:
        """Take the answers of the calls."""
        for one, kind in zip(done, self.kinds, strict=False):
            gathered.add(one, f"{kind.kind} of {kind.groups[0]}", (kind.key,))


def further_policies(done: Finished, connection: Connection, gathered: "Gathered") -> FurtherPolicies:
    """What *done*, the answer with the API groups, says of such policies; what cannot be there counts as read."""
    from kubectl_akslb.evidence.cluster import surroundings
    from kubectl_akslb.evidence.policies import FURTHER_POLICIES, counts

    versions = _versions(done)
    if versions is None:
        gathered.notices.append("which kinds of policies the cluster has could not be read")
        return FurtherPolicies((), ())
    engine = surroundings(gathered.objects, gathered.kinds).engine
    asked: list[tuple[str, PolicyKind]] = []
    for kind in FURTHER_POLICIES:
        group = next((one for one in kind.groups if one in versions), "")
        known = {"v1alpha1", "v1alpha2"} & versions.get(group, set())
        if not group or (kind.version and known and kind.version not in known):
            gathered.kinds.add(kind.key)
        elif counts(kind, engine):
            asked.append((f"{kind.resource}.{group}", kind))
    calls = tuple(kubectl.policies_of_kind(resource, connection) for resource, _ in asked)
    return FurtherPolicies(calls, tuple(kind for _, kind in asked))


def _versions(done: Finished) -> dict[str, set[str]] | None:
    """The API groups in the answer to ``/apis`` with their versions; None where it is none."""
    from json import loads

    try:
        answer = loads(done.out) if done.code == 0 else None
    except (ValueError, RecursionError):
        return None
    groups = answer.get("groups") if isinstance(answer, dict) else None
    if not isinstance(groups, list):
        return None
    found = (one for one in groups if isinstance(one, dict))
    return {
        str(one.get("name")): {str(each.get("version")) for each in one.get("versions") or () if isinstance(each, dict)}
        for one in found
    }


class Gathered:
    """What several calls gave together: objects, the kinds that could be read, notices about the others."""

    __slots__ = ("kinds", "neighbours", "notices", "objects")

    def __init__(self) -> None:
        self.objects: list[Object] = []
        self.kinds: set[str] = set()
        self.notices: list[str] = []
        self.neighbours: list[Object] = []

    def add(self, done: Finished, what: str, kinds: Sequence[str]) -> list[Object]:
        """Take the answer of a call that asked for these kinds; the objects that it gave."""
        if done.code != 0 and _NO_SUCH_KIND in done.err:
            self.kinds.update(kinds)  # the API server has none of a kind that it does not know
            return []
        found = optional(done, what, self.notices)
        refused = _refused(done)
        for kind in kinds if found is not None else ():
            # Of several kinds some may have been refused; where something else went wrong, only what came is read.
            complete = done.code == 0 or (refused and _resource(kind) not in refused)
            if complete or any(one.get("kind") == kind for one in found or ()):
                self.kinds.add(kind)
        self.objects += found or ()
        return list(found or ())

    @property
    def has_policies(self) -> bool:
        """Whether there are policies that a network plugin enforces."""
        return any(str(one.get("kind")).endswith("NetworkPolicy") for one in self.objects)

    def of(self, kind: str) -> list[Object]:
        """What there is of one kind."""
        return [one for one in self.objects if one.get("kind") == kind]


def _refused(done: Finished) -> str:
    if done.code == 0:
        return ""
    from kubectl_akslb.cluster.kubectl_errors import forbidden

    return " ".join(one.resource for one in forbidden(done.err))


def _resource(kind: str) -> str:
    """The resource of a kind, as the API server names it when it refuses."""
    word = kind.lower().partition(".")[0]
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}es" if word.endswith("s") else f"{word}s"


def read_pod(client: str, connection: Connection) -> Reading:
    """A pod, the NetworkPolicies of its namespace, and what the profile of the cluster is seen from."""
    namespace, _, name = client.rpartition("/")
    inside = connection._replace(namespace=namespace or connection.namespace)
    calls = (
        kubectl.get("pods", inside, "--field-selector", f"metadata.name={name}"),
        kubectl.policies(inside),
        kubectl.infrastructure(connection),
        kubectl.api_groups(connection),
    )
    done = kubectl.run(*calls)
    if done[0].code != 0:
        raise help_of(done[0], connection)
    gathered = Gathered()
    kinds = (("Pod",), ("NetworkPolicy",), (NODE, DAEMON_SET))
    for one, what, of in zip(done, ("the pod", "NetworkPolicies", "nodes and versions"), kinds, strict=False):
        gathered.add(one, what, of)
    further = further_policies(done[-1], inside, gathered)
    further.add_to(gathered, kubectl.run(*further.calls))
    return Reading((), gathered.objects, frozenset(gathered.kinds), tuple(gathered.notices))


def _read_behind(
    services: Sequence[Object],
    connection: Connection,
    gathered: Gathered,
    policies: FurtherPolicies,
    *,
    is_last: bool,
) -> None:
    """The pods behind one Service, or the workloads behind several, and what decides about them beside.

    *policies* are asked for side by side with them. *is_last*: there is no call left for more than the pods.
    """
    from kubectl_akslb.evidence.objects import mapping, text, texts
    from kubectl_akslb.provider.workloads import recognise

    chosen = [one for one in services if mapping(one.get("spec")).get("type") == "LoadBalancer"]
    if not chosen:
        return
    if len(chosen) > 1:
        done, *others = kubectl.run(kubectl.workloads(connection), *policies.calls)
        gathered.add(done, "workloads", ("Deployment", "StatefulSet"))
        policies.add_to(gathered, others)
        return
    metadata, spec = mapping(chosen[0].get("metadata")), mapping(chosen[0].get("spec"))
    namespace, selector = text(metadata.get("namespace")), texts(spec.get("selector"))
    if not selector or not _is_name(namespace):
        policies.add_to(gathered, kubectl.run(*policies.calls))
        return
    labels = ",".join(f"{key}={value}" for key, value in selector.items())
    done, *others = kubectl.run(kubectl.pods(namespace, connection, labels), *policies.calls)
    found = gathered.add(done, "pods", ("Pod",))
    policies.add_to(gathered, others)
    if is_last:
        return
    further: _Call | None = None
    if not found and done.code == 0:
        further = kubectl.pods(namespace, connection), "pods", ("Pod",)
    elif found:
        further = _further(
            found,
            namespace,
            connection,
            gathered,
            known=recognise(texts(metadata.get("labels")), selector) is not None,
            shares=_asks_for_an_address(chosen[0]),
            http=_asks_for_a_path(chosen[0]),
            further_kinds=bool(policies.kinds),
        )
    if further is not None:
        call, what, kinds = further
        gathered.add(kubectl.run(call)[0], what, kinds)
        if PEER_AUTHENTICATION in kinds and not _refuses_plain(gathered):
            (done,) = kubectl.run(kubectl.policies_of_istio("authorizationpolicies", connection))
            gathered.add(done, "AuthorizationPolicies", ("AuthorizationPolicy",))
    else:
        (done,) = kubectl.run(kubectl.load_balancers(connection))
        asks = _asks_for_an_address(chosen[0])
        gathered.neighbours += optional(done, "other Services", gathered.notices if asks else []) or ()


def _refuses_plain(gathered: Gathered) -> bool:
    """Whether a mesh may take nothing but mutual TLS: then it does not matter whom its policies let in."""
    modes = ((one.get("spec") or {}).get("mtls") or {} for one in gathered.of(PEER_AUTHENTICATION))
    return any(one.get("mode") == "STRICT" for one in modes)


def _further(
    found: Sequence[Object],
    namespace: str,
    connection: Connection,
    gathered: Gathered,
    *,
    known: bool,
    shares: bool,
    http: bool,
    further_kinds: bool,
) -> "_Call | None":
    """One call more: eight requests for a Service, and one more for each kind of policies beside Kubernetes' own.

    *known*: a well-known workload is behind it; *shares*: other Services may have its address; *http*: its probes may
    ask for a path; *further_kinds*: there are kinds of policies beside Kubernetes' own. None asks for other Services.
    """
    from kubectl_akslb.evidence.nodes import POLICY_ENGINES

    if stuck := _not_ready(found):
        return kubectl.events_of_pod(namespace, stuck, connection), "events of a pod", ()
    if shares:
        return None
    if known:
        return kubectl.ingresses(connection), "Ingresses", ("Ingress",)
    if any(_is_in_mesh(one) for one in found):
        call = kubectl.policies_of_istio("peerauthentications", connection)
        return call, "PeerAuthentications", (PEER_AUTHENTICATION,)
    if gathered.has_policies and _has_no_engine(gathered):
        # Where there are policies of a network plugin, something may enforce them that runs elsewhere.
        return kubectl.calico(connection), "the DaemonSets of Calico", () if further_kinds else (POLICY_ENGINES,)
    if http:
        return kubectl.probe_warnings(namespace, connection), "events of pods", ()
    return None


def _asks_for_an_address(service: Object) -> bool:
    """Whether it names an address or a public IP, which other Services may name too."""
    annotations = (service.get("metadata") or {}).get("annotations") or {}
    named = ("azure-load-balancer-ipv4", "azure-load-balancer-ipv6", "azure-pip-name")
    return bool((service.get("spec") or {}).get("loadBalancerIP")) or any(
        key.endswith(named) or key.endswith("azure-pip-name-ipv6") for key in annotations
    )


def _asks_for_a_path(service: Object) -> bool:
    """Whether Azure may probe it by http: the kubelet's events tell then whether its path is redirected."""
    annotations = (service.get("metadata") or {}).get("annotations") or {}
    ports = (service.get("spec") or {}).get("ports") or ()
    return any(one.get("appProtocol") for one in ports) or any("health-probe_" in key for key in annotations)


def _read_client(client: str, namespace: str, connection: Connection, gathered: Gathered) -> None:
    """The pod that sends, unless it is one of those behind the Service; *namespace* is where it is by default."""
    inside, _, name = client.rpartition("/")
    inside = inside or namespace
    known = ((one.get("metadata") or {}) for one in gathered.of("Pod"))
    if _is_name(inside) and not any((one.get("namespace"), one.get("name")) == (inside, name) for one in known):
        (done,) = kubectl.run(kubectl.pod(inside, name, connection))
        gathered.add(done, "the client", ())


def _is_in_mesh(pod: Object) -> bool:
    """Whether a proxy of Istio stands before the application: a sidecar, or in ambient mode that of the node."""
    spec, annotations = pod.get("spec") or {}, (pod.get("metadata") or {}).get("annotations") or {}
    containers = (*(spec.get("containers") or ()), *(spec.get("initContainers") or ()))
    sidecar = len(containers) > 1 and any(one.get("name") == "istio-proxy" for one in containers)
    return sidecar or annotations.get("ambient.istio.io/redirection") == "enabled"


def _not_ready(pods: Sequence[Object]) -> str:
    """The first pod of which only its events say why it is not ready, unless one is.

    One that waits to be created on its node, or runs and fails its readiness probe.
    """
    unclear = []
    for one in pods:
        status = one.get("status") or {}
        conditions = {each.get("type"): each.get("status") for each in status.get("conditions") or ()}
        if conditions.get("Ready") == "True":
            return ""
        states = [(each.get("state") or {}) for each in status.get("containerStatuses") or ()]
        waits = [(each.get("waiting") or {}).get("reason") for each in states]
        ended = any(each.get("terminated") for each in states)
        if (conditions.get("PodScheduled") != "False" and not ended and not any(waits)) or "ContainerCreating" in waits:
            unclear.append(str((one.get("metadata") or {}).get("name", "")))
    return unclear[0] if unclear else ""


def _has_no_engine(gathered: Gathered) -> bool:
    """Whether kube-system was read and has nothing that enforces NetworkPolicies."""
    from kubectl_akslb.evidence.nodes import ENGINE_NAMES

    names = {(one.get("metadata") or {}).get("name") for one in gathered.of(DAEMON_SET)}
    return DAEMON_SET in gathered.kinds and not names & ENGINE_NAMES


def read_services(connection: Connection) -> Reading:
    """All Services of the cluster, and what its profile is seen from; AkslbError where they cannot be read."""
    everywhere = connection._replace(all_namespaces=True)
    done = kubectl.run(kubectl.services(everywhere, ()), kubectl.infrastructure(connection))
    services, _ = services_of(done[0], connection)
    gathered = Gathered()
    for one in done[1:]:
        gathered.add(one, "nodes and versions", (NODE, DAEMON_SET))
    return Reading(services, gathered.objects, frozenset(gathered.kinds), tuple(gathered.notices))


def chosen_services(connection: Connection, names: Sequence[str]) -> tuple[str, ...]:
    """The full names of the Services that kubectl's flags and these *names* mean; AkslbError where one is not there."""
    done = kubectl.run(kubectl.services(connection, names))
    services, missing = services_of(done[0], connection)
    if missing or not services:
        from kubectl_akslb.cluster.suggestions import not_there

        for error in not_there(services, missing, connection):
            raise error
    found = (one.get("metadata") or {} for one in services)
    return tuple(f"{one.get('namespace', '')}/{one.get('name', '')}" for one in found)


def read_profile(connection: Connection) -> Reading:
    """All that ``profile`` needs, in two calls side by side; AkslbError with help where nothing can be read."""
    done = kubectl.run(kubectl.server_version(connection), kubectl.infrastructure(connection))
    version = version_of(done[0])
    gathered = Gathered()
    if len(done) > 1:
        gathered.add(done[-1], "nodes and versions", (NODE, DAEMON_SET))
    if not gathered.kinds and not version:
        raise help_of(done[-1], connection)
    kinds, notices = frozenset(gathered.kinds), tuple(gathered.notices)
    return Reading((), gathered.objects, kinds, notices, kubernetes_version=version)


def read_version(connection: Connection) -> str:
    """The version of Kubernetes, asked for where nothing else has told it; "" where it cannot be read."""
    return version_of(kubectl.run(kubectl.server_version(connection))[0])


def version_of(done: Finished) -> str:
    """The release in the answer to ``/version``, such as ``v1.30.8``."""
    try:
        (answer,) = kubectl.objects(done) if done.code == 0 else ({},)
    except (AkslbError, ValueError):
        return ""
    return str(answer.get("gitVersion", ""))


def services_of(done: Finished, connection: Connection) -> tuple[Sequence[Object], tuple[str, ...]]:
    """The Services, and the names that are not there; anything else that went wrong is an error."""
    if done.code == 0:
        return kubectl.objects(done), ()
    from kubectl_akslb.cluster.kubectl_errors import not_found

    for namespace in not_found(done.err, "namespaces"):  # in which kubectl looks for none of the names
        from kubectl_akslb.cluster.suggestions import near_namespaces

        raise near_namespaces(namespace, connection) or help_of(done, connection)
    missing = not_found(done.err, kubectl.SERVICES)
    if not missing:
        raise help_of(done, connection)
    return kubectl.objects(done), missing


def optional(done: Finished, what: str, notices: list[str]) -> list[dict[str, Any]] | None:
    """The objects that a call gave, or None; a notice says what was refused, by whom, and how it is granted."""
    if done.code == 0:
        return kubectl.objects(done)
    from kubectl_akslb.cluster.kubectl_errors import forbidden, help_for

    refused = forbidden(done.err)
    notices += (f"not allowed to {one.subject}: {one.missing}. To grant it: {one.grant}" for one in refused)
    if not refused:
        notices.append(f"{what} could not be read: {help_for(done).message}")
    try:
        return kubectl.objects(done) or None
    except AkslbError:
        return None


def help_of(done: Finished, connection: Connection) -> AkslbError:
    """What kubectl said when it failed, with what helps."""
    from kubectl_akslb.cluster.kubectl_errors import help_for, missing_context

    context = missing_context(done.err)
    if context:
        from kubectl_akslb.cluster.suggestions import near_contexts

        return near_contexts(context, connection)
    return help_for(done)
