"""What a rule is: what it is called and about, how bad that is, a check, and a page of Markdown beside its file."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Literal

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import Applicability, Finding, RuleEffect, Severity
from kubectl_akslb.lint.stream import OtherObject
from kubectl_akslb.lint.suppress import Suppression
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.named_tuple import NamedTuple

ServiceCheck = Callable[[ServiceContext], Iterator[Finding]]
OtherObjectCheck = Callable[[OtherObject, Cluster], Iterator[Finding]]
SuppressionCheck = Callable[
    [ServiceContext, Sequence[Suppression], Collection[str], Collection[str]], Iterator[Finding]
]
"""Called when all other rules have run, with the ids that ran and those that silenced something."""

ProbesOf = Literal["Service", "Gateway"]

PAGES = "kubectl_akslb.lint.rules"
_DATES = r"\{(since|until) ([a-z0-9.-]+)\}"
_FENCE = r"^```yaml([^\n]*)\n(.*?)^```$"


class Group(Enum):
    """What rules are about, in the order of the documentation."""

    PROBES = "Health probes"
    ADDRESSES = "Placement and addresses"
    RULES = "Load-balancing rules"
    ACCESS = "Access"
    PODS = "Pods"
    NO_EFFECT = "Annotations without effect"
    KEYS = "Keys and values"
    SUPPRESSIONS = "Suppressions"


class RuleExample(NamedTuple):
    """A manifest from a rule's page, and the cluster it is on: words such as ``provider=1.24.0`` behind ``yaml``."""

    cluster: tuple[tuple[str, str], ...]
    text: str


class Rule(NamedTuple):
    """A rule as the engine runs it. *fix* is SAFE, UNSAFE, or "" for a rule that has none; one of the checks is set.

    *probes_of* is the kind of object of which its fix is the remedy for all probes, so that a policy decides about it.
    *said_of_gateway*: a Gateway's own rule says as much of the Service that Istio makes, or nobody has chosen it there.
    """

    id: str
    title: str
    group: Group
    severity: Severity
    effect: RuleEffect
    fix: Applicability | Literal[""] = ""
    check: ServiceCheck | None = None
    check_other: OtherObjectCheck | None = None
    check_suppressions: SuppressionCheck | None = None
    probes_of: ProbesOf | Literal[""] = ""
    said_of_gateway: bool = False

    @property
    def page(self) -> str:
        """Its page, without the heading: Markdown that is shipped beside the rules."""
        from importlib.resources import files

        text = files(PAGES).joinpath(f"{self.id}.md").read_text(encoding="utf-8")
        return re.sub(_DATES, _dates, text)

    @property
    def examples(self) -> tuple[RuleExample, ...]:
        """The manifests on the page: the bad one, the one to use instead, and others on which the rule is silent."""
        return tuple(
            RuleExample(tuple(_setting(word) for word in found[1].split()), found[2])
            for found in re.finditer(_FENCE, self.page, re.DOTALL | re.MULTILINE)
        )


def _dates(found: re.Match[str]) -> str:
    """The releases of the dated behaviour that a page names by its id: it has no date of its own."""
    from kubectl_akslb.provider.behaviours import BEHAVIOURS, listed
    from kubectl_akslb.provider.kubernetes import ROWS

    of_provider = next((one for one in BEHAVIOURS if one == found[2]), None)
    if of_provider is not None:
        return listed(of_provider.since if found[1] == "since" else of_provider.until)
    return next(one.dates for one in ROWS if one.id == found[2])


def _setting(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value
