"""What the template of the pods says against them: where they may run, what they start, and where they listen.

None of it is proof of the opposite: a template says nothing of what the program does with its configuration.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.evidence.evidence import IDLE, SHELLS, Evidence, Pods, program, words_of
from kubectl_akslb.evidence.objects import mapping, mappings, text
from kubectl_akslb.evidence.state import NodeState
from kubectl_akslb.evidence.workloads import lasting, port_behind
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.service import ServicePort
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason
from kubectl_akslb.path.pool import keeps_out
from kubectl_akslb.path.ports import Container, asked_by_readiness, container_numbers, declared
from kubectl_akslb.path.probe import speaks_proxy, told_of
from kubectl_akslb.provider.images import LISTENS_ON, repository
from kubectl_akslb.provider.workload_settings import Decides
from kubectl_akslb.provider.workloads import INGRESS_NGINX, Workload

# Few templates need these, so that they are compiled where they are used, and kept by re.
_IDLE_SCRIPT = r"\s*(?:exec\s+)?(?:sleep\s+\S+|tail\s+-f\s+/dev/null)[\s;]*\Z"
_LISTENING_FLAG = r"(?i:--?(?:[a-z]+-)?(?:listen|bind|host|addr|address)(?:-(?:address|addr|host))?)\Z"
_LISTENING_VARIABLE = r"(?:HOST|(?:[A-Z]+_)?(?:LISTEN|BIND)(?:_(?:ADDRESS|ADDR|HOST))?)\Z"
_LOOPBACK = r"(?:[a-z]+://)?(?:127\.\d+\.\d+\.\d+|localhost|\[?::1\]?)(?::(\d+))?\Z"
_PORT_FLAG = r"(?i:--?(?:(?:http|listen|server|web)-)?(?:port|listen|bind|addr|address)(?:-address)?)\Z"
_PORT_VARIABLE = r"(?:(?:HTTP|SERVER|LISTEN|NGINX|FLASK_RUN)_)?PORT\Z|ASPNETCORE_(?:URLS|HTTP_PORTS)\Z"
_PORT_VALUE = r"(?:(?:[a-z]+://)?(?:0\.0\.0\.0|\[::\]|[+*])?:)?\d{2,5}/?\Z"
"""A port, of all addresses where one is given."""
_SETTINGS = r"(?i:etc|conf|port|listen|addr|opt|arg)"
"""In the path of a mount, or in the name of a variable that is not read: it may hold settings of the program."""
_LONGEST = 120
"""No longer words are looked at: a manifest is not trusted."""
_NGINX_PORTS = {80: "http-port", 443: "https-port"}


def told_by_template(context: Context, pods: Sequence[Pods]) -> Hop | None:
    """Pods that are never there, never start or never get ready, or that no Local Service reaches where they run."""
    if pods and all(one.refused for one in pods):
        return _hop(Outcome.DROP, Confidence.CERTAIN, Cause.WORKLOAD_REFUSED, pods[:1], why=pods[0].refused)
    if pods and all(one.unstartable for one in pods):
        return _hop(Outcome.DROP, Confidence.DOCUMENTED, Cause.NEVER_STARTS, pods[:1], what=pods[0].unstartable)
    unready = [next(_asked_in_vain(one), "") for one in pods]
    if pods and all(unready):
        return _hop(Outcome.DROP, Confidence.CERTAIN, Cause.NEVER_READY, pods[:1], what=unready[0])
    unpulled = [next(_not_pulled(one), "") for one in pods]
    if pods and all(unpulled):
        return _hop(Outcome.DEPENDS, Confidence.DOCUMENTED, Cause.IMAGE_NOT_PULLED, pods[:1], what=unpulled[0])
    if pods and all(one.paused for one in pods):
        return _hop(Outcome.DEPENDS, Confidence.CERTAIN, Cause.ROLLOUT_PAUSED, pods)
    if not context.service.is_local or not pods:
        return None
    # Whatever else is true of them: their nodes have these labels.
    nodes = [NodeState(one.owner, (), one.node_labels, provider_id="azure:") for one in pods]
    if not all(keeps_out(context.cluster, one) for one in nodes):
        return None
    labels = ", ".join(f"{key}={value}" if value else key for key, value in nodes[0].labels.items())
    return _hop(Outcome.DROP, Confidence.CERTAIN, Cause.PODS_OUTSIDE_POOL, pods, labels=labels)


def told_by_containers(
    context: Context,
    evidence: Evidence,
    port: ServicePort,
    workload: Workload | None,
    *,
    listens: bool,
) -> Hop | None:
    """Containers that listen nowhere, elsewhere, or to others only; *listens*: that they do was seen.

    *workload* is the well-known one.
    """
    pods = lasting(evidence.pods or ())
    if not pods:
        return None
    if workload is not None and workload.name == INGRESS_NGINX:
        found = _by_ingress_nginx(context, evidence, port, pods, listens=listens)
        if found is not None:
            return found
    moved = None if listens or workload is None else _by_setting(evidence, port, pods, workload)
    if moved is not None:
        return moved
    for one in pods if not listens else ():
        numbers = container_numbers(one.containers, port)
        behind = [each for each in one.containers if _may_serve(each, one.containers, numbers)]
        if behind and all(_is_idle(each) for each in behind):
            return _hop(Outcome.DEPENDS, Confidence.CERTAIN, Cause.RUNS_NO_SERVER, (one,), port=port.port)
        if behind and all(_comes_without(each, numbers) for each in behind):
            image = text(behind[0].get("image"))
            ports = ", ".join(map(str, LISTENS_ON[repository(image)]))
            word = f"{image} as it comes listens on {ports}"
            return _elsewhere((one,), port, min(numbers), word, Outcome.DEPENDS)
        # A program that serves another port of the Service may serve more than it is told of.
        told = [_told_to_listen(each, numbers | _led_to(context, one)) for each in behind]
        if told and all(told):
            return _elsewhere((one,), port, min(numbers), told[0], Outcome.DEPENDS, Confidence.ASSUMED)
        word = next((word for each in behind for word in _bound_to_loopback(each, numbers)), "")
        if word:
            return _hop(Outcome.DEPENDS, Confidence.ASSUMED, Cause.BOUND_TO_LOOPBACK, (one,), word=word, port=port.port)
    return None


def _hop(outcome: Outcome, confidence: Confidence, cause: Cause, pods: Sequence[Pods], **facts: object) -> Hop:
    reason = Reason(cause, {"owners": tuple(one.owner for one in pods), **facts})
    return Hop(HopName.POD, outcome, confidence, (reason,))


def _asked_in_vain(pods: Pods) -> Iterator[str]:
    """The probes that ask a port by a name which their container does not have.

    The kubelet throws such a result away: what waits for a success waits for ever, and a liveness probe says nothing.
    """
    for container in pods.containers:
        names = {name for _, name, _ in declared((container,))}
        for kind in ("startupProbe", "readinessProbe"):
            probe = mapping(container.get(kind))
            for handler in ("httpGet", "tcpSocket"):
                port = mapping(probe.get(handler)).get("port")
                if isinstance(port, str) and port not in names:
                    yield f"{kind} asks for the port {port!r}"


def _not_pulled(pods: Pods) -> Iterator[str]:
    """Images that must be on the node before the pod is, where nothing on AKS puts them."""
    for container in pods.containers:
        image = text(container.get("image"))
        if container.get("imagePullPolicy") == "Never":
            yield "imagePullPolicy: Never"
        elif image.partition("/")[0].partition(":")[0] in {"localhost", "127.0.0.1"}:
            yield image


def _elsewhere(
    pods: Sequence[Pods],
    port: ServicePort,
    target: int,
    word: str,
    outcome: Outcome,
    confidence: Confidence = Confidence.WELL_KNOWN,
) -> Hop:
    return _hop(outcome, confidence, Cause.LISTENS_ELSEWHERE, pods, port=port.port, target=target, word=word)


def _led_to(context: Context, pods: Pods) -> frozenset[int]:
    """The numbers to which any port of the Service leads."""
    return frozenset().union(*(container_numbers(pods.containers, one) for one in context.service.ports))


def _may_serve(container: Container, all_of: Sequence[Container], numbers: frozenset[int]) -> bool:
    """Whether the port is this container's: it declares it, or none does."""
    own = {number for number, _, _ in declared((container,))}
    return not own.isdisjoint(numbers) or not any(number in numbers for number, _, _ in declared(all_of))


