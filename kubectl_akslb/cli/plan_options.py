"""What the commands that compare two states have in common: their formats, and from which effect on they fail."""

from typing import Literal, TypeAlias

from kubectl_akslb.plan.effect import Effect

PlanForm: TypeAlias = Literal["text", "json", "yaml", "markdown", "sarif", "junit"]
_NEVER = "never"


def threshold(fail_on: str) -> Effect | None:
    """The least effect that makes a command fail, as ``--fail-on`` says it; None where none does."""
    return None if fail_on == _NEVER else Effect(fail_on.replace("-", " "))
