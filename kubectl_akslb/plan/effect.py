"""What a change does to those who use a Service."""

from collections.abc import Iterable

from kubectl_akslb.enumeration import Enum


class Effect(Enum):
    """The worst that happens to one Service, the worst first.

    BREAKS: clients that got an answer get none, or the provider refuses the Service from then on. MAY_BREAK: it
    may, as far as is known. EXPOSES: somebody gets in who did not. LOSES_ADDRESS: it gets another address, or none.
    INTERRUPTS: connections that stand are cut. CHANGES: a value is another. RENAMES: names or places are others.
    """

    BREAKS = "breaks"
    MAY_BREAK = "may break"
    EXPOSES = "exposes"
    LOSES_ADDRESS = "loses address"
    INTERRUPTS = "interrupts"
    CHANGES = "changes"
    RENAMES = "renames"
    SAME = "same"

    @property
    def rank(self) -> int:
        """Its place from 0, the worst first."""
        return _RANK[self]


_RANK = {effect: index for index, effect in enumerate(Effect)}


def worst(effects: Iterable[Effect]) -> Effect:
    """The worst of them; SAME where there is none."""
    return min(effects, key=_RANK.__getitem__, default=Effect.SAME)


def at_least(effect: Effect, threshold: Effect) -> bool:
    """Whether *effect* is as bad as *threshold*, or worse."""
    return effect.rank <= threshold.rank
