"""All rules, in the order of the documentation. A new rule is a file in ``rules``, and its page beside it."""

from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.lint.rule_files import RULES

ALL_RULES: tuple[Rule, ...] = tuple(rule for group in Group for rule in sorted(RULES) if rule.group is group)
IDS: frozenset[str] = frozenset(rule.id for rule in ALL_RULES)


def by_group() -> tuple[tuple[str, tuple[Rule, ...]], ...]:
    """The rules under the title of what they are about."""
    return tuple((group.value, tuple(rule for rule in ALL_RULES if rule.group is group)) for group in Group)
