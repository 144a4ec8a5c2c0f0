"""An explanation as a document for machines: ``apiVersion: akslb.dev/v1alpha1``, kind Explanation.

The published schema is ``explanation.schema.json`` beside this file.
"""

from collections.abc import Iterable
from typing import Any

from kubectl_akslb.azure.resources import Resources
from kubectl_akslb.errors import InputError
from kubectl_akslb.lint.diagnostic import Diagnostic
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Derivation
from kubectl_akslb.model.outbound import Outbound
from kubectl_akslb.model.provenance import Derived, Placeholder
from kubectl_akslb.path.hop import Hop, HopName, Outcome, Reason, Remedy
from kubectl_akslb.path.sentences import sentence, sentences
from kubectl_akslb.path.verdict import ClientPath, Path, PortPath
from kubectl_akslb.path.walk import deciding
from kubectl_akslb.pipeline import Explained, Explanation
from kubectl_akslb.render import verdict as words
from kubectl_akslb.render.arm import to_arm

API_VERSION = "akslb.dev/v1alpha1"
Json = dict[str, Any]


def document(result: Explanation) -> Json:
    """The whole explanation."""
    return {
        "apiVersion": API_VERSION,
        "kind": "Explanation",
        "cluster": cluster_settings(result.cluster),
        "notices": list(result.notices),
        "azure": _azure(result.azure),
        "outbound": _outbound(result.outbound),
        "services": [_service(one, result.cluster) for one in result.services],
        "otherServices": result.other_services,
        "problems": problems_json(result.problems),
    }


_READ = {
    "load_balancers": "loadBalancers",
    "security_groups": "networkSecurityGroups",
    "public_ips": "publicIPAddresses",
    "virtual_networks": "virtualNetworks",
    "subnets": "subnets",
    "route_tables": "routeTables",
    "network_interfaces": "networkInterfaces",
    "machines": "virtualMachines",
    "usages": "usages",
    "clusters": "managedClusters",
    "private_zones": "privateDnsZones",
    "zone_links": "virtualNetworkLinks",
    "service_tags": "serviceTags",
}


def _azure(azure: Resources | None) -> Json | None:
    """What was read of Azure: from where, how much of each kind, and of which kinds all that there is."""
    if azure is None:
        return None
    read = {name: len(found) for field, name in _READ.items() if (found := getattr(azure, field)) is not None}
    complete = [name for field, name in _READ.items() if field in azure.whole]
    return {"sources": list(azure.sources), "resources": read, "complete": complete}


def problems_json(problems: Iterable[InputError]) -> list[Json]:
    """What could not be read, as it stands in every document."""
    return [
        {"message": one.message, "path": one.path, "line": one.line, "column": one.column, "hint": one.hint}
        for one in problems
    ]


def cluster_settings(cluster: Cluster) -> Json:
    """The settings a derivation depends on; *assumed* names those that nobody gave."""
    settings = {
        "providerVersion": ("provider_version", str(cluster.provider_version)),
        "clusterName": ("cluster_name", cluster.cluster_name),
        "loadBalancerSku": ("load_balancer_sku", cluster.load_balancer_sku),
        "healthProbeMode": ("probe_mode", cluster.probe_mode),
        "backendPoolType": ("pool_type", cluster.pool_type),
        "disableOutboundSnat": ("disable_outbound_snat", cluster.disable_outbound_snat),
        "zones": ("zones", list(cluster.zones) if cluster.zones is not None else None),
        "nodes": ("nodes", [node.name for node in cluster.nodes] if cluster.nodes is not None else None),
    }
    body: Json = {name: value for name, (_, value) in settings.items()}
    body["assumed"] = [name for name, (field, _) in settings.items() if field not in cluster.given]
    return body


def _reason(derived: Derived[Any]) -> Json:
    """The reasons of one value."""
    reason: Json = {
        "origin": derived.origin._asdict(),
        "considered": [origin._asdict() for origin in derived.considered],
    }
    if derived.notes:
        reason["notes"] = list(derived.notes)
    if derived.upstream:
        reason["decidedBy"] = derived.upstream
    return reason


