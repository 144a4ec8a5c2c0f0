"""Our enumerations are what the library would have made of the same members."""

import copy
import enum
import pickle
from importlib import import_module
from pathlib import Path

import pytest

from kubectl_akslb.enumeration import Enum
from kubectl_akslb.path.hop import Outcome

ROOT = Path(__file__).parents[1]
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "kubectl_akslb").rglob("*.py"))
    if "(Enum):" in path.read_text(encoding="utf-8")
]
OURS = [
    found
    for module in MODULES
    for found in vars(import_module(module)).values()
    if isinstance(found, type) and issubclass(found, Enum) and found is not Enum and found.__module__ == module
]


@pytest.mark.parametrize("ours", OURS, ids=lambda ours: f"{ours.__module__}.{ours.__name__}")
def test_it_is_as_the_library_makes_it(ours: type[Enum]) -> None:
    library = enum.Enum(ours.__name__, [(one.name, one.value) for one in ours])  # type: ignore[misc]
    assert [(one.name, one.value) for one in ours] == [(one.name, one.value) for one in library]
    assert len(ours) == len(library) > 0
    for one, other in zip(ours, library, strict=True):
        assert (repr(one), str(one), f"{one}") == (repr(other), str(other), f"{other}")
        assert ours(one.value) is one and ours[one.name] is one and ours(one) is one and getattr(ours, one.name) is one
        assert one in ours and isinstance(one, ours) and one == one and one != other  # noqa: PLR0124 - a member is itself
        assert copy.copy(one) is one and copy.deepcopy([one])[0] is one and pickle.loads(pickle.dumps(one)) is one  # noqa: S301 - our own
    assert len({*ours}) == len(ours)


def test_what_is_no_member_stays_what_it_is() -> None:
    class Light(Enum):
        """It has a sentence."""

        RED = 1
        GREEN = 2

        @property
        def next(self) -> "Light":
            return Light.GREEN if self is Light.RED else Light.RED

    assert [*Light] == [Light.RED, Light.GREEN]
    assert Light.RED.next is Light.GREEN
    assert Light.__doc__ == "It has a sentence."


@pytest.mark.parametrize("value", ["green", None, [], Outcome])
def test_a_value_of_no_member_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="is not a valid Outcome"):
        Outcome(value)


def test_two_members_of_one_value_are_refused() -> None:
    with pytest.raises(TypeError, match="same value"):

        class Twice(Enum):
            ONE = 1
            OTHER = 1
