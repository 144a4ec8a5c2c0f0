"""Record what becomes of edits by hand: python -m conformance.by_hand [v1.36.5 …].

Services are built, then a person changes, deletes or adds something in Azure, as the portal or az can do it. Then the provider
starts anew, because it keeps what it has read for minutes, and every Service is ensured once more as it is. Everything
that stands then is recorded, and what each Service is refused for: it shows what came back and what survived.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from conformance import vectors
from conformance.cases import faults, histories, random_histories
from conformance.cases.case import (
    DUAL_NODES,
    Case,
    Json,
    ensure,
    generated_public_ip,
    history,
    local,
    port,
    public_ip,
    service,
)
from conformance.cases.random_histories import random_history
from conformance.outcome import KEPT, canonical
from conformance.record import Recorder, built, tag
from conformance.upgrades import Vector, compared_rules, digest, standing, written
from conformance.upgrades import read as read_vectors
from conformance.upgrades import write as write_vectors
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.behaviours import ACCESS_CONTROL, behaviours_of

__all__ = ["written"]

FOLDER = vectors.FOLDER / "by-hand"
RELEASES = [
    "v1.23.30",
    "v1.24.4",
    "v1.25.5",
    "v1.27.11",
    "v1.28.9",
    "v1.29.4",
    "v1.30.4",
    "v1.31.0",
    "v1.32.4",
    "v1.33.2",
    "v1.34.3",
    "v1.35.3",
    "v1.36.5",
]
SEED = 20262
RANDOM = 80
#: Every edit is made on the first of the bases, and on each other one so many of them.
ON_OTHERS = 16
#: Histories are reconciled once more though nobody edited anything; of the random ones each of so many.
EVERY = 5
MINE = (public_ip("mine", "20.9.0.1"), public_ip("yours", "20.9.0.2"))
ROOT = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Network/"
GROUP = "networkSecurityGroups/nsg"
_INTERNAL = {"azure-load-balancer-internal": "true"}


class Base:
    """Services as they stand before the edit; *load_balancer* is the name of that of the first."""

    def __init__(
        self, *services: Json, load_balancer: str = "kubernetes", config: Mapping[str, Any] | None = None
    ) -> None:
        self.services = services
        self.load_balancer = load_balancer
        self.config = config or {}

    @property
    def public_ip(self) -> str:
        """The name of the public IP that the provider makes for the first Service."""
        return generated_public_ip(self.services[0]["metadata"]["name"])

    @property
    def prefix(self) -> str:
        """What the names of all that belongs to the first Service begin with."""
        return self.public_ip.removeprefix("kubernetes-")


BASES = {
    "one-port": Base(service()),
    "ports": Base(service(None, port(80), port(443), port(53, "UDP"))),
    "http-probe": Base(
        service({
            "azure-load-balancer-health-probe-protocol": "http",
            "azure-load-balancer-health-probe-request-path": "/healthz",
            "azure-load-balancer-health-probe-interval": "10",
        })
    ),
    "udp": Base(service(None, port(53, "UDP"))),
    "internal": Base(service(_INTERNAL), load_balancer="kubernetes-internal"),
    "internal-address": Base(
        service({**_INTERNAL, "azure-load-balancer-ipv4": "10.224.0.200"}), load_balancer="kubernetes-internal"
    ),
    "internal-subnet": Base(
        service({**_INTERNAL, "azure-load-balancer-internal-subnet": "apps"}), load_balancer="kubernetes-internal"
    ),
    "ha-ports": Base(
        service({**_INTERNAL, "azure-load-balancer-enable-high-availability-ports": "true"}),
        load_balancer="kubernetes-internal",
    ),
    "local": Base(local(None, port(80), port(443))),
    "ranges": Base(
        service(
            {"azure-deny-all-except-load-balancer-source-ranges": "true"},
            port(80),
            port(443),
            loadBalancerSourceRanges=["192.0.2.0/24", "198.51.100.0/25"],
        )
    ),
    "dual-stack": Base(service(families=("IPv4", "IPv6"))),
    "named-public-ip": Base(service({"azure-pip-name": "mine"})),
    "label": Base(service({"azure-dns-label-name": "web", "azure-pip-tags": "a=b"})),
    "empty-label": Base(service({"azure-dns-label-name": ""})),
    "on-nodes": Base(service({"azure-disable-load-balancer-floating-ip": "true"})),
    "session": Base(service({"azure-load-balancer-tcp-idle-timeout": "10"}, sessionAffinity="ClientIP")),
    "two": Base(service(), service(None, port(80), port(8443), name="api")),
    "shared-address": Base(
        service({"azure-pip-name": "mine"}), service({"azure-pip-name": "mine"}, port(443), name="api")
    ),
    "shared-rules": Base(
        service({"azure-shared-securityrule": "true"}), service({"azure-shared-securityrule": "true"}, name="api")
    ),
    "shared-probe": Base(
        service(), service(None, port(443), name="api"),
        config={"clusterServiceLoadBalancerHealthProbeMode": "shared"},
    ),
    "node-ip": Base(service(), config={"loadBalancerBackendPoolConfigurationType": "nodeIP"}),
    "tagged-cluster": Base(service(), config={"tags": "team=web"}),
}  # fmt: skip


def edit(resource: str, *at: str, to: object = None) -> Json:
    """A person sets a field, an item or a resource; without a value it is deleted."""
    return {"edit": {"resource": resource, "at": list(at), **({} if to is None else {"value": to})}}


Edits = Callable[[Base], list[Json]]


def _balancer(*at: str, to: object = None) -> Edits:
    return lambda base: [edit(f"loadBalancers/{base.load_balancer}", *at, to=to)]


def _probe(field: str, to: object = None, which: str = "#0") -> Edits:
    return _balancer("properties", "probes", which, "properties", field, to=to)


def _rule(field: str, to: object = None, which: str = "#0") -> Edits:
    return _balancer("properties", "loadBalancingRules", which, "properties", field, to=to)


def _frontend(field: str, to: object = None) -> Edits:
    return _balancer("properties", "frontendIPConfigurations", "#0", "properties", field, to=to)


def _security(field: str, to: object = None, which: str = "#0") -> Edits:
    return lambda _: [edit(GROUP, "properties", "securityRules", which, "properties", field, to=to)]


def _address(*at: str, to: object = None) -> Edits:
    return lambda base: [edit(f"publicIPAddresses/{base.public_ip}", *at, to=to)]


def _all(*edits: Edits) -> Edits:
    return lambda base: [step for one in edits for step in one(base)]


def _part(base: Base, kind: str, name: str) -> Json:
    return {"id": f"{ROOT}loadBalancers/{base.load_balancer}/{kind}/{name}"}


def _added_rule(name: Callable[[Base], str], number: int) -> Edits:
    """A rule for another port, on the frontend and pool of the first Service."""

    def steps(base: Base) -> list[Json]:
        own = name(base)
        value = {
            "name": own,
            "properties": {
                "protocol": "Tcp", "frontendPort": number, "backendPort": number, "enableFloatingIP": False,
                "idleTimeoutInMinutes": 4, "loadDistribution": "Default", "disableOutboundSnat": False,
                "frontendIPConfiguration": _part(base, "frontendIPConfigurations", base.prefix),
                "backendAddressPool": _part(base, "backendAddressPools", "kubernetes"),
            },
        }  # fmt: skip
        place = f"loadBalancers/{base.load_balancer}"
        return [edit(place, "properties", "loadBalancingRules", own, to=value)]

    return steps


def _added_probe(name: Callable[[Base], str]) -> Edits:
    def steps(base: Base) -> list[Json]:
        value = {
            "name": name(base),
            "properties": {"protocol": "Tcp", "port": 9999, "intervalInSeconds": 5, "numberOfProbes": 1},
        }
        return [edit(f"loadBalancers/{base.load_balancer}", "properties", "probes", name(base), to=value)]

    return steps


def _added_security_rule(name: str, priority: int, **fields: object) -> Edits:
    properties = {
        "access": "Allow", "direction": "Inbound", "protocol": "Tcp", "priority": priority, "sourcePortRange": "*",
        "sourceAddressPrefix": "203.0.113.7", "destinationAddressPrefix": "*", "destinationPortRange": "22", **fields,
    }  # fmt: skip
    value = {"name": name, "properties": {key: one for key, one in properties.items() if one is not None}}
    return lambda _: [edit(GROUP, "properties", "securityRules", name, to=value)]


def _added_frontend(base: Base) -> list[Json]:
    value = {"name": "mine", "properties": {"publicIPAddress": {"id": f"{ROOT}publicIPAddresses/yours"}}}
    return [edit(f"loadBalancers/{base.load_balancer}", "properties", "frontendIPConfigurations", "mine", to=value)]


def _own(tail: str) -> Callable[[Base], str]:
    return lambda base: f"{base.prefix}-{tail}"


_YOURS = {"id": f"{ROOT}publicIPAddresses/yours"}
_OTHER_SUBNET = {"id": f"{ROOT}virtualNetworks/vnet/subnets/other"}
_NO_FRONTEND = _all(
    _balancer("properties", "loadBalancingRules", to=[]), _balancer("properties", "frontendIPConfigurations", to=[])
)
_NO_RULE = _balancer("properties", "loadBalancingRules", "#0")
_NO_PROBE = _all(_rule("probe"), _balancer("properties", "probes", "#0"))

EDITS: dict[str, Edits] = {
    "nothing": lambda _: [edit("loadBalancers/none", "tags", to={})],
    "probe-port": _probe("port", 8081),
    "probe-http": _all(_probe("protocol", "Http"), _probe("requestPath", "/status")),
    "probe-path": _probe("requestPath", "/status"),
    "probe-path-case": _probe("requestPath", "/HealthZ"),
    "probe-interval": _probe("intervalInSeconds", 30),
    "probe-threshold": _probe("probeThreshold", 7),
    "probe-number": _probe("numberOfProbes", 7),
    "probe-deleted": _NO_PROBE,
    "probe-last-deleted": _all(_rule("probe", which="#1"), _balancer("properties", "probes", "#1")),
    "probe-added": _added_probe(lambda _: "mine"),
    "probe-added-named-alike": _added_probe(_own("TCP-9999")),
    "rule-idle-timeout": _rule("idleTimeoutInMinutes", 20),
    "rule-no-idle-timeout": _rule("idleTimeoutInMinutes"),
    "rule-distribution": _rule("loadDistribution", "SourceIPProtocol"),
    "rule-tcp-reset": _all(_rule("enableTCPReset"), _rule("enableTcpReset", to=False)),
    "rule-no-tcp-reset": _all(_rule("enableTcpReset"), _rule("enableTCPReset")),
    "rule-floating-ip": _rule("enableFloatingIP", to=False),
    "rule-frontend-port": _rule("frontendPort", 8088),
    "rule-backend-port": _rule("backendPort", 8088),
    "rule-snat": _rule("disableOutboundSnat", to=True),
    "rule-no-probe": _rule("probe"),
    "rule-protocol": _rule("protocol", "Udp"),
    "rule-deleted": _NO_RULE,
    "rule-last-deleted": _balancer("properties", "loadBalancingRules", "#1"),
    "rule-added": _added_rule(lambda _: "mine", 8089),
    "rule-added-named-alike": _added_rule(_own("TCP-8089"), 8089),
    "rule-added-on-the-port": _all(_NO_RULE, _added_rule(lambda _: "mine", 80)),
    "rule-other-probe": _all(
        _added_probe(lambda _: "mine"),
        lambda base: _rule("probe", _part(base, "probes", "mine"))(base),
    ),
    "frontend-added": _added_frontend,
    "frontend-other-public-ip": _frontend("publicIPAddress", _YOURS),
    "frontend-address": _all(
        _frontend("privateIPAddress", "10.224.0.77"), _frontend("privateIPAllocationMethod", "Static")
    ),
    "frontend-subnet": _frontend("subnet", _OTHER_SUBNET),
    "frontend-deleted": _NO_FRONTEND,
    "pool-added": _balancer("properties", "backendAddressPools", "mine", to={"name": "mine", "properties": {}}),
    "balancer-tags": _balancer("tags", to={"owner": "me"}),
    "balancer-deleted": _balancer(),
    "security-priority": _security("priority", 700),
    "security-priority-behind": _security("priority", 4096),
    "security-priority-outside": _security("priority", 300),
    "security-access": _security("access", "Deny"),
    "security-protocol": _security("protocol", "*"),
    "security-direction": _security("direction", "Outbound"),
    "security-source": _security("sourceAddressPrefix", "203.0.113.7"),
    "security-sources": _all(
        _security("sourceAddressPrefix"), _security("sourceAddressPrefixes", ["203.0.113.7", "203.0.113.8"])
    ),
    "security-source-port": _security("sourcePortRange", "1024"),
    "security-ports": _all(_security("destinationPortRange"), _security("destinationPortRanges", ["8090"])),
    "security-any-port": _all(_security("destinationPortRanges"), _security("destinationPortRange", "*")),
    "security-destination": _all(
        _security("destinationAddressPrefixes"), _security("destinationAddressPrefix", "203.0.113.99")
    ),
    "security-destination-any": _all(
        _security("destinationAddressPrefixes"), _security("destinationAddressPrefix", "*")
    ),
    "security-destination-added": _all(
        _security("destinationAddressPrefix"),
        _security("destinationAddressPrefixes", ["20.0.0.1", "20.9.0.1", "203.0.113.99"]),
    ),
    "security-description": _security("description", "mine"),
    "security-deleted": lambda _: [edit(GROUP, "properties", "securityRules", "#0")],
    "security-last-deleted": lambda _: [edit(GROUP, "properties", "securityRules", "#1")],
    "security-all-deleted": lambda _: [edit(GROUP, "properties", "securityRules", to=[])],
    "security-added": _added_security_rule("mine", 500),
    "security-added-before": _added_security_rule("mine", 100),
    "security-added-behind": _added_security_rule("mine", 4096, access="Deny"),
    "security-added-free": _added_security_rule("mine", 900),
    "security-added-for-address": _added_security_rule("mine", 600, destinationAddressPrefix="20.0.0.1"),
    "security-added-for-address-before": _added_security_rule("mine", 100, destinationAddressPrefix="20.0.0.1"),
    "security-added-for-several": _added_security_rule(
        "mine", 600, destinationAddressPrefix=None, destinationAddressPrefixes=["20.0.0.1", "20.9.0.1", "203.0.113.9"]
    ),
    "security-added-for-the-port": _added_security_rule(
        "mine", 600, destinationAddressPrefix="20.0.0.1", destinationPortRange="80"
    ),
    "security-added-named-alike": _added_security_rule("k8s-azure-lb_mine", 610),
    "security-added-for-group": _added_security_rule(
        "mine", 620, destinationAddressPrefix=None,
        destinationApplicationSecurityGroups=[{"id": f"{ROOT}applicationSecurityGroups/db"}],
    ),
    "security-tags": lambda _: [edit(GROUP, "tags", to={"owner": "me"})],
    "address-label": _address("properties", "dnsSettings", to={"domainNameLabel": "mine"}),
    "address-no-label": _address("properties", "dnsSettings"),
    "address-tag-added": _address("tags", "owner", to="me"),
    "address-service-tag": _address("tags", "k8s-azure-service", to="other/service"),
    "address-no-service-tag": _address("tags", "k8s-azure-service"),
    "address-no-tags": _address("tags"),
    "address-other-tag": _address("tags", "a", to="changed"),
    "address-idle-timeout": _address("properties", "idleTimeoutInMinutes", to=20),
    "address-deleted": _all(_NO_FRONTEND, _address()),
}  # fmt: skip


def _applies(name: str, base: str) -> bool:
    """Whether an edit changes something in Services like these."""
    kind = name.partition("-")[0]
    internal = base.startswith(("internal", "ha-"))
    if kind == "address" or name == "frontend-other-public-ip":
        return not internal and base not in {"named-public-ip", "shared-address"}
    if name in {"frontend-address", "frontend-subnet"}:
        return internal
    if kind == "probe" and base == "udp":
        return "added" in name
    if name in {"frontend-added", "frontend-deleted"} and base.startswith(("two", "shared")):
        return False  # the one frontend that is edited has the rules of two
    if "added-for" in name:
        return base in {"one-port", "ports", "two", "dual-stack"}
    return True


def edited(name: str, base: Base, steps: Sequence[Json]) -> Case:
    """Services that are built, edited by hand, and ensured once more."""
    built_first = tuple(map(ensure, base.services))
    config = base.config
    return history(name, *built_first, *steps, *built_first, config=config, nodes=DUAL_NODES, public_ips=MINE)


def _drawn(identifier: str, seed: str) -> Case:
    """A random history, an edit or two, and every Service that is left ensured once more."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    before = random_history(identifier, seed)
    left = standing(before.as_json())
    if not left:
        before = before._replace(steps=(*before.steps, ensure(service())))
        left = standing(before.as_json())
    chosen = dice.choice(left)
    internal = chosen["metadata"].get("annotations", {}).get(
        "service.beta.kubernetes.io/azure-load-balancer-internal"
    )  # fmt: skip
    base = Base(chosen, load_balancer="kubernetes-internal" if internal == "true" else "kubernetes")
    names = [name for name in EDITS if name != "nothing"]
    steps = [step for name in dice.sample(names, dice.choice((1, 1, 2))) for step in EDITS[name](base)]
    return before._replace(steps=(*before.steps, *steps, *map(ensure, left)))


