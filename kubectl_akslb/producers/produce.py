"""Which Services are made of an object: the one list of the controllers that are known."""

from collections.abc import Callable

from kubectl_akslb.evidence.objects import Objects, text
from kubectl_akslb.producers.app_routing import of_nginx_ingress_controller
from kubectl_akslb.producers.draft import Made, Object
from kubectl_akslb.producers.embedded import of_any
from kubectl_akslb.producers.gateway_api import of_gateway
from kubectl_akslb.producers.rabbitmq import of_rabbitmq
from kubectl_akslb.producers.strimzi import of_kafka

PRODUCERS: dict[str, Callable[[Object, Objects], list[Made]]] = {
    "Gateway": of_gateway,
    "NginxIngressController": of_nginx_ingress_controller,
    "Kafka": of_kafka,
    "RabbitmqCluster": of_rabbitmq,
}
"""By kind; a function looks at the API group itself, and makes nothing of a kind of the same name in another one."""


def made_of(one: Object, objects: Objects) -> list[Made]:
    """The LoadBalancer Services that come of *one*; none where no controller is known for it and no field says so."""
    make = PRODUCERS.get(text(one.get("kind")))
    made = make(one, objects) if make is not None else []
    return made if made or make is not None else of_any(one, objects)
