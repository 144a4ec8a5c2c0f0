"""The commands that settle something: what an event means, and what a node answers to a probe."""

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import INTERNAL_SUFFIX, is_internal
from kubectl_akslb.model.command import KUBECTL, Command, command, is_label
from kubectl_akslb.model.service import Service

_BALANCER = "kubernetes"


def confirm_command(text: str, context: Context) -> Command | None:
    """*text* of the table of events as a command, of several the first; its words in capitals become what is known."""
    from shlex import split

    words = split(text.partition(";")[0])
    if not words:
        return None
    known = {"NAMESPACE": context.service.namespace, "SERVICE": context.service.name}
    if not all(is_label(name) for name in known.values() if name):
        return None
    if "resource_group" in context.cluster.given:
        known["NODE_RESOURCE_GROUP"] = context.cluster.resource_group
    if is_internal(context.service):
        known[_BALANCER] = _BALANCER + INTERNAL_SUFFIX
    return Command(tuple(_filled(word, known) for word in words))


def _filled(word: str, known: dict[str, str]) -> str:
    """A word of the command; a value stands for a whole word, or behind its last equals sign."""
    head, equals, last = word.rpartition("=")
    return f"{head}{equals}{known.get(last) or last}"


def verify_command(service: Service) -> Command | None:
    """``kubectl akslb verify`` for *service*; None where no cluster can have one of this name."""
    return _of_service("verify", service)


def explain_command(service: Service, *options: str) -> Command | None:
    """``kubectl akslb explain`` for *service*; None where no cluster can have one of this name."""
    return _of_service("explain", service, *options)


def _of_service(word: str, service: Service, *options: str) -> Command | None:
    if not is_label(service.name) or not (service.namespace == "" or is_label(service.namespace)):
        return None
    where = ("-n", service.namespace) if service.namespace else ()
    return command(KUBECTL, "akslb", word, f"svc/{service.name}", *where, *options)
