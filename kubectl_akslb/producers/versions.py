"""The version of a controller, seen from its Deployment, and what it does since which one."""

import re
from typing import TypeAlias

from kubectl_akslb.evidence.objects import Objects, mapping, mappings, name_of, text
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.producers.draft import Draft, below

Version: TypeAlias = tuple[int, int]
_TAG = re.compile(r"(?:^|[-_])v?(\d{1,4})\.(\d{1,4})(?:[.-]|$)")


class Controller(NamedTuple):
    """A controller: how it is called, the newest version whose code was read, and its Deployments."""

    name: str
    newest: Version
    deployments: tuple[str, ...]


class Dated(NamedTuple):
    """What a controller does from version *since* on; *what* is the clause for a person."""

    what: str
    since: Version

    def holds(self, version: Version) -> bool:
        """Whether a version does it."""
        return self.since <= version


def does(draft: Draft, controller: Controller, objects: Objects, dated: Dated) -> bool:
    """Whether the controller does it, in the version that is among the objects; else in the newest, which is said."""
    found = version_of(controller, objects)
    if found is None:
        major, minor = controller.newest
        draft.notes.append(f"the version of {controller.name} is not here: taken for {major}.{minor}, the newest known")
        return dated.holds(controller.newest)
    if not dated.holds(found):
        draft.notes.append(f"{controller.name} {found[0]}.{found[1]}: not {dated.what}")
    return dated.holds(found)


def version_of(controller: Controller, objects: Objects) -> Version | None:
    """The version in the image of the controller's Deployment, or None."""
    for one in objects.of("Deployment"):
        name = name_of(one)
        if not any(name == each or name.startswith(f"{each}-") for each in controller.deployments):
            continue
        pods = mapping(below(one, "spec", "template", "spec"))
        for container in mappings(pods.get("containers")):
            _, _, tag = text(container.get("image")).partition("@")[0].rpartition("/")[2].partition(":")
            found = _TAG.search(tag)
            if found is not None:
                return int(found[1]), int(found[2])
    return None
