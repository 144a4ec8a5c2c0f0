"""The failures of a live cluster: the state that each leaves behind, and the hop and the cause that are to be named first."""

from typing import Any, NamedTuple

from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import HopName
from kubectl_akslb.path.verdict import VerdictKind
from tests.causes.in_azure import (
    InAzure,
    balancer,
    cluster,
    denied,
    in_azure,
    machine,
    named_address,
    own_address,
    own_group,
    pod_routes,
    pool,
    probe,
    route,
    rule,
    used_up,
    without,
)
from tests.causes.state import (
    EXCLUDED,
    FIRST,
    TAINT,
    Object,
    State,
    block,
    cloud_node_manager,
    container,
    daemon_set,
    endpoints,
    event,
    failed,
    http,
    load_balancer,
    node,
    pod,
    policy,
    port,
    refused,
    state,
)
from tests.given.objects import of_cilium

DOWN, UNREACHABLE, DEPENDS = VerdictKind.DOWN, VerdictKind.UNREACHABLE, VerdictKind.DEPENDS
PENDING, UNKNOWN = VerdictKind.PENDING, VerdictKind.UNKNOWN
ACCEPTED, ADDRESS, POOL, PROBE = HopName.ACCEPTED, HopName.ADDRESS, HopName.POOL, HopName.PROBE
NODE, POLICY, POD = HopName.NODE, HopName.POLICY, HopName.POD
RULE, GROUP = HopName.RULE, HopName.SECURITY_GROUP


class Case(NamedTuple):
    """A state, the verdict on its Service, the hop that is to blame, and the first cause.

    *azure* is what az tells beside it, None where it is not asked.
    """

    state: State
    kind: VerdictKind
    hop: HopName | None
    cause: Cause
    options: tuple[str, ...] = ()
    azure: InAzure | None = None


LOCAL: Object = {"externalTrafficPolicy": "Local"}
NOBODY = endpoints()
NOT_READY = endpoints(("web-1", FIRST, False))
CALICO = (daemon_set("kube-proxy"), cloud_node_manager(), daemon_set("calico-node"))
NPM = (daemon_set("kube-proxy"), cloud_node_manager(), daemon_set("azure-npm"))
CILIUM = (cloud_node_manager(), daemon_set("cilium"))
SHARED = (daemon_set("kube-proxy"), cloud_node_manager(sidecar=True))
KUBENET = (node(1, pods="10.244.1.0/24"), node(2, pods="10.244.2.0/24"))


AMBIENT: Object = {
    **pod("web-1"),
    "metadata": {"name": "web-1", "labels": {"app": "web"}, "annotations": {"ambient.istio.io/redirection": "enabled"}},
}


def strict(namespace: str = "") -> Object:
    """Nothing but mutual TLS, in the Service's own namespace or that of the whole mesh."""
    metadata = {"name": "default", **({"namespace": namespace} if namespace else {})}
    kind = {"apiVersion": "security.istio.io/v1", "kind": "PeerAuthentication"}
    return {**kind, "metadata": metadata, "spec": {"mtls": {"mode": "STRICT"}}}


def http_service(**more: Any) -> Object:
    return load_balancer(ports=[port(appProtocol="http")], **more)


def pending(*events: Object) -> Case:
    """A Service that gets no address, for the reason that its events say."""
    return Case(state(*events, service=load_balancer(address="")), PENDING, ACCEPTED, Cause.SYNC_FAILED)


