"""What is read from a cluster, what for, and which role allows it: one row each. The docs have it as a table."""

from kubectl_akslb.model.command import command, flag, in_order, is_label, is_subdomain
from kubectl_akslb.named_tuple import NamedTuple


class Permission(NamedTuple):
    """*verbs* on *resource*, of API group *group*; *scope* is where. *without* is what is missing where it is refused.

    *role* is the built-in ClusterRole that grants it, "" where none but cluster-admin does.
    """

    resource: str
    group: str
    verbs: tuple[str, ...]
    scope: str
    purpose: str
    without: str
    role: str
    used_by: tuple[str, ...]


NAMESPACE, CLUSTER, SYSTEM = "the namespace", "the cluster", "kube-system"

ACCESS = (
    Permission(
        "services", "", ("get", "list"), NAMESPACE,
        "the Services themselves; beside one, and for capacity and drift, those of all namespaces",
        "nothing can be explained", "view", ("explain", "trace", "lint", "fix", "capacity", "drift"),
    ),
    Permission(
        "endpointslices", "discovery.k8s.io", ("list",), NAMESPACE, "ready endpoints, node by node, and their ports",
        "whether any pod is ready is not known", "view", ("explain", "trace"),
    ),
    Permission(
        "events", "", ("list",), NAMESPACE,
        "the last events of a Service, with cause and fix; of pods that are not ready, too",
        "why a Service is pending, or whether its last change failed, is not known", "view", ("explain", "trace"),
    ),
    Permission(
        "pods", "", ("list",), NAMESPACE,
        "the pods behind one Service: what they are, and why they are not ready; the pod of a trace",
        "why pods are not ready, and what they answer, is not known", "view", ("explain", "trace"),
    ),
    Permission(
        "deployments", "apps", ("list",), NAMESPACE, "the pods behind Services: what they are, their readiness probes",
        "what the pods answer is not known", "view", ("explain", "trace", "lint", "fix"),
    ),
    Permission(
        "statefulsets", "apps", ("list",), NAMESPACE, "the same", "what the pods answer is not known", "view",
        ("explain", "trace", "lint", "fix"),
    ),
    Permission(
        "ingresses", "networking.k8s.io", ("list",), NAMESPACE, "paths that Ingresses take away from probes",
        "whether an Ingress takes the path of a probe is not known", "view", ("explain", "trace", "lint", "fix"),
    ),
    Permission(
        "networkpolicies", "networking.k8s.io", ("list",), NAMESPACE, "NetworkPolicies that keep out the load balancer",
        "whether a NetworkPolicy keeps out the load balancer is not known", "view", ("explain", "trace", "lint", "fix"),
    ),
    Permission(
        "ciliumnetworkpolicies", "cilium.io", ("list",), NAMESPACE,
        "policies that only Cilium has; only where it runs",
        "whether a policy keeps out the load balancer is not known", "", ("explain", "trace"),
    ),
    Permission(
        "ciliumclusterwidenetworkpolicies", "cilium.io", ("list",), CLUSTER, "the same for the whole cluster",
        "whether a policy keeps out the load balancer is not known", "", ("explain", "trace"),
    ),
    Permission(
        "networkpolicies", "crd.projectcalico.org", ("list",), NAMESPACE,
        "policies that only Calico has; only where the cluster has this API group",
        "whether a policy keeps out the load balancer is not known", "", ("explain", "trace"),
    ),
    Permission(
        "globalnetworkpolicies", "crd.projectcalico.org", ("list",), CLUSTER, "the same for the whole cluster",
        "whether a policy keeps out the load balancer is not known", "", ("explain", "trace"),
    ),
    Permission(
        "hostendpoints", "crd.projectcalico.org", ("list",), CLUSTER, "whether Calico closes the nodes themselves",
        "whether a policy keeps out the load balancer is not known", "", ("explain", "trace"),
    ),
    Permission(
        "adminnetworkpolicies", "policy.networking.k8s.io", ("list",), CLUSTER,
        "policies of the cluster's administrator; only where the cluster has this API group, and its version v1alpha1",
        "whether a policy keeps out the load balancer is not known", "", ("explain", "trace"),
    ),
    Permission(
        "baselineadminnetworkpolicies", "policy.networking.k8s.io", ("list",), CLUSTER, "the same",
        "whether a policy keeps out the load balancer is not known", "", ("explain", "trace"),
    ),
    Permission(
        "clusternetworkpolicies", "policy.networking.k8s.io", ("list",), CLUSTER, "the same, from version v1alpha2 on",
        "whether a policy keeps out the load balancer is not known", "", ("explain", "trace"),
    ),
    Permission(
        "peerauthentications", "security.istio.io", ("list",), CLUSTER,
        "whether the sidecars of pods in Istio's mesh refuse plain connections; only where there are sidecars",
        "whether sidecars refuse what comes through the load balancer is not known", "", ("explain", "trace"),
    ),
    Permission(
        "authorizationpolicies", "security.istio.io", ("list",), CLUSTER,
        "whether these sidecars refuse every client from outside the mesh; only where there are sidecars",
        "whether sidecars refuse what comes through the load balancer is not known", "", ("explain", "trace"),
    ),
    Permission(
        "nodes", "", ("list",), CLUSTER, "nodes, their addresses, pools and state, the Azure subscription they are in",
        "which nodes are in rotation is not known; their number and their addresses are assumed", "",
        ("explain", "trace", "lint", "fix", "profile", "capacity", "drift"),
    ),
    Permission(
        "daemonsets", "apps", ("list",), SYSTEM,
        "the provider's version by the image of cloud-node-manager, its health-probe-proxy, kube-proxy, and what"
        " enforces NetworkPolicies (for that in calico-system, too)",
        "the provider's version is taken from that of Kubernetes, the probe mode is assumed", "view",
        ("explain", "trace", "lint", "fix", "profile", "capacity", "drift"),
    ),
    Permission(
        "/apis", "", ("get",), CLUSTER, "which kinds of policies the cluster has",
        "whether policies of other kinds keep out the load balancer is not known", "system:discovery",
        ("explain", "trace"),
    ),
    Permission(
        "/version", "", ("get",), CLUSTER, "the version of Kubernetes, where nothing else tells it",
        "the newest known provider is assumed", "system:public-info-viewer",
        ("explain", "trace", "lint", "fix", "profile", "capacity", "drift"),
    ),
)  # fmt: skip
"""Secrets and ConfigMaps are never read."""

