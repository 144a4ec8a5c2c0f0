"""Multiple standard load balancers: which one takes a Service, who moves, and what is refused.

Local Services are left out: there the provider looks for EndpointSlices, which no Service decides.
"""

from collections.abc import Iterator
from typing import Any

from conformance.cases.case import Case, Json, case, delete, ensure, history, port, public_ip, service, slug

INTERNAL = {"azure-load-balancer-internal": "true"}
ASKED = "azure-load-balancer-configurations"
MINE = (public_ip("mine", "20.9.0.1"),)


def _balancer(name: str, vm_set: str, **more: Any) -> Json:
    return {"name": name, "primaryVMSet": vm_set, **more}


def _config(*balancers: Json, pool_type: str = "nodeIP") -> Json:
    return {
        "loadBalancerBackendPoolConfigurationType": pool_type,
        "multipleStandardLoadBalancerConfigurations": list(balancers),
    }


DEFAULT = _balancer("kubernetes", "vmss")
SECOND = _balancer("second", "second")
THIRD = _balancer("third", "third")
TWO = _config(DEFAULT, SECOND)
THREE = _config(DEFAULT, SECOND, THIRD)
CLOSED = _config(DEFAULT, {**SECOND, "allowServicePlacement": False})
EDGE = {"serviceLabelSelector": {"matchLabels": {"tier": "edge"}}}
LABELLED = _config(DEFAULT, {**SECOND, **EDGE})
INSIDE = {
    "serviceLabelSelector": {"matchExpressions": [{"key": "tier", "operator": "In", "values": ["inside", "both"]}]}
}
TWO_SELECTORS = _config(DEFAULT, {**SECOND, **EDGE}, {**THIRD, **INSIDE})


def _one(number: int, annotations: dict[str, str] | None = None, **spec: Any) -> Json:
    """One of several Services, each with ports of its own."""
    return service(annotations, port(8000 + number), name=f"svc{number}", **spec)


def _placement() -> Iterator[Case]:
    yield case("multiple/first", service(), config=TWO)
    yield case("multiple/internal", service(INTERNAL), config=TWO)
    yield case("multiple/two-services", _one(2), before=(_one(1),), config=TWO)
    yield case("multiple/three-services-on-two", _one(3), before=(_one(1), _one(2)), config=TWO)
    wide = service({}, *(port(n) for n in (80, 81, 82)), name="wide")
    yield case("multiple/fewest-rules", _one(3), before=(wide, _one(2)), config=TWO)
    yield case("multiple/internal-after-public", _one(3, INTERNAL), before=(wide, _one(2)), config=TWO)
    insiders = (_one(1, INTERNAL), _one(2, INTERNAL))
    yield case("multiple/internal-fewest-rules", _one(3, INTERNAL), before=(wide, *insiders), config=TWO)
    wide_inside = service(INTERNAL, *(port(n) for n in (80, 81, 82)), name="wide")
    yield case(
        "multiple/internal-counted", _one(3, INTERNAL), before=(wide_inside, _one(2, INTERNAL), _one(4)), config=TWO
    )
    silent = service({"port_80_no_lb_rule": "true"}, name="silent")
    yield case("multiple/empty-one-first", _one(2), before=(silent,), config=THREE)
    yield case("multiple/empty-one-first-later", _one(3), before=(_one(1), silent), config=THREE)
    for text in ("second", "SECOND", " second ", "second,third", "nowhere", "nowhere,second", "", "kubernetes"):
        yield case(f"multiple/asked-{slug(text)}", service({ASKED: text}), config=TWO)
    other_case = {"service.beta.kubernetes.io/Azure-Load-Balancer-Configurations": "second"}
    yield case("multiple/asked-in-other-case", service(other_case), config=TWO)
    yield case("multiple/asked-without-configurations", service({ASKED: "second"}))
    yield case("multiple/closed", _one(2), before=(_one(1),), config=CLOSED)
    yield case("multiple/asked-closed", service({ASKED: "second"}), config=CLOSED)
    shut = _config({**DEFAULT, "allowServicePlacement": False}, {**SECOND, "allowServicePlacement": False})
    yield case("multiple/all-closed", service(), config=shut)


