"""A policy: which annotations Services and Gateways get, beyond what is right for all of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from kubectl_akslb.evidence.service_templates import ServiceTemplate
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.choice import PATH, TCP, Choice, KnownChoice, UnknownChoice


class PolicyRule(NamedTuple):
    """What the objects get that match: name, namespace and class by a pattern with ``*`` and ``?``, labels exactly.

    An empty pattern matches everything. The class of a Gateway is its gatewayClassName, that of a Service its
    loadBalancerClass. A choice that is "" is the policy's own.
    """

    name: str
    match_name: str = ""
    match_namespace: str = ""
    match_class: str = ""
    match_labels: Mapping[str, str] = {}
    known: KnownChoice | Literal[""] = ""
    unknown: UnknownChoice | Literal[""] = ""
    annotations: tuple[tuple[str, str], ...] = ()

    def matches(self, name: str, namespace: str, labels: Mapping[str, str], class_name: str) -> bool:
        """Whether all that the rule asks for is so."""
        pairs = ((self.match_name, name), (self.match_namespace, namespace), (self.match_class, class_name))
        return all(not pattern or _fits(pattern, text) for pattern, text in pairs) and all(
            labels.get(key) == value for key, value in self.match_labels.items()
        )


class Policy(NamedTuple):
    """Rules, of which the first that matches decides; *known* and *unknown* where it leaves them open.

    *templates* are fields of other objects that hold a Service.
    """

    rules: tuple[PolicyRule, ...] = ()
    known: KnownChoice = PATH
    unknown: UnknownChoice = TCP
    name: str = "the default"
    templates: tuple[ServiceTemplate, ...] = ()

    def choose(self, name: str, namespace: str, labels: Mapping[str, str], class_name: str = "") -> Choice:
        """What an object gets."""
        for rule in self.rules:
            if rule.matches(name, namespace, labels, class_name):
                title = f"rule {rule.name!r} of {self.name}"
                return Choice(rule.known or self.known, rule.unknown or self.unknown, rule.annotations, title)
        return Choice(self.known, self.unknown, (), self.name)


DEFAULT_POLICY = Policy()


def _fits(pattern: str, text: str) -> bool:
    """``*`` is any text and ``?`` any character; without a library, and in quadratic time at worst."""
    at = mark = 0
    star = -1
    position = 0
    while position < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, mark = at, position
            at += 1
        elif at < len(pattern) and pattern[at] in (text[position], "?"):
            at += 1
            position += 1
        elif star >= 0:
            at = star + 1
            mark += 1
            position = mark
        else:
            return False
    return not pattern[at:].strip("*")


def policy_of(content: Mapping[str, Any], name: str) -> Policy:
    """The policy that *content* describes, which was checked against the schema before."""
    spec = content.get("spec", {})
    rules = []
    for number, item in enumerate(spec.get("rules", ()), 1):
        match = item.get("match", {})
        rules.append(
            PolicyRule(
                item.get("name", str(number)),
                match.get("name", ""),
                match.get("namespace", ""),
                match.get("class", ""),
                match.get("labels", {}),
                item.get("known", ""),
                item.get("unknown", ""),
                tuple(item.get("set", {}).items()),
            )
        )
    found = templates_of(spec.get("producers", ()))
    return Policy(tuple(rules), spec.get("known", PATH), spec.get("unknown", TCP), name, found)


def templates_of(items: Sequence[Mapping[str, Any]]) -> tuple[ServiceTemplate, ...]:
    """The fields that hold a Service, of a list that was checked against the schema before."""
    return tuple(
        ServiceTemplate(
            one["group"],
            one["kind"],
            tuple(one["path"].split(".")),
            one.get("name", "{name}"),
            tuple((port.get("name", ""), port["port"]) for port in one.get("ports", ())),
            one.get("controller", ""),
            tuple(filter(None, one.get("annotations", "").split("."))),
        )
        for one in items
    )