_BY_RESOURCE = {(row.resource, row.group): row for row in ACCESS}
_CALICO_OF_ITS_OWN, _CALICO = "projectcalico.org", "crd.projectcalico.org"


def row_of(resource: str, group: str) -> Permission | None:
    """The row of a resource of an API group; Calico's has two names."""
    return _BY_RESOURCE.get((resource.partition("/")[0], _CALICO if group == _CALICO_OF_ITS_OWN else group))


def grant(user: str, verb: str, resource: str, group: str, namespace: str) -> str:
    """The commands that grant what was refused: a binding of a built-in role, or a role of its own."""
    row = row_of(resource, group)
    person = flag("--user", user)
    if verb in _WRITTEN_BY_VERIFY.get(resource, ()):
        return _grant_to_verify(person, namespace)
    if row is not None and row.role:
        role = flag("--clusterrole", row.role)
        if namespace and is_label(namespace):
            where = flag("--namespace", namespace)
            return str(command("kubectl", "create", "rolebinding", "akslb-view", role, person, where))
        return str(command("kubectl", "create", "clusterrolebinding", "akslb-view", role, person))
    name = f"akslb-{resource.partition('/')[0]}"
    if not is_subdomain(name):
        return f"a role for {resource!r}, which is no valid name of a resource"
    full = f"{resource}.{group}" if group else resource
    verbs = ",".join(dict.fromkeys((verb, *(row.verbs if row is not None else ()))))
    return in_order(
        command("kubectl", "create", "clusterrole", name, flag("--verb", verbs), flag("--resource", full)),
        command("kubectl", "create", "clusterrolebinding", name, flag("--clusterrole", name), person),
    )


_WRITTEN_BY_VERIFY = {"pods": ("create", "delete"), "pods/log": ("get",)}
"""Verbs by resource that only ``verify`` needs, in the namespace of its pod."""


def _grant_to_verify(person: str, namespace: str) -> str:
    """The role of ``verify``, in the namespace of its pod."""
    where = (flag("--namespace", namespace),) if namespace and is_label(namespace) else ()
    verbs = flag("--verb", "create,get,list,delete")
    resources = (flag("--resource", "pods"), flag("--resource", "pods/log"))
    return in_order(
        command("kubectl", "create", "role", "akslb-verify", verbs, *resources, *where),
        command("kubectl", "create", "rolebinding", "akslb-verify", "--role=akslb-verify", person, *where),
    )
