"""What documents say and the provider does not: all rows.

probe-mode: "Troubleshoot the health probe mode for AKS cluster service load balancer", Microsoft, May 2024.
learn: "Configure a public standard load balancer in Azure Kubernetes Service (AKS)", Microsoft.
support-blog: on the probes of AKS 1.24, Azure support (Japanese), 2023.
gitbook: "Troubleshooting: Azure" of the Kubernetes guide on GitBook.
kubernetes: Kubernetes' API reference, "Service": fields of which the packet lab has measured something else.
"""

from tests.doc_claims import (
    gitbook,
    kubernetes,
    learn_annotations,
    learn_outbound,
    learn_probes,
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
    *kubernetes.TABLES,
)
