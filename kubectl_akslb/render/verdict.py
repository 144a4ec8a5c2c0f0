"""The verdict of a path in words: one headline, the edit that mends it, and who gets in."""

from collections.abc import Sequence

from kubectl_akslb.edge.files import names_file
from kubectl_akslb.evidence.evidence import EvidenceSource
from kubectl_akslb.manifest.nodes import PLAIN, path_text
from kubectl_akslb.model.command import KUBECTL, Command, command, flag, is_label, on_object
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.model.derivation import (
    LOAD_BALANCER_STAGE,
    PRIVATE_LINK_STAGE,
    PUBLIC_IP_STAGE,
    SECURITY_GROUP_STAGE,
    STATUS_STAGE,
)
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Remedy
from kubectl_akslb.path.sentences import brief, remedy_sentence, sentence, sentences
from kubectl_akslb.path.verdict import ClientGroup, ClientPath, Path, PortPath, Verdict, VerdictKind
from kubectl_akslb.path.walk import deciding
from kubectl_akslb.pipeline import Explained
from kubectl_akslb.producers.kinds import GROUPS
from kubectl_akslb.render.ports import family, is_alike

WHAT_STANDS = {
    LOAD_BALANCER_STAGE: "the load balancer keeps what it had; a new public IP is already there",
    STATUS_STAGE: "frontend and rules are there, but no security rule, and the Service gets no address",
    SECURITY_GROUP_STAGE: "frontend and rules are there, but no security rule, and the Service gets no address",
    PRIVATE_LINK_STAGE: "load balancer and security rules are there, but the Service gets no address",
    PUBLIC_IP_STAGE: "load balancer and security rules are there, but the Service gets no address",
}
_ROTATION = "every node leaves rotation, clients time out"


def headline(one: Explained) -> str:
    """The verdict in one sentence: what happens, and the cause."""
    verdict = one.path.verdict
    why = sentences(verdict.because)
    if verdict.kind is VerdictKind.WORKS:
        return _works(one, verdict)
    if verdict.kind is VerdictKind.PENDING:
        refused = verdict.because[0].cause is Cause.REFUSED_BY_API_SERVER
        return f"it is not created: {why}" if refused else f"EXTERNAL-IP stays <pending>: {why}" if _new(one) else why
    ports = blamed_ports(one)
    if verdict.client is not None:
        lost = " gets no answer" if verdict.kind is VerdictKind.UNREACHABLE else ""
        return why if verdict.client.name in why else f"{verdict.client.name}{lost}: {why}"
    if verdict.kind is VerdictKind.DOWN and verdict.hop is not None and verdict.hop.name in _PROBED:
        return f"{ports}{_ROTATION}: {why}"
    if verdict.kind is VerdictKind.DOWN and verdict.hop is not None and verdict.hop.name is HopName.POD:
        return f"{ports}no pod answers: {why}"
    return f"{ports}{why}"


def cause(one: Explained, *, in_brief: bool = False) -> str:
    """The cause alone, in one clause; *in_brief* for a line that has little room."""
    verdict = one.path.verdict
    if in_brief and verdict.because:
        return brief(verdict.because[0])
    why = sentence(verdict.because[0]) if verdict.because else ""
    named = verdict.client is not None and verdict.client.name not in why
    return f"{verdict.client.name}: {why}" if verdict.client is not None and named else why


_LIMITED = frozenset({Confidence.ASSUMED, Confidence.UNREAD})
_PROBED = frozenset({HopName.PROBE, HopName.SECURITY_GROUP, HopName.POOL})


def _works(one: Explained, verdict: Verdict) -> str:
    live = one.evidence.source is EvidenceSource.CLUSTER
    far = f", as far as {'this cluster tells' if live else 'files tell'}"
    limit = far if verdict.confidence in _LIMITED else ""
    return f"nothing stands in the way{limit}"


def _new(one: Explained) -> bool:
    """Whether the Service has no address yet, as far as is known: what has one keeps it."""
    return not (one.evidence.addresses or one.derivation.service.ingress_ips)


def blamed_ports(one: Explained) -> str:
    """``port 80: ``, the ports that the cause holds for; "" where it is all of them."""
    verdict = one.path.verdict
    found = [path for path in one.path.ports if any(_is_blamed(hop, verdict) for hop in path.hops)]
    return f"{_numbered(one, found)}: " if found and len(found) < len(one.path.ports) else ""


