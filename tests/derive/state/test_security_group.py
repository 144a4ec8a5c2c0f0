"""The security group between two Services: what its indexes find, and that a refused step leaves nothing behind."""

from collections.abc import Iterable
from typing import TypeVar

from kubectl_akslb.derive.state.security_group import FIRST_PRIORITY, SecurityGroupState
from kubectl_akslb.model.network import SecurityRule
from kubectl_akslb.model.provenance import PROVIDER, Derived, Origin

T = TypeVar("T")
FIRST, SECOND = "20.0.0.1", "20.0.0.2"


def given(value: T) -> Derived[T]:
    return Derived(value, Origin(PROVIDER, "test", None))


def rule(name: str, priority: int, *destinations: str) -> SecurityRule:
    everybody = given(("Internet",))
    return SecurityRule(
        given(name), given("Allow"), given("Tcp"), given(priority), everybody, given(destinations), given(("80",))
    )


def group() -> SecurityGroupState:
    return SecurityGroupState((rule("a", 500, FIRST), rule("b", 501, FIRST, SECOND), rule("c", 503, SECOND)))


def names(found: Iterable[SecurityRule]) -> list[str]:
    return [one.name.value for one in found]


def test_rules_are_found_by_destination_in_the_order_in_which_they_came() -> None:
    state = group()
    state.put(rule("a", 500, SECOND))
    assert names(state.naming((SECOND,))) == ["a", "b", "c"]
    state.drop("b")
    state.put(rule("b", 501, SECOND))
    assert names(state.naming((SECOND,))) == ["a", "c", "b"]


def test_an_added_destination_is_found() -> None:
    state = group()
    state.put(rule("a", 500, FIRST, SECOND), added=(SECOND,))
    assert names(state.naming((SECOND,))) == ["a", "b", "c"]


def test_a_priority_is_free_once_its_last_rule_is_gone() -> None:
    state = group()
    assert state.first_free() == 502
    state.put(rule("d", FIRST_PRIORITY))
    state.drop("a")
    assert state.is_taken(FIRST_PRIORITY)
    state.drop("d")
    assert state.first_free() == FIRST_PRIORITY
    free = state.free()
    assert [next(free), next(free), next(free)] == [500, 502, 504]


def test_what_has_no_destination_is_found_and_counted() -> None:
    state = group()
    assert (state.sources, state.destinations) == (3, 4)
    state.put(rule("b", 501), added=())
    assert (state.sources, state.destinations) == (3, 2)
    assert names(state.without_destinations()) == ["b"]


def test_a_step_that_is_undone_leaves_nothing_behind() -> None:
    state, untouched = group(), group()
    state.begin()
    state.drop("a")
    state.put(rule("d", 500, SECOND))
    state.put(rule("b", 502))
    state.put(rule("a", 504, SECOND))
    state.undo()
    assert list(state.rules.items()) == list(untouched.rules.items())
    assert (state.sources, state.destinations) == (untouched.sources, untouched.destinations)
    assert (state.first_free(), names(state.without_destinations())) == (502, [])
    assert names(state.naming((FIRST, SECOND))) == ["a", "b", "c"]


def test_a_copy_goes_its_own_way() -> None:
    state = group()
    other = state.copy()
    other.drop("a")
    other.put(rule("d", 500, SECOND))
    assert names(state.naming((FIRST, SECOND))) == ["a", "b", "c"]
    assert state.first_free() == 502
