"""The fix for a probe that does not pass: what ``safe_probe`` proposes, as edits."""

from kubectl_akslb.lint.diagnostic import SAFE, Fix
from kubectl_akslb.lint.fixes import PROBES, set_annotations
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.model.provenance import ANNOTATION
from kubectl_akslb.model.service import ServicePort
from kubectl_akslb.provider import annotations as keys


def probe_fix(subject: Subject, port: ServicePort) -> Fix | None:
    """The SAFE fix for the http(s) probe of *port*."""
    pairs = tuple((one.key, one.value) for one in subject.proposal.annotations if port.port in one.ports)
    pairs = pairs or _path_to_protocol(subject, port)
    if not pairs or any(key in subject.service.annotations for key, _ in pairs):
        return None
    title = " and ".join(f"{key.rpartition('/')[2]}: {value}" for key, value in pairs)
    return set_annotations(subject, pairs, f"annotate {title}", SAFE, PROBES)


def why_not(subject: Subject, port: ServicePort) -> str:
    """Why nothing is proposed for the probe of *port*, or ""."""
    return next((f"{one.reason}." for one in subject.proposal.left if one.port == port.port), "")


def _path_to_protocol(subject: Subject, port: ServicePort) -> tuple[tuple[str, str], ...]:
    """Where an annotation asks for http(s) and none for a path: the path that the workload is known to answer."""
    probe = next((probe for other, probe, _ in subject.probed if other.index == port.index), None)
    facts = subject.workload.port_of(port) if subject.workload is not None else None
    known = facts.path(probe.protocol.value.upper()) if facts is not None and probe is not None else None
    if probe is None or known is None or probe.protocol.origin.kind != ANNOTATION:
        return ()
    return ((keys.PORT_PROBE_PATH.for_port(port.port), known.path),)
