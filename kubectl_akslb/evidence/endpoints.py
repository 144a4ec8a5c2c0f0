"""The endpoints of a Service, of its EndpointSlices, or of Endpoints that are written by hand."""

from collections.abc import Iterable, Iterator

from kubectl_akslb.evidence.objects import Key, Object, Objects, mapping, mappings, name_of, sequence, text
from kubectl_akslb.evidence.state import SERVICE_NAME, Endpoint, EndpointPort
from kubectl_akslb.model.service import TCP


def of_slices(objects: Objects, key: Key) -> tuple[Endpoint, ...] | None:
    """Those of its EndpointSlices, None where there is none."""
    slices = objects.once(_slices).get(key)
    return _merged(slices) if slices is not None else None


def of_endpoints(objects: Objects, key: Key) -> tuple[Endpoint, ...] | None:
    """Those of its Endpoints, None where there is none."""
    by_hand = [one for one in objects.of("Endpoints") if (objects.namespace_of(one), name_of(one)) == key]
    return tuple(_mirrored(by_hand[0])) if by_hand else None


def _slices(objects: Objects) -> dict[Key, list[Object]]:
    found: dict[Key, list[Object]] = {}
    for piece in objects.of("EndpointSlice"):
        name = text(mapping(mapping(piece.get("metadata")).get("labels")).get(SERVICE_NAME))
        if name:
            found.setdefault((objects.namespace_of(piece), name), []).append(piece)
    return found


def _merged(slices: Iterable[Object]) -> tuple[Endpoint, ...]:
    """The endpoints of EndpointSlices; a pod that is in several of them (two families, several ports) once.

    But a pod whose families differ in more than the address is two: kube-proxy knows the families apart.
    """
    by_family: dict[tuple[str, str], Endpoint] = {}
    for piece in slices:
        ports, family = _slice_ports(piece), text(piece.get("addressType"))
        for one in mappings(piece.get("endpoints")):
            endpoint = _endpoint(one, ports)
            known = by_family.get((endpoint.name, family))
            by_family[endpoint.name, family] = endpoint if known is None else _both(known, endpoint)
    found: dict[object, Endpoint] = {}
    for each in by_family.values():
        alike = (each.name, each.ready, each.serving, each.terminating, frozenset(each.ports or ()))
        found[alike] = _both(found[alike], each) if alike in found else each
    return tuple(found.values())


def _slice_ports(piece: Object) -> tuple[EndpointPort, ...] | None:
    """Its ports. kube-proxy passes over a port without a number; a slice that has none serves nothing."""
    ports = mappings(piece.get("ports"))
    numbered = ((one, number) for one in ports if isinstance(number := one.get("port"), int) and number)
    found = (EndpointPort(text(one.get("name")), number, text(one.get("protocol")) or TCP) for one, number in numbered)
    return tuple(found) or None


def _endpoint(one: Object, ports: tuple[EndpointPort, ...] | None) -> Endpoint:
    addresses = tuple(filter(None, map(text, sequence(one.get("addresses")))))
    conditions = mapping(one.get("conditions"))
    # A missing condition: ready is to be taken for true, serving follows ready, terminating is to be taken for false.
    ready = conditions.get("ready") is not False
    serving = conditions.get("serving")
    return Endpoint(
        text(mapping(one.get("targetRef")).get("name")) or ",".join(addresses),
        addresses,
        text(one.get("nodeName")),
        ready,
        serving if isinstance(serving, bool) else ready,
        conditions.get("terminating") is True,
        ports,
    )


def _both(one: Endpoint, other: Endpoint) -> Endpoint:
    ports = dict.fromkeys((*(one.ports or ()), *(other.ports or ())))
    return Endpoint(
        one.name,
        tuple(dict.fromkeys((*one.addresses, *other.addresses))),
        one.node or other.node,
        one.ready or other.ready,
        one.serving or other.serving,
        one.terminating and other.terminating,
        tuple(ports) or None,
    )


def _mirrored(one: Object) -> Iterator[Endpoint]:
    """The endpoints of an Endpoints object, as the cluster copies them to EndpointSlices."""
    for subset in mappings(one.get("subsets")):
        ports = _slice_ports(subset)
        for field, ready in (("addresses", True), ("notReadyAddresses", False)):
            for entry in mappings(subset.get(field)):
                address = text(entry.get("ip"))
                name = text(mapping(entry.get("targetRef")).get("name")) or address
                yield Endpoint(
                    name, (address,), text(entry.get("nodeName")), ready, ready, terminating=False, ports=ports
                )
