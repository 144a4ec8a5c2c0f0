"""RabbitmqCluster. Upstream: internal/resource/service.go of rabbitmq/cluster-operator."""

from collections.abc import Iterator

from kubectl_akslb.evidence.objects import Objects, mapping, name_of
from kubectl_akslb.producers.draft import (
    METADATA_ANNOTATIONS,
    Draft,
    Field,
    Made,
    Object,
    Path,
    below,
    is_list,
)
from kubectl_akslb.producers.producer import Producer
from kubectl_akslb.producers.versions import Controller, Dated, does

_OPERATOR = Controller("the RabbitMQ operator", (2, 22), ("rabbitmq-cluster-operator",))
_APP_PROTOCOL = Dated("appProtocol", (1, 11))
_FAMILY = Dated("ipFamilyPolicy", (2, 6))
_WEB_AMQP = Dated("a port of web-amqp", (2, 20))
_SERVICE: Path = ("spec", "service")
_OVERRIDE: Path = ("spec", "override", "service")
_PLUGINS: Path = ("spec", "rabbitmq", "additionalPlugins")
_OF_OVERRIDE = (
    "externalTrafficPolicy",
    "loadBalancerSourceRanges",
    "loadBalancerIP",
    "loadBalancerClass",
    "sessionAffinity",
)
_STREAM = ("rabbitmq_stream", "rabbitmq_stream_management", "rabbitmq_multi_dc_replication")
"""Plugins that open the port of streams."""
#: name, port, appProtocol; the port and appProtocol with TLS, and the plugin that opens it.
_PORTS = (
    ("amqp", 5672, "amqp", 5671, "amqps", ""),
    ("management", 15672, "http", 15671, "https", ""),
    ("prometheus", 15692, "prometheus.io/metrics", 15691, "prometheus.io/metric-tls", ""),
    ("mqtt", 1883, "mqtt", 8883, "mqtts", "rabbitmq_mqtt"),
    ("stomp", 61613, "stomp.github.io/stomp", 61614, "stomp.github.io/stomp-tls", "rabbitmq_stomp"),
    ("stream", 5552, "rabbitmq.com/stream", 5551, "rabbitmq.com/stream-tls", "rabbitmq_stream"),
    ("web-mqtt", 15675, "http", 15676, "https", "rabbitmq_web_mqtt"),
    ("web-stomp", 15674, "http", 15673, "https", "rabbitmq_web_stomp"),
    ("web-amqp", 15678, "http", 15677, "https", "rabbitmq_web_amqp"),
)


def _make(one: Object, objects: Objects) -> list[Made]:
    """The Service for clients of a cluster of RabbitMQ."""
    service, override = Field(_SERVICE), Field(_OVERRIDE)
    draft = Draft(name_of(one), objects.namespace_of(one))
    draft.label({"app.kubernetes.io/name": name_of(one), "app.kubernetes.io/part-of": "rabbitmq"})
    draft.put("type", "ClusterIP")
    draft.annotate(below(one, *METADATA_ANNOTATIONS), Field(METADATA_ANNOTATIONS))
    draft.without(containing=("kubernetes.io", "k8s.io"))
    draft.annotate(below(one, *_SERVICE, "annotations"), service.below("annotations"))
    draft.copy(below(one, *_SERVICE), service, "type")
    if below(one, *_SERVICE, "ipFamilyPolicy") is None or does(draft, _OPERATOR, objects, _FAMILY):
        draft.copy(below(one, *_SERVICE), service, "ipFamilyPolicy")
    given = mapping(below(one, *_OVERRIDE))
    if "LoadBalancer" not in (draft.type, below(given, "spec", "type")):
        return []
    has_app = does(draft, _OPERATOR, objects, _APP_PROTOCOL)
    for name, number, app, source in _ports(one):
        if name.startswith("web-amqp") and not does(draft, _OPERATOR, objects, _WEB_AMQP):
            continue
        draft.port(name, number, source, target=number, app=app if has_app else "")
    draft.copy({}, override.below("spec"), *_OF_OVERRIDE)
    draft.overlay(given, override)
    return draft.made("the RabbitMQ operator", service.below("annotations"), override.below(*METADATA_ANNOTATIONS))


def _ports(one: Object) -> Iterator[tuple[str, int, str, Path]]:
    tls: Path = ("spec", "tls")
    fields = mapping(below(one, *tls))
    vault = below(one, "spec", "secretBackend", "vault", "tls", "pkiIssuerPath")
    secured, plain = bool(fields.get("secretName") or vault), fields.get("disableNonTLSListeners") is not True
    tls = tls if fields else ("spec", "secretBackend")
    given = below(one, *_PLUGINS)
    plugins = list(given) if is_list(given) else []
    for name, number, app, secure, secure_app, plugin in _PORTS:
        openers = _STREAM if name == "stream" else (plugin,)
        opened = [index for index, each in enumerate(plugins) if each in openers]
        if plugin and not opened:
            continue
        source: Path = (*_PLUGINS, opened[0]) if plugin else _SERVICE
        metrics = name == "prometheus"
        if not secured if metrics else plain:
            yield name, number, app, source
        if secured:
            tail = "-tls" if metrics or name == "management" or plugin.startswith("rabbitmq_web") else "s"
            yield name + tail, secure, secure_app, tls


PRODUCER = Producer("RabbitmqCluster", "rabbitmq.com", _make, word="LoadBalancer")
