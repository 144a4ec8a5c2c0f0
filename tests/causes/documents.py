"""What five documents name as causes, and what they advise, in our words: how the program shows each, and what it cannot see.

The page docs/causes.md is made of these rows, and the tests play them: a row is shown by a state of a cluster, by a command
on a file of this repository, or by hand, where nothing outside of a pod, a node or AKS' own part can see it.
"""

from typing import NamedTuple

from kubectl_akslb.provider.errata import (
    GITBOOK,
    LEARN,
    PROBE_MODE_GUIDE,
    SUPPORT_BLOG,
    CitedDocument,
)

NETWORK_GUIDE = CitedDocument("network", "Microsoft's page", "Troubleshoot network problems in AKS clusters")


class File(NamedTuple):
    """A command on a file of the repository, and a part of what it prints."""

    command: str
    shown: str


class Kubectl(NamedTuple):
    """What kubectl says where it gets no answer, and a part of what is made of it."""

    said: str
    shown: str


class Row(NamedTuple):
    """A cause or a piece of advice of *document*: *cases* are states of a cluster, *by_hand* is for what is never seen."""

    document: CitedDocument
    name: str
    says: str
    cases: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    kubectl: tuple[Kubectl, ...] = ()
    by_hand: str = ""


INGRESS = "explain -f examples/ingress-nginx.yaml"
UPGRADE = "upgrade -f examples/ingress-nginx.yaml --from 1.23 --to 1.24"
TRACE = (
    "trace 203.0.113.7 svc/shop -f examples/web.yaml --azure examples/azure/nsg.json"
    " --azure examples/azure/public-ip.json --kubernetes-version 1.30"
)
TIMEOUT = "Unable to connect to the server: dial tcp 20.1.2.3:443: i/o timeout"
_DIAGNOSTICS = "AKS keeps these logs to itself: turn on its diagnostic setting, category {}, and ask Log Analytics"
_API = "`kubectl akslb verify --api-server` asks from a pod, by each way that pods and nodes have"


def _rows(document: CitedDocument, *rows: Row) -> tuple[Row, ...]:
    return tuple(row._replace(document=document) for row in rows)


def _row(
    name: str,
    says: str,
    *cases: str,
    files: tuple[File, ...] = (),
    kubectl: tuple[Kubectl, ...] = (),
    by_hand: str = "",
) -> Row:
    return Row(PROBE_MODE_GUIDE, name, says, cases, files, kubectl, by_hand)


PROBE_MODE_ROWS = _rows(
    PROBE_MODE_GUIDE,
    _row("mode", "the mode is neither Shared nor ServiceNodePort: set one of the two", files=(
        File("explain -f examples/web.yaml --probe-mode other", "must be one of servicenodeport, shared"),
    )),
    _row("toggle", "the feature is off on AKS' side for the subscription: ask support to turn it on", "toggled",
         by_hand="that it is AKS' side, and nothing else, only support sees"),
    _row("sku", "the load balancer is Basic: use Standard", "basic-shared"),
    _row("feature", "the feature is not registered: register it", "toggled",
         by_hand="whether the subscription has registered EnableSLBSharedHealthProbePreview only Azure knows"),
    _row("version", "Kubernetes is older than 1.28: upgrade", "before-shared-mode"),
    _row("unhealthy", "nodes that are healthy are shown as unhealthy", "sidecar-down", "sidecar-down-somewhere", "deleting-taint"),
    _row("spread", "traffic is not spread over the nodes as expected", "local-on-excluded",
         by_hand="how many flows each node gets only metrics tell: SYNCount and ByteCount by BackendIPAddress of the load balancer"),
    _row("sidecar", "the container health-probe-proxy crashes, or does not start", "sidecar-down", "sidecar-down-somewhere",
         by_hand="why, its log says: `kubectl logs -n kube-system daemonset/cloud-node-manager -c health-probe-proxy`"),
    _row("manager", "the pod cloud-node-manager crashes, or does not start", "sidecar-down",
         by_hand="why, its log says: `kubectl logs -n kube-system daemonset/cloud-node-manager`"),
    _row("profile", "look whether the profile of the load balancer has the mode", "toggled", "toggled-back"),
    _row("secret", "look whether AKS has written the mode into the provider's configuration",
         by_hand="it is a Secret of AKS' own control plane: only support sees it"),
    _row("chart", "look whether the DaemonSet has the sidecar", "toggled", "toggled-back"),
    _row("windows", "kube-proxy of Windows starts with the first pod that is no HostProcess one", "windows"),
    _row("ports", "AKS' sidecar listens on 10356 and asks 10256, upstream Azure asks 10256 itself", "sidecar-down"),
)  # fmt: skip

