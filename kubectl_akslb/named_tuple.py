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
    #: Constructors by the number of fields. Those that are written down come compiled, as all of a module does.
    _CONSTRUCTORS: dict[int, FunctionType] = {
        1: lambda _cls, a: _new(_cls, (a,)),
        2: lambda _cls, a, b: _new(_cls, (a, b)),
        3: lambda _cls, a, b, c: _new(_cls, (a, b, c)),
        4: lambda _cls, a, b, c, d: _new(_cls, (a, b, c, d)),
        5: lambda _cls, a, b, c, d, e: _new(_cls, (a, b, c, d, e)),
        6: lambda _cls, a, b, c, d, e, f: _new(_cls, (a, b, c, d, e, f)),
        7: lambda _cls, a, b, c, d, e, f, g: _new(_cls, (a, b, c, d, e, f, g)),
        8: lambda _cls, a, b, c, d, e, f, g, h: _new(_cls, (a, b, c, d, e, f, g, h)),
        9: lambda _cls, a, b, c, d, e, f, g, h, i: _new(_cls, (a, b, c, d, e, f, g, h, i)),
        10: lambda _cls, a, b, c, d, e, f, g, h, i, j: _new(_cls, (a, b, c, d, e, f, g, h, i, j)),
    }

    def _constructor(fields: tuple[str, ...], defaults: tuple[object, ...]) -> FunctionType:
        count = len(fields)
        if count not in _CONSTRUCTORS:
            names = "".join(f"_{index}, " for index in range(count))
            source = f"lambda _cls, {names}: _new(_cls, ({names}))"
            _CONSTRUCTORS[count] = eval(source, {"_new": _new})  # noqa: S307 - made of numbers
        made = _CONSTRUCTORS[count]
        code = made.__code__.replace(co_varnames=("_cls", *fields), co_name="__new__")
        return FunctionType(code, made.__globals__, "__new__", defaults)

    def _make(cls: type, values: Iterable[object]) -> tuple[object, ...]:
        made = _new(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replace(self: tuple[object, ...], /, **changed: object) -> tuple[object, ...]:
        values, places = list(self), self._places
        try:
            for name, value in changed.items():
                values[places[name]] = value
        except KeyError:
            unknown = [name for name in changed if name not in places]
            raise ValueError(f"Got unexpected field names: {unknown!r}") from None
        return _new(type(self), values)

    def _asdict(self: tuple[object, ...]) -> dict[str, object]:
        return dict(zip(self._fields, self, strict=True))

    def _repr(self: tuple[object, ...]) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({values})"

    def _arguments(self: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(self)

    #: What all of them can do. It is put into each: a base for it would make them slower to make.
    _METHODS: dict[str, object] = {
        "_make": classmethod(_make),
        "_replace": _replace,
        "__replace__": _replace,
        "_asdict": _asdict,
        "__repr__": _repr,
        "__getnewargs__": _arguments,
        "__slots__": (),
    }

    class _Maker(type):
        """Makes a subclass of tuple out of a class body; what it makes has no metaclass."""

        def __new__(cls, name: str, _: tuple[type, ...], body: dict[str, object]) -> type:
            types: dict[str, object] = body.setdefault("__annotations__", {})
            fields = tuple(types)
            defaults = {field: body[field] for field in fields if field in body}
            new = _constructor(fields, tuple(defaults.values()))
            new.__annotations__ = types
            new.__qualname__ = f"{body['__qualname__']}.__new__"
            made = {**_METHODS, **body, "__new__": new, "_fields": fields, "__match_args__": fields}
            made["_field_defaults"] = defaults
            made["_places"] = {field: index for index, field in enumerate(fields)}
            for index, field in enumerate(fields):
                made[field] = _tuplegetter(index, None)
            return type(name, (tuple,), made)

    NamedTuple = type.__new__(_Maker, "NamedTuple", (), {})
