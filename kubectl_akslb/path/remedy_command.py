"""The command that does what a remedy says, for hops that know none themselves; None where only a person can choose."""

import re
from collections.abc import Callable, Mapping

from kubectl_akslb.derive.load_balancer.backend_pool import EXCLUDED, MANAGED
from kubectl_akslb.evidence.nodes import KUBE_PROXY, SYSTEM
from kubectl_akslb.model.command import Command, command, flag, is_subdomain, kubectl, on_object
from kubectl_akslb.model.service import Service
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Reason
from kubectl_akslb.provider import annotations as keys

INSTANCE = (
    r"(?ai)azure:///subscriptions/[0-9a-f-]{36}/resourceGroups/(?P<group>(?!-)[\w.()-]{1,90})/providers/"
    r"Microsoft\.Compute/virtualMachineScaleSets/(?P<name>(?!-)[\w-]{1,80})/virtualMachines/(?P<instance>\d{1,9})"
)


def remedy_command(service: Service, reason: Reason) -> Command | None:
    """What does what ``remedy_sentence`` says about *reason*, in the cluster or in Azure."""
    make = _MAKERS.get(reason.cause)
    return make(service, reason) if make is not None else None


def first_node(reason: Reason) -> str:
    """The first node that a reason names; "" where it names none, or what no cluster has."""
    named = reason.facts.get("nodes", reason.facts.get("node", ""))
    first = str(named[0]) if isinstance(named, tuple) and named else str(named)
    return first if is_subdomain(first) else ""


# The Service


def _patched(service: Service, change: Mapping[str, object], kind: str = "merge") -> Command | None:
    from json import dumps

    patch = flag("--patch", dumps(change, separators=(",", ":")))
    return on_object("patch", "svc", service.name, service.namespace, flag("--type", kind), patch)


def _selects(service: Service, reason: Reason) -> Command | None:
    """Have the Service select the labels that the nearest pods have, where these have each of its keys."""
    labels = reason.facts.get("labels")
    if not isinstance(labels, Mapping) or set(labels) != set(service.selector):
        return None
    return _patched(service, {"spec": {"selector": dict(labels)}})


def _allocates(service: Service, _: Reason) -> Command | None:
    return _patched(service, {"spec": {"allocateLoadBalancerNodePorts": True}})


def _retargeted(service: Service, reason: Reason) -> Command | None:
    """Have the port of the Service lead to the one port that the pods declare."""
    numbers = reason.facts.get("numbers")
    asked = [one for one in service.ports if one.port == reason.facts.get("port")]
    if not isinstance(numbers, tuple) or len(numbers) != 1 or len(asked) != 1:
        return None
    ports = [{"port": asked[0].port, "protocol": asked[0].protocol, "targetPort": numbers[0]}]
    return _patched(service, {"spec": {"ports": ports}}, "strategic")


def _ranges_by_annotation(service: Service, _: Reason) -> Command | None:
    """Move the source ranges to where kube-proxy does not read them."""
    key = str(keys.ALLOWED_IP_RANGES)
    if key in service.annotations or not service.load_balancer_source_ranges:
        return None
    ranges = ",".join(service.load_balancer_source_ranges)
    return _patched(service, {"metadata": {"annotations": {key: ranges}}, "spec": {"loadBalancerSourceRanges": None}})


def _with_rules(service: Service, _: Reason) -> Command | None:
    """Take away the annotations that leave the ports without a rule."""
    found = [key for key in service.annotations if re.fullmatch(_NO_RULE, key)]
    return (
        on_object("annotate", "svc", service.name, service.namespace, *(f"{key}-" for key in found)) if found else None
    )


_NO_RULE = r"service\.beta\.kubernetes\.io/port_[0-9]{1,5}_no_lb_rule"


def _internal(service: Service, _: Reason) -> Command | None:
    value = f"{keys.INTERNAL}=true"
    return on_object("annotate", "svc", service.name, service.namespace, "--overwrite", value)


def _touched(service: Service, _: Reason) -> Command | None:
    """Any annotation that changes has the provider reconcile the Service."""
    value = ("akslb/touched=", Command(("date", "+%s")))
    return on_object("annotate", "svc", service.name, service.namespace, "--overwrite", value)


# The nodes


def _relabelled(label: str) -> Callable[[Service, Reason], Command | None]:
    """Take a label off a node."""

    def made(_: Service, reason: Reason) -> Command | None:
        name = first_node(reason)
        return command("kubectl", "label", "nodes", name, f"{label}-") if name else None

    return made


def _kube_proxy_anew(_: Service, reason: Reason) -> Command | None:
    """Have the DaemonSet start kube-proxy of a node anew."""
    name = first_node(reason)
    if not name:
        return None
    where = (flag("--selector", f"component={KUBE_PROXY}"), flag("--field-selector", f"spec.nodeName={name}"))
    return kubectl("delete", "pods", *where, namespace=SYSTEM)


def _started(_: Service, reason: Reason) -> Command | None:
    """Start the machine of a node, where it is one of a scale set."""
    found = re.fullmatch(INSTANCE, str(reason.facts.get("machine", "")))
    if found is None:
        return None
    where = (flag("--resource-group", found["group"]), flag("--name", found["name"]))
    return command("az", "vmss", "start", *where, flag("--instance-ids", found["instance"]))


_MAKERS: Mapping[Cause, Callable[[Service, Reason], Command | None]] = {
    Cause.EXCLUDED: _relabelled(EXCLUDED),
    Cause.NOT_MANAGED: _relabelled(MANAGED),
    Cause.SELECTOR_MATCHES_NOTHING: _selects,
    Cause.NOT_IN_ENDPOINT_SLICES: _retargeted,
    Cause.NO_NODE_PORT: _allocates,
    Cause.NO_NODE_PORT_TO_SEND_TO: _allocates,
    Cause.TAG_BESIDE_SOURCE_RANGES: _ranges_by_annotation,
    Cause.NO_RULE: _with_rules,
    Cause.PUBLIC_NOT_INTERNAL: _internal,
    Cause.INTERNAL_ASKED_ELSEWHERE: _internal,
    Cause.KUBE_PROXY_DOWN: _kube_proxy_anew,
    **dict.fromkeys((Cause.STATUS_IS_STALE, Cause.OTHER_ADDRESS, Cause.STATUS_IS_EMPTY,
                     Cause.NO_FRONTEND_WITH_ADDRESS, Cause.FRONTEND_HAS_OTHER_ADDRESS, Cause.NOT_IN_AZURE,
                     Cause.DIFFERS_IN_AZURE, Cause.FAILED_IN_AZURE, Cause.RULE_WITHOUT_POOL, Cause.POOL_IS_EMPTY,
                     Cause.NOT_IN_POOL_YET, Cause.PROBE_DIFFERS_IN_AZURE, Cause.SECURITY_RULE_NOT_IN_AZURE), _touched),
    Cause.MACHINE_DOES_NOT_RUN: _started,
}  # fmt: skip
