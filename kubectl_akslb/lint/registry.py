"""All rules, in the order of the documentation. A new rule is a file in ``rules``, and its page beside it."""

from collections.abc import Mapping

from kubectl_akslb.lint.rule import Group, ProbesOf, Rule
from kubectl_akslb.lint.rule_files import RULES

ALL_RULES: tuple[Rule, ...] = tuple(rule for group in Group for rule in sorted(RULES) if rule.group is group)
IDS: frozenset[str] = frozenset(rule.id for rule in ALL_RULES)
_KINDS: tuple[ProbesOf, ...] = ("Service", "Gateway")
PROBE_RULES: Mapping[ProbesOf, frozenset[str]] = {
    kind: frozenset(rule.id for rule in ALL_RULES if rule.probes_of == kind) for kind in _KINDS
}
"""The rules whose fix is the remedy of the probes of such an object: a policy decides for them."""


def by_group() -> tuple[tuple[str, tuple[Rule, ...]], ...]:
    """The rules under the title of what they are about."""
    return tuple((group.value, tuple(rule for rule in ALL_RULES if rule.group is group)) for group in Group)
