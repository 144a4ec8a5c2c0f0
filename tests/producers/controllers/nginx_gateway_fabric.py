"""Gateways of NGINX Gateway Fabric.

What is seen stands in internal/controller/provisioner/objects_test.go of nginx/nginx-gateway-fabric at e55bfe3 and its
tags, if nothing else is named.
"""

from tests.given.made import ANNOTATED, INTERNAL, Case, deployment, gateway, gateway_class, of_class, other, refers

NAME = "gateway.nginx.org/nginx-gateway-controller"
GROUP = "gateway.nginx.org"
DUAL = {"ipFamilyPolicy": "PreferDualStack"}
PORTS = ["port-80 80 80", "port-443 443 443"]
PLAIN = {"name": "shop/web-nginx", "ports": PORTS, "externalTrafficPolicy": "Local", **DUAL}
REFERS = refers(GROUP, "NginxProxy")
BOTH = gateway("mine", refers(GROUP, "NginxProxy", "own")) + gateway_class("mine", NAME, of_class(GROUP, "NginxProxy"))
MINE = {**PLAIN, "name": "shop/web-mine"}
LONG = "a-gateway-with-a-name-of-very-many-characters-that-is-too-long"


def proxy(service: str, more: str = "", name: str = "p", kubernetes: str = "") -> str:
    spec = f"spec: {{kubernetes: {{service: {{{service}}}{kubernetes}}}{more}}}"
    return other(f"{GROUP}/v1alpha2", "NginxProxy", spec, name)


def version(tag: str) -> str:
    return deployment("nginx-gateway", f"ghcr.io/nginx/nginx-gateway-fabric:{tag}")


