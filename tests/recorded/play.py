"""Cases of the recordings to our derivation: Services are ensured, edited, updated and deleted one after the other."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kubectl_akslb.derive.context import Reconciliation
from kubectl_akslb.derive.deletion import delete_on, stands
from kubectl_akslb.derive.load_balancer.configurations import configuration_faults
from kubectl_akslb.derive.reconcile import derive_on, store
from kubectl_akslb.derive.security_group import rules_per_service
from kubectl_akslb.derive.service_gateway import serves
from kubectl_akslb.derive.state.azure import Azure
from kubectl_akslb.manifest.decode import decode
from kubectl_akslb.model.cluster import BASIC, STANDARD, Cluster, ExistingPublicIP, Node
from kubectl_akslb.model.derivation import Event
from kubectl_akslb.model.outbound_profile import OutboundProfile
from kubectl_akslb.model.service import IPV4, IPV6, Service
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.profile.settings import CLOUD_CONFIG
from kubectl_akslb.provider.behaviours import STANDARD_BY_DEFAULT, behaviours_of
from tests.conformance.adapter import private_link, state, stored
from tests.recorded.addresses import GivingAzure
from tests.recorded.members import members_of

Json = dict[str, Any]


class Watched(frozenset[str]):
    """Behaviours that remember which of them were asked for, and the answer."""

    asked: dict[str, bool]

    def __contains__(self, behaviour: object) -> bool:
        """Whether it is among them."""
        found = super().__contains__(behaviour)
        self.asked[str(behaviour)] = found
        return found


class Answers:
    """What we say about one case, for any release: releases that differ in nothing that it asks for share an answer."""

    def __init__(self, case: Json) -> None:
        self.case = case
        self._known: list[tuple[dict[str, bool], Json]] = []
        self._of_version: dict[str, tuple[dict[str, bool], Json]] = {}

    def answer(self, version: str) -> Json:
        """Our answer for a release."""
        return self._found(version)[1]

    def asked(self, version: str) -> Mapping[str, bool]:
        """The behaviours that our answer for a release depends on; the same object where the answer is shared."""
        return self._found(version)[0]

    def mutated(self, version: str, behaviours: frozenset[str]) -> Json:
        """Our answer for a release that has other behaviours than it has."""
        return play(self.case, ProviderVersion.parse(version), behaviours)

    def _found(self, version: str) -> tuple[dict[str, bool], Json]:
        if version not in self._of_version:
            parsed = ProviderVersion.parse(version)
            behaviours = behaviours_of(parsed)
            for asked, known in self._known:
                if all((row in behaviours) == found for row, found in asked.items()):
                    self._of_version[version] = asked, known
                    return asked, known
            watched = Watched(behaviours)
            watched.asked = {}
            self._of_version[version] = watched.asked, play(self.case, parsed, watched)
            self._known.append(self._of_version[version])
        return self._of_version[version]


class Played(NamedTuple):
    """What stands in Azure after a case, for which cluster, and the error and events of the last step.

    *refused* are the Services, by their full names, whose last step ended with an error.
    """

    azure: GivingAzure
    cluster: Cluster
    error: str
    events: Sequence[Event]
    refused: frozenset[str] = frozenset()


def play(case: Json, version: ProviderVersion, behaviours: frozenset[str]) -> Json:
    """What our derivation says about one case: of the last step, and of all that stands in Azure then."""
    errors: list[str] = []
    found = played(case, version, behaviours, errors)
    if found.error and (not case.get("whole") or not errors):
        return {"error": found.error}
    recorded = [event for event in found.events if event.recorded]
    asked: Json = {}
    if case.get("members"):
        asked["members"] = members_of(case, found.azure, found.cluster)
    if case.get("whole"):
        asked["errors"] = errors
    if case.get("links"):
        asked["privateLinkServices"] = [private_link(link) for link in found.azure.private_links.values()]
    return {
        **asked,
        "error": None,
        **state(found.azure),
        "events": [{"type": event.type, "reason": event.reason, "message": event.message} for event in recorded],
    }


def played(
    case: Json,
    version: ProviderVersion,
    behaviours: frozenset[str] | None = None,
    errors: list[str] | None = None,
) -> Played:
    """The steps of a case, one after the other; *behaviours* are those of the release unless given.

    The error of each step, "" where it has none, is added to *errors*.
    """
    behaviours = behaviours_of(version) if behaviours is None else behaviours
    cluster = cluster_of(case, version, behaviours)
    fault = next((fault for fault in configuration_faults(cluster) if fault.at_start), None)
    if fault is not None:
        text = f"the provider does not start: could not init cloud provider azure: {fault.message}"
        return Played(GivingAzure(cluster), cluster, text, ())
    azure = GivingAzure(cluster)
    error = ""
    events: Sequence[Event] = ()
    refused: set[str] = set()
    for step in steps_of(case):
        if "nodes" in step:
            nodes = _nodes(step["nodes"])
            azure.change_nodes(cluster.nodes or (), nodes)
            cluster = cluster._replace(nodes=nodes)
        service = stored(decode(step.get("ensure") or step.get("update") or step["delete"]))
        given = azure.given(service, cluster)
        error, events = _take(step, service, cluster._replace(addresses=given), azure)
        (refused.add if error else refused.discard)(service.full_name)
        if errors is not None:
            errors.append(error)
        rules_per_service.settle(cluster, azure)
        given.settle(azure)
    return Played(azure, cluster, error, events, frozenset(refused))


def _take(step: Json, service: Service, cluster: Cluster, azure: Azure) -> tuple[str, Sequence[Event]]:
    """One step: the provider's error or "", and its events."""
    if "delete" in step:
        deletion = delete_on(service, cluster, azure)
        return deletion.refused.message if deletion.refused is not None else "", deletion.events
    if "update" in step and serves(cluster):
        return "", ()  # no node is a member: nothing is to be done
    status = azure.ingress.get(service.full_name, ())
    if "update" in step:
        store(service, cluster, azure)
        if not stands(Reconciliation(service, cluster, azure)):
            return "", ()
    derivation = derive_on(service, cluster, azure)
    if "update" in step and derivation.refusal is None:
        azure.finish(service, status)  # nobody writes a status after an update
    refusal = derivation.refusal
    message = refusal.message if refusal is not None and refusal.returned else ""
    return f"panic: {message}" if message.startswith("runtime error") else message, derivation.events


