"""``NamedTuple`` as ``typing`` has it, made in a sixth of the time: every start makes more than a hundred such classes.

The library compiles a constructor for each class, and looks at the type of each field. Here one is compiled for each
number of fields, and gets their names; the types are for mypy to check, which takes this for the library's.
"""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING or sys.version_info >= (3, 14):  # since then a class body tells its fields only when it is asked
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - for others to import
else:
    from collections.abc import Iterable
    from operator import itemgetter
    from types import FunctionType

    try:
        from _collections import _tuplegetter
    except ImportError:  # not CPython

        def _tuplegetter(index: int, doc: str | None) -> property:
            return property(itemgetter(index), doc=doc)

    _new = tuple.__new__
    _compiled: dict[int, FunctionType] = {}

    def _constructor(fields: tuple[str, ...], defaults: tuple[object, ...]) -> FunctionType:
        count = len(fields)
        if count not in _compiled:
            names = "".join(f"_{index}, " for index in range(count))
            source = f"lambda _cls, {names}: _new(_cls, ({names}))"
            _compiled[count] = eval(source, {"_new": _new})  # noqa: S307 - made of numbers
        made = _compiled[count]
        code = made.__code__.replace(co_varnames=("_cls", *fields), co_name="__new__")
        return FunctionType(code, made.__globals__, "__new__", defaults)

    class _Record(tuple):
        """What all of them can do, as ``collections.namedtuple`` has it."""

        __slots__ = ()
        _fields = ()

        @classmethod
        def _make(cls, values: Iterable[object]) -> "_Record":
            made = _new(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **changed: object) -> "_Record":
            made = _new(type(self), map(changed.pop, self._fields, self))
            if changed:
                raise ValueError(f"Got unexpected field names: {list(changed)!r}")
            return made

        __replace__ = _replace

        def _asdict(self) -> dict[str, object]:
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self) -> str:
            values = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({values})"

        def __getnewargs__(self) -> tuple[object, ...]:
            return tuple(self)

    class _Maker(type):
        """Makes a subclass of tuple out of a class body; what it makes has no metaclass."""

        def __new__(cls, name: str, _: tuple[type, ...], body: dict[str, object]) -> type:
            types: dict[str, object] = body.setdefault("__annotations__", {})
            fields = tuple(types)
            defaults = {field: body[field] for field in fields if field in body}
            new = _constructor(fields, tuple(defaults.values()))
            new.__annotations__ = types
            new.__qualname__ = f"{body['__qualname__']}.__new__"
            body.update((field, _tuplegetter(index, None)) for index, field in enumerate(fields))
            return type(name, (_Record,), {
                **body, "__new__": new, "__slots__": (), "__match_args__": fields, "_fields": fields,
                "_field_defaults": defaults,
            })  # fmt: skip

    NamedTuple = type.__new__(_Maker, "NamedTuple", (), {})
