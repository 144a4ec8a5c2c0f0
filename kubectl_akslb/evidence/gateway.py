"""Where the annotations of a Gateway of Istio stand that its controller copies to the Service.

Upstream: istio's pilot/pkg/config/kube/gatewaycommon (deploymentcontroller.go), extractInfrastructureMetadata.
"""

from collections.abc import Mapping
from typing import Any

from kubectl_akslb.evidence.objects import mapping

INFRASTRUCTURE_ANNOTATIONS = ("spec", "infrastructure", "annotations")
OWN_ANNOTATIONS = ("metadata", "annotations")
MANAGED = "gateway.istio.io/managed"
"""The label of a Service that Istio has made."""
FILENAME = "postrenderer.helm.sh/postrender-filename"
"""What Helm 4 adds to each object for the post-renderer, and takes away afterwards."""
_OF_ISTIO = (b"service", b"deployment", b"serviceAccount", b"horizontalPodAutoscaler", b"podDisruptionBudget")
CONFIG_MAP_WORDS = (*(key + end for key in _OF_ISTIO for end in (b":", b'":', b"':")), b"GatewayNamespace")
"""Of which one is in each ConfigMap that is the parameters of a Gateway of Istio, or the settings of Envoy Gateway."""
_RUNNERS = ("config.kubernetes.io/", "internal.config.kubernetes.io/", "config.k8s.io/", "kustomize.config.k8s.io/")
"""What kustomize adds to each object for a function, and takes away afterwards."""


def annotations_path(gateway: Mapping[str, Any]) -> tuple[str, ...]:
    """Where the annotations of the Gateway's Service stand, and where another one has to be put.

    Istio copies the Gateway's own annotations only as long as spec.infrastructure.annotations is not there: to begin it
    beside them would take them all from the Service, an internal load balancer would become public.
    """
    if isinstance(_at(gateway, INFRASTRUCTURE_ANNOTATIONS), dict):
        return INFRASTRUCTURE_ANNOTATIONS
    own = mapping(_at(gateway, OWN_ANNOTATIONS))
    lasting = any(key != FILENAME and not key.startswith(_RUNNERS) for key in own)
    return OWN_ANNOTATIONS if lasting else INFRASTRUCTURE_ANNOTATIONS


def _at(value: object, path: tuple[str, ...]) -> object:
    for step in path:
        value = mapping(value).get(step)
    return value
