"""Named tuples that cost little to define: explaining one Service needs a hundred and forty of them.

``typing.NamedTuple`` compiles a constructor and checks every annotation of each, in a tenth of a millisecond. Here the
constructor is compiled when the first of them is made, and annotations are left to mypy, which sees typing's own.
"""

# ruff: noqa: ANN001, ANN002, ANN003, ANN202, ANN204, ANN206, RUF012 - mypy sees the class of typing, and nothing of this
import sys

TYPE_CHECKING = False
if TYPE_CHECKING or sys.version_info >= (3, 14):  # from then on the annotations are not in the body of a class
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - what this module is for
else:
    from _collections import _tuplegetter

    class _Record(tuple):
        """What all named tuples have in common, as ``collections.namedtuple`` gives it to each."""

        __slots__ = ()
        _fields = ()
        _field_defaults = {}

        @classmethod
        def _make(cls, values):
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                message = f"Expected {len(cls._fields)} arguments, got {len(made)}"
                raise TypeError(message)
            return made

        def _replace(self, /, **values):
            made = self._make(map(values.pop, self._fields, self))
            if values:
                message = f"Got unexpected field names: {list(values)!r}"
                raise ValueError(message)
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            shown = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({shown})"

        def __getnewargs__(self):
            return tuple(self)

    def _constructor(cls):
        """A constructor of just these fields, which are names in the program's own source."""
        names = "".join(f", {name}" for name in cls._fields)
        code = f"lambda _cls{names}: _new(_cls, ({names.removeprefix(', ')},))" if names else "lambda _cls: _new(_cls)"
        made = eval(code, {"_new": tuple.__new__, "__builtins__": {}})  # noqa: S307 - nothing from outside
        made.__defaults__ = tuple(cls._field_defaults.values())
        made.__name__, made.__qualname__ = "__new__", f"{cls.__qualname__}.__new__"
        return staticmethod(made)

    class _Definition(type):
        """Makes a class of the annotations in the body of a class statement."""

        def __new__(cls, name, _bases, body):
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            if tuple(defaults) != fields[len(fields) - len(defaults) :]:
                message = f"a field of {name} without a default stands behind one that has one"
                raise TypeError(message)

            def first(cls, /, *values, **named):
                made.__new__ = _constructor(made)
                return made.__new__(cls, *values, **named)

            body.update({field: _tuplegetter(index, None) for index, field in enumerate(fields)})
            body.update(__slots__=(), _fields=fields, _field_defaults=defaults, __match_args__=fields, __new__=first)
            made = type(name, (_Record,), body)
            return made

    NamedTuple = type.__new__(_Definition, "NamedTuple", (), {})