def cases() -> Iterator[Case]:
    """All histories: each edit on each kind of Services, some that nobody edits, and random ones."""
    for place, (base_name, base) in enumerate(BASES.items()):
        names = [name for name in EDITS if _applies(name, base_name)]
        for index, name in enumerate(names):
            # Steps of 7 spread those that are chosen over all kinds of edits, other ones for each base.
            if not place or (index * 7 + place * 5) % len(names) < ON_OTHERS or name == "nothing":
                yield edited(f"{base_name}/{name}", base, EDITS[name](base))
    for place, case in enumerate((*histories.cases(), *faults.cases(), *random_histories.cases())):
        left = standing(case.as_json())
        if left and (not case.id.startswith("edited/") or place % EVERY == 0):
            steps = (*case.steps, *EDITS["nothing"](Base(service())), *map(ensure, left))
            yield case._replace(id=f"again/{case.id}", steps=steps)
    for number in range(1, RANDOM + 1):
        yield _drawn(f"random/{number:04}", f"{SEED}/{number}")


def split(case: Json) -> tuple[list[Json], list[Json], list[Json]]:
    """The steps before the edits, the edits, and the Services that are ensured after them."""
    steps = case["steps"]
    places = [index for index, step in enumerate(steps) if "edit" in step]
    after = [step["ensure"] for step in steps[places[-1] + 1 :]]
    return steps[: places[0]], [steps[place]["edit"] for place in places], after


