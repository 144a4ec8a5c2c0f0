"""The nodes of a cluster, and the DaemonSets of its own that run on them."""

from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from typing import Any

from kubectl_akslb.evidence.objects import (
    Object,
    Objects,
    condition,
    integer,
    mapping,
    mappings,
    name_of,
    sequence,
    text,
    texts,
)
from kubectl_akslb.evidence.state import DaemonSet, NodeState, PolicyEngine

TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler"
SYSTEM = "kube-system"
CALICO_SYSTEM = "calico-system"
KUBE_PROXY, CLOUD_NODE_MANAGER, HEALTH_PROBE_PROXY = "kube-proxy", "cloud-node-manager", "health-probe-proxy"
CILIUM, CALICO, CANAL, AZURE_NPM = "cilium", "calico-node", "canal", "azure-npm"
POLICY_ENGINES = "policy engines"
"""Among the kinds that were read: every namespace in which something could enforce NetworkPolicies was looked at."""
_ENGINES = (
    (CILIUM, PolicyEngine.CILIUM),
    (CALICO, PolicyEngine.CALICO),
    (CANAL, PolicyEngine.CALICO),
    (AZURE_NPM, PolicyEngine.AZURE),
)
_FURTHER_ENGINES = ("antrea-agent", "kube-router", "weave-net", "kube-network-policies", "kube-ovn-cni", "ovnkube-node")
"""What enforces NetworkPolicies on clusters with a network plugin of their own; how strictly, nothing here says."""
ENGINE_NAMES = frozenset({*(name for name, _ in _ENGINES), *_FURTHER_ENGINES})
_PROXY_MODE = "--proxy-mode"


def nodes(objects: Objects) -> tuple[NodeState, ...]:
    """The nodes, each with what the pod of kube-proxy on it says."""
    proxies = {
        text(mapping(one.get("spec")).get("nodeName")): condition(one, "Ready") is True
        for one in objects.of("Pod")
        if objects.namespace_of(one) == SYSTEM
        and mapping(mapping(one.get("metadata")).get("labels")).get("component") == KUBE_PROXY
    }
    return tuple(_node(one, proxies) for one in objects.of("Node"))


def _node(one: Object, proxies: Mapping[str, bool]) -> NodeState:
    metadata, spec, status = (mapping(one.get(key)) for key in ("metadata", "spec", "status"))
    taints = tuple(text(taint.get("key")) for taint in mappings(spec.get("taints")))
    name = text(metadata.get("name"))
    return NodeState(
        name=name,
        addresses=tuple(
            text(each.get("address")) for each in mappings(status.get("addresses")) if each.get("type") == "InternalIP"
        ),
        labels=texts(metadata.get("labels")),
        taints=taints,
        ready=condition(one, "Ready"),
        deleting=bool(metadata.get("deletionTimestamp")) or TO_BE_DELETED in taints,
        provider_id=text(spec.get("providerID")) or None,
        kube_proxy=proxies.get(name),
        no_network=condition(one, "NetworkUnavailable") is True,
        pod_ranges=tuple(map(text, sequence(spec.get("podCIDRs"))))
        or tuple(filter(None, (text(spec.get("podCIDR")),))),
    )


def daemon_sets(objects: Objects) -> tuple[DaemonSet, ...]:
    """The DaemonSets in the namespaces of the cluster's own."""
    found = []
    for one in objects.of("DaemonSet"):
        if objects.namespace_of(one) in {SYSTEM, CALICO_SYSTEM}:
            status = mapping(one.get("status"))
            desired, ready = (status.get(key) for key in ("desiredNumberScheduled", "numberReady"))
            pod = mapping(mapping(mapping(one.get("spec")).get("template")).get("spec"))
            containers = mappings(pod.get("containers"))
            names, mode = tuple(text(each.get("name")) for each in containers), _proxy_mode(containers)
            found.append(DaemonSet(name_of(one), integer(desired) or 0, integer(ready) or 0, names, mode))
    return tuple(found)


def _proxy_mode(containers: Iterable[Mapping[str, Any]]) -> str:
    """What ``--proxy-mode`` says, in one word with its value or in two."""
    for one in containers:
        given = (one.get(key) for key in ("command", "args"))
        words = [text(word) for words in given if isinstance(words, list) for word in words]
        for word, following in pairwise([*words, ""]):
            flag, _, value = word.partition("=")
            if flag == _PROXY_MODE:
                return (value or following).lower()
    return ""


def policy_engine(objects: Objects, read: Collection[str] | None) -> PolicyEngine | None:
    """What enforces NetworkPolicies; None where nothing that was *read* says it."""
    names = {one.name for one in objects.once(daemon_sets)}
    for name, engine in _ENGINES:
        if name in names:
            return engine
    none = read is not None and POLICY_ENGINES in read and not names & ENGINE_NAMES
    return PolicyEngine.NONE if none else None