_NETWORK = "/subscriptions/s/resourceGroups/MC_shop/providers/Microsoft.Network"
_TOKEN = "azure.BearerAuthorizer#WithAuthorization: Failed to refresh the Token: "
EVENTS: dict[str, tuple[Object, ...]] = {
    "secret-wrong": (failed(_TOKEN + "AADSTS7000215: Invalid client secret provided."),),
    "secret-expired": (failed(_TOKEN + "AADSTS7000222: The provided client secret keys for app 'x' are expired."),),
    "client-id": (failed(_TOKEN + "AADSTS700016: Application with identifier 'x' was not found in the directory."),),
    "tenant": (failed(_TOKEN + "AADSTS90002: Tenant 'x' not found."),),
    "subscription": (refused("SubscriptionNotFound", "The subscription 's' could not be found.", 404),),
    "azure-json": (failed("could not init cloud provider azure: no credentials provided for Azure"),),
    "no-role": (
        refused(
            "AuthorizationFailed",
            "The client 'x' does not have authorization to perform action"
            f" 'Microsoft.Network/loadBalancers/write' over scope '{_NETWORK}/loadBalancers/kubernetes'.",
            403,
        ),
    ),
    "own-address": (
        refused(
            "LinkedAuthorizationFailed",
            "has permission to perform action 'Microsoft.Network/loadBalancers/write' on scope '/subscriptions/s/resourceGroups/MC_shop';"
            " however, it does not have permission to perform action 'Microsoft.Network/publicIPAddresses/join/action'"
            " on the linked scope(s) '/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/publicIPAddresses/egress'",
            403,
        ),
    ),
    "source-prefixes": (
        refused(
            "SecurityRuleParametersMissing",
            "Security rule must specify SourceAddressPrefixes, SourceAddressPrefix, or"
            " SourceApplicationSecurityGroups.",
        ),
    ),
    "too-many-requests": (
        failed(
            'Retriable: true, RetryAfter: 0s, HTTPStatusCode: 429, RawError: {"error": {"code": "OperationNotAllowed",'
            ' "message": "The server rejected the request because too many requests have been received for this'
            ' subscription."}}'
        ),
    ),
    "address-quota": (
        refused("PublicIPCountLimitReached", "Cannot create more than 10 public IP addresses for this subscription."),
    ),
    "frontend-quota": (
        refused(
            "LoadBalancerFrontendIPConfigurationCountLimitReached", "cannot have more than 10 FrontendIPConfigurations"
        ),
    ),
    "managed-identity": (failed("ManagedIdentityCredential authentication failed: Identity not found"),),
    "two-skus": (
        refused(
            "PublicIPAndLBSkuDoNotMatch",
            "Standard sku load balancer kubernetes cannot reference Basic sku publicIP web.",
        ),
    ),
    "subnet-full": (refused("SubnetIsFull", "Subnet apps does not have enough capacity for 1 IP addresses."),),
    "no-node": (event("UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer"),),
    "lock": (
        refused("ScopeLocked", "The scope cannot perform write operation because following scope(s) are locked", 409),
    ),
    "policy": (refused("RequestDisallowedByPolicy", "Resource 'web' was disallowed by policy.", 403),),
    "etag": (refused("PreconditionFailedEtagMismatch", "The resource has changed since it was read.", 412),),
    "timeout": (failed("context deadline exceeded"),),
}


