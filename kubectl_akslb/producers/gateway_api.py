"""Gateways of the Gateway API: whose they are, and what all controllers have in common."""

from collections.abc import Iterator, Mapping
from typing import Any

from kubectl_akslb.evidence.objects import Objects, mapping, name_of, text
from kubectl_akslb.producers.draft import Draft, Field, Made, Object, Path, below, first, items_of

GROUP = "gateway.networking.k8s.io"
INFRASTRUCTURE: Path = ("spec", "infrastructure", "annotations")
REFERENCE: Path = ("spec", "infrastructure", "parametersRef")
CLASS: Path = ("spec", "gatewayClassName")
LISTENER_SETS = ("ListenerSet", "XListenerSet")
GATEWAY_NAME = f"{GROUP}/gateway-name"
ISTIO, ISTIO_OF_AKS = "Istio", "Istio of AKS"
"""Controllers that take a ConfigMap as the parameters of a Gateway."""
MAX_NAME = 63
_MAX_ANNOTATIONS = 8
"""So many the CRDs up to 1.5.1 let in, which are those that AKS installs."""

#: Where all of them look for annotations.
OF_INFRASTRUCTURE = Field(INFRASTRUCTURE, most=_MAX_ANNOTATIONS)


def gateway_class(gateway: Object, objects: Objects) -> Object:
    """The GatewayClass of a Gateway, or an empty object."""
    name = class_name(gateway)
    return first(one for one in reversed(objects.of("GatewayClass")) if name_of(one) == name)


def class_name(gateway: Object) -> str:
    """The name of its class."""
    return text(below(gateway, *CLASS))


def draft_of(gateway: Object, objects: Objects, name: str) -> Draft:
    """A Service in the namespace of its Gateway; who makes names of their own shortens them before."""
    draft = Draft(name[:MAX_NAME], objects.namespace_of(gateway))
    draft.label({GATEWAY_NAME: name_of(gateway)})
    if len(name) > MAX_NAME:
        draft.unknown.append(f"the API server refuses the Service: its name has more than {MAX_NAME} characters")
    return draft


def digest(name: str) -> str:
    """The hash that controllers end names with that are too long."""
    from hashlib import sha256  # it loads OpenSSL

    return sha256(name.encode()).hexdigest()


def addressed(gateway: Object) -> list[tuple[int, str]]:
    """The IP addresses that a Gateway asks for, each with its index; IPAddress is the type where none is given."""
    return [
        (index, text(one.get("value")))
        for index, one in items_of(below(gateway, "spec", "addresses"))
        if (one.get("type") or "IPAddress") == "IPAddress"
    ]


def infrastructure(draft: Draft, gateway: Object) -> None:
    """What nearly all of them copy: annotations and labels of spec.infrastructure."""
    draft.annotate(below(gateway, *INFRASTRUCTURE), OF_INFRASTRUCTURE)
    draft.label(below(gateway, "spec", "infrastructure", "labels"))


def listeners(gateway: Object) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The listeners of a Gateway, each with its place."""
    for index, one in items_of(below(gateway, "spec", "listeners")):
        yield ("spec", "listeners", index), one


def with_sets(gateway: Object, objects: Objects) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The listeners of a Gateway, and of the ListenerSets that it lets add some."""
    yield from listeners(gateway)
    allowed = below(gateway, "spec", "allowedListeners", "namespaces", "from")
    for one in objects.of(*LISTENER_SETS) if allowed in ("Same", "All") else ():
        parent = mapping(below(one, "spec", "parentRef"))
        namespace = text(parent.get("namespace")) or objects.namespace_of(one)
        near = allowed == "All" or objects.namespace_of(one) == objects.namespace_of(gateway)
        if near and parent.get("name") == name_of(gateway) and namespace == objects.namespace_of(gateway):
            for _, each in items_of(below(one, "spec", "listeners")):
                yield ("spec", "allowedListeners"), each


def parameters(
    gateway: Object, known: Object, objects: Objects, kind: str, *, of_gateway: bool = True
) -> tuple[Object, Path]:
    """The object of *kind* that the Gateway refers to, else its class; and where the reference stands."""
    own, of_class = mapping(below(gateway, *REFERENCE)), mapping(below(known, "spec", "parametersRef"))
    for reference, namespace, where in (
        (own if of_gateway else {}, objects.namespace_of(gateway), REFERENCE),
        (of_class, text(of_class.get("namespace")), CLASS),
    ):
        if reference.get("kind") == kind:
            for one in objects.of(kind):
                if name_of(one) == reference.get("name") and namespace in ("", objects.namespace_of(one)):
                    return one, where
    return {}, CLASS


def missing(draft: Draft, gateway: Object, known: Object, kind: str, found: Object, *, of_gateway: bool = True) -> None:
    """Say where an object is referred to and is not here."""
    asked = [mapping(below(gateway, *REFERENCE))] if of_gateway else []
    asked.append(mapping(below(known, "spec", "parametersRef")))
    names = [text(one.get("name")) for one in asked if one.get("kind") == kind]
    if names and not found:
        draft.unknown.append(f"{kind} {names[0]} is not here: what it sets is not known")


def said_of_class(made: list[Made], gateway: Object, *, is_known: bool) -> list[Made]:
    """The same with the note that the controller was told by the name of the class, where that is so."""
    if is_known:
        return made
    note = f"the GatewayClass {class_name(gateway)!r} is not here: its controller is taken from its name"
    return [one._replace(notes=(*one.notes, note)) for one in made]