def other_ports(one: Explained) -> str:
    """The ports that come to the same end for another reason, which the table of ports says."""
    verdict = one.path.verdict
    found = [
        path
        for path in one.path.ports
        if any(_ends_alike(hop, verdict) and not _is_blamed(hop, verdict) for hop in path.hops)
    ]
    return f"; {_numbered(one, found)}: see below" if found else ""


def _numbered(one: Explained, ports: Sequence[PortPath]) -> str:
    """``ports 80, 443``, with the IP family where it is one of two; ``all ports`` for the rule of HA ports."""
    if any(path.port is None for path in ports):
        return "all ports"
    numbers = list(dict.fromkeys(str(path.port.port) for path in ports if path.port is not None))
    families = {family(one.derivation, path.rule) for path in ports}
    over = f" over {families.pop()}" if len(families) == 1 and "" not in families else ""
    return f"port{'s' * (len(numbers) > 1)} {', '.join(numbers)}{over}"


def _is_blamed(hop: Hop, verdict: Verdict) -> bool:
    return _ends_alike(hop, verdict) and is_alike(hop.because, verdict.because)


def _ends_alike(hop: Hop, verdict: Verdict) -> bool:
    return verdict.hop is not None and (hop.name, hop.outcome) == (verdict.hop.name, verdict.hop.outcome)


def confidence(verdict: Verdict) -> str:
    """What the verdict rests on, in brackets; "" where it says by itself that it is not known."""
    limited = verdict.kind is VerdictKind.WORKS and verdict.confidence in _LIMITED
    said = limited or verdict.kind in {VerdictKind.DEPENDS, VerdictKind.UNKNOWN}
    return "" if said or verdict.confidence is Confidence.CERTAIN else f"[{verdict.confidence.value}]"


def detail(one: Explained) -> str:
    """What stands where the provider refuses the Service, and where the error shows; "" elsewhere."""
    refusal = one.derivation.refusal
    if refusal is None or one.path.common[0].outcome is not Outcome.DROP:
        return ""
    return f"stops at the {refusal.stage}: {WHAT_STANDS[refusal.stage]}; {_IN_DESCRIBE}"


#: Upstream: the service controller of Kubernetes, which reports every error of the provider this way.
_IN_DESCRIBE = (
    'kubectl describe shows it as Warning SyncLoadBalancerFailed "Error syncing load balancer: failed to ensure load'
    ' balancer: …", and it is tried again'
)


def edits(remedy: Remedy | None) -> tuple[str, ...]:
    """The annotations that a remedy sets, each as it stands in a manifest."""
    if remedy is None or not remedy.annotations:
        return ()
    from kubectl_akslb.manifest.quoting import written

    return tuple(f"{key}: {written(value, PLAIN)}" for key, value in remedy.annotations)


def placed(one: Explained, remedy: Remedy | None) -> str:
    """Where annotations go: on a Service that a controller makes they would be undone; by hand where no fix can."""
    if remedy is None or not remedy.annotations:
        return ""
    if not one.found.made_of:
        return "" if _can_be_edited(one, remedy) else _BY_HAND
    spot = one.found.spot_of_annotations(*(key for key, _ in remedy.annotations))
    if spot is None and one.found.maker is not None and not one.found.path and not one.found.places:
        return f"in {one.found.maker.kind} {one.found.maker.name}: on the Service it may be undone"
    if spot is None:
        return f"where {one.found.made_by} takes annotations from is not among what was read"
    holder = spot.holder
    return f"in {holder.kind} {holder.name}, {path_text(spot.path)}"


def advice(remedy: Remedy | None) -> str:
    """What is to be done where no annotation does it, or ""."""
    return remedy_sentence(remedy.reason) if remedy is not None and remedy.reason is not None else ""


