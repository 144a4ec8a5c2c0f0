"""Gateways of Envoy Gateway.

Golden files stand in internal/infrastructure/kubernetes/proxy/testdata/services and internal/gatewayapi/testdata of
envoyproxy/gateway at d32f282 (1.9).
"""

from tests.given.made import (
    ANNOTATED,
    INTERNAL,
    Case,
    deployment,
    gateway,
    gateway_class,
    of_class,
    other,
    refers,
)

NAME = "gateway.envoyproxy.io/gatewayclass-controller"
GROUP = "gateway.envoyproxy.io"
PORTS = ["http-80 80 10080", "https-443 443 10443"]
PLAIN = {"name": "envoy-gateway-system/envoy-shop-web-97375646", "ports": PORTS, "externalTrafficPolicy": "Local"}
REFERS = refers(GROUP, "EnvoyProxy")
CLASS = gateway_class("mine", NAME, of_class(GROUP, "EnvoyProxy"))


def proxy(service: str, more: str = "", name: str = "p") -> str:
    spec = f"spec: {{provider: {{type: Kubernetes, kubernetes: {{envoyService: {{{service}}}}}}}{more}}}"
    return other(f"{GROUP}/v1alpha1", "EnvoyProxy", spec, name)


def policy(target: str, http3: str = ", http3: {}", name: str = "c") -> str:
    return other(f"{GROUP}/v1alpha1", "ClientTrafficPolicy", f"spec: {{{target}{http3}}}", name)


def settings(deploy: str, namespace: str = "envoy-gateway-system") -> str:
    return (
        f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: envoy-gateway-config, namespace: {namespace}}}\n"
        f"data:\n  envoy-gateway.yaml: |\n    provider: {{type: Kubernetes, kubernetes: {{{deploy}}}}}\n"
    )


