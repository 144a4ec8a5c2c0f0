"""The fix for a probe that does not pass: what the path proposes for all ports together, as edits."""

from kubectl_akslb.evidence.gateway import OWN_ANNOTATIONS
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import SAFE, UNSAFE, Fix
from kubectl_akslb.lint.fixes import PROBES, annotations_fix
from kubectl_akslb.manifest.nodes import Node
from kubectl_akslb.model.service import ServicePort
from kubectl_akslb.path.remedy import Proposal
from kubectl_akslb.path.sentences import sentences


def probe_fix(context: ServiceContext, port: ServicePort) -> Fix | None:
    """The fix for the probe of *port*: UNSAFE where it replaces what somebody has chosen."""
    found = context.found
    if context.proposal.at != OWN_ANNOTATIONS:
        return None  # it is made of a Gateway, and annotated there
    return remedy_fix(context.text, found.annotated, context.proposal._replace(at=found.annotations_at), port.port)


def remedy_fix(text: str, root: Node, proposal: Proposal, port: int | None = None) -> Fix | None:
    """What is proposed for an object, as edits; for the probe of *port* if one is given."""
    remedy = proposal.remedy(port)
    if remedy is None or not remedy.annotations:
        return None
    return annotations_fix(text, root, remedy.annotations, SAFE if remedy.safe else UNSAFE, PROBES, remedy.at)


def why_not(context: ServiceContext, port: ServicePort) -> str:
    """Why nothing is proposed for the probe of *port*, or ""."""
    return next((f"{sentences(one.because)}." for one in context.proposal.left if one.port == port.port), "")
