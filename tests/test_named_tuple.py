"""Our NamedTuple is the one of typing, made sooner: all that can be seen of the two is the same."""

import copy
import inspect
import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest

from kubectl_akslb.named_tuple import NamedTuple


class Ours(NamedTuple):
    """A record."""

    name: str
    number: int | None
    items: tuple[str, ...] = ()
    more: int = 7

    @property
    def twice(self) -> str:
        """The name, twice."""
        return self.name * 2

    @classmethod
    def named(cls, name: str) -> "Ours":
        """With a name alone."""
        return cls(name, None)


class Library(typing.NamedTuple):
    """A record."""

    name: str
    number: int | None
    items: tuple[str, ...] = ()
    more: int = 7

    @property
    def twice(self) -> str:
        """The name, twice."""
        return self.name * 2

    @classmethod
    def named(cls, name: str) -> "Library":
        """With a name alone."""
        return cls(name, None)


class OursEmpty(NamedTuple):
    """Without fields."""


class LibraryEmpty(typing.NamedTuple):
    """Without fields."""


class OursBelow(Ours):
    """A subclass."""


class LibraryBelow(Library):
    """A subclass."""


SEEN: tuple[Callable[[Any], object], ...] = (
    lambda made: made("a", 1),
    lambda made: made("a", number=1, more=2),
    lambda made: made(number=1, name="a", items=("x",)),
    lambda made: made("a"),
    lambda made: made("a", 1, (), 2, 3),
    lambda made: made("a", 1, other=2),
    lambda made: made("a", 1) == ("a", 1, (), 7),
    lambda made: hash(made("a", 1)),
    lambda made: made("a", 1).number,
    lambda made: made("a", 1).twice,
    lambda made: made.named("a").more,
    lambda made: made("a", 1)._replace(more=8),
    lambda made: type(made("a", 1)._replace(more=8)) is made,
    lambda made: made._make(["a", 1, (), 2]),
    lambda made: made._make(["a"]),
    lambda made: made("a", 1)._asdict(),
    lambda made: setattr(made("a", 1), "name", "b"),
    lambda made: setattr(made("a", 1), "new", "b"),
    lambda made: (made._fields, made._field_defaults, made.__match_args__, made.__doc__, made.__slots__),
    lambda made: (made.__module__, made.__annotations__.keys(), typing.get_type_hints(made)),
    lambda made: inspect.signature(made),
    lambda made: type(made),
    lambda made: pickle.loads(pickle.dumps(made("a", 1))),  # noqa: S301 - our own
    lambda made: copy.deepcopy(made("a", 1, ("x",))),
    lambda made: isinstance(made("a", 1), tuple),
    lambda made: sorted([made("b", 1), made("a", 2)]),
)


def seen(look: Callable[[Any], object], made: type) -> str:
    """What there is to be seen, or the error, without the name of the class."""
    try:
        return repr(look(made)).replace("Library", "Ours")
    except Exception as error:  # noqa: BLE001 - whatever it is, both have to raise it
        return f"{type(error).__name__}: {error}".replace("Library", "Ours")


@pytest.mark.parametrize(("ours", "library"), [(Ours, Library), (OursBelow, LibraryBelow)])
@pytest.mark.parametrize("look", SEEN)
def test_is_what_the_library_makes(look: Callable[[Any], object], ours: type, library: type) -> None:
    assert seen(look, library) == seen(look, ours)


def test_replaces_no_field_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="none"):  # TypeError in the library since 3.13
        Ours("a", 1)._replace(none=8)  # type: ignore[call-arg]


def test_without_fields() -> None:
    assert seen(lambda made: (made(), made._fields), LibraryEmpty) == seen(
        lambda made: (made(), made._fields), OursEmpty
    )


def test_matches_a_pattern() -> None:
    match Ours("a", 1):
        case Ours(name, number):
            assert ("a", 1) == (name, number)