OF_GATEWAY = "targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: web}]"
CASES = {
    "default": Case("default.yaml", gateway("eg"), (PLAIN,)),
    "name": Case(
        "gateways.md of its documentation, and utils.GetHashedName",
        gateway("eg", name="gateway-1").replace("namespace: shop", "namespace: envoy-gateway"),
        ({**PLAIN, "name": "envoy-gateway-system/envoy-envoy-gateway-gateway-1-196ae069"},),
    ),
    "a long name": Case(
        "utils.GetHashedName: 48 characters, without a hyphen at their end, and eight of the hash",
        gateway("eg", name="a-gateway-with-a-name-of-very-many-characters-in-it"),
        ({**PLAIN, "name": "envoy-gateway-system/envoy-shop-a-gateway-with-a-name-of-very-many-characte-43b8ab89"},),
    ),
    "infrastructure": Case("with-annotations.yaml", gateway("eg", ANNOTATED), ({**PLAIN, "annotations": INTERNAL},)),
    "EnvoyProxy": Case(
        "custom.yaml, loadBalancerClass, IP and ranges of resource.ExpectedServiceSpec",
        gateway("eg", REFERS)
        + proxy(
            "annotations: {a: b}, type: LoadBalancer, loadBalancerClass: c, loadBalancerIP: 10.1.2.3, "
            "loadBalancerSourceRanges: [1.1.1.1/32], allocateLoadBalancerNodePorts: false, externalTrafficPolicy: Cluster"
        ),
        (
            {
                **PLAIN,
                "annotations": {"a": "b"},
                "loadBalancerClass": "c",
                "loadBalancerIP": "10.1.2.3",
                "loadBalancerSourceRanges": ["1.1.1.1/32"],
                "allocateLoadBalancerNodePorts": False,
                "externalTrafficPolicy": "Cluster",
            },
        ),
    ),
    "EnvoyProxy over infrastructure": Case(
        "override-annotations.yaml",
        gateway("mine", "{annotations: {a: gateway, b: gateway}}") + CLASS + proxy("annotations: {b: proxy}"),
        ({**PLAIN, "annotations": {"a": "gateway", "b": "proxy"}},),
    ),
    "that of the Gateway replaces that of the class": Case(
        "contexts.go: the more specific EnvoyProxy counts",
        gateway("mine", refers(GROUP, "EnvoyProxy", "own"))
        + CLASS
        + proxy("annotations: {a: class}")
        + proxy("annotations: {b: own}", name="own"),
        ({**PLAIN, "annotations": {"b": "own"}},),
    ),
    "mergeType": Case(
        "envoyproxy_types.go, mergeType (1.8)",
        gateway("mine", refers(GROUP, "EnvoyProxy", "own"))
        + CLASS
        + proxy("annotations: {a: class, b: class}, externalTrafficPolicy: Cluster")
        + proxy("annotations: {b: own}", ", mergeType: StrategicMerge", name="own"),
        ({**PLAIN, "annotations": {"a": "class", "b": "own"}, "externalTrafficPolicy": "Cluster"},),
    ),
    "name of the EnvoyProxy": Case(
        "with-name.yaml",
        gateway("eg", REFERS) + proxy("name: front"),
        ({**PLAIN, "name": "envoy-gateway-system/front"},),
    ),
    "patch": Case(
        "patch-service.yaml",
        gateway("eg", REFERS) + proxy("patch: {type: StrategicMerge, value: {metadata: {name: foo}}}"),
        ({**PLAIN, "name": "envoy-gateway-system/foo"},),
    ),
    "patch wins": Case(
        "resource_provider.go: the patch comes last",
        gateway("eg", REFERS)
        + proxy(
            "annotations: {a: b, c: d}, patch: {value: {metadata: {annotations: {a: null, e: f}}, "
            "spec: {loadBalancerSourceRanges: [10.0.0.0/8]}}}"
        ),
        ({**PLAIN, "annotations": {"c": "d", "e": "f"}, "loadBalancerSourceRanges": ["10.0.0.0/8"]},),
    ),
    "dual stack": Case(
        "dualstack.yaml",
        gateway("eg", REFERS) + proxy("", ", ipFamily: DualStack"),
        ({**PLAIN, "ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "RequireDualStack"},),
    ),
    "IPv6": Case(
        "ipv6-singlestack.yaml",
        gateway("eg", REFERS) + proxy("", ", ipFamily: IPv6"),
        ({**PLAIN, "ipFamilies": ["IPv6"], "ipFamilyPolicy": "SingleStack"},),
    ),
    "IPv4": Case("ipv4-singlestack.yaml", gateway("eg", REFERS) + proxy("", ", ipFamily: IPv4"), (PLAIN,)),
    "addresses": Case(
        "clusterIP-custom-addresses.yaml, and resource_provider.go for the other types: externalIPs",
        gateway("eg", spec="addresses: [{value: 1.2.3.4}, {type: Hostname, value: a.example}]"),
        ({**PLAIN, "externalIPs": ["1.2.3.4"]},),
    ),
    "ClusterIP": Case("clusterIP-custom-addresses.yaml", gateway("eg", REFERS) + proxy("type: ClusterIP"), ()),
    "namespace of the Gateway": Case(
        "gateway-namespace-mode.yaml",
        gateway("eg", ANNOTATED) + settings("deploy: {type: GatewayNamespace}"),
        ({**PLAIN, "name": "shop/web", "annotations": INTERNAL},),
    ),
    "namespace of the controller": Case(
        "resource_provider.go, Namespace",
        gateway("eg") + settings("deploy: {type: ControllerNamespace} # not GatewayNamespace", "edge"),
        ({**PLAIN, "name": "edge/envoy-shop-web-97375646"},),
    ),
    "UDP": Case(
        "listener.go, processInfraIRListener: one port of each number and transport",
        gateway("eg", listeners="{name: d, port: 53, protocol: UDP}, {name: t, port: 53, protocol: TCP}, {name: u, port: 53, protocol: TCP}"),
        ({**PLAIN, "ports": ["udp-53 53 10053/UDP", "tcp-53 53 10053"]},),
    ),
    "TLS and high ports": Case(
        "listener.go, servicePortToContainerPort",
        gateway("eg", listeners="{name: s, port: 8443, protocol: TLS}, {name: l, port: 1023, protocol: TLS}, {name: m, port: 1024, protocol: TCP}"),
        ({**PLAIN, "ports": ["tls-8443 8443 8443", "tls-1023 1023 11023", "tcp-1024 1024 1024"]},),
    ),
    "ports of the listeners": Case(
        "envoyproxy_types.go, useListenerPortAsContainerPort",
        gateway("eg", REFERS)
        + other(f"{GROUP}/v1alpha1", "EnvoyProxy", "spec: {provider: {kubernetes: {useListenerPortAsContainerPort: true}}}"),
        ({**PLAIN, "ports": ["http-80 80 80", "https-443 443 443"]},),
    ),
    "HTTP/3": Case(
        "clienttrafficpolicy-http3.out.yaml, and resource_provider.go, Service",
        gateway("eg") + policy(OF_GATEWAY),
        ({**PLAIN, "ports": [*PORTS, "https-443-h3 443 10443/UDP"]},),
    ),
    "HTTP/3 of one listener": Case(
        "clienttrafficpolicy.go: a policy of the section goes before that of the Gateway",
        gateway("eg")
        + policy(OF_GATEWAY)
        + policy("targetRef: {group: g, kind: Gateway, name: web, sectionName: https}", "", "d"),
        (PLAIN,),
    ),
    "HTTP/3 of another Gateway": Case(
        "clienttrafficpolicy.go: targetRefs", gateway("eg") + policy(OF_GATEWAY.replace("web", "other")), (PLAIN,)
    ),
    "merged Gateways": Case(
        "translator.go, IRKey: one Service of the class",
        gateway("mine", ANNOTATED)
        + CLASS
        + proxy("", ", mergeGateways: true")
        + "---\n"
        + gateway("mine", ANNOTATED, listeners="{name: x, port: 8080, protocol: HTTP}", name="second"),
        (
            {
                **PLAIN,
                "name": "envoy-gateway-system/envoy-mine-3fd30542",
                "ports": [*PORTS, "http-8080 8080 8080"],
                "annotations": INTERNAL,
            },
        ),
    ),
    "one Gateway that would be merged": Case(
        "translator.go, IRKey",
        gateway("mine") + CLASS + proxy("", ", mergeGateways: true"),
        ({**PLAIN, "name": "envoy-gateway-system/envoy-mine-3fd30542"},),
    ),
    "1.0 has no ranges": Case(
        "resource.go of v1.0.0",
        gateway("eg", REFERS)
        + proxy("loadBalancerSourceRanges: [10.0.0.0/8], name: x")
        + deployment("envoy-gateway", "envoyproxy/gateway:v1.0.2"),
        (PLAIN,),
    ),
}  # fmt: skip