def applied_by(one: Explained, remedy: Remedy | None) -> Command | None:
    """The command that makes the edit: in the file where it stands, or on the object of the cluster."""
    if remedy is not None and remedy.command is not None:
        live = one.evidence.source is EvidenceSource.CLUSTER or remedy.command.words[0] != KUBECTL
        return remedy.command.on(one.connection) if live else None
    if remedy is None or not remedy.annotations:
        return None
    if one.found.path and not one.found.path.startswith("<"):
        if not _can_be_edited(one, remedy):
            return None
        unsafe = () if remedy.safe else ("--unsafe-fixes",)
        return command("kubectl", "akslb", "lint", "--fix", *unsafe, *_file(one.found.path))
    if not one.found.path and one.found.made_of:
        return _patch(one, remedy)
    if not one.found.path and remedy.at == ("metadata", "annotations"):
        service = one.derivation.service
        pairs = (f"{key}={value}" for key, value in remedy.annotations)
        found = on_object("annotate", "svc", service.name, service.namespace, "--overwrite", *pairs)
        return found.on(one.connection) if found is not None else None
    return None


_BY_HAND = "by hand: lint --fix cannot add it without changing more"


def _can_be_edited(one: Explained, remedy: Remedy) -> bool:
    """Whether ``lint --fix`` adds the annotations to the file; what stands in no file is no question."""
    if not one.found.path or one.found.path.startswith("<"):
        return True
    from kubectl_akslb.lint.diagnostic import SAFE
    from kubectl_akslb.lint.fixes import annotations_fix

    return annotations_fix(one.found, remedy.annotations, SAFE) is not None


def _patch(one: Explained, remedy: Remedy) -> Command | None:
    """The command that sets annotations in the object of a cluster that a Service is made of; not below a list."""
    spot = one.found.spot_of_annotations(*(key for key, _ in remedy.annotations))
    if spot is None or any(isinstance(step, int) for step in spot.path) or spot.holder.kind not in GROUPS:
        return None
    from json import dumps

    body: object = dict(remedy.annotations)
    for step in reversed(spot.path):
        body = {step: body}
    kind = f"{spot.holder.kind.lower()}.{GROUPS[spot.holder.kind]}"
    options = ("--type=merge", flag("--patch", dumps(body)))
    found = on_object("patch", kind, spot.holder.name, spot.holder.namespace, *options)
    return found.on(one.connection) if found is not None else None


def lint_command(one: Explained) -> Command:
    """The command that prints all findings about the Service."""
    if one.found.path and not one.found.path.startswith("<"):
        return command("kubectl", "akslb", "lint", *_file(one.found.path))
    if one.found.path:
        return command("kubectl", "akslb", "lint", "-f", "-")
    service = one.derivation.service
    named = is_label(service.name) and is_label(service.namespace)
    words = (f"svc/{service.name}", flag("--namespace", service.namespace)) if named else ("--all-namespaces",)
    return command("kubectl", "akslb", "lint", *words, *one.connection)


def _file(path: str) -> tuple[str, ...]:
    """A file as an argument: bare where that can be neither an option nor the name of a Service."""
    return (path,) if names_file(path) and not path.startswith("-") else (flag("--filename", path),)


def who_gets_in(path: Path) -> str:
    """The groups of clients that get in, in a few words."""
    passing = [client for client in path.clients if deciding(client).outcome is not Outcome.DROP]
    if any(client.intended and deciding(client).outcome is Outcome.UNKNOWN for client in passing):
        return "not known"
    groups = {client.group for client in passing}
    internet = next((client for client in passing if client.group is ClientGroup.INTERNET), None)
    if internet is not None:
        whole = deciding(internet).outcome is Outcome.PASS
        return "everybody on the internet" if whole else "the internet, in part"
    named = [_named(client) for client in passing if client.group in {ClientGroup.RANGE, ClientGroup.SERVICE_TAG}]
    network = any(one.group is ClientGroup.VIRTUAL_NETWORK and not one.seen_as_public for one in passing)
    if named:
        more = f" and {len(named) - 3} more" if len(named) > 3 else ""
        return f"only {', '.join(named[:3])}{more}" + (", and the virtual network" if network else "")
    if network:
        return "the virtual network and what is peered with it"
    return "nobody outside the cluster" if groups else "nobody"


def _named(client: ClientPath) -> str:
    return client.name if deciding(client).outcome is Outcome.PASS else f"a part of {client.name}"


def in_words(outcome: Outcome) -> str:
    """yes, no, or what may be."""
    return {Outcome.PASS: "yes", Outcome.DROP: "no", Outcome.DEPENDS: "partly", Outcome.UNKNOWN: "unknown"}[outcome]
