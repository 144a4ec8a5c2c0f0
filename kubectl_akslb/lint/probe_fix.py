"""The fix for a probe that does not pass: what the path proposes, as edits."""

from kubectl_akslb.lint.diagnostic import SAFE, UNSAFE, Fix
from kubectl_akslb.lint.fixes import PROBES, set_annotations
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.model.service import ServicePort
from kubectl_akslb.path.sentences import sentences


def probe_fix(subject: Subject, port: ServicePort) -> Fix | None:
    """The fix for the http(s) probe of *port*: UNSAFE where it replaces what somebody has chosen."""
    found = [one for one in subject.proposal.annotations if port.port in one.ports]
    if not found:
        return None
    title = " and ".join(f"{one.key.rpartition('/')[2]}: {one.value}" for one in found)
    safe = all(one.safe for one in found)
    pairs = tuple((one.key, one.value) for one in found)
    return set_annotations(subject, pairs, f"annotate {title}", SAFE if safe else UNSAFE, PROBES)


def why_not(subject: Subject, port: ServicePort) -> str:
    """Why nothing is proposed for the probe of *port*, or ""."""
    return next((f"{sentences(one.because)}." for one in subject.proposal.left if one.port == port.port), "")