def _selectors() -> Iterator[Case]:
    for labels in ({"tier": "edge"}, {"tier": "other"}, {}, {"tier": "inside"}):
        name = "-".join(labels.values()) or "none"
        for kind, config in (("one-selector", LABELLED), ("two-selectors", TWO_SELECTORS)):
            yield case(f"multiple/{kind}-{name}", service({}, labels=labels), config=config)
            asked = service({ASKED: "second"}, labels=labels)
            yield case(f"multiple/{kind}-asked-{name}", asked, config=config)
        twice = (_one(1, labels=labels), _one(2, labels=labels))
        yield case(f"multiple/selected-{name}-thrice", _one(3, labels=labels), before=twice, config=LABELLED)
    everywhere = _config({**DEFAULT, **INSIDE}, {**SECOND, **EDGE})
    yield case("multiple/no-selector-matches", service({}, labels={"tier": "x"}), config=everywhere)


def _configuration() -> Iterator[Case]:
    yield case("multiple/no-default", service(), config=_config(SECOND, THIRD))
    yield case(
        "multiple/node-ip-configuration", service(), config=_config(DEFAULT, SECOND, pool_type="nodeIPConfiguration")
    )
    yield case("multiple/same-name", service(), config=_config(DEFAULT, SECOND, {**THIRD, "name": "second"}))
    yield case("multiple/same-name-other-case", service(), config=_config(DEFAULT, SECOND, {**THIRD, "name": "Second"}))
    yield case("multiple/same-set", service(), config=_config(DEFAULT, SECOND, {**THIRD, "primaryVMSet": "second"}))
    yield case(
        "multiple/same-set-other-case", service(), config=_config(DEFAULT, SECOND, {**THIRD, "primaryVMSet": "Second"})
    )
    yield case("multiple/no-set", service(), config=_config(DEFAULT, _balancer("second", "")))


def _pinned() -> Iterator[Case]:
    for kind, annotations in (("ipv4", {"azure-load-balancer-ipv4": "20.9.0.1"}), ("name", {"azure-pip-name": "mine"})):
        first, second = _one(1, annotations), _one(2, annotations)
        yield case(f"multiple/pinned-{kind}-alone", first, config=TWO, public_ips=MINE)
        yield case(f"multiple/pinned-{kind}-shared", second, before=(_one(3), first), config=TWO, public_ips=MINE)
        conflict = service({**annotations, ASKED: "second"})
        yield case(f"multiple/pinned-{kind}-and-asked", conflict, config=TWO, public_ips=MINE)
        outside = service(annotations, port(81), name="other", labels={"tier": "edge"})
        yield case(f"multiple/pinned-{kind}-not-eligible", outside, before=(first,), config=LABELLED, public_ips=MINE)
    yield case("multiple/pinned-missing-name", service({"azure-pip-name": "missing"}), config=TWO)
    yield case("multiple/pinned-missing-address", service({"azure-load-balancer-ipv4": "20.9.9.9"}), config=TWO)
    inside = {**INTERNAL, "azure-load-balancer-ipv4": "10.224.0.200"}
    yield case("multiple/pinned-internal", _one(2, inside), before=(_one(3, INTERNAL), _one(1, inside)), config=TWO)


def _moves() -> Iterator[Case]:
    here, there = service({ASKED: "kubernetes"}), service({ASKED: "second"})
    yield history("multiple/move", ensure(here), ensure(there), config=TWO)
    yield history("multiple/move-back", ensure(here), ensure(there), ensure(here), config=TWO)
    yield history(
        "multiple/move-beside-another", ensure(_one(1, {ASKED: "second"})), ensure(here), ensure(there), config=TWO
    )
    yield history(
        "multiple/move-from-another", ensure(_one(1, {ASKED: "kubernetes"})), ensure(here), ensure(there), config=TWO
    )
    yield history("multiple/stays", ensure(_one(1)), ensure(_one(2)), ensure(_one(1)), config=TWO)
    yield history("multiple/public-to-internal", ensure(_one(1)), ensure(_one(1, INTERNAL)), config=TWO)
    yield history("multiple/internal-to-public", ensure(_one(1, INTERNAL)), ensure(_one(1)), config=TWO)
    yield history("multiple/deleted", ensure(_one(1)), ensure(_one(2)), delete(_one(1)), config=TWO)
    yield history(
        "multiple/deleted-then-new", ensure(_one(1)), ensure(_one(2)), delete(_one(1)), ensure(_one(3)), config=TWO
    )


def cases() -> Iterator[Case]:
    """All of them."""
    for table in (_placement, _selectors, _configuration, _pinned, _moves):
        yield from table()
