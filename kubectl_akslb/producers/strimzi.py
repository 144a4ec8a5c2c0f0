"""Strimzi's Kafka: a Service for the bootstrap of each listener of type loadbalancer, and one for each broker.

Upstream: cluster-operator, io.strimzi.operator.cluster.model.KafkaCluster and ListenersUtils.
"""

from collections.abc import Iterator
from typing import Any

from kubectl_akslb.evidence.objects import Objects, mapping, text
from kubectl_akslb.producers.draft import Draft, Field, Made, Object, Path, below, is_list, items_of, name_of
from kubectl_akslb.producers.producer import Producer
from kubectl_akslb.producers.versions import Controller, Dated, does

_POOL_OF = "strimzi.io/cluster"
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


def _brokers(kafka: Object, listener: Object, at: Path, objects: Objects) -> Iterator[Made]:
    """One Service for each broker; those without fields of their own have the ones that all share."""
    brokers = items_of(mapping(listener.get("configuration")).get("brokers"))
    own = {one["broker"]: index for index, one in brokers if isinstance(one.get("broker"), int)}
    pools = [
        one
        for one in objects.of("KafkaNodePool")
        if below(one, "metadata", "labels", _POOL_OF) == name_of(kafka)
        and is_list(roles := below(one, "spec", "roles"))
        and "broker" in roles
        and objects.namespace_of(one) == objects.namespace_of(kafka)
    ]
    counts: list[tuple[str, Any, Object]] = [(name_of(one), below(one, "spec", "replicas"), one) for one in pools]
    counts = counts or [(_ONLY_POOL, below(kafka, "spec", "kafka", "replicas"), {})]
    number = 0
    for pool, replicas, of_pool in counts:
        count = replicas if isinstance(replicas, int) and not isinstance(replicas, bool) else 1
        for _ in range(min(count, _MOST)):
            made = _broker(kafka, listener, at, objects, (pool, of_pool), number, own.get(number))
            note = (f"{count} brokers: those beyond the first {_MOST} are not shown",) if count > _MOST else ()
            yield from (one._replace(notes=(*one.notes, *note)) for one in made)
            number += 1


def _broker(
    kafka: Object,
    listener: Object,
    at: Path,
    objects: Objects,
    pool: tuple[str, Object],
    number: int,
    own: int | None,
) -> list[Made]:
    name = text(listener.get("name"))
    middle = "" if name == "external" and listener.get("port") == 9094 else f"{name}-"
    draft = _draft(kafka, listener, f"{name_of(kafka)}-{pool[0]}-{middle}{number}", at, objects)
    configuration = mapping(listener.get("configuration"))
    where = Field((*at, "configuration", _OF_ALL))
    fields = mapping(configuration["brokers"][own]) if own is not None else {}
    if own is not None and fields.get("annotations"):
        where = Field((*at, "configuration", "brokers", own, "annotations"))
        draft.annotate(fields.get("annotations"), where)
    elif not configuration.get(_OF_ALL) or does(draft, _OPERATOR, objects, _PER_BROKER):
        draft.annotate(configuration.get(_OF_ALL), where)
    if own is not None:
        draft.copy(fields, Field((*at, "configuration", "brokers", own)), "loadBalancerIP")
    places = _of_pool(draft, kafka, pool[1], objects)
    draft.notes.append("the operator gives brokers their numbers: they are counted from 0 here")
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