def _is_idle(container: Container) -> bool:
    name = program(container)
    if name not in SHELLS:
        return name in IDLE
    words = [*words_of(container)]
    return len(words) == 3 and words[1] in {"-c", "-ec"} and re.match(_IDLE_SCRIPT, words[2][:_LONGEST]) is not None


def _comes_without(container: Container, numbers: frozenset[int]) -> bool:
    """Whether it runs an image as it comes, which then listens on none of these ports: nothing here could change it."""
    ports = LISTENS_ON.get(repository(text(container.get("image"))))
    if ports is None or not numbers or not numbers.isdisjoint(ports):
        return False
    if any(container.get(one) for one in ("command", "envFrom", "lifecycle")) or _mentions(container, numbers):
        return False
    mounts = [text(one.get("mountPath")) for one in mappings(container.get("volumeMounts"))]
    unread = [text(one.get("name")) for one in mappings(container.get("env")) if one.get("valueFrom")]
    return not any(re.search(_SETTINGS, one) for one in (*mounts, *unread))


def _mentions(container: Container, numbers: frozenset[int]) -> bool:
    values = (text(one.get("value")) for one in mappings(container.get("env")))
    return any(str(number) in word for word in (*words_of(container), *values) for number in numbers)


def _told_to_listen(container: Container, numbers: frozenset[int]) -> str:
    """The argument or variable by which it listens on another port, where it names none of these anywhere; else "".

    That it declares one of these opens nothing; but who declares both ports listens on both.
    """
    own = {number for number, _, _ in declared((container,))}
    if _mentions(container, numbers) or asked_by_readiness((container,), numbers):
        return ""
    words = [word for word in words_of(container) if len(word) <= _LONGEST]
    for word, after in zip_longest(words, words[1:], fillvalue=""):
        flag, equals, value = word.partition("=")
        if re.match(_PORT_FLAG, flag) and _is_other_port(value if equals else after, numbers, own):
            return word if equals else f"{word} {after}"
    for one in mappings(container.get("env")):
        name, value = text(one.get("name"))[:_LONGEST], text(one.get("value"))[:_LONGEST]
        if re.match(_PORT_VARIABLE, name) and _is_other_port(value, numbers, own):
            return f"{name}={value}"
    return ""


