"""Where a value comes from: the pair of a value and its reasons is the type the core returns.

kustomize's word for a place a value can come from is *origin*; it is the word here too.
"""

from collections.abc import Callable
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar

from kubectl_akslb.named_tuple import NamedTuple

T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")

Kind: TypeAlias = Literal["annotation", "spec", "cluster", "default", "provider"]
ANNOTATION: Final = "annotation"
SPEC: Final = "spec"
CLUSTER_SETTING: Final = "cluster"
DEFAULT: Final = "default"
PROVIDER: Final = "provider"


class Origin(NamedTuple):
    """One place a value can come from, and what stands there.

    *kind* is ANNOTATION, SPEC, CLUSTER_SETTING, DEFAULT or PROVIDER (the provider's own code decides).
    *path* is the annotation key, the path in the Service, the profile key, or what the default is of.
    *raw* is None where nothing stands there; never "" for that, because the provider tells a missing key from an
    empty one.
    """

    kind: Kind
    path: str
    raw: str | None


class Derived(Generic[T_co]):
    """A value together with its explanation: the origin that won, all that were considered, and notes.

    *upstream* names the provider's function that decides. Treat instances as immutable; they are shared.
    (A plain class: a generic NamedTuple needs Python 3.11, and a frozen dataclass costs three times as much to make.)
    """

    __slots__ = ("considered", "notes", "origin", "upstream", "value")

    def __init__(
        self,
        value: T_co,
        origin: Origin,
        *,
        considered: tuple[Origin, ...] = (),
        notes: tuple[str, ...] = (),
        upstream: str = "",
    ) -> None:
        self.value = value
        self.origin = origin
        self.considered = considered or (origin,)
        self.notes = notes
        self.upstream = upstream

    def __repr__(self) -> str:
        """The value and the origin that won, for failing tests."""
        return f"Derived({self.value!r} from {self.origin.kind} {self.origin.path})"

    def __eq__(self, other: object) -> bool:
        """Equal in value and in every reason."""
        if not isinstance(other, Derived):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        """Consistent with equality."""
        return hash((self.origin, self.considered, self.notes))

    def _key(self) -> tuple[Any, ...]:
        return (self.value, self.origin, self.considered, self.notes, self.upstream)

    def then(self, convert: Callable[[T_co], U], *notes: str) -> "Derived[U]":
        """The converted value with the same origins, and *notes* added."""
        return Derived(
            convert(self.value),
            self.origin,
            considered=self.considered,
            notes=self.notes + notes,
            upstream=self.upstream,
        )

    def with_value(self, value: U) -> "Derived[U]":
        """Another value with the same reasons."""
        return Derived(value, self.origin, considered=self.considered, notes=self.notes, upstream=self.upstream)

    def noting(self, *notes: str) -> "Derived[T_co]":
        """The same value with *notes* added to its reasons."""
        return Derived(
            self.value, self.origin, considered=self.considered, notes=self.notes + notes, upstream=self.upstream
        )

    def by(self, upstream: str) -> "Derived[T_co]":
        """The same value, decided by the provider's function *upstream*."""
        return Derived(self.value, self.origin, considered=self.considered, notes=self.notes, upstream=upstream)


class Placeholder(str):
    """A value that cannot be known offline, as ``<what it is>``; it may stand wherever the value would.

    Equal texts count as one value: where Services meet, as in the security group, the text says whose it is.

    >>> Placeholder("nodePort of 80")
    '<nodePort of 80>'
    """

    __slots__ = ()

    def __new__(cls, what: str) -> "Placeholder":  # noqa: PYI034 - Self needs Python 3.11
        """Wrap the description of the unknown value in angle brackets."""
        return super().__new__(cls, f"<{what}>")


Port = int | Placeholder
