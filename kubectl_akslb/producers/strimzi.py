"""Strimzi's Kafka: a Service for the bootstrap of each listener of type loadbalancer, and one for each broker.

Upstream: cluster-operator, io.strimzi.operator.cluster.model.KafkaCluster and ListenersUtils.
"""

from collections.abc import Iterator

from kubectl_akslb.evidence.objects import Objects, mapping, text
from kubectl_akslb.producers.draft import Draft, Made, Object, Path, below, is_list, items_of, name_of

_POOL_OF = "strimzi.io/cluster"
#: What Strimzi calls the brokers of a Kafka without a KafkaNodePool.
_ONLY_POOL = "kafka"
_MOST = 100
"""So many brokers of a pool are shown: a number in a manifest is no reason to fill the memory."""
_TEMPLATES: Path = ("spec", "kafka", "template")


def of_kafka(kafka: Object, objects: Objects) -> list[Made]:
    """The Services of all listeners of type loadbalancer."""
    if not text(kafka.get("apiVersion")).startswith("kafka.strimzi.io/"):
        return []
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
        old = name == "external" and listener.get("port") == 9094
        draft = _draft(kafka, listener, f"{cluster}-kafka-{'external' if old else name}-bootstrap", at, objects)
        own: Path = (*at, "configuration", "bootstrap")
        draft.annotate(below(configuration, "bootstrap", "annotations"), (*own, "annotations"))
        draft.copy(configuration.get("bootstrap"), own, "loadBalancerIP")
        _template(draft, kafka, "externalBootstrapService")
        yield from draft.made("Strimzi", (*own, "annotations"))
    yield from _brokers(kafka, listener, at, objects)


def _brokers(kafka: Object, listener: Object, at: Path, objects: Objects) -> Iterator[Made]:
    """One Service that stands for those of all brokers without fields of their own, and one for each that has some."""
    configuration = mapping(listener.get("configuration"))
    brokers = items_of(configuration.get("brokers"))
    own = {one["broker"]: index for index, one in brokers if isinstance(one.get("broker"), int)}
    pools = [
        one
        for one in objects.of("KafkaNodePool")
        if below(one, "metadata", "labels", _POOL_OF) == name_of(kafka)
        and is_list(roles := below(one, "spec", "roles"))
        and "broker" in roles
        and objects.namespace_of(one) == objects.namespace_of(kafka)
    ]
    counts = [(name_of(one), below(one, "spec", "replicas")) for one in pools]
    counts = counts or [(_ONLY_POOL, below(kafka, "spec", "kafka", "replicas"))]
    number = 0
    for pool, replicas in counts:
        count = replicas if isinstance(replicas, int) and not isinstance(replicas, bool) else 1
        for _ in range(min(count, _MOST)):
            made = _broker(kafka, listener, at, objects, pool, number, own.get(number))
            note = (f"{count} brokers: those beyond the first {_MOST} are not shown",) if count > _MOST else ()
            yield from (one._replace(notes=(*one.notes, *note)) for one in made)
            number += 1


def _broker(
    kafka: Object, listener: Object, at: Path, objects: Objects, pool: str, number: int, own: int | None
) -> list[Made]:
    name = text(listener.get("name"))
    middle = "" if name == "external" and listener.get("port") == 9094 else f"{name}-"
    draft = _draft(kafka, listener, f"{name_of(kafka)}-{pool}-{middle}{number}", at, objects)
    configuration = mapping(listener.get("configuration"))
    common: Path = (*at, "configuration", "perBrokerAnnotationsTemplate")
    where = common
    fields = mapping(configuration["brokers"][own]) if own is not None else {}
    if own is not None and fields.get("annotations"):
        where = (*at, "configuration", "brokers", own, "annotations")
        draft.annotate(fields.get("annotations"), where)
    else:
        draft.annotate(configuration.get("perBrokerAnnotationsTemplate"), common)
    if own is not None:
        draft.copy(fields, (*at, "configuration", "brokers", own), "loadBalancerIP")
    _template(draft, kafka, "perPodService")
    draft.notes.append("the operator gives brokers their numbers: they are counted from 0 here")
    return draft.made("Strimzi", where)


def _draft(kafka: Object, listener: Object, name: str, at: Path, objects: Objects) -> Draft:
    draft = Draft(name, objects.namespace_of(kafka))
    configuration, where = listener.get("configuration"), (*at, "configuration")
    draft.label({_POOL_OF: name_of(kafka)})
    draft.put("externalTrafficPolicy", "Cluster", at)
    draft.copy(
        configuration,
        where,
        "loadBalancerClass=class",
        "loadBalancerSourceRanges",
        "externalTrafficPolicy",
        "ipFamilyPolicy",
        "ipFamilies",
        "allocateLoadBalancerNodePorts",
    )
    label = f"tcp-{text(listener.get('name'))}"
    draft.port(label, listener.get("port"), (*at, "port"), target=label)
    return draft


def _template(draft: Draft, kafka: Object, name: str) -> None:
    where: Path = (*_TEMPLATES, name, "metadata", "annotations")
    draft.annotate(below(kafka, *where), where)
