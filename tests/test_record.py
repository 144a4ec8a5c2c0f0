"""What is defined with our NamedTuple is what typing would have made of it."""

import copy
import pickle
import typing

import pytest

from kubectl_akslb.record import NamedTuple


class Ours(NamedTuple):
    """One of ours."""

    name: str
    count: int = 0  # type: ignore[assignment] # hides tuple.count
    parts: tuple[str, ...] = ()

    @property
    def doubled(self) -> str:
        """A property, as many have one."""
        return self.name * 2


class Theirs(typing.NamedTuple):
    """The same by typing."""

    name: str
    count: int = 0  # type: ignore[assignment] # as above
    parts: tuple[str, ...] = ()


class Empty(NamedTuple):
    """Without a field."""


def test_it_is_made_alike() -> None:
    for made in ((Ours("a"), Theirs("a")), (Ours("a", 2), Theirs("a", 2)), (Ours(count=1, name="b"), Theirs("b", 1))):
        ours, theirs = made
        assert tuple(theirs) == tuple(ours)
        assert bool(theirs == ours)  # type: ignore[comparison-overlap] # tuples are equal by what they hold
        assert hash(theirs) == hash(ours)
        assert theirs._asdict() == ours._asdict()
        assert repr(theirs).removeprefix("Theirs") == repr(ours).removeprefix("Ours")
    assert (Theirs._fields, Theirs._field_defaults) == (Ours._fields, Ours._field_defaults)
    assert () == Empty()


def test_it_is_used_alike() -> None:
    one = Ours("a", 1, ("x",))
    assert Ours("b", 1, ("x",)) == one._replace(name="b")
    assert one == Ours._make(("a", 1, ("x",)))
    assert one == copy.deepcopy(one) == pickle.loads(pickle.dumps(one))  # noqa: S301 - made here
    assert "aa" == one.doubled
    match one:
        case Ours(name, count):
            assert ("a", 1) == (name, count)
    assert not hasattr(one, "__dict__")


@pytest.mark.parametrize("wrong", [lambda one: one(), lambda one: one("a", 1, (), 2), lambda one: one("a", other=1)])
def test_it_refuses_alike(wrong: typing.Callable[[type], object]) -> None:
    for one in (Ours, Theirs):
        with pytest.raises(TypeError):
            wrong(one)


def test_unknown_fields_are_refused() -> None:
    with pytest.raises((TypeError, ValueError), match="unexpected field name"):
        Ours("a")._replace(other=1)  # type: ignore[call-arg] # that it is wrong is what is tested
    with pytest.raises(TypeError):
        Ours._make(("a",))


def test_a_default_stands_last() -> None:
    definition: typing.Any = type(NamedTuple)
    with pytest.raises(TypeError):
        definition("Wrong", (NamedTuple,), {"__annotations__": {"a": int, "b": int}, "a": 1})
