"""The command that confirms what an event means; words in capitals become what is known of the cluster."""

from kubectl_akslb.derive.naming import INTERNAL_SUFFIX, is_internal
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.command import Command, is_label
from kubectl_akslb.model.service import Service

_BALANCER = "kubernetes"


def confirm_command(text: str, service: Service, cluster: Cluster) -> Command | None:
    """*text* of the table of events as a command; of several the first."""
    from shlex import split

    words = split(text.partition(";")[0])
    if not words:
        return None
    known = {"NAMESPACE": service.namespace, "SERVICE": service.name}
    if not all(is_label(name) for name in known.values() if name):
        return None
    if "resource_group" in cluster.given:
        known["NODE_RESOURCE_GROUP"] = cluster.resource_group
    if is_internal(service):
        known[_BALANCER] = _BALANCER + INTERNAL_SUFFIX
    return Command(tuple(_filled(word, known) for word in words))


def _filled(word: str, known: dict[str, str]) -> str:
    """A word of the command; a value stands for a whole word, or behind its last equals sign."""
    head, equals, last = word.rpartition("=")
    return f"{head}{equals}{known.get(last) or last}"