def record(version: str, asked: Iterable[Json]) -> dict[str, Json]:
    """What becomes of the cases in this release; those with which it does not start are left out."""
    recorder: Recorder = built(version)
    lines = "".join(f"{json.dumps({**case, 'whole': True})}\n" for case in asked)
    answers = map(json.loads, recorder(lines).splitlines())
    return {answer["id"]: settled(answer, version) for answer in answers if "errors" in answer}


def settled(answer: Json, version: str) -> Json:
    """The part of an answer that is compared, without what chance decides in this release."""
    body: Json = canonical({key: answer.get(key) or [] for key in KEPT if key != "events"})
    for balancer in body["loadBalancers"]:
        for frontend in balancer["frontendIPConfigurations"]:
            if frontend.get("privateIPAllocationMethod") == "Dynamic":
                frontend.pop("privateIPAddress", None)  # Azure shows it always, whoever has sent it
    for address in body["publicIPs"]:
        if not address.get("tags"):
            address.pop("tags", None)  # no tags, and none that were ever written
    if ACCESS_CONTROL not in behaviours_of(ProviderVersion.parse(version)):
        body = compared_rules(body)
    return {**body, "errors": answer["errors"]}


def read(folder: Path = FOLDER) -> dict[str, Vector]:
    """All vectors by the name of their case; the names beside an outcome are releases."""
    return read_vectors(folder)


