"""The fix for a probe that does not pass: what the path proposes for all ports together, as edits."""

from kubectl_akslb.lint.diagnostic import SAFE, UNSAFE, Fix
from kubectl_akslb.lint.fixes import PROBES, set_annotations
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.model.service import ServicePort
from kubectl_akslb.path.sentences import sentences


def probe_fix(subject: Subject, port: ServicePort) -> Fix | None:
    """The fix for the probe of *port*: UNSAFE where it replaces what somebody has chosen."""
    remedy = subject.proposal.remedy(port.port)
    if remedy is None or not remedy.annotations:
        return None
    title = " and ".join(f"{key.rpartition('/')[2]}: {value}" for key, value in remedy.annotations)
    return set_annotations(subject, remedy.annotations, f"annotate {title}", SAFE if remedy.safe else UNSAFE, PROBES)


def why_not(subject: Subject, port: ServicePort) -> str:
    """Why nothing is proposed for the probe of *port*, or ""."""
    return next((f"{sentences(one.because)}." for one in subject.proposal.left if one.port == port.port), "")