LEARN_ROWS = _rows(
    LEARN,
    _row("pool-type", "backend pools by address need 1.23, Standard, and scale sets", files=(
        File("explain -f examples/web.yaml --sku basic --backend-pool-type nodeIP", "only with the SKU Standard and node pools of scale sets"),
    )),
    _row("one-option", "only one of managed outbound IPs, own IPs and own prefixes can be used", files=(
        File("explain -f examples/web.yaml --profile examples/two-outbound-options.yaml", "only one outbound IP option can be used"),
    )),
    _row("portal", "changes of the outbound rule on the load balancer itself are undone: use az aks", files=(
        File("snat --nodes 51", "is undone when the cluster is reconciled"),
    )),
    _row("own-addresses", "own outbound IPs must exist, and managed ones cannot be reused", "own-address"),
    _row("own-role", "the cluster's identity needs rights on own IPs", "own-address", "no-role"),
    _row("exhaustion", "many connections to few destinations use up the SNAT ports", files=(
        File("snat --nodes 51", "a port is taken per destination address and port"),
    ), by_hand="that they are used up now, the metrics SnatConnectionCount (failed) and UsedSnatPorts say"),
    _row("boundaries", "more than 50, 100 … nodes halve the ports of each: set a number", files=(
        File("snat --nodes 51", "512 per node"),
    )),
    _row("formula", "ports, IPs and nodes must fit: 64,000 per IP, a multiple of 8", files=(
        File("snat --nodes 60 --ips 2 --ports 1003", "multiple of 8"),
    )),
    _row("surge", "upgrades need ports for more nodes", files=(
        File("snat --nodes 3 --max-nodes 15 --ips 1 --ports 7104", "while AKS upgrades"),
    )),
    _row("outbound-idle", "30 idle minutes hold ports for long: set 4", files=(
        File("snat --nodes 51", "idle timeout changes the rule of"),
    ), by_hand="how long connections idle, only the application knows"),
    _row("keepalive", "idle connections are cut: send keepalives on one side, keep TCP reset on", files=(
        File("explain -v -f examples/web.yaml", "idle 4 min"),
    ), by_hand="whether a client sends keepalives, only the client knows"),
    _row("inside-only", "a range of the subnet keeps out all clients outside", files=(
        File("trace 198.51.100.7 svc/host-bits -f examples/troubleshooting/blocked.yaml", "DROPPED"),
    )),
    _row("ranges-and-tags", "source ranges and service tags cannot be combined: use the two annotations", "ranges-and-tags"),
    _row("probe-tag", "the security group lets the load balancer's own tag in, for probes", files=(
        File("explain -o json -f examples/web.yaml", "AllowAzureLoadBalancerInBound"),
    )),
    _row("pod-range", "from 1.25 on pods that call the address need the pods' range among the source ranges", files=(
        File("explain -v -f examples/troubleshooting/blocked.yaml", "pods of the cluster"),
    )),
    _row("client-address", "the pods see a node's address, not the client's: externalTrafficPolicy Local", files=(
        File("trace 203.0.113.7 svc/shop -f examples/web.yaml --kubernetes-version 1.30", "svc/shop:80"),
    )),
    _row("internal", "internal is exactly true or false", "internal-spelled"),
    _row("idle-timeout", "the idle timeout is 4 to 30 minutes", "idle-timeout"),
    _row("threshold", "interval and number of probes have bounds", "health-threshold"),
    _row("no-rule", "a port can be left out of the load balancer", "no-port-left"),
    _row("health-port", "a port for health checks is not to be open to the internet", "no-port-left",
         by_hand="whether an application's health answer tells too much, only its owner knows"),
    _row("app-protocol", "from 1.24 on appProtocol decides how is probed, and / is asked", "redirect", files=(File(UPGRADE, "BREAKS"),)),
    _row("proxy-protocol", "with PLS and the proxy protocol the probe of Local Services does not work", files=(
        File("rules pls-proxy-protocol-with-http-probe", "header"),
    )),
)  # fmt: skip

