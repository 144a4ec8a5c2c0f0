"""What a rule is: a module with a page for its docstring, a severity, the safety of its fix, and a check."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from kubectl_akslb.lint.diagnostic import Effect, Finding
from kubectl_akslb.lint.stream import Bystander
from kubectl_akslb.lint.subject import Subject
from kubectl_akslb.model.cluster import Cluster

SubjectCheck = Callable[[Subject], Iterator[Finding]]
BystanderCheck = Callable[[Bystander, Cluster], Iterator[Finding]]

_FENCE = re.compile(r"^```yaml([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class RuleModule(Protocol):
    """A file in ``lint/rules``. *FIX* is SAFE, UNSAFE, or "" for a rule that has no fix."""

    __name__: str
    __doc__: str | None
    SEVERITY: str
    EFFECT: Effect
    FIX: str

    def check(self, subject: Subject, /) -> Iterator[Finding]:
        """What is wrong with a Service."""
        ...


class BystanderModule(Protocol):
    """A file in ``lint/rules`` whose rule is about objects that Azure's provider does not act on."""

    __name__: str
    __doc__: str | None
    SEVERITY: str
    EFFECT: Effect
    FIX: str

    def check(self, bystander: Bystander, cluster: Cluster, /) -> Iterator[Finding]:
        """What is wrong with an object."""
        ...


class Example(NamedTuple):
    """A manifest from a rule's page, and the cluster it is on: words such as ``provider=1.24.0`` behind ``yaml``."""

    cluster: tuple[tuple[str, str], ...]
    text: str


class Rule(NamedTuple):
    """A rule as the engine runs it; the id comes from the name of the module, so that a rule cannot misname itself."""

    id: str
    title: str
    severity: str
    effect: Effect
    fix: str
    page: str
    check: SubjectCheck | None
    check_bystander: BystanderCheck | None = None

    @property
    def examples(self) -> tuple[Example, ...]:
        """The manifests on the page: the bad one, then the one to use instead."""
        return tuple(
            Example(tuple(_setting(word) for word in found[1].split()), found[2])
            for found in _FENCE.finditer(self.page)
        )


def rule_of(module: RuleModule) -> Rule:
    """The rule of a module about Services."""
    return _rule(module)._replace(check=module.check)


def bystander_rule_of(module: BystanderModule) -> Rule:
    """The rule of a module about other objects."""
    return _rule(module)._replace(check_bystander=module.check)


def _rule(module: RuleModule | BystanderModule) -> Rule:
    title, _, rest = (module.__doc__ or "").strip().partition("\n")
    name = module.__name__.rpartition(".")[2].replace("_", "-")
    return Rule(name, title.rstrip("."), module.SEVERITY, module.EFFECT, module.FIX, rest.strip() + "\n", None)


def _setting(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value