def _made(one: Explained) -> Json:
    """Who makes a Service that stands in no file."""
    found = one.found
    if not found.made_of:
        return {}
    spot = found.spot_of_annotations()
    at = ".".join(map(str, spot.path)) if spot is not None else ""
    return {
        "madeOf": {
            "object": found.made_of,
            "by": found.made_by,
            "annotationsAt": at,
            "notes": [*found.notes, *found.unknown],
        }
    }


def _service(one: Explained, cluster: Cluster) -> Json:
    derivation = one.derivation
    service = derivation.service
    body: Json = {
        "namespace": service.namespace,
        "name": service.name,
        "source": {"path": one.found.path, "line": one.found.line, "template": one.found.source},
        **_made(one),
        "verdict": _verdict(one),
        "path": _path(one.path),
        "findings": [_finding(finding) for finding in one.lint()],
    }
    if one.live is not None:
        from kubectl_akslb.render.live_state import live_document

        body["live"] = live_document(one.live)
    if derivation.ignored is not None:
        return body | {"ignored": {"because": derivation.ignored.value, "reason": _reason(derivation.ignored)}}
    arm, egress = to_arm(derivation, cluster), one.egress
    return body | {
        "workload": one.workload.name if one.workload is not None else None,
        "azure": arm.body,
        "reasons": {path: _reason(derived) for path, derived in arm.reasons.items()},
        "placeholders": _placeholders(arm.body),
        "ports": _ports(one),
        "access": {
            "summary": words.who_gets_in(one.path),
            "clients": [_access(client) for client in one.path.clients],
        },
        "egress": {
            "path": egress.path.value,
            "sourceAddress": egress.source_address.value,
            "ownAddress": egress.own_address.value,
            "confidence": egress.confidence,
            "verify": str(egress.verify),
        },
        "refusal": _refusal(derivation),
        "events": [event._asdict() for event in derivation.events],
        "unread": [{"annotation": left.key, "because": left.because} for left in one.ineffective],
        "documents": [
            {
                "subject": told.subject,
                "documents": [d.title for d in told.documents],
                "says": told.says,
                "does": told.does,
            }
            for told in one.errata
        ],
    }


def _finding(finding: Diagnostic) -> Json:
    fix = finding.fix
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "effect": finding.effect.value,
        "message": finding.message,
        "line": finding.line,
        "column": finding.column,
        "fix": {"title": fix.title, "applicability": fix.applicability} if fix is not None else None,
    }


def _refusal(derivation: Derivation) -> Json | None:
    refusal = derivation.refusal
    if refusal is None:
        return None
    code, message, stage = refusal.code.code, refusal.message, refusal.stage
    return {"code": code, "message": message, "stage": stage, "origin": refusal.origin._asdict()}


def _verdict(one: Explained) -> Json:
    verdict = one.path.verdict
    applied = words.applied_by(one, verdict.remedy)
    return {
        "kind": verdict.kind.value,
        "headline": words.headline(one),
        "detail": words.detail(one),
        "confidence": verdict.confidence.value,
        "hop": verdict.hop.name.value if verdict.hop is not None else None,
        "causes": [reason.cause.value for reason in verdict.because],
        "ports": [port.port for port in verdict.ports],
        "fix": "\n".join(words.edits(verdict.remedy)) or words.advice(verdict.remedy),
        "apply": str(applied) if applied is not None else "",
        "verify": str(verdict.verify) if verdict.verify is not None else "",
    }


def _path(path: Path) -> Json:
    """The hops: those that every packet meets, those of each port, and those of each group of clients."""
    return {
        "hops": [_hop(hop) for hop in path.common],
        "ports": [
            {
                "port": one.port.port if one.port is not None else None,
                "rule": one.rule.name.value,
                "hops": [_hop(hop) for hop in one.hops],
            }
            for one in path.ports
        ],
        "clients": [
            {"name": one.name, "intended": one.intended, "hops": [_hop(hop) for hop in one.hops]}
            for one in path.clients
        ],
    }


