"""All rows of the documents, and how many there are: what is missing here was forgotten.

Tables (t), printed output (o), lists (l) and passages (p), with the number of rows:

probe-mode: "Troubleshoot the health probe mode for AKS cluster service load balancer", Microsoft, May 2024. No table.
    modes l 2, causes l 5, known-issues p 1, commands l 2, upstream-and-aks p 1
learn: "Configure a public standard load balancer in Azure Kubernetes Service (AKS)", Microsoft. Four tables, one output.
    annotations t 11, probe-annotations t 10, default-probe-table t 13, port-and-global-annotations t 7,
    outbound-rule o 1, pool-types l 2, pool-requirements l 2, own-addresses l 3, az-flags l 6,
    outbound-considerations l 4, outbound-examples l 6, surge-example l 3, inbound-notes l 3, default-probe l 4,
    request-path-by-version l 2, one-outbound-option p 1, automatic-ports p 2, outbound-equation p 1,
    outbound-idle-timeout p 2, client-address p 1, inbound-only p 1, allowed-ranges p 2, request-path-ignored p 2,
    interval-and-count p 2
support-blog: on the probes of AKS 1.24, Azure support (Japanese), 2023. No table.
    protocols p 3, versions l 4, manifests o 3, checks l 4
gitbook: "Troubleshooting: Azure" of the Kubernetes guide on GitBook. Two tables.
    load-balancer-skus t 11, public-ip-skus t 5, pending l 3, unreachable l 7, requests l 2
network: "Troubleshoot network problems in AKS clusters", Microsoft, April 2022. Tables only as printed output.
    events o 2, get-service o 1, get-endpoints o 1, service-checks l 2, service-causes l 4
kubernetes: Kubernetes' API reference, "Service": only the fields of which the packet lab has measured something else.
    service-fields t 2

Not taken: navigation, contributors and links; steps to follow and symptoms (probe-mode); reasons why the API server
cannot be reached (network), which is no Service of the cluster's load balancer; faults of single releases before 1.10
that the GitBook page tells in sentences.
"""

from tests.doc_claims import (
    gitbook,
    kubernetes,
    learn_annotations,
    learn_outbound,
    learn_probes,
    network,
    probe_mode,
    support_blog,
)
from tests.doc_claims.row import Table

TABLES: tuple[Table, ...] = (
    *probe_mode.TABLES,
    *learn_annotations.TABLES,
    *learn_probes.TABLES,
    *learn_outbound.TABLES,
    *support_blog.TABLES,
    *gitbook.TABLES,
    *network.TABLES,
    *kubernetes.TABLES,
)

COUNTS: dict[str, dict[str, int]] = {
    "probe-mode": {"modes": 2, "causes": 5, "known-issues": 1, "commands": 2, "upstream-and-aks": 1},
    "learn": {
        "annotations": 11, "probe-annotations": 10, "default-probe-table": 13, "port-and-global-annotations": 7,
        "outbound-rule": 1, "pool-types": 2, "pool-requirements": 2, "own-addresses": 3, "az-flags": 6,
        "outbound-considerations": 4, "outbound-examples": 6, "surge-example": 3, "inbound-notes": 3, "default-probe": 4,
        "request-path-by-version": 2, "one-outbound-option": 1, "automatic-ports": 2, "outbound-equation": 1,
        "outbound-idle-timeout": 2, "client-address": 1, "inbound-only": 1, "allowed-ranges": 2,
        "request-path-ignored": 2, "interval-and-count": 2,
    },
    "support-blog": {"protocols": 3, "versions": 4, "manifests": 3, "checks": 4},
    "gitbook": {"load-balancer-skus": 11, "public-ip-skus": 5, "pending": 3, "unreachable": 7, "requests": 2},
    "network": {"events": 2, "get-service": 1, "get-endpoints": 1, "service-checks": 2, "service-causes": 4},
    "kubernetes": {"service-fields": 2},
}  # fmt: skip
