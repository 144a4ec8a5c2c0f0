"""The fix for a probe that does not pass: what the path proposes for all ports together, as edits."""

from kubectl_akslb.evidence.gateway import OWN_ANNOTATIONS
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, UNSAFE, Fix
from kubectl_akslb.lint.fixes import PROBES, annotations_fix
from kubectl_akslb.model.service import ServicePort
from kubectl_akslb.path.sentences import sentences


def probe_fix(context: ServiceContext, port: ServicePort | None = None) -> Fix | None:
    """The fix for the probe of *port*, None: of all that fail. UNSAFE where it replaces what somebody has chosen."""
    found, proposal = context.found, context.proposal
    if proposal.at != OWN_ANNOTATIONS and found.maker is None:
        return None  # its controller would undo it
    remedy = proposal.remedy(port.port if port is not None else None)
    if remedy is None or not remedy.annotations:
        return None
    return annotations_fix(found, remedy.annotations, SAFE if remedy.safe else UNSAFE, PROBES)


def why_not(context: ServiceContext, port: ServicePort) -> str:
    """Why nothing is proposed for the probe of *port*, or ""."""
    return next((f"{sentences(one.because)}." for one in context.proposal.left if one.port == port.port), "")
