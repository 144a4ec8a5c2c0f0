"""A private link service of a Local Service in the subnet of the nodes, where pods may have their addresses too."""

from collections.abc import Iterator

from kubectl_akslb.derive.readers import equal_fold
from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import INFO, Finding, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.model.confidence import Confidence
from kubectl_akslb.provider import annotations as keys


def check(context: ServiceContext) -> Iterator[Finding]:
    """Clients of a private link service whose addresses kube-proxy may take for those of pods."""
    if not context.service.is_local:
        return
    for link in context.settled.private_link_services:
        subnet = next((one.subnet.value for one in link.addresses), "")
        if equal_fold(subnet, context.cluster.subnet_name):
            yield Finding(
                f"clients of the private link service come from subnet {subnet}, that of the nodes: where pods have"
                " addresses of it too (Azure CNI without overlay), kube-proxy takes them for pods, for which Local does"
                " not hold",
                ("metadata", "annotations", keys.PLS_CREATE),
                True,
                "Name a subnet without pods in service.beta.kubernetes.io/azure-pls-ip-configuration-subnet, or use"
                " externalTrafficPolicy: Cluster.",
                confidence=Confidence.DOCUMENTED,
            )


RULES = (
    Rule(
        "pls-in-subnet-of-pods", "Private link service of a Local Service in the subnet of pods",
        Group.ADDRESSES, INFO, RuleEffect.SURPRISES, check=check,
    ),
)  # fmt: skip