SUPPORT_BLOG_ROWS = _rows(
    SUPPORT_BLOG,
    _row("flip", "the upgrade to 1.24 turns a Tcp probe into one by http", files=(File(UPGRADE, "BREAKS"),)),
    _row("blind", "a Tcp probe sees that a port is open, and no error of the application", files=(
        File("explain -f examples/web.yaml --kubernetes-version 1.23", "passes once a pod behind it listens"),
    ), by_hand="`kubectl akslb verify svc/NAME` asks by http"),
    _row("own-path", "which path answers 200 depends on the application", files=(
        File("explain -f examples/web.yaml --kubernetes-version 1.30", "must get 200"),
    ), by_hand="`kubectl akslb verify svc/NAME` asks each node"),
    _row("nginx", "the default backend of ingress-nginx answers / with 404", files=(File(INGRESS, "404"),)),
    _row("before", "set the path of the probe before the upgrade, also by Helm", files=(File(UPGRADE, "azure-load-balancer-health-probe-request-path: /healthz"),)),
    _row("after", "set it on a cluster that is upgraded already", files=(File(INGRESS, "health-probe"),)),
    _row("not-in-portal", "do not edit the probe in the portal: change the Service",
         "azure-probe-of-other-path", "azure-probe-of-other-port", "azure-rule-without-probe", "stale-status"),
    _row("vm", "the machine does not run", "azure-machine-deallocated", "node-not-ready"),
    _row("node", "the node is NotReady", "node-not-ready"),
    _row("values", "probe, node port and path do not match the Service",
         "azure-probe-of-other-port", "azure-probe-of-other-path", "no-node-ports", "tls-port"),
    _row("selector", "selector and labels do not match", "selector"),
    _row("pods", "the pods do not run", "crash-loop", "image-pull", "secret-not-there", "evicted"),
    _row("policy", "a NetworkPolicy keeps out the probe", "policy-default-deny", "policy-namespace-selector"),
    _row("firewall", "a security group keeps out the probe", "azure-probes-denied", files=(File(TRACE, "rule block-test-network"),)),
    _row("history", "when the probes failed, the metric Health Probe Status shows",
         by_hand="the metric is DipAvailability, by minute: nothing else keeps it"),
)  # fmt: skip

GITBOOK_ROWS = _rows(
    GITBOOK,
    _row("pending", "EXTERNAL-IP stays pending: describe the Service", "no-role", "subnet-full", "azure-cluster-failed",
         "azure-address-not-there", "azure-address-in-other-group", "azure-address-in-use"),
    _row("controller-log", "read the log of kube-controller-manager",
         by_hand=_DIAGNOSTICS.format("cloud-controller-manager")),
    _row("client", "clientId or clientSecret are wrong", "secret-wrong", "secret-expired", "client-id"),
    _row("tenant", "the tenant is wrong", "tenant"),
    _row("subscription", "the subscription is wrong", "subscription"),
    _row("azure-json", "correct azure.json on all nodes", "azure-json",
         by_hand="the file is on the nodes; AKS writes it anew when a node is reimaged, so there: az aks update-credentials"),
    _row("role", "the identity may not manage load balancers, security groups, addresses", "no-role", "own-address"),
    _row("prefixes", "a security rule without source prefixes is refused", "source-prefixes"),
    _row("vm", "the machine of a node does not work: restart it", "azure-machine-deallocated", "node-not-ready"),
    _row("port", "the container does not listen on the port", "not-listening", "no-readiness", "target-port-number"),
    _row("firewall", "a firewall or a security group keeps clients out", "azure-foreign-denial",
         "azure-foreign-denial-of-some", "azure-subnet-group-of-your-own", "azure-answers-by-firewall", files=(File(TRACE, "DROPPED"),),
         by_hand="firewalls on the node or on the client's side only they show"),
    _row("some-containers", "some containers do not answer, so that probes fail now and then", "no-readiness"),
    _row("readiness", "give containers a readiness probe: they leave the endpoints when they fail", "no-readiness", "not-listening"),
    _row("own-node", "a node of the pool that calls its own internal address fails: use the ClusterIP", files=(
        File("explain -f examples/istio-gateway.yaml -o json", '"cause": "hairpin"'),
    )),
    _row("pool-internal", "the pool of an internal load balancer is empty", "azure-pool-is-empty", "no-node", "all-excluded"),
    _row("pool-external", "the pool is empty as nodes have no ID of Azure: delete the node, mend the kubelet", "no-provider-id",
         "node-of-no-scale-set"),
    _row("left-address", "a public IP stays after its Service is deleted", "deletion-hangs",
         by_hand="`az network public-ip list --query \"[?ipConfiguration==null]\"` in the nodes' resource group; its tag names the Service"),
    _row("frontend-quota", "the quota of frontends is reached", "frontend-quota"),
    _row("address-quota", "the quota of public IPs is reached: raise it", "address-quota", "azure-quota"),
    _row("identity", "the managed identity cannot be used", "managed-identity"),
    _row("throttled", "Azure refuses too many requests", "too-many-requests"),
    _row("fewer-requests", "useInstanceMetadata and a longer period for routes make fewer requests", "too-many-requests",
         by_hand="on AKS they are set so; elsewhere they stand in azure.json and in the arguments of the controller"),
    _row("sku-size", "Basic takes fewer nodes, and only one set of them", files=(
        File("capacity -f examples/web.yaml --sku basic --nodes 400", "nodes per backend pool: 400 of 300"),
    )),
    _row("sku-both", "load balancer and public IP must have one SKU", "two-skus"),
    _row("sku-closed", "Standard is closed without a security rule", "azure-no-security-rule", files=(File(TRACE, "security group"),)),
    _row("ha-ports", "HA ports need Standard, and an internal address", files=(
        File("rules floating-ip-disabled-with-ha-ports", "HA ports"),
    )),
    _row("zones", "Basic is in one zone, Standard in all", files=(File("explain -f examples/web.yaml -o json --zones 1,2,3", '"zones"'),)),
)  # fmt: skip