def merged(
    known: Mapping[str, Vector], version: str, asked: Mapping[str, Json], answers: Mapping[str, Json]
) -> dict[str, Vector]:
    """The recordings with these answers; a case that has changed loses what was recorded of it before."""
    found = {}
    for name, case in asked.items():
        current, old = digest(case), known.get(name)
        outcomes = old.outcomes if old is not None and old.digest == current else ()
        bodies = {one: body for body, names in outcomes for one in names}
        if name in answers:
            bodies[version] = answers[name]
        if bodies:
            found[name] = Vector(name, current, vectors.grouped(bodies))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Record the releases that are named, or all; 1 where one could not be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", nargs="*", help="a release, such as v1.36.5; none: all")
    parser.add_argument("--only", metavar="AREA", default="", help="the histories of this area alone; the others stay")
    parser.add_argument("--into", type=Path, default=FOLDER, help="the folder of the recordings")
    options = parser.parse_args(arguments)
    asked = {case.id: case.as_json() for case in cases()}
    known = read(options.into)
    try:
        for version in [tag(text) for text in options.version] or RELEASES:
            answers = record(version, (case for name, case in asked.items() if name.startswith(options.only)))
            known = merged(known, version, asked, answers)
            write_vectors(known.values(), options.into)
            print(f"{version}: {len(answers)} of {len(asked)} histories recorded")
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
