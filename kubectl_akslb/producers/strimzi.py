"""Strimzi's Kafka: a Service for the bootstrap of each listener of type loadbalancer, and one for each broker.

Upstream: cluster-operator, io.strimzi.operator.cluster.model.KafkaCluster and ListenersUtils.
"""

from collections.abc import Iterator
from itertools import count as count_from

from kubectl_akslb.evidence.objects import Objects, mapping, name_of, text
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.producers.draft import Draft, Field, Made, Object, Path, below, is_list, items_of
from kubectl_akslb.producers.producer import Producer
from kubectl_akslb.producers.versions import Controller, Dated, does

_POOL_OF = "strimzi.io/cluster"
_NEXT_IDS = "strimzi.io/next-node-ids"
_DIGITS = 12
#: What Strimzi calls the brokers of a Kafka without a KafkaNodePool.
_ONLY_POOL = "kafka"
_MOST = 100
"""So many brokers of a pool are shown: a number in a manifest is no reason to fill the memory."""
_OF_ALL = "perBrokerAnnotationsTemplate"
_TEMPLATES: Path = ("spec", "kafka", "template")


_OPERATOR = Controller("Strimzi", (1, 2), ("strimzi-cluster-operator",))
_PER_BROKER = Dated(_OF_ALL, (1, 1))
_POOL_TEMPLATE = Dated("the template of the Kafka beside that of a pool", (0, 49))
_SPEC = (
    "loadBalancerClass=class", "loadBalancerSourceRanges", "externalTrafficPolicy", "ipFamilyPolicy", "ipFamilies",
    "allocateLoadBalancerNodePorts",
)  # fmt: skip


def _make(kafka: Object, objects: Objects) -> list[Made]:
    """The Services of all listeners of type loadbalancer."""
    return [
        made
        for index, listener in items_of(below(kafka, "spec", "kafka", "listeners"))
        if listener.get("type") == "loadbalancer"
        for made in _of_listener(kafka, listener, ("spec", "kafka", "listeners", index), objects)
    ]


def _of_listener(kafka: Object, listener: Object, at: Path, objects: Objects) -> Iterator[Made]:
    cluster, name = name_of(kafka), text(listener.get("name"))
    configuration = mapping(listener.get("configuration"))
    if configuration.get("createBootstrapService") is not False:
        draft = _draft(kafka, listener, f"{cluster}-kafka-{name}-bootstrap", at, objects)
        own = Field((*at, "configuration", "bootstrap"))
        draft.annotate(below(configuration, "bootstrap", "annotations"), own.below("annotations"))
        draft.copy(configuration.get("bootstrap"), own, "loadBalancerIP")
        places = _template(draft, kafka, "externalBootstrapService")
        yield from draft.made("Strimzi", own.below("annotations"), *places)
    yield from _brokers(kafka, listener, at, objects)


class _Node(NamedTuple):
    """A broker: the pool that it is of, by name and as an object, and its number."""

    pool: str
    of_pool: Object
    number: int

    @property
    def pod(self) -> str:
        """What its Services and its pod are called after, behind the name of the Kafka."""
        return f"{self.pool}-{self.number}"


def _brokers(kafka: Object, listener: Object, at: Path, objects: Objects) -> Iterator[Made]:
    """One Service for each broker; those without fields of their own have the ones that all share."""
    brokers = items_of(mapping(listener.get("configuration")).get("brokers"))
    own = {one["broker"]: index for index, one in reversed(brokers) if isinstance(one.get("broker"), int)}
    nodes, left_out, counted = _nodes(kafka, objects)
    notes = ["the operator gives brokers their numbers: they are counted from 0 here"] if counted else []
    notes += [f"{left_out} brokers more are not shown"] if left_out else []
    for node in nodes:
        made = _broker(kafka, listener, at, objects, node, own.get(node.number))
        yield from (one._replace(notes=(*one.notes, *notes)) for one in made)


