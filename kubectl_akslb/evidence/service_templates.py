"""A field of some kind of object that holds a Service, as a record: known ones, and those that a user names."""

from kubectl_akslb.evidence.objects import Object, text
from kubectl_akslb.named_tuple import NamedTuple

ALL = "*"
"""In a path: every item of a list."""


class ServiceTemplate(NamedTuple):
    """A field of objects of *kind* in API *group* that holds a Service, at *path*, where ``*`` is any item of a list.

    *name* is what the Service is called, with ``{name}`` for the object's name, ``{item}`` for the one in the item of
    the list and ``{own}`` for the one that the field says itself. *ports* are there where the field says none; with
    *adds* they are there beside those that it says. *annotations* is their place below the field, () where its shape
    tells. *controller* is who makes it.
    """

    group: str
    kind: str
    path: tuple[str, ...]
    name: str = "{name}"
    ports: tuple[tuple[str, int], ...] = ()
    controller: str = ""
    annotations: tuple[str, ...] = ()
    adds: bool = False

    def has(self, one: Object) -> bool:
        """Whether it is about an object."""
        return one.get("kind") == self.kind and text(one.get("apiVersion")).startswith(f"{self.group}/")