def _hop(hop: Hop) -> Json:
    return {
        "name": hop.name.value,
        "outcome": hop.outcome.value,
        "evidence": hop.confidence.value,
        "because": [_because(reason) for reason in hop.because],
        "remedy": _remedy(hop.remedy),
        "verify": str(hop.verify) if hop.verify is not None else None,
    }


def _because(reason: Reason) -> Json:
    return {
        "cause": reason.cause.value,
        "text": sentence(reason),
        "origin": reason.origin._asdict() if reason.origin is not None else None,
    }


def _remedy(remedy: Remedy | None) -> Json | None:
    if remedy is None:
        return None
    return {
        "at": ".".join(map(str, remedy.at)),
        "annotations": dict(remedy.annotations),
        "safe": remedy.safe,
        "text": words.advice(remedy),
    }


def _access(client: ClientPath) -> Json:
    hop = deciding(client)
    return {
        "name": client.name,
        "verdict": words.in_words(hop.outcome),
        "layer": hop.name.value,
        "because": sentences(hop.because),
        "confidence": hop.confidence.value,
    }


_UP = {Outcome.PASS: "yes", Outcome.DROP: "no"}


def _ports(one: Explained) -> list[Json]:
    """For each rule by its name: the Service port it serves, and what answers its probe."""
    return [_port(path) for path in one.path.ports]


def _port(path: PortPath) -> Json:
    hop = path.hop(HopName.PROBE)
    port, rule = path.port, path.rule
    return {
        "port": port.port if port is not None else None,
        "protocol": port.protocol if port is not None else "All",
        "rule": rule.name.value,
        "probe": rule.probe.value if rule.probe is not None else None,
        "answer": {
            "up": _UP.get(hop.outcome, "unknown"),
            "text": sentences(hop.because),
            "confidence": hop.confidence.value,
            "verify": str(hop.verify) if hop.verify is not None else "",
        },
    }


def _placeholders(body: Json) -> list[str]:
    """Every value in *body* that only a cluster can tell, each once.

    Security rules are left out: they name addresses that stand elsewhere, and those of every Service that shares them.
    """
    found: dict[str, None] = {}

    def collect(value: object) -> None:
        if isinstance(value, Placeholder):
            found[value] = None
        elif isinstance(value, dict):
            for below in value.values():
                collect(below)
        elif isinstance(value, list):
            for below in value:
                collect(below)
        elif isinstance(value, str) and "<uid of " in value:
            start = value.index("<uid of ")
            found[value[start : value.index(">", start) + 1]] = None

    collect({key: value for key, value in body.items() if key != "securityRules"})
    return list(found)


def _outbound(outbound: Outbound) -> Json:
    rule, snat = outbound.rule, outbound.snat
    body: Json = {"type": outbound.outbound_type.value, "rule": None, "snat": None}
    if rule is not None:
        body["rule"] = {
            "name": rule.name.value,
            "protocol": rule.protocol.value,
            "enableTcpReset": rule.enable_tcp_reset.value,
            "idleTimeoutInMinutes": rule.idle_timeout_in_minutes.value,
            "allocatedOutboundPorts": rule.allocated_outbound_ports.value,
        }
    if snat is not None:
        body["snat"] = {
            name: derived.value if derived is not None else None
            for name, derived in (
                ("outboundIPs", snat.outbound_ips),
                ("nodes", snat.nodes),
                ("surgeNodes", snat.surge_nodes),
                ("portsPerNode", snat.ports_per_node),
                ("portsAvailable", snat.ports_available),
                ("portsRequired", snat.ports_required),
                ("maxNodes", snat.max_nodes),
            )
        }
    body["findings"] = [
        {
            "severity": f.severity,
            "code": f.code,
            "message": f.message,
            "confidence": f.confidence,
            "remedies": list(f.remedies),
        }
        for f in outbound.findings
    ]
    return body