CASES = {
    "default": Case("TestBuildNginxResourceObjects", gateway("nginx"), (PLAIN,)),
    "infrastructure": Case(
        "TestBuildNginxResourceObjects: labels and annotations of infrastructure",
        gateway("nginx", ANNOTATED),
        ({**PLAIN, "annotations": INTERNAL},),
    ),
    "reserved keys": Case(
        "objects.go, isReservedMetadataKey",
        gateway("nginx", "{annotations: {app.kubernetes.io/name: x, app.kubernetes.io/instance: y, a: b}}"),
        ({**PLAIN, "annotations": {"a": "b"}},),
    ),
    "NginxProxy": Case(
        "TestBuildNginxResourceObjects_NginxProxyConfig",
        gateway("nginx", REFERS)
        + proxy(
            "type: LoadBalancer, externalTrafficPolicy: Cluster, loadBalancerIP: 1.2.3.4, loadBalancerClass: c, "
            "loadBalancerSourceRanges: [5.6.7.8/32]"
        ),
        (
            {
                **PLAIN,
                "externalTrafficPolicy": "Cluster",
                "loadBalancerIP": "1.2.3.4",
                "loadBalancerClass": "c",
                "loadBalancerSourceRanges": ["5.6.7.8/32"],
            },
        ),
    ),
    "NodePort": Case("TestBuildNginxResourceObjects: another type", gateway("nginx", REFERS) + proxy("type: NodePort"), ()),
    "of the class and of the Gateway": Case(
        "state/graph/nginxproxy.go, buildEffectiveNginxProxy: what the Gateway's says wins, field by field",
        BOTH
        + proxy("externalTrafficPolicy: Cluster, loadBalancerIP: 1.2.3.4", ", ipFamily: ipv4")
        + proxy("loadBalancerIP: 5.6.7.8", name="own"),
        (
            {
                **MINE,
                "externalTrafficPolicy": "Cluster",
                "loadBalancerIP": "5.6.7.8",
                "ipFamilies": ["IPv4"],
                "ipFamilyPolicy": "SingleStack",
            },
        ),
    ),
    "IPv6": Case(
        "setIPFamily of objects.go (2.1)",
        gateway("nginx", REFERS) + proxy("", ", ipFamily: ipv6"),
        ({**PLAIN, "ipFamilies": ["IPv6"], "ipFamilyPolicy": "SingleStack"},),
    ),
    "patches": Case(
        "TestBuildNginxResourceObjects_Patches: strategic merge, merge",
        gateway("nginx", REFERS)
        + proxy(
            "patches: [{value: {metadata: {annotations: {a: b, c: d}}}}, "
            "{type: Merge, value: {metadata: {annotations: {a: null}}, spec: {sessionAffinity: ClientIP}}}]"
        ),
        ({**PLAIN, "annotations": {"c": "d"}, "sessionAffinity": "ClientIP"},),
    ),
    "JSON patch": Case(
        "TestBuildNginxResourceObjects_Patches: JSON patch",
        gateway("nginx", "{annotations: {x: y, z: z}, parametersRef: {group: gateway.nginx.org, kind: NginxProxy, name: p}}")
        + proxy(
            "patches: [{type: JSONPatch, value: [{op: add, path: /metadata/annotations/example.com~1a, value: b}, "
            "{op: remove, path: /metadata/annotations/x}, {op: replace, path: /spec/externalTrafficPolicy, value: Cluster}]}]"
        ),
        ({**PLAIN, "annotations": {"z": "z", "example.com/a": "b"}, "externalTrafficPolicy": "Cluster"},),
    ),
    "patches of the Gateway in place of those of the class": Case(
        "buildEffectiveNginxProxy: a list replaces a list",
        BOTH
        + proxy("patches: [{value: {metadata: {annotations: {a: class}}}}]")
        + proxy("patches: [{value: {metadata: {annotations: {b: own}}}}]", name="own"),
        ({**MINE, "annotations": {"b": "own"}},),
    ),
    "addresses": Case(
        "TestBuildNginxResourceObjects: externalIPs of valid addresses (2.2 to 2.6)",
        gateway("nginx", spec="addresses: [{type: IPAddress, value: 192.0.0.2}, {value: nonsense}]"),
        ({**PLAIN, "externalIPs": ["192.0.0.2"]},),
    ),
    "addresses of 2.7": Case(
        "TestBuildNginxResourceObjects_LoadBalancerClass of main, behind 2.6.7",
        gateway("nginx", spec="addresses: [{value: 192.0.0.2}]") + version("2.7.0"),
        ({**PLAIN, "loadBalancerClass": NAME},),
    ),
    "addresses of 2.1": Case(
        "objects.go of v2.1.0", gateway("nginx", spec="addresses: [{value: 192.0.0.2}]") + version("2.1.4"), (PLAIN,)
    ),
    "UDP and TCP of one number": Case(
        "buildServicePorts of objects.go: in order, with the protocol in the name",
        gateway(
            "nginx",
            listeners="{name: a, port: 443, protocol: HTTPS}, {name: b, port: 53, protocol: UDP}, {name: c, port: 53, protocol: TCP}",
        ),
        ({**PLAIN, "ports": ["port-53-tcp 53 53", "port-53-udp 53 53/UDP", "port-443 443 443"]},),
    ),
    "one port twice": Case(
        "TestBuildNginxResourceObjects: duplicate ports",
        gateway("nginx", listeners="{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}"),
        ({**PLAIN, "ports": PORTS[:1]},),
    ),
    "readiness probe": Case(
        "TestBuildNginxResourceObjects_ExposeHealthcheck (2.5)",
        gateway("nginx", REFERS) + proxy("", kubernetes=", deployment: {container: {readinessProbe: {expose: true}}}"),
        ({**PLAIN, "ports": [*PORTS, "health 8081 8081"]},),
    ),
    "readiness probe at a port of its own": Case(
        "TestBuildNginxResourceObjects_ExposeHealthcheck (2.5)",
        gateway("nginx", REFERS)
        + proxy("", kubernetes=", daemonSet: {container: {readinessProbe: {expose: true, port: 100}}}"),
        ({**PLAIN, "ports": [PORTS[0], "health 100 100", PORTS[1]]},),
    ),
    "a long name": Case(
        "framework/controller/resource.go, truncateAndHashName",
        gateway("nginx", name=LONG),
        ({**PLAIN, "name": "shop/a-gateway-with-a-name-of-very-many-characters-th-52ac6120-nginx"},),
    ),
    "1.6": Case("1.x had one Service, of its chart", gateway("nginx") + version("1.6.2"), ()),
}  # fmt: skip
