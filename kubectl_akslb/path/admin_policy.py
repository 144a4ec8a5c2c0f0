"""Policies of the cluster's administrator (AdminNetworkPolicy and its like): whether they can keep out what comes in.

Their rules for what comes in know pods of namespaces alone, never nodes, and nothing outside of the cluster. So of
packets of a load balancer they say something only where a pod has sent them. Documented:
network-policy-api.sigs.k8s.io/reference/spec.
"""

from collections.abc import Mapping
from typing import Any

from kubectl_akslb.evidence.labels import keys_of, matches
from kubectl_akslb.evidence.objects import Object, Objects, mapping, mappings
from kubectl_akslb.evidence.policies import ADMIN_GROUP, group_of
from kubectl_akslb.path.network_policy import PodSet

INGRESS, EGRESS = "ingress", "egress"
KINDS = ("AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy")
_PEERS = frozenset({"namespaces", "pods"})


def concerning(
    objects: Objects, pods: PodSet, labels_of_namespace: Mapping[str, str], direction: str = INGRESS
) -> tuple[Object, ...]:
    """Those with rules for this direction that are about the pods, or may be; others of these names are so always."""
    return tuple(
        one
        for one in objects.of(*KINDS)
        if _has_rules(one, direction)
        and (group_of(one) != ADMIN_GROUP or _may_be_about(one, pods, labels_of_namespace))
    )


def is_about_pods_alone(policy: Object) -> bool:
    """Whether what does not come from a pod passes it by."""
    peers = [mappings(rule.get("from")) for rule in mappings(mapping(policy.get("spec")).get(INGRESS))]
    known = all(listed and all(set(each) <= _PEERS and each for each in listed) for listed in peers)
    return group_of(policy) == ADMIN_GROUP and bool(peers) and known


def _has_rules(policy: Object, direction: str) -> bool:
    """Whether it has rules for this direction; of one that cannot be read it is not known."""
    spec = mapping(policy.get("spec"))
    return bool(mappings(spec.get(direction))) or (direction in spec and group_of(policy) != ADMIN_GROUP) or not spec


def _may_be_about(policy: Object, pods: PodSet, labels_of_namespace: Mapping[str, str]) -> bool:
    subject = mapping(mapping(policy.get("spec")).get("subject"))
    # More than the name of the namespace is known only where its object was read.
    open_namespace = len(labels_of_namespace) <= 1
    if "namespaces" in subject:
        return _may_match(mapping(subject["namespaces"]), labels_of_namespace, is_open=open_namespace)
    if "pods" in subject:
        chosen = mapping(subject["pods"])
        return _may_match(
            mapping(chosen.get("namespaceSelector")), labels_of_namespace, is_open=open_namespace
        ) and _may_match(mapping(chosen.get("podSelector")), pods.labels, is_open=pods.further_labels)
    return True


def _may_match(selector: Mapping[str, Any], labels: Mapping[str, str], *, is_open: bool) -> bool:
    return matches(selector, labels) or (is_open and bool(keys_of(selector) - set(labels)))