def _is_other_port(value: str, numbers: frozenset[int], own: Collection[int]) -> bool:
    """Whether a value is a port, and one that is not declared beside *numbers*."""
    if not re.match(_PORT_VALUE, value):
        return False
    return numbers.isdisjoint(own) or int(value.rstrip("/").rpartition(":")[2]) not in own


def _bound_to_loopback(container: Container, numbers: frozenset[int]) -> Iterator[str]:
    """The arguments and variables by which a container listens on its loopback, at one of these ports or none named."""
    words = [word for word in words_of(container) if len(word) <= _LONGEST]
    for word, after in zip_longest(words, words[1:], fillvalue=""):
        flag, equals, value = word.partition("=")
        if re.match(_LISTENING_FLAG, flag) and _is_loopback(value if equals else after, numbers):
            yield word if equals else f"{word} {after}"
    for one in mappings(container.get("env")):
        name, value = text(one.get("name"))[:_LONGEST], text(one.get("value"))[:_LONGEST]
        if re.match(_LISTENING_VARIABLE, name) and _is_loopback(value, numbers):
            yield f"{name}={value}"


def _is_loopback(value: str, numbers: frozenset[int]) -> bool:
    found = re.match(_LOOPBACK, value)
    return found is not None and (found[1] is None or int(found[1]) in numbers)


def _not_told_to_open(port: ServicePort, pods: Sequence[Pods], opened: Collection[int]) -> Hop | None:
    """A port that has the name of a traffic port of ingress-nginx, and a number that only a flag could open."""
    for one in pods:
        behind = port_behind(one, port)
        flag = "" if behind is None else {"http": "--http-port", "https": "--https-port"}.get(behind.name, "")
        if behind is None or not flag or behind.number in opened:
            continue
        told = any(True for each in one.containers for _ in words_of(each))
        facts = {"port": port.port, "target": behind.number, "word": flag, "workload": INGRESS_NGINX}
        outcome = Outcome.DROP if told else Outcome.DEPENDS
        return _hop(outcome, Confidence.WELL_KNOWN, Cause.OPENED_WHEN_TOLD, pods, **facts)
    return None


def _by_setting(evidence: Evidence, port: ServicePort, pods: Sequence[Pods], workload: Workload) -> Hop | None:
    """Where a well-known workload is told to listen, and where the Service leads to."""
    behind = {port_behind(one, port) for one in pods}
    one = behind.pop() if len(behind) == 1 else None
    known = workload.port_of(port, one.name, one.number) if one is not None else None
    for told in told_of(workload, known, evidence, port) if one is not None else ():
        if told.decides is not Decides.LISTENS:
            continue
        facts = {"port": port.port, "target": one.number if one is not None else 0, "word": told.word}
        if told.needed:
            facts["workload"] = workload.name
            return _hop(Outcome.DEPENDS, Confidence.WELL_KNOWN, Cause.OPENED_WHEN_TOLD, pods, **facts)
        if told.value is not None:
            cause = Cause.BOUND_TO_LOOPBACK if told.loopback else Cause.LISTENS_ELSEWHERE
            return _hop(Outcome.DROP, Confidence.WELL_KNOWN, cause, pods, **facts)
    return None


def _by_ingress_nginx(
    context: Context, evidence: Evidence, port: ServicePort, pods: Sequence[Pods], *, listens: bool
) -> Hop | None:
    """What the arguments and the ConfigMap of ingress-nginx make of its traffic ports."""
    from kubectl_akslb.evidence.ingress_nginx import ControllerArguments, wants_proxy_protocol

    given = ControllerArguments(pods)
    moved = {number: given.ports[flag] for number, flag in _NGINX_PORTS.items() if flag in given.ports}
    numbers = {number for one in pods for number in container_numbers(one.containers, port)}
    gone = [number for number in numbers if moved.get(number, number) != number and number not in moved.values()]
    if gone and not listens:
        flag = f"--{_NGINX_PORTS[gone[0]]}={moved[gone[0]]}"
        return _elsewhere(pods, port, gone[0], flag, Outcome.DROP)
    closed = _not_told_to_open(port, pods, {*_NGINX_PORTS, *given.ports.values()})
    if closed is not None and not listens:
        return closed
    if numbers.isdisjoint({*_NGINX_PORTS, *moved.values()}) or speaks_proxy(context):
        return None
    config_map = wants_proxy_protocol(given, evidence.objects)
    if not config_map:
        return None
    return _hop(
        Outcome.DEPENDS, Confidence.WELL_KNOWN, Cause.WANTS_PROXY_PROTOCOL, pods, name=config_map, port=port.port
    )
