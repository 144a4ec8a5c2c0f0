"""What a person does about a cause, and the command that settles it, for hops that know neither themselves.

The words are in ``path/sentences.py``: a remedy here is the reason that it is for.
"""

import re
from collections.abc import Callable, Mapping

from kubectl_akslb.derive.load_balancer.backend_pool import EXCLUDED, MANAGED
from kubectl_akslb.evidence.nodes import CLOUD_NODE_MANAGER, KUBE_PROXY, SYSTEM
from kubectl_akslb.evidence.state import SERVICE_NAME
from kubectl_akslb.model.command import Command, command, flag, kubectl, on_object
from kubectl_akslb.model.service import Service
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Hop, Outcome, Reason, Remedy
from kubectl_akslb.path.remedy_command import INSTANCE, first_node, remedy_command
from kubectl_akslb.path.routes import DEFAULT_ROUTES
from kubectl_akslb.path.sentences import can_be_mended


def settled(hop: Hop, service: Service) -> Hop:
    """*hop* with what to do about the first of its causes for which something can be done, and how to settle it."""
    if hop.outcome is Outcome.PASS:
        return hop
    remedy = hop.remedy or next((_remedy(one, service) for one in hop.because if can_be_mended(one)), None)
    asked = (make(service, one) for one in hop.because if (make := _SETTLED_BY.get(one.cause)) is not None)
    verify = hop.verify or next((one for one in asked if one is not None), None)
    return hop if remedy is hop.remedy and verify is hop.verify else hop._replace(remedy=remedy, verify=verify)


def _remedy(reason: Reason, service: Service) -> Remedy:
    return Remedy(reason=reason, command=remedy_command(service, reason))


def _instance(_: Service, reason: Reason) -> Command | None:
    found = re.fullmatch(INSTANCE, str(reason.facts.get("machine", "")))
    if found is None:
        return None
    where = (flag("--resource-group", found["group"]), flag("--name", found["name"]))
    return command("az", "vmss", "get-instance-view", *where, flag("--instance-id", found["instance"]))


def _by_id(*words: str) -> Callable[[Service, Reason], Command | None]:
    """Show the resource that a reason names by its id."""

    def made(_: Service, reason: Reason) -> Command | None:
        found = str(reason.facts.get("id", ""))
        return command("az", *words, flag("--ids", found)) if found else None

    return made


def _links(_: Service, reason: Reason) -> Command | None:
    """The networks to which a private DNS zone is linked."""
    where = (flag("--resource-group", str(reason.facts["group"])), flag("--zone-name", str(reason.facts["zone"])))
    return command("az", "network", "private-dns", "link", "vnet", "list", *where, "--output=table")


def _usages(_: Service, reason: Reason) -> Command | None:
    return command("az", "network", "list-usages", flag("--location", str(reason.facts["region"])), "--output=table")


def _default_routes(_: Service, __: Reason) -> Command | None:
    return DEFAULT_ROUTES


def _about_node(_: Service, reason: Reason) -> Command | None:
    name = first_node(reason)
    return command("kubectl", "describe", f"node/{name}") if name else kubectl("describe", "nodes")


def _labels(_: Service, __: Reason) -> Command | None:
    return kubectl("get", "nodes", flag("--label-columns", f"{EXCLUDED},{MANAGED}"))


def _provider_ids(_: Service, __: Reason) -> Command | None:
    return kubectl("get", "nodes", "--output=custom-columns=NAME:.metadata.name,PROVIDER:.spec.providerID")


def _proxies(_: Service, __: Reason) -> Command | None:
    return kubectl("get", "pods", flag("--selector", f"component={KUBE_PROXY}"), "--output=wide", namespace=SYSTEM)


def _daemon_sets(_: Service, __: Reason) -> Command | None:
    return kubectl("get", "daemonsets", "--all-namespaces")


def _sidecars(_: Service, __: Reason) -> Command | None:
    return kubectl("describe", f"daemonset/{CLOUD_NODE_MANAGER}", namespace=SYSTEM)


def _on_nodes(service: Service, _: Reason) -> Command | None:
    if not service.selector:  # of a Service that its controller has not made yet
        return _slices(service, _)
    selector = ",".join(f"{key}={value}" for key, value in service.selector.items())
    return kubectl("get", "pods", flag("--selector", selector), "--output=wide", namespace=service.namespace)


def _slices(service: Service, _: Reason) -> Command | None:
    of_service = flag("--selector", f"{SERVICE_NAME}={service.name}")
    return kubectl("get", "endpointslices", of_service, "--output=yaml", namespace=service.namespace)


def _status(service: Service, _: Reason) -> Command | None:
    return on_object("get", "svc", service.name, service.namespace, "--output=yaml")


