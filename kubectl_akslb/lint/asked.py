"""A rule that asks a hop of the path: what the hop says becomes a finding, in the hop's own words."""

from kubectl_akslb.lint.diagnostic import Finding
from kubectl_akslb.lint.keys import steps_of
from kubectl_akslb.manifest.nodes import Path
from kubectl_akslb.path.hop import Hop, Reason
from kubectl_akslb.path.sentences import sentence, sentences


def reason_found(reason: Reason, hint: str = "") -> Finding:
    """What one reason says, where it comes from."""
    return Finding(sentence(reason), steps_of(reason.origin) if reason.origin is not None else (), hint=hint)


def finding_of(hop: Hop, steps: Path = (), hint: str = "") -> Finding:
    """What *hop* says, at *steps* or where its first reason comes from."""
    origin = hop.because[0].origin if hop.because else None
    advice = hop.remedy.reason if hop.remedy is not None else None
    if not hint and advice is not None:
        text = sentence(advice)
        hint = f"{text[:1].upper()}{text[1:]}."
    where = steps or (steps_of(origin) if origin is not None else ())
    return Finding(sentences(hop.because), where, hint=hint, confidence=hop.confidence, verify=hop.verify)