CASES: dict[str, Case] = {
    "selector": Case(
        state(pod("web-1", labels={"app": "webb"}), NOBODY), DOWN, POD, Cause.SELECTOR_MATCHES_NOTHING
    ),
    "target-port-number": Case(
        state(pod("web-1", containers=[container(9090)])), DEPENDS, POD, Cause.PORT_NOT_DECLARED
    ),
    "target-port-name": Case(
        state(endpoints(("web-1", FIRST, True), ports=[]), service=load_balancer(ports=[port(target="web")])),
        DOWN, POD, Cause.NOT_IN_ENDPOINT_SLICES,
    ),
    "second-port": Case(
        state(service=load_balancer(ports=[port(), {**port(443, 8443), "name": "https"}])),
        DOWN, POD, Cause.NOT_IN_ENDPOINT_SLICES,
    ),
    "not-listening": Case(
        state(
            pod("web-1", ready=False), NOT_READY,
            event("Unhealthy", "Readiness probe failed: dial tcp 10.244.0.10:8080: connect: connection refused", about="web-1", kind="Pod"),
        ),
        DOWN, POD, Cause.NOT_LISTENING,
    ),
    "crash-loop": Case(
        state(pod("web-1", ready=False, waits="CrashLoopBackOff", message="back-off 5m0s restarting failed container=app"), NOT_READY),
        DOWN, POD, Cause.NOT_READY,
    ),
    "image-pull": Case(
        state(pod("web-1", ready=False, waits="ImagePullBackOff", message='Back-off pulling image "registry.example.com/web:1"'), NOBODY),
        DOWN, POD, Cause.NOT_READY,
    ),
    "ipam": Case(
        state(
            pod("web-1", ready=False, waits="ContainerCreating"), NOBODY,
            event(
                "FailedCreatePodSandBox", about="web-1", kind="Pod",
                message='Failed to create pod sandbox: plugin type="azure-vnet" failed (add): Failed to allocate address: No available addresses',
            ),
        ),
        DOWN, POD, Cause.NOT_READY,
    ),
    "local-on-excluded": Case(
        state(service=load_balancer(**LOCAL), nodes=[node(1, labels={EXCLUDED: ""}), node(2)]), DOWN, PROBE, Cause.NONE_IN_ROTATION
    ),
    "all-excluded": Case(
        state(nodes=[node(1, labels={EXCLUDED: ""}), node(2, labels={EXCLUDED: ""})]), DOWN, POOL, Cause.NO_MEMBER
    ),
    "managed-false": Case(
        state(nodes=[node(1, labels={"kubernetes.azure.com/managed": "false"})]), DOWN, POOL, Cause.NO_MEMBER
    ),
    "virtual-nodes": Case(
        state(nodes=[node(1, labels={"type": "virtual-kubelet"})]), DOWN, POOL, Cause.NO_MEMBER
    ),
    "no-provider-id": Case(
        state(nodes=[node(1, provider_id=None), node(2, provider_id=None)]), DEPENDS, POOL, Cause.NO_PROVIDER_ID
    ),
    "node-not-ready": Case(
        state(nodes=[node(1, ready="Unknown"), node(2, ready="False")]), DOWN, PROBE, Cause.NONE_IN_ROTATION
    ),
    "deleting-taint": Case(
        state(nodes=[node(1, taints=[TAINT])], daemon_sets=SHARED), DOWN, PROBE, Cause.NONE_IN_ROTATION
    ),
    "no-node-ports": Case(
        state(service=load_balancer(allocateLoadBalancerNodePorts=False)), DOWN, PROBE, Cause.NO_NODE_PORT
    ),
    "policy-except": Case(
        state(policy({"from": [block("0.0.0.0/0", "198.51.100.0/24")]}), service=load_balancer(**LOCAL), daemon_sets=CALICO),
        DEPENDS, POLICY, Cause.POLICIES_LET_IN_SOME,
    ),
    "policy-named-port": Case(
        state(
            policy({"from": [block("0.0.0.0/0")], "ports": [{"port": "metrics", "protocol": "TCP"}]}),
            pod("web-1", containers=[container(called="web"), container(9090, name="side", called="metrics", readiness={})]),
            service=load_balancer(**LOCAL), daemon_sets=CALICO,
        ),
        UNREACHABLE, POLICY, Cause.POLICIES_KEEP_OUT,
    ),
    "policy-end-port": Case(
        state(policy({"from": [block("0.0.0.0/0")], "ports": [{"port": 9000, "endPort": 9999, "protocol": "TCP"}]}), service=load_balancer(**LOCAL), daemon_sets=CALICO),
        UNREACHABLE, POLICY, Cause.POLICIES_KEEP_OUT,
    ),
    "policy-default-deny": Case(
        state(policy(podSelector={}), daemon_sets=CALICO), DEPENDS, POLICY, Cause.POLICIES_KEEP_OUT_NODES
    ),
    "policy-namespace-selector": Case(
        state(
            policy({"from": [{"namespaceSelector": {"matchLabels": {"team": "shop"}}}]}),
            service=load_balancer(**LOCAL), daemon_sets=CILIUM,
        ),
        UNREACHABLE, POLICY, Cause.POLICIES_KEEP_OUT,
    ),
    "redirect": Case(
        state(
            pod("web-1", containers=[container(readiness=http("/"))]),
            event("ProbeWarning", about="web-1", kind="Pod", message="Readiness probe warning: Probe terminated redirects, Response body: "),
            service=http_service(),
        ),
        DOWN, PROBE, Cause.READINESS_IS_REDIRECTED,
    ),
    "tls-port": Case(
        state(
            pod("web-1", containers=[container(8443, readiness=http("/healthz", 8443, scheme="HTTPS"))]),
            endpoints(("web-1", FIRST, True), ports=[{"name": "http", "port": 8443, "protocol": "TCP"}]),
            service=load_balancer(ports=[port(443, 8443, appProtocol="http")]),
        ),
        DOWN, PROBE, Cause.TLS_PORT_ASKED_PLAINLY,
    ),
    "strict": Case(
        state(
            pod("web-1", containers=[container(), container(15090, name="istio-proxy", readiness={})]),
            strict(),
        ),
        DEPENDS, POD, Cause.MUTUAL_TLS_ONLY,
    ),
    "strict-of-aks": Case(
        state(pod("web-1", containers=[container(), container(15090, name="istio-proxy", readiness={})]), strict("aks-istio-system")),
        DEPENDS, POD, Cause.MUTUAL_TLS_ONLY,
    ),
    "strict-beside-init-container": Case(
        state(
            pod("web-1", initContainers=[{"name": "istio-proxy", "image": "istio/proxyv2", "restartPolicy": "Always"}]),
            strict("istio-system"),
        ),
        DEPENDS, POD, Cause.MUTUAL_TLS_ONLY,
    ),
    "strict-ambient": Case(state(AMBIENT, strict("istio-system")), DEPENDS, POD, Cause.MUTUAL_TLS_ONLY),
    "policy-keeps-out-probes": Case(
        state(
            policy({"from": [block("0.0.0.0/0", "168.63.129.16/32")]}), daemon_sets=CALICO,
            service=load_balancer(annotations={"port_80_health-probe_port": "http"}, **LOCAL),
        ),
        DOWN, PROBE, Cause.POLICIES_KEEP_OUT_PROBES,
    ),
    "terminating-on-local": Case(
        state(endpoints(("web-1", FIRST, None)), service=load_balancer(**LOCAL)), DOWN, PROBE, Cause.NONE_IN_ROTATION
    ),
    "terminating": Case(state(endpoints(("web-1", FIRST, None))), DEPENDS, POD, Cause.ONLY_TERMINATING),
    "status-of-a-name": Case(
        state(service={**load_balancer(), "status": {"loadBalancer": {"ingress": [{"hostname": "web.example.com"}]}}}),
        UNREACHABLE, NODE, Cause.STATUS_IS_EMPTY,
    ),
    "ipv6-mismatch": Case(
        state(
            endpoints(family="IPv6"),
            service=load_balancer(address="2603:1020::20", ipFamilies=["IPv6"], ipFamilyPolicy="SingleStack"),
            nodes=(node(1, addresses=("10.224.0.4", "fd01::4")), node(2, addresses=("10.224.0.5", "fd01::5"))),
        ),
        DOWN, POD, Cause.NO_POD_OF_FAMILY,
    ),
    "no-readiness": Case(state(pod("web-1", containers=[container(readiness={})])), DEPENDS, POD, Cause.TAKEN_TO_LISTEN),
    "stale-status": Case(
        state(service=load_balancer(annotations={"azure-load-balancer-internal": "true"})), DEPENDS, ADDRESS, Cause.STATUS_IS_STALE
    ),
    "address-of-cilium": Case(
        state(service={**load_balancer(), "status": of_cilium("True", "10.0.10.5")}), DEPENDS, ADDRESS, Cause.ADDRESS_OF_CILIUM
    ),
    "cilium-takes-address": Case(
        state(service={**load_balancer(), "status": of_cilium("False")}), PENDING, ACCEPTED, Cause.CILIUM_TAKES_ADDRESS
    ),
    "failed-since": Case(
        state(refused("SubnetIsFull", "Subnet apps does not have enough capacity for 1 IP addresses."), event("EnsuredLoadBalancer", "Ensured load balancer", minutes=30, normal=True)),
        PENDING, ACCEPTED, Cause.SYNC_FAILED_SINCE,
    ),
    "shared-address": Case(
        state(
            load_balancer(name="other", annotations={"azure-load-balancer-ipv4": "20.1.2.3"}),
            service=load_balancer(annotations={"azure-load-balancer-ipv4": "20.1.2.3"}),
        ),
        PENDING, ACCEPTED, Cause.PORT_IS_TAKEN_BY,
    ),
    "deletion-hangs": Case(
        state(event("SyncLoadBalancerFailed", "Error syncing load balancer: failed to delete load balancer: ERROR CODE: ScopeLocked the scope(s) are locked"), deleted=True),
        PENDING, ACCEPTED, Cause.BEING_DELETED,
    ),
    "sidecar-down": Case(
        state(daemon_sets=[daemon_set("kube-proxy"), cloud_node_manager(0, sidecar=True)]), DOWN, PROBE, Cause.NO_KUBE_PROXY
    ),
    "sidecar-down-somewhere": Case(
        state(daemon_sets=[daemon_set("kube-proxy"), cloud_node_manager(1, sidecar=True)]), DEPENDS, PROBE, Cause.SIDECAR_DOWN
    ),
    "kube-proxy-down": Case(
        state(daemon_sets=[daemon_set("kube-proxy", 0), cloud_node_manager()]), DEPENDS, NODE, Cause.KUBE_PROXY_DOWN
    ),
    "kube-proxy-gone": Case(state(daemon_sets=[cloud_node_manager()]), DEPENDS, NODE, Cause.KUBE_PROXY_NOT_SEEN),
    "cilium-down": Case(
        state(daemon_sets=[cloud_node_manager(), daemon_set("cilium", 0)]), DEPENDS, NODE, Cause.NETWORK_DAEMON_DOWN
    ),
    "network-plugin-down": Case(
        state(daemon_sets=[daemon_set("kube-proxy"), cloud_node_manager(), daemon_set("azure-cns", 1)]),
        DEPENDS, NODE, Cause.NETWORK_DAEMON_DOWN,
    ),
    "node-of-no-scale-set": Case(
        state(nodes=[node(1, provider_id="vm1"), node(2, provider_id="vm2")]), DEPENDS, POOL, Cause.NOT_OF_AZURE
    ),
    "slices-by-hand": Case(
        state(endpoints(("web-1", FIRST, True), ports=[{"name": "http", "port": 9999, "protocol": "TCP"}])),
        DEPENDS, POD, Cause.SLICES_HAVE_OTHER_PORT,
    ),
    "slices-of-other-protocol": Case(
        state(endpoints(("web-1", FIRST, True), ports=[{"name": "http", "port": 8080, "protocol": "UDP"}])),
        DOWN, POD, Cause.SLICES_NAME_OTHER_PORTS,
    ),
    "nodes-without-address": Case(
        state(nodes=[node(1, addresses=()), node(2, addresses=())]), DEPENDS, POOL, Cause.NODE_NOT_ADDRESSED
    ),
    "nodes-of-other-family": Case(
        state(
            pod("web-1", status={"podIP": "fd00::10", "podIPs": [{"ip": "fd00::10"}]}), endpoints(("web-1", FIRST, True), family="IPv6"),
            service=load_balancer(address="2603:1020::20", ipFamilies=["IPv6"], ipFamilyPolicy="SingleStack"),
        ),
        DEPENDS, POOL, Cause.NODE_NOT_ADDRESSED,
    ),
    "slices-of-other-name": Case(
        state(endpoints(("web-1", FIRST, True), ports=[{"name": "web", "port": 8080, "protocol": "TCP"}])),
        DOWN, POD, Cause.SLICES_NAME_OTHER_PORTS,
    ),
    "evicted": Case(
        state(
            {**pod("web-1", ready=False), "status": {"phase": "Failed", "reason": "Evicted", "message": "The node was low on resource: memory."}},
            NOBODY,
        ),
        DOWN, POD, Cause.NOT_READY,
    ),
    "secret-not-there": Case(
        state(
            pod("web-1", ready=False, waits="ContainerCreating"), NOBODY,
            event("FailedMount", about="web-1", kind="Pod", message='MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found'),
        ),
        DOWN, POD, Cause.NOT_READY,
    ),
    "basic-shared": Case(state(daemon_sets=SHARED), DEPENDS, PROBE, Cause.SHARED_WITHOUT_STANDARD, ("--sku", "basic")),
    "before-shared-mode": Case(
        state(daemon_sets=[daemon_set("kube-proxy"), cloud_node_manager(sidecar=True, version="v1.27.9")]), DEPENDS, PROBE, Cause.SIDECAR_BEFORE_SHARED_MODE
    ),
    "windows": Case(
        state(nodes=[node(2, labels={"kubernetes.io/os": "windows"})], daemon_sets=SHARED), DEPENDS, PROBE, Cause.WINDOWS_NEEDS_A_POD
    ),
    "toggled": Case(state(), DEPENDS, PROBE, Cause.NO_SIDECAR, ("--profile", "shared.json")),
    "toggled-back": Case(state(daemon_sets=SHARED), DEPENDS, PROBE, Cause.SIDECAR_WITHOUT_SHARED_MODE, ("--probe-mode", "servicenodeport")),
    "node-network": Case(
        state(nodes=[node(1, conditions=[{"type": "NetworkUnavailable", "status": "True"}])]),
        DEPENDS, PROBE, Cause.NODE_HAS_NO_NETWORK,
    ),
    "ranges-and-tags": Case(
        state(
            service=load_balancer(
                annotations={"azure-allowed-service-tags": "AzureFrontDoor.Backend"}, loadBalancerSourceRanges=["10.0.0.0/8"]
            )
        ),
        UNREACHABLE, NODE, Cause.TAG_BESIDE_SOURCE_RANGES,
    ),
    "no-port-left": Case(
        state(service=load_balancer(annotations={"port_80_no_lb_rule": "true"})), UNREACHABLE, HopName.RULE, Cause.NO_RULE
    ),
    "health-threshold": Case(
        state(service=load_balancer(annotations={"azure-load-balancer-health-probe-num-of-probe": "1"})),
        PENDING, ACCEPTED, Cause.REFUSED_BY_PROVIDER,
    ),
    "idle-timeout": Case(
        state(service=load_balancer(annotations={"azure-load-balancer-tcp-idle-timeout": "2"})),
        PENDING, ACCEPTED, Cause.REFUSED_BY_PROVIDER,
    ),
    "internal-spelled": Case(
        state(service=load_balancer(annotations={"azure-load-balancer-internal": "yes"})),
        DEPENDS, ADDRESS, Cause.PUBLIC_NOT_INTERNAL,
    ),
    **{name: pending(*events) for name, events in EVENTS.items()},
    "healthy": Case(state(), VerdictKind.WORKS, None, Cause.LISTENS),
    # What stands in Azure, by az.
    "healthy-in-azure": Case(state(), VerdictKind.WORKS, None, Cause.LISTENS, azure=in_azure()),
    "azure-no-load-balancer": Case(state(), UNREACHABLE, RULE, Cause.NOT_IN_AZURE, azure=in_azure(without("lb"))),
    "azure-load-balancer-failed": Case(
        state(), DEPENDS, RULE, Cause.FAILED_IN_AZURE, azure=in_azure(balancer(provisioningState="Failed"))
    ),
    "azure-no-frontend": Case(
        state(), UNREACHABLE, ADDRESS, Cause.NO_FRONTEND_WITH_ADDRESS,
        azure=in_azure(balancer(frontendIPConfigurations=[], loadBalancingRules=[])),
    ),
    "azure-other-address": Case(
        state(), UNREACHABLE, ADDRESS, Cause.FRONTEND_HAS_OTHER_ADDRESS, azure=in_azure(named_address(ipAddress="20.9.9.9"))
    ),
    "azure-no-rule": Case(state(), UNREACHABLE, RULE, Cause.NOT_IN_AZURE, azure=in_azure(balancer(loadBalancingRules=[]))),
    "azure-rule-of-other-port": Case(
        state(), UNREACHABLE, RULE, Cause.DIFFERS_IN_AZURE, azure=in_azure(rule(frontendPort=8080))
    ),
    "azure-rule-without-floating-ip": Case(
        state(), UNREACHABLE, RULE, Cause.DIFFERS_IN_AZURE, azure=in_azure(rule(enableFloatingIP=False))
    ),
    "azure-rule-without-pool": Case(
        state(), DOWN, POOL, Cause.RULE_WITHOUT_POOL,
        azure=in_azure(rule(backendAddressPool=None, backendAddressPools=[])),
    ),
    "azure-rule-without-probe": Case(state(), DEPENDS, PROBE, Cause.NOT_IN_AZURE, azure=in_azure(rule(probe=None))),
    "azure-probe-of-other-port": Case(
        state(), DEPENDS, PROBE, Cause.PROBE_DIFFERS_IN_AZURE, azure=in_azure(probe(port=32222))
    ),
    "azure-probe-of-other-path": Case(
        state(service=http_service(annotations={"port_80_health-probe_protocol": "tcp"})),
        DEPENDS, PROBE, Cause.PROBE_DIFFERS_IN_AZURE, azure=in_azure(probe(protocol="Http", requestPath="/")),
    ),
    "azure-pool-is-empty": Case(
        state(), DOWN, POOL, Cause.POOL_IS_EMPTY, azure=in_azure(pool())
    ),
    "azure-local-node-not-in-pool": Case(
        state(service=load_balancer(**LOCAL)), DOWN, PROBE, Cause.NONE_IN_ROTATION, azure=in_azure(pool(2)),
    ),
    "azure-foreign-denial": Case(
        state(), UNREACHABLE, GROUP, Cause.RULE_DENIES, azure=in_azure(denied("deny-all", 200, sourceAddressPrefix="Internet"))
    ),
    "azure-foreign-denial-of-some": Case(
        state(), DEPENDS, GROUP, Cause.RULE_DENIES_SOME,
        azure=in_azure(denied("deny-office", 200, sourceAddressPrefix="203.0.113.0/24")),
    ),
    "azure-no-security-rule": Case(
        state(), UNREACHABLE, GROUP, Cause.SECURITY_RULE_NOT_IN_AZURE, azure=in_azure(without("allow"))
    ),
    "azure-subnet-group-of-your-own": Case(
        state(), UNREACHABLE, GROUP, Cause.RULE_DENIES, azure=in_azure(own_group())
    ),
    "azure-probes-denied": Case(
        state(), DOWN, PROBE, Cause.PROBES_DENIED_BY_RULE,
        azure=in_azure(denied("no-probes", 150, sourceAddressPrefix="AzureLoadBalancer")),
    ),
    "azure-machine-deallocated": Case(
        state(nodes=(node(1, ready="Unknown"),)), DOWN, PROBE, Cause.NONE_IN_ROTATION, azure=in_azure(machine("deallocated"))
    ),
    "azure-answers-by-firewall": Case(
        state(), UNREACHABLE, HopName.WAY_BACK, Cause.ANSWER_LOST_BY_ROUTE, azure=in_azure(route("0.0.0.0/0"))
    ),
    "azure-route-of-kubenet-missing": Case(
        state(nodes=KUBENET), DEPENDS, NODE, Cause.NODE_NOT_ROUTED, azure=in_azure(pod_routes(n2="5"))
    ),
    "azure-route-of-kubenet-stale": Case(
        state(nodes=KUBENET), DEPENDS, NODE, Cause.NODE_ROUTE_STALE, azure=in_azure(pod_routes(n1="9", n2="5"))
    ),
    "azure-routes-of-kubenet-all-missing": Case(
        state(nodes=KUBENET), DEPENDS, NODE, Cause.NODE_NOT_ROUTED, azure=in_azure(pod_routes())
    ),
    "azure-cluster-failed": Case(
        state(service=load_balancer(address="")), PENDING, ACCEPTED, Cause.CLUSTER_STATE, azure=in_azure(cluster("Failed"))
    ),
    "azure-quota": Case(
        state(service=load_balancer(address="")), PENDING, ACCEPTED, Cause.QUOTA_IS_USED_UP, azure=in_azure(used_up())
    ),
    "azure-address-in-other-group": Case(
        state(service=load_balancer(address="", annotations={"azure-pip-name": "shop-ip"})),
        PENDING, ACCEPTED, Cause.PUBLIC_IP_ELSEWHERE, azure=in_azure(own_address("shop-addresses")),
    ),
    "azure-address-not-there": Case(
        state(service=load_balancer(address="", annotations={"azure-pip-name": "shop-ip"})),
        PENDING, ACCEPTED, Cause.REFUSED_BY_PROVIDER, azure=in_azure(),
    ),
    "azure-address-in-use": Case(
        state(service=load_balancer(address="", annotations={"azure-pip-name": "shop-ip"})),
        PENDING, ACCEPTED, Cause.PUBLIC_IP_IN_USE, azure=in_azure(own_address(used_by="networkInterfaces/jump")),
    ),
}  # fmt: skip