def _pools(_: Service, __: Reason) -> Command | None:
    return kubectl("get", "ciliumloadbalancerippools.cilium.io")


def _mode(_: Service, __: Reason) -> Command | None:
    return command(
        "az",
        "aks",
        "show",
        flag("--resource-group", "RESOURCE_GROUP"),
        flag("--name", "CLUSTER"),
        "--query",
        "networkProfile.loadBalancerProfile.clusterServiceLoadBalancerHealthProbeMode",
    )


def _policies_of_mesh(kind: str) -> Callable[[Service, Reason], Command | None]:
    def show(_: Service, __: Reason) -> Command | None:
        return kubectl("get", kind, "--all-namespaces", "--output=yaml")

    return show


_SETTLED_BY: Mapping[Cause, Callable[[Service, Reason], Command | None]] = {
    **dict.fromkeys((Cause.EXCLUDED, Cause.NOT_MANAGED, Cause.CONTROL_PLANE, Cause.VIRTUAL_NODE,
                     Cause.OTHER_RESOURCE_GROUP, Cause.NO_MEMBER, Cause.PODS_OUTSIDE_POOL), _labels),
    **dict.fromkeys((Cause.NODE_NOT_READY, Cause.NODE_HAS_NO_NETWORK, Cause.NODE_DELETED,
                     Cause.KUBE_PROXY_SAYS_DELETED, Cause.WINDOWS_NEEDS_A_POD), _about_node),
    **dict.fromkeys((Cause.NO_PROVIDER_ID, Cause.NOT_OF_AZURE, Cause.NODE_NOT_ADDRESSED,
                     Cause.OF_OTHER_SET), _provider_ids),
    **dict.fromkeys((Cause.KUBE_PROXY_NOT_SEEN, Cause.NETWORK_DAEMON_DOWN), _daemon_sets),
    Cause.SLICES_HAVE_OTHER_PORT: _slices,
    **dict.fromkeys((Cause.KUBE_PROXY_DOWN, Cause.NO_KUBE_PROXY_WITH_CILIUM), _proxies),
    **dict.fromkeys((Cause.SIDECAR_DOWN, Cause.NO_KUBE_PROXY), _sidecars),
    **dict.fromkeys((Cause.NO_LOCAL_ENDPOINT, Cause.NO_ENDPOINT_ANYWHERE, Cause.NODES_WITHOUT_POD_DROP,
                     Cause.ALL_NODES_WITHOUT_POD), _on_nodes),
    **dict.fromkeys((Cause.NOT_IN_ENDPOINT_SLICES, Cause.SLICES_NAME_OTHER_PORTS, Cause.NO_SELECTOR_NO_ENDPOINTS,
                     Cause.ENDPOINTS_BY_HAND, Cause.NO_POD_OF_FAMILY), _slices),
    **dict.fromkeys((Cause.STATUS_IS_STALE, Cause.OTHER_ADDRESS, Cause.STATUS_IS_EMPTY, Cause.STATUS_IS_PROXIED,
                     Cause.NO_NODE_PORT, Cause.NO_NODE_PORT_TO_SEND_TO), _status),
    Cause.MUTUAL_TLS_ONLY: _policies_of_mesh("peerauthentications.security.istio.io"),
    Cause.MESH_IDENTITY_ONLY: _policies_of_mesh("authorizationpolicies.security.istio.io"),
    Cause.MESH_SERVER_DECIDES: _policies_of_mesh(
        "authorizationpolicies.policy.linkerd.io,serverauthorizations.policy.linkerd.io"
    ),
    **dict.fromkeys((Cause.ADDRESS_OF_CILIUM, Cause.CILIUM_TAKES_ADDRESS), _pools),
    Cause.MACHINE_DOES_NOT_RUN: _instance,
    **dict.fromkeys((Cause.ANSWER_LOST_BY_ROUTE, Cause.NODE_NOT_ROUTED, Cause.NODE_ROUTE_STALE),
                    _by_id("network", "route-table", "show")),
    Cause.PUBLIC_IP_IN_USE: _by_id("network", "public-ip", "show"),
    Cause.PUBLIC_IP_ELSEWHERE: _by_id("network", "public-ip", "show"),
    Cause.CLUSTER_STATE: _by_id("aks", "show"),
    Cause.QUOTA_IS_USED_UP: _usages,
    Cause.ZONE_NOT_LINKED: _links,
    Cause.OPEN_BY_DEFAULT_ROUTE: _default_routes,
    **dict.fromkeys((Cause.NO_SIDECAR, Cause.SHARED_WITHOUT_STANDARD, Cause.SIDECAR_BEFORE_SHARED_MODE,
                     Cause.SIDECAR_WITHOUT_SHARED_MODE), _mode),
}  # fmt: skip
