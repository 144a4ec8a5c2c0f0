"""Gateways of Istio and of AKS app routing.

Golden files stand in pilot/pkg/config/kube/gatewaycommon/testdata/deployment of istio/istio at 86c9f01 (1.31); those of
older versions in pilot/pkg/config/kube/gateway/testdata.
"""

from kubectl_akslb.provider.annotations import PREFIX
from tests.given.made import (
    ANNOTATED,
    INTERNAL,
    INTERNAL_TEXT,
    Case,
    deployment,
    gateway,
    gateway_class,
    other,
    refers,
)

PORTS = ["status-port 15021 tcp", "http 80 http", "https 443 https"]
DUAL = {"ipFamilyPolicy": "PreferDualStack"}
OWN = {"name": "shop/web-istio", "ports": PORTS, **DUAL}
CONFIG = refers("", "ConfigMap")
PRESET = {
    f"{PREFIX}port_{port}_health-probe_{key}": value
    for port in (80, 443)
    for key, value in (("port", "10256"), ("protocol", "http"), ("request-path", "/healthz"))
}


def parameters(service: str, key: str = "service") -> str:
    return other("v1", "ConfigMap", f"data:\n  {key}: |\n    {service}")


CASES = {
    "simple": Case("simple.yaml", gateway("istio"), (OWN,)),
    "no listener": Case(
        "simple.yaml: a Gateway without listeners has the port of the status alone",
        gateway("istio", listeners=""),
        ({**OWN, "ports": PORTS[:1]},),
    ),
    "infrastructure": Case(
        "infrastructure-labels-annotations.yaml", gateway("istio", ANNOTATED), ({**OWN, "annotations": INTERNAL},)
    ),
    "own annotations": Case(
        "copy-labels-annotations-enabled-infra-nil.yaml",
        gateway("istio", metadata=f", annotations: {{{INTERNAL_TEXT}}}"),
        ({**OWN, "annotations": INTERNAL},),
    ),
    "an empty infrastructure hides its own": Case(
        "deploymentcontroller.go, extractInfrastructureMetadata: a map that is there counts, even an empty one",
        gateway("istio", "{annotations: {}}", metadata=f", annotations: {{{INTERNAL_TEXT}}}"),
        (OWN,),
    ),
    "istiod copies none of its own": Case(
        "copy-labels-annotations-disabled-infra-nil.yaml",
        gateway("istio", metadata=f", annotations: {{{INTERNAL_TEXT}}}")
        + deployment(
            "istiod", "pilot:1.30.1", "{name: PILOT_ENABLE_GATEWAY_API_COPY_LABELS_ANNOTATIONS, value: 'false'}"
        ),
        (OWN,),
    ),
    "istiod copies none of its own, infrastructure": Case(
        "copy-labels-annotations-disabled-infra-set.yaml",
        gateway("istio", ANNOTATED)
        + deployment(
            "istiod", "pilot:1.30.1", "{name: PILOT_ENABLE_GATEWAY_API_COPY_LABELS_ANNOTATIONS, value: 'false'}"
        ),
        ({**OWN, "annotations": INTERNAL},),
    ),
    "address": Case(
        "manual-ip.yaml",
        gateway("istio", spec="addresses: [{type: IPAddress, value: 203.0.113.7}]"),
        ({**OWN, "loadBalancerIP": "203.0.113.7"},),
    ),
    "address without a type": Case(
        "gateway_utils.go, IsManaged: no type means IPAddress",
        gateway("istio", spec="addresses: [{value: 203.0.113.7}]"),
        ({**OWN, "loadBalancerIP": "203.0.113.7"},),
    ),
    "two addresses": Case(
        "gateway_utils.go, IsManaged: of several addresses nothing is made",
        gateway("istio", spec="addresses: [{value: 203.0.113.7}, {value: 203.0.113.8}]"),
        (),
    ),
    "a Service that is there": Case(
        "gateway_utils.go, IsManaged: a Hostname names a Service that is there",
        gateway("istio", spec="addresses: [{type: Hostname, value: a.example}]"),
        (),
    ),
    "ClusterIP": Case(
        "cluster-ip.yaml",
        gateway("istio", metadata=", annotations: {networking.istio.io/service-type: ClusterIP}"),
        (),
    ),
    "the annotation of the type is copied": Case(
        "cluster-ip.yaml: it stands on the Service",
        gateway("istio", metadata=", annotations: {networking.istio.io/service-type: LoadBalancer}"),
        ({**OWN, "annotations": {"networking.istio.io/service-type": "LoadBalancer"}},),
    ),
    "name": Case(
        "deploymentcontroller_test.go, cluster-ip: gateway.istio.io/name-override, which is not copied",
        gateway("istio", metadata=", annotations: {gateway.istio.io/name-override: front}"),
        ({**OWN, "name": "shop/front"},),
    ),
    "one port twice": Case(
        "deploymentcontroller.go, extractServicePorts: the first listener of a number",
        gateway("istio", listeners="{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTPS}"),
        ({**OWN, "ports": [PORTS[0], "a 80 http"]},),
    ),
    "UDP becomes TCP": Case(
        "deploymentcontroller.go, extractServicePorts: the protocol is TCP always",
        gateway("istio", listeners="{name: dns, port: 53, protocol: UDP}, {name: t.x, port: 5000, protocol: TLS}"),
        ({**OWN, "ports": [PORTS[0], "dns 53 udp", "t-x 5000 tls"]},),
    ),
    "two names that become one": Case(
        "deploymentcontroller.go, uniquePortName",
        gateway("istio", listeners="{name: a.b, port: 80, protocol: HTTP}, {name: a-b, port: 81, protocol: HTTP}"),
        ({**OWN, "ports": [PORTS[0], "a-b 80 http", "a-b-81 81 http"]},),
    ),
    "QUIC": Case(
        "quic-enabled.yaml",
        gateway("istio", listeners="{name: https, port: 443, protocol: HTTPS}")
        + deployment("istiod", "pilot:1.30.1", "{name: PILOT_ENABLE_QUIC_LISTENERS, value: 'true'}"),
        ({**OWN, "ports": [PORTS[0], "https 443 https", "https-quic 443 https/UDP"]},),
    ),
    "no QUIC": Case(
        "quic-disabled.yaml",
        gateway("istio", listeners="{name: https, port: 443, protocol: HTTPS}") + deployment("istiod", "pilot:1.30.1"),
        ({**OWN, "ports": [PORTS[0], "https 443 https"]},),
    ),
    "custom class": Case(
        "custom-class.yaml",
        gateway("custom") + gateway_class("custom", "istio.io/gateway-controller"),
        ({**OWN, "name": "shop/web-custom"},),
    ),
    "agentgateway": Case("agentgateway.yaml", gateway("istio-agentgateway"), ({**OWN, "name": "shop/web"},)),
    "east-west": Case(
        "istio-east-west.yaml",
        gateway("mesh", listeners="{name: mesh, port: 15008, protocol: ALL}")
        + gateway_class("mesh", "istio.io/eastwest-controller"),
        ({"name": "shop/web", "ports": [PORTS[0], "mesh 15008 all"], **DUAL},),
    ),
    "waypoint": Case(
        "waypoint.yaml: its Service is a ClusterIP",
        gateway("istio-waypoint") + gateway_class("istio-waypoint", "istio.io/mesh-controller"),
        (),
    ),
    "remote": Case(
        "classinfo.go: the controller of istio-remote makes nothing",
        gateway("istio-remote") + gateway_class("istio-remote", "istio.io/unmanaged-gateway"),
        (),
    ),
    "ConfigMap": Case(
        "customizations.yaml, and deploymentcontroller.go, applyOverlay",
        gateway("istio", CONFIG)
        + parameters("spec: {externalTrafficPolicy: Local, loadBalancerSourceRanges: [198.51.100.0/24]}"),
        ({**OWN, "externalTrafficPolicy": "Local", "loadBalancerSourceRanges": ["198.51.100.0/24"]},),
    ),
    "ConfigMap for the Deployment": Case(
        "customizations.yaml: the Service stays as it is",
        gateway("istio", CONFIG) + parameters("spec: {replicas: 4}", "deployment"),
        (OWN,),
    ),
    "ConfigMap without 15021": Case(
        "applyOverlay is a strategic merge: ports are told by their number",
        gateway("istio", CONFIG) + parameters("spec: {ports: [{port: 15021, $patch: delete}]}"),
        ({**OWN, "ports": PORTS[1:]},),
    ),
    "ConfigMap with another appProtocol": Case(
        "applyOverlay is a strategic merge",
        gateway("istio", CONFIG) + parameters("spec: {ports: [{port: 443, appProtocol: tcp}]}"),
        ({**OWN, "ports": [*PORTS[:2], "https 443 tcp"]},),
    ),
    "ConfigMap of the class, then of the Gateway": Case(
        "deploymentcontroller.go, render",
        gateway("istio", CONFIG)
        + parameters("metadata: {annotations: {a: gateway}}")
        + "---\napiVersion: v1\nkind: ConfigMap\n"
        "metadata: {name: c, namespace: istio-system, labels: {gateway.istio.io/defaults-for-class: istio}}\n"
        "data:\n  service: |\n    metadata: {annotations: {a: class, b: class}}\n",
        ({**OWN, "annotations": {"a": "gateway", "b": "class"}},),
    ),
    "app routing": Case(
        "what AKS documents of app routing's Gateways",
        gateway("approuting-istio"),
        ({**OWN, "name": "shop/web-approuting-istio", "annotations": PRESET},),
    ),
    "app routing, an older Istio has no more presets": Case(
        "what AKS documents: the add-on's revisions are called asm-",
        gateway("istio", metadata=", labels: {istio.io/rev: asm-1-27}"),
        ({**OWN, "annotations": PRESET},),
    ),
    "app routing, no preset for other ports": Case(
        "what AKS documents: 80 and 443",
        gateway("approuting-istio", listeners="{name: t, port: 5000, protocol: TCP}"),
        ({"name": "shop/web-approuting-istio", "ports": [PORTS[0], "t 5000 tcp"], **DUAL},),
    ),
    "app routing, preset taken away": Case(
        "what AKS documents: null in the ConfigMap",
        gateway("approuting-istio", CONFIG, listeners="{name: http, port: 80, protocol: HTTP}")
        + parameters(
            f"metadata: {{annotations: {{{PREFIX}port_80_health-probe_port: null, "
            f"{PREFIX}port_80_health-probe_protocol: null, {PREFIX}port_80_health-probe_request-path: null}}}}\n"
            "    spec: {externalTrafficPolicy: Local}"
        ),
        (
            {
                "name": "shop/web-approuting-istio",
                "ports": PORTS[:2],
                "externalTrafficPolicy": "Local",
                **DUAL,
            },
        ),
    ),
}
