"""The objects beside the Services, as JSON has them, of files or of a cluster, found by kind and by label."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from datetime import datetime

    from kubectl_akslb.evidence.service_templates import ServiceTemplate

Object = Mapping[str, Any]
Key: TypeAlias = tuple[str, str]
"""Namespace and name."""
T = TypeVar("T")

CILIUM_POLICIES = ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy")
"""Kinds of policies that only Cilium has, of a namespace and of the whole cluster."""
KINDS = (
    "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Pod", "Rollout", "Job", "CronJob",
    "Gateway", "GatewayClass", "Ingress", "IngressClass", "NetworkPolicy", "Endpoints", "EndpointSlice",
    "Node", "Namespace", "Event", "PeerAuthentication", "AuthorizationPolicy", "Server", *CILIUM_POLICIES,
    "GlobalNetworkPolicy", "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy", "ResourceQuota",
    "ScaledObject",
)  # fmt: skip
"""The kinds that can say something of a Service's path, beside the Service; ConfigMaps only where a setting matters."""


class Objects:
    """An index of objects; *namespace* is where those go that name none, *templates* are fields that hold a Service.

    Looking up costs what is found, not what there is: N Services beside N workloads stay linear.
    """

    __slots__ = ("_by_kind", "_found", "_made", "namespace", "templates")

    def __init__(
        self, objects: Iterable[Object] = (), namespace: str = "default", templates: "Sequence[ServiceTemplate]" = ()
    ) -> None:
        self.namespace = namespace
        self.templates = tuple(templates)
        self._by_kind: dict[str, list[Object]] = {}
        self._found: dict[Callable[[Objects], Any], Any] = {}
        self._made: dict[tuple[int, ...], tuple[tuple[object, ...], Any]] = {}
        for one in objects:
            kind = one.get("kind")
            if isinstance(kind, str):
                self._by_kind.setdefault(kind, []).append(one)

    def of(self, *kinds: str) -> tuple[Object, ...]:
        """All objects of these kinds, in their order."""
        return tuple(one for kind in kinds for one in self._by_kind.get(kind, ()))

    def has(self, *kinds: str) -> bool:
        """Whether there is an object of one of these kinds."""
        return any(kind in self._by_kind for kind in kinds)

    def has_only(self, kind: str) -> bool:
        """Whether there is no object of another kind."""
        return self._by_kind.keys() <= {kind}

    def once(self, look: "Callable[[Objects], T]") -> T:
        """What *look* finds in the objects; it looks once, however often it is asked."""
        if look not in self._found:
            self._found[look] = look(self)
        return cast("T", self._found[look])

    def made_of(self, parts: tuple[object, ...], make: "Callable[[], T]") -> T:
        """What *make* makes of these very *parts*, made once; they are kept, so that nothing else passes for them."""
        key = tuple(map(id, parts))
        if key not in self._made:
            self._made[key] = (parts, make())
        return cast("T", self._made[key][1])

    def replaced(self, others: "Mapping[int, Object]", *more: Object) -> "Objects":
        """The same with others in the place of some, which are told by their ``id``, and with *more*."""
        found = (others.get(id(one), one) for kind in self._by_kind.values() for one in kind)
        return Objects((*found, *more), self.namespace, self.templates)

    def namespace_of(self, one: Object) -> str:
        """The namespace of an object, or the one where it goes."""
        return text(mapping(one.get("metadata")).get("namespace")) or self.namespace


def mapping(value: object) -> Mapping[str, Any]:
    """*value* where it is a mapping, else an empty one: objects are not trusted."""
    return value if isinstance(value, (dict, Mapping)) else {}  # dict is told at once, and nearly all are


def mappings(value: object) -> tuple[Mapping[str, Any], ...]:
    """The mappings in a list; nothing where *value* is no list."""
    return tuple(one for one in value if isinstance(one, (dict, Mapping))) if isinstance(value, (list, tuple)) else ()


def text(value: object) -> str:
    """*value* where it is a string, else ""."""
    return value if isinstance(value, str) else ""


def texts(value: object) -> dict[str, str]:
    """The pairs of a mapping whose values are strings, such as labels."""
    return {key: item for key, item in mapping(value).items() if isinstance(key, str) and isinstance(item, str)}


def sequence(value: object) -> Sequence[object]:
    """*value* where it is a list, else an empty one."""
    return value if isinstance(value, (list, tuple)) else ()


def integer(value: object) -> int | None:
    """*value* where it is a whole number, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def one_line(value: object) -> str:
    """A message in one line."""
    return " ".join(text(value).split())


def age_of(timestamp: object, now: "datetime | None") -> int | None:
    """The seconds since a time of the API, such as ``2024-05-29T10:00:00Z``; None for anything else."""
    if timestamp is None:
        return None
    from datetime import datetime, timezone

    if isinstance(timestamp, datetime):  # YAML reads an unquoted time as one
        timestamp = timestamp.isoformat() + ("" if timestamp.tzinfo else "+00:00")
    if not isinstance(timestamp, str):
        return None
    try:
        then = datetime.fromisoformat(timestamp.replace("Z", "+00:00"))
        return max(int(((now or datetime.now(timezone.utc)) - then).total_seconds()), 0)
    except (ValueError, TypeError):
        return None


def name_of(one: object) -> str:
    """The name of an object."""
    return text(mapping(mapping(one).get("metadata")).get("name"))


def condition(one: Object, name: str) -> bool | None:
    """Whether a condition of a status is "True"; None where it is not there."""
    for each in mappings(mapping(one.get("status")).get("conditions")):
        if each.get("type") == name:
            return each.get("status") == "True"
    return None


def events_by_object(objects: Objects) -> dict[tuple[str, str, str], list[Object]]:
    """The Events by kind, namespace and name of what they are about."""
    found: dict[tuple[str, str, str], list[Object]] = {}
    for one in objects.of("Event"):
        about = mapping(one.get("involvedObject")) or mapping(one.get("regarding"))
        key = (text(about.get("kind")), text(about.get("namespace")) or objects.namespace, text(about.get("name")))
        found.setdefault(key, []).append(one)
    return found