NETWORK_ROWS = _rows(
    NETWORK_GUIDE,
    _row("authorised", "the API server is open to other ranges only: add the client's", kubectl=(Kubectl(TIMEOUT, "authorised IP ranges"),)),
    _row("private", "the cluster is private: connect from its network", kubectl=(Kubectl(TIMEOUT, "private cluster"),)),
    _row("leak", "the network plugin does not give addresses back: ask support", "ipam",
         by_hand="the plugin's list is on the node, below /var/lib/cni/networks"),
    _row("garbage", "pods are made faster than ended ones are cleared: clear them faster", "ipam",
         by_hand="a node pool with a file of the kubelet's own settings (kubelet-config)"),
    _row("no-endpoints", "the Service has no endpoints", "selector"),
    _row("selector", "its selector is wrong", "selector"),
    _row("pods", "the pods do not run", "crash-loop", "image-pull", "secret-not-there", "evicted"),
    _row("container-port", "targetPort is not the port of the container", "target-port-number", "target-port-name"),
    _row("silent", "the container does not listen", "not-listening", "no-readiness",
         by_hand="`kubectl akslb verify svc/NAME` asks the nodes; in the pod: ss -ltn"),
    _row("cni", "the network plugin or a route is wrong", "node-network", "ipam", "network-plugin-down",
         "azure-route-of-kubenet-missing", "azure-route-of-kubenet-stale", "azure-routes-of-kubenet-all-missing"),
    _row("kube-proxy", "kube-proxy does not run", "kube-proxy-down", "kube-proxy-gone", "cilium-down"),
    _row("iptables", "its rules are wrong",
         by_hand="only the node has them: iptables-save in a privileged pod; reimaging the node makes them anew"),
    _row("policy", "a NetworkPolicy drops the traffic",
         "policy-except", "policy-named-port", "policy-end-port", "policy-default-deny", "policy-namespace-selector"),
    _row("policy-log", "Calico can log what its policies drop",
         by_hand="a policy of Calico with action Log; the log is on the node"),
    _row("inside", "try from a pod whether the API server answers", by_hand=_API),
    _row("kubernetes", "look at the Service kubernetes and its endpoints", by_hand=_API),
    _row("api-policy", "NetworkPolicies keep pods from the API server", by_hand=_API + "; `kubectl akslb trace pod/P HOST:443` asks the policies"),
    _row("api-ranges", "the API server does not let the cluster's own way out in", by_hand=_API),
    _row("api-firewall", "a firewall on the way out lacks rules for AKS", by_hand=_API + "; its own log says what it drops"),
    _row("api-dns", "the private DNS zone is not linked, or not forwarded to", kubectl=(
        Kubectl("Unable to connect to the server: dial tcp: lookup x.privatelink.westeurope.azmk8s.io: no such host", "private DNS zone"),
    )),
    _row("api-log", "read the log of kube-apiserver", by_hand=_DIAGNOSTICS.format("kube-apiserver")),
    _row("api-down", "kube-apiserver does not run", kubectl=(
        Kubectl("The connection to the server 20.1.2.3:443 was refused - did you specify the right host or port?", "powerState"),
    )),
    _row("forbidden", "403 is no matter of the network: bind a role", kubectl=(
        Kubectl(
            'Error from server (Forbidden): services is forbidden: User "jane" cannot list resource "services" in API group ""'
            ' in the namespace "shop"', "kubectl create rolebinding",
        ),
    )),
)  # fmt: skip

ROWS = (*PROBE_MODE_ROWS, *LEARN_ROWS, *SUPPORT_BLOG_ROWS, *GITBOOK_ROWS, *NETWORK_ROWS)
COUNTS = {PROBE_MODE_GUIDE.name: 14, LEARN.name: 23, SUPPORT_BLOG.name: 15, GITBOOK.name: 27, NETWORK_GUIDE.name: 23}
"""How many causes and pieces of advice each document has."""
