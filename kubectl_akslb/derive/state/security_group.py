"""The security group while Services are reconciled: its rules, indexed by what a reconcile looks for in them."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from kubectl_akslb.model.network import SecurityRule

#: The first priority that the provider gives out.
FIRST_PRIORITY = 500


class SecurityGroupState:
    """The rules by name, in the order in which they came; what a step that is refused has changed can be undone."""

    __slots__ = (
        "_empty", "_first_free", "_last", "_named", "_numbers", "_priorities", "_rules", "_stood",
        "destinations", "sources",
    )  # fmt: skip

    def __init__(self, rules: Iterable[SecurityRule] = ()) -> None:
        self._rules: dict[str, SecurityRule] = {}
        #: The place of each rule in the order in which they came, in which several are looked at.
        self._numbers: dict[str, int] = {}
        self._last = 0
        #: By destination the rules that have it, or have had it: taking one out of thousands costs nothing here.
        self._named: dict[str, set[str]] = {}
        self._empty: set[str] = set()
        #: How many rules have a priority; below *_first_free* the provider has none left to give.
        self._priorities: dict[int, int] = {}
        self._first_free = FIRST_PRIORITY
        #: What the step that runs has changed, with the rule and its number from before.
        self._stood: dict[str, tuple[SecurityRule, int] | None] = {}
        #: How many sources, and how many destinations, all rules have together.
        self.sources = self.destinations = 0
        for rule in rules:
            self.put(rule)

    def copy(self) -> "SecurityGroupState":
        """The same group once more; the rules in it never change, and are shared."""
        other = SecurityGroupState()
        other._rules, other._numbers, other._last = self._rules.copy(), self._numbers.copy(), self._last
        other._named = {destination: names.copy() for destination, names in self._named.items()}
        other._empty, other._priorities = self._empty.copy(), self._priorities.copy()
        other._first_free = self._first_free
        other.sources, other.destinations = self.sources, self.destinations
        return other

    @property
    def rules(self) -> Mapping[str, SecurityRule]:
        """The rules by name."""
        return self._rules

    def naming(self, destinations: Iterable[str]) -> list[SecurityRule]:
        """The rules that can have one of these destinations; no other one has."""
        names = {name for destination in destinations for name in self._named.get(destination, ())}
        return self._in_order(name for name in names if name in self._rules)

    def without_destinations(self) -> list[SecurityRule]:
        """The rules that lead nowhere."""
        return self._in_order(self._empty)

    def _in_order(self, names: Iterable[str]) -> list[SecurityRule]:
        return [self._rules[name] for name in sorted(names, key=self._numbers.__getitem__)]

    def is_taken(self, priority: int) -> bool:
        """Whether a rule has this priority."""
        return priority in self._priorities

    def first_free(self) -> int:
        """The lowest priority from FIRST_PRIORITY on that no rule has."""
        while self._first_free in self._priorities:
            self._first_free += 1
        return self._first_free

    def free(self) -> Iterator[int]:
        """The priorities from FIRST_PRIORITY on that no rule has now, the lowest first."""
        start, taken = self.first_free(), set(self._priorities)
        return (priority for priority in count(start) if priority not in taken)

    def put(self, rule: SecurityRule, added: Iterable[str] | None = None) -> None:
        """Add a rule, or replace the one of its name, which keeps its place.

        Its destinations are those that it had before, or fewer, and *added* ones; None: any.
        """
        name = rule.name.value
        if name in self._rules:
            self._take_off(name)
        else:
            self._stood.setdefault(name, None)
            self._last += 1
            self._numbers[name] = self._last
        self._rules[name] = rule
        self._count(rule)
        for destination in rule.destinations.value if added is None else added:
            self._named.setdefault(destination, set()).add(name)

    def drop(self, name: str) -> None:
        """Remove a rule."""
        self._take_off(name)
        del self._rules[name], self._numbers[name]

    def begin(self) -> None:
        """Begin a step: what it changes from here on can be undone."""
        self._stood.clear()

    def undo(self) -> None:
        """Leave the rules as they were when the step began."""
        moved = False
        for name, before in self._stood.copy().items():
            moved |= before is not None and self._numbers.get(name) != before[1]
            if name in self._rules:
                self._take_off(name)
            if before is not None:
                self._rules[name], self._numbers[name] = before
                self._count(before[0])
            elif name in self._rules:
                del self._rules[name], self._numbers[name]
        if moved:
            self._rules = {name: self._rules[name] for name in sorted(self._rules, key=self._numbers.__getitem__)}
        self._stood.clear()

    def _count(self, rule: SecurityRule) -> None:
        priority = rule.priority.value
        self.sources += len(rule.sources.value)
        self.destinations += len(rule.destinations.value)
        self._priorities[priority] = self._priorities.get(priority, 0) + 1
        if not rule.destinations.value:
            self._empty.add(rule.name.value)

    def _take_off(self, name: str) -> None:
        """Count a rule no more, and remember it for the step that runs."""
        rule = self._rules[name]
        self._stood.setdefault(name, (rule, self._numbers[name]))
        priority = rule.priority.value
        self.sources -= len(rule.sources.value)
        self.destinations -= len(rule.destinations.value)
        self._empty.discard(name)
        self._priorities[priority] -= 1
        if not self._priorities[priority]:
            del self._priorities[priority]
            if FIRST_PRIORITY <= priority < self._first_free:
                self._first_free = priority
