"""What a rule is: a module with a page for its docstring, a severity, the safety of its fix, and a check."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import Effect, Finding
from kubectl_akslb.lint.stream import OtherObject
from kubectl_akslb.model.cluster import Cluster

ServiceCheck = Callable[[ServiceContext], Iterator[Finding]]
OtherObjectCheck = Callable[[OtherObject, Cluster], Iterator[Finding]]

_FENCE = re.compile(r"^```yaml([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class RuleModule(Protocol):
    """A file in ``lint/rules``. *FIX* is SAFE, UNSAFE, or "" for a rule that has no fix."""

    __name__: str
    __doc__: str | None
    SEVERITY: str
    EFFECT: Effect
    FIX: str

    def check(self, context: ServiceContext, /) -> Iterator[Finding]:
        """What is wrong with a Service."""
        ...


class OtherObjectModule(Protocol):
    """A file in ``lint/rules`` whose rule is about objects that Azure's provider does not act on."""

    __name__: str
    __doc__: str | None
    SEVERITY: str
    EFFECT: Effect
    FIX: str

    def check(self, other: OtherObject, cluster: Cluster, /) -> Iterator[Finding]:
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
    check: ServiceCheck | None
    check_other: OtherObjectCheck | None = None

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


def other_object_rule_of(module: OtherObjectModule) -> Rule:
    """The rule of a module about other objects."""
    return _rule(module)._replace(check_other=module.check)


def _rule(module: RuleModule | OtherObjectModule) -> Rule:
    title, _, rest = (module.__doc__ or "").strip().partition("\n")
    name = module.__name__.rpartition(".")[2].replace("_", "-")
    return Rule(name, title.rstrip("."), module.SEVERITY, module.EFFECT, module.FIX, rest.strip() + "\n", None)


def _setting(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value
