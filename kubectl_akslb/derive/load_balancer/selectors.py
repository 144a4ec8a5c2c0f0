"""Label selectors, as the cloud configuration of multiple load balancers writes them.

Upstream: metav1.LabelSelectorAsSelector and labels.Requirement.Matches of k8s.io/apimachinery.
"""

from collections.abc import Mapping
from typing import Any

from kubectl_akslb.derive.readers import quote
from kubectl_akslb.model.derivation import RefusalCode
from kubectl_akslb.provider import refusals

Selector = Mapping[str, Any]

_IN = "In"
_NOT_IN = "NotIn"
_EXISTS = "Exists"
_DOES_NOT_EXIST = "DoesNotExist"


class SelectorError(ValueError):
    """A selector that Kubernetes cannot read, with the code of its error and what the text names."""

    def __init__(self, code: RefusalCode, **values: str) -> None:
        super().__init__(code.template.format(**values))
        self.code = code
        self.values = values


def matches(selector: Selector, labels: Mapping[str, str]) -> bool:
    """Whether all requirements of *selector* hold for *labels*; an empty selector matches everything.

    SelectorError where a requirement cannot be read, whether or not another one fails; its text is that of recent
    releases, older ones write the values in Go's notation.
    """
    expressions = selector.get("matchExpressions") or ()
    for expression in expressions:
        _check(expression)
    wanted = selector.get("matchLabels") or {}
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _holds(expression, labels) for expression in expressions
    )


def _check(expression: Mapping[str, Any]) -> None:
    operator = expression.get("operator", "")
    values = expression.get("values") or ()
    if operator not in {_IN, _NOT_IN, _EXISTS, _DOES_NOT_EXIST}:
        raise SelectorError(refusals.INVALID_SELECTOR_OPERATOR, operator=quote(operator))
    if operator in {_IN, _NOT_IN} and not values:
        reason = "for 'in', 'notin' operators, values set can't be empty"
        raise SelectorError(refusals.INVALID_SELECTOR_VALUES, values="null", reason=reason)
    if operator in {_EXISTS, _DOES_NOT_EXIST} and values:
        listed = ",".join(quote(value) for value in values)
        reason = "values set must be empty for exists and does not exist"
        raise SelectorError(refusals.INVALID_SELECTOR_VALUES, values=f"[{listed}]", reason=reason)


def _holds(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key = expression["key"]
    operator = expression["operator"]
    if operator == _EXISTS:
        return key in labels
    if operator == _DOES_NOT_EXIST:
        return key not in labels
    listed = labels.get(key) in expression["values"]
    return listed if operator == _IN else not listed


def described(selector: Selector) -> str:
    """*selector* in the short form that kubectl reads, for example ``tier=web,env in (prod,test)``."""
    parts = [f"{key}={value}" for key, value in (selector.get("matchLabels") or {}).items()]
    for expression in selector.get("matchExpressions") or ():
        key = expression.get("key", "")
        operator = expression.get("operator", "")
        values = ",".join(expression.get("values") or ())
        short = {_EXISTS: key, _DOES_NOT_EXIST: f"!{key}"}
        short |= {_IN: f"{key} in ({values})", _NOT_IN: f"{key} notin ({values})"}
        parts.append(short.get(operator, f"{key} {operator}"))
    return ",".join(parts) or "everything"