def _nodes(kafka: Object, objects: Objects) -> tuple[list[_Node], int, bool]:
    """The brokers, how many more there are, and whether numbers of them were counted.

    The operator gives the lowest free numbers to pools in the order of their names, controllers too, unless a pool
    names the next ones; those that it has given stand in the status.
    """
    pools = [
        one
        for one in objects.of("KafkaNodePool")
        if below(one, "metadata", "labels", _POOL_OF) == name_of(kafka)
        and objects.namespace_of(one) == objects.namespace_of(kafka)
    ]
    pools.sort(key=name_of)
    if not pools:
        replicas = below(kafka, "spec", "kafka", "replicas")
        pools = [{"metadata": {"name": _ONLY_POOL}, "spec": {"replicas": replicas, "roles": ["broker"]}}]
    used = {number for one in pools for number in _numbers(below(one, "status", "nodeIds"))}
    nodes: list[_Node] = []
    left_out, counted = 0, False
    for one in pools:
        replicas = below(one, "spec", "replicas")
        count = replicas if isinstance(replicas, int) and not isinstance(replicas, bool) else 1
        numbers = _numbers(below(one, "status", "nodeIds"))[:count]
        wanted = iter(_wanted(text(below(one, "metadata", "annotations", _NEXT_IDS))))
        while len(numbers) < min(count, _MOST):
            number = next((each for each in wanted if each not in used), None)
            number = next(each for each in count_from(0) if each not in used) if number is None else number
            used.add(number)
            numbers.append(number)
            counted = True
        if is_list(roles := below(one, "spec", "roles")) and "broker" in roles:
            left_out += max(count - _MOST, 0)
            nodes += [_Node(name_of(one), one, number) for number in numbers[:_MOST]]
    return nodes, left_out, counted


def _numbers(values: object) -> list[int]:
    return sorted(one for one in values if isinstance(one, int)) if is_list(values) else []


def _wanted(ranges: str) -> list[int]:
    """The numbers of ``[0, 2, 10-20]``, the first hundred of them."""
    found: list[int] = []
    for part in ranges.strip("[] ").split(","):
        first, dash, last = (word.strip() for word in part.partition("-"))
        if not first.isdecimal() or len(first + last) > _DIGITS or (dash and not last.isdecimal()):
            return []
        begin, end = int(first), int(last or first)
        step = 1 if end >= begin else -1
        found += range(begin, end + step, step)[:_MOST]
    return found[:_MOST]


def _broker(kafka: Object, listener: Object, at: Path, objects: Objects, node: _Node, own: int | None) -> list[Made]:
    name = text(listener.get("name"))
    middle = "" if name == "external" and listener.get("port") == 9094 else f"{name}-"
    draft = _draft(kafka, listener, f"{name_of(kafka)}-{node.pool}-{middle}{node.number}", at, objects)
    configuration = mapping(listener.get("configuration"))
    where = Field((*at, "configuration", _OF_ALL))
    fields = mapping(configuration["brokers"][own]) if own is not None else {}
    if own is not None and fields.get("annotations"):
        where = Field((*at, "configuration", "brokers", own, "annotations"))
        draft.annotate(fields.get("annotations"), where)
    elif not configuration.get(_OF_ALL) or does(draft, _OPERATOR, objects, _PER_BROKER):
        pod = f"{name_of(kafka)}-{node.pod}"
        filled = {
            key: value.replace("{nodeId}", str(node.number)).replace("{nodePodName}", pod)
            if isinstance(value, str)
            else value
            for key, value in mapping(configuration.get(_OF_ALL)).items()
        }
        draft.annotate(filled, where)
    if own is not None:
        draft.copy(fields, Field((*at, "configuration", "brokers", own)), "loadBalancerIP")
    places = _of_pool(draft, kafka, node.of_pool, objects)
    return draft.made("Strimzi", where, *places)


def _draft(kafka: Object, listener: Object, name: str, at: Path, objects: Objects) -> Draft:
    draft = Draft(name, objects.namespace_of(kafka))
    draft.label({_POOL_OF: name_of(kafka)})
    draft.put("externalTrafficPolicy", "Cluster", at)
    draft.copy(listener.get("configuration"), Field((*at, "configuration")), *_SPEC)
    label = f"tcp-{text(listener.get('name'))}"
    draft.port(label, listener.get("port"), (*at, "port"), target=label)
    return draft


def _of_pool(draft: Draft, kafka: Object, pool: Object, objects: Objects) -> tuple[Field, ...]:
    """Annotations of the templates: that of a pool stands in place of the one of the Kafka."""
    template = below(pool, "spec", "template")
    own = below(template, "perPodService")
    if own is not None:
        place = Field(("spec", "template", "perPodService", "metadata", "annotations"), pool, ("spec", "kafka"))
        draft.annotate(below(pool, *place.path), place)
        return (place,)
    if template is not None and not does(draft, _OPERATOR, objects, _POOL_TEMPLATE):
        return ()
    return _template(draft, kafka, "perPodService")


def _template(draft: Draft, kafka: Object, name: str) -> tuple[Field, ...]:
    place = Field((*_TEMPLATES, name, "metadata", "annotations"))
    draft.annotate(below(kafka, *place.path), place)
    return (place,)


PRODUCER = Producer("Kafka", "kafka.strimzi.io", _make, ("KafkaNodePool",), word="loadbalancer")