def steps_of(case: Json) -> list[Json]:
    """The steps of a history; a single Service is a history of one."""
    steps: list[Json] = case.get("steps") or [{"ensure": case["service"]}]
    return steps


def cluster_of(case: Json, version: ProviderVersion, behaviours: frozenset[str]) -> Cluster:
    """The cluster of a case: the provider's azure.json beyond the defaults of the recorder."""
    config = {"loadBalancerSku": STANDARD, "primaryScaleSetName": "vmss", **case["config"]}
    fields = {
        row.field: row.convert(config[row.steps[0]]) for row in CLOUD_CONFIG if config.get(row.steps[0]) is not None
    }
    if not fields["load_balancer_sku"]:
        fields["load_balancer_sku"] = STANDARD if STANDARD_BY_DEFAULT in behaviours else BASIC
    return Cluster(
        version,
        behaviours,
        subscription="00000000-0000-0000-0000-000000000000",
        zones=("1", "2", "3"),
        nodes=_nodes(case["nodes"]),
        existing_public_ips=tuple(
            ExistingPublicIP(
                ip["name"], ip["ipAddress"], IPV6 if ":" in ip["ipAddress"] else IPV4, ip.get("resourceGroup", "")
            )
            for ip in case.get("existingPublicIPs") or []
        ),
        outbound=OutboundProfile(),
        **fields,
    )


def _nodes(nodes: list[Json]) -> tuple[Node, ...]:
    return tuple(
        Node(node["name"], tuple(node["addresses"]), node.get("labels", {}), node.get("availabilitySet", ""))
        for node in nodes
    )
