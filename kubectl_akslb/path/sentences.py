"""What is said about a cause: the one place where a hop's reasons become words, for explain and for lint alike."""

from collections.abc import Mapping

from kubectl_akslb.evidence.state import PolicyEngine
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Reason
from kubectl_akslb.provider import behaviours, kubernetes

_SHOWN = 3
_TOUCH = "touch the Service: any change of an annotation has the provider reconcile it, which puts that right"

#: A clause for each cause; what stands in braces are facts of the reason.
SENTENCES: dict[Cause, str] = {
    # accepted
    Cause.ACCEPTED: "the provider takes it",
    Cause.NOT_AZURE: "Azure's provider does not act on it: {because}",
    Cause.REFUSED_BY_API_SERVER: "the API server refuses {field} {value!r}: {message}",
    Cause.REFUSED_BY_PROVIDER: "{message}",
    Cause.PORT_IS_TAKEN_BY: "Service {service} has port {port} of this address already",
    Cause.REFUSED_BY_AZURE: "Azure refuses it ({code}): {because}",
    Cause.MAY_BE_REFUSED_BY_AZURE: "Azure may refuse it ({code}): {because}",
    Cause.REMEDY: "{text}",
    Cause.BEING_DELETED: "it is being deleted, and what it has in Azure goes away",
    Cause.KEEPS_WHAT_IT_HAD: "Azure keeps what it had before, also who gets in ({addresses})",
    Cause.SYNC_FAILED: "{why}",
    Cause.SYNC_FAILED_SINCE: "its last change failed, and Azure keeps what it had before, also who gets in: {why}",
    Cause.WAITING: "Azure takes up to two minutes",
    Cause.ATTEMPT_GOES_ON: "the provider works on it, and no error is recorded",
    Cause.NO_EVENT: "no event says why; events are kept for an hour, and the provider tries again more often than that",
    Cause.EVENTS_UNREAD: "its events are not known",
    Cause.CONTROLLER_MAY_NOT_RUN: (
        "if it stays silent, the cloud controller may not run: az aks show --resource-group GROUP --name NAME"
        " --query provisioningState"
    ),
    Cause.CILIUM_TAKES_ADDRESS: (
        "Cilium's LB IPAM acts on it too, and takes the address away that Azure's provider gives it"
    ),
    Cause.CLUSTER_STATE: "{what} is {state}",
    Cause.QUOTA_IS_USED_UP: "the subscription uses {current} of {limit} {what} in {region}",
    Cause.PUBLIC_IP_ELSEWHERE: (
        "the public IP {name} is in the resource group {group}, and the provider looks in {asked}"
    ),
    Cause.PUBLIC_IP_IN_USE: "the public IP {name} is in use by {by}",
    Cause.ZONE_NOT_LINKED: (
        "the private DNS zone {zone}, which has the API server's name, is not linked to the nodes' network {network}"
    ),
    # address
    Cause.NO_ADDRESS_OF_FAMILY: "the Service has no {family} address, and the client no other",
    Cause.HAS_ADDRESS: "it has an address of the kind that is meant",
    Cause.STATUS_IS_STALE: (
        "its address is still {address}, and the Service is {kind} by now: the next reconcile changes it"
    ),
    Cause.ADDRESS_OF_CILIUM: "its address {address} is given by Cilium's LB IPAM, and no load balancer of Azure has it",
    Cause.OTHER_ADDRESS: "its address is {address}, and it asks for {asked}: the next reconcile changes it",
    Cause.ADDRESS_NOT_USED: "it asks for the address {asked}, which the provider does not use: another one is given",
    Cause.PUBLIC_NOT_INTERNAL: 'the address is public: {value!r} is not exactly "true"',
    Cause.INTERNAL_ASKED_ELSEWHERE: "the address is public: {key} {whom}",
    Cause.NO_FRONTEND_WITH_ADDRESS: "no frontend of {balancer} has its address {address}: it was removed in Azure",
    Cause.FRONTEND_HAS_OTHER_ADDRESS: "its status says {address}, and its frontend on {balancer} has {stands}",
    # rule
    Cause.HAS_RULES: "a load-balancing rule takes it",
    Cause.CONTROLLER_NOT_KNOWN: "{what}",
    Cause.PORTS_UNKNOWN: "its ports are not known here: only the controller that makes it knows them",
    Cause.NO_RULE: "no port has a load-balancing rule, so nothing reaches the nodes",
    Cause.OTHER_FAMILY: "the rule {rule} for {family} stands on the frontend {frontend} of the other IP family",
    Cause.NOT_IN_AZURE: "the {what} is not there in Azure: somebody removed it, or it was never made",
    Cause.DIFFERS_IN_AZURE: (
        "in Azure the {what} has {field} {stands}, and {wanted} is asked for: somebody changed it there, or the"
        " provider has not yet"
    ),
    Cause.FAILED_IN_AZURE: "the {what} is {state}: Azure keeps what worked before its last change",
    # security group
    Cause.OPEN: "rule {rule} lets it in",
    Cause.NO_SECURITY_RULE: "no rule lets it in",
    Cause.NO_RANGE_OR_TAG: "{item!r} is neither a range nor a service tag: Azure refuses the rule",
    Cause.TAG_NOT_DOCUMENTED: (
        "Azure documents no service tag of this name: unless it is new, Azure refuses the rule and all others with it"
    ),
    Cause.TAG_HOLDS_NO_CLIENT: "{item} stands for Azure's probes: clients come with their own addresses",
    Cause.BAD_RANGE_CLOSES: "{items} is no range, so the provider denies all that no other range lets in",
    Cause.DENIED: "rule {rule} denies it, and no rule before lets it in",
    Cause.DENIED_OVER_ONE_FAMILY: (
        "rule {rule} denies it, but not over {family}: there an internal frontend has no floating IP, and no rule names"
        " the nodes"
    ),
    Cause.OPEN_TO_ONE_FAMILY: "rule {rule} lets in the internet, but no rule lets in its {family} addresses",
    Cause.DENIED_BUT_RANGES: "rule {rule} denies all but the ranges that are let in",
    Cause.PROBES_DENIED: "rule {rule} denies every port of the nodes, to Azure's health probes too",
    Cause.PROBES_DENIED_BY_RULE: (
        "rule {rule} (priority {priority}) of {group} denies Azure's health probes, so no node is in rotation"
    ),
    Cause.PRIVATE_ADDRESS: "the address is private",
    Cause.PRIVATE_TO_PUBLIC: (
        "the address is public, and what comes to it from outside of the cluster has a public source address:"
        " only pods and nodes come with one of {item}"
    ),
    Cause.PUBLIC_TO_PRIVATE: (
        "the address is private: only a network of yours that has these public addresses gets there"
    ),
    Cause.NOT_EXACTLY_INTERNAL: (
        "the address is public, as {value!r} is not exactly 'true', and the security rules are for an internal one"
    ),
    Cause.NO_RULE_BY_GATEWAY: (
        "the provider writes no security rule for a container load balancer, and nothing tells whether Azure opens the"
        " pods' subnet for it"
    ),
    Cause.RULES_DISABLED: "the provider writes no rule: only rules of your own let it in",
    Cause.RULES_FOR_NODES: (
        "HA ports keep the floating IP, but the security rules are for the nodes: none of them matches, only the"
        " default rule for the virtual network"
    ),
    Cause.RULE_LETS_IN: "rule {rule} (priority {priority}) of {group} lets it in",
    Cause.RULE_DENIES: "rule {rule} (priority {priority}) of {group} denies it",
    Cause.RULE_DENIES_SOME: "rule {rule} (priority {priority}) of {group} denies {what}, and the rest gets in",
    Cause.SECURITY_RULE_NOT_IN_AZURE: (
        "the rule {rule}, by which the provider lets it in, is in no security group of the nodes"
    ),
    Cause.RULE_UNDECIDED: (
        "whether {rule} (priority {priority}) of {group} matches depends on the {doubt}; if not, {other} decides"
    ),
    Cause.NO_SECURITY_GROUP: "no security group stands before the nodes: {effect}",
    Cause.SECURITY_GROUPS_DIFFER: "node pools have different security groups, which do not agree: {group}",
    Cause.SEEN_AS_PUBLIC: (
        "the address of the Service is public: whoever has a private address comes with a public one, that of its own"
        " way out"
    ),
    Cause.PUBLIC_IN_RANGES: "it gets in if that one is in {items}",
    Cause.SECURITY_RULES_ASSUMED: "the security rules are those that the provider writes, and nobody else's",
    Cause.BESIDE_LOAD_BALANCER: "kube-proxy of its own node takes it: the load balancer is not asked",
    # what other Services make of it
    Cause.NOT_LET_IN: "no rule lets {clients} in to {protocol} {port} of {address}{where}{when}",
    Cause.NOT_KEPT_OUT: "it asks to deny all others, and no rule does at {address}{where}{when}",
    Cause.OPEN_BY_DEFAULT_ROUTE: (
        "nobody more gets in by that, unless the nodes' subnet has a route 0.0.0.0/0: with one Azure counts the"
        " internet to the virtual network"
    ),
    Cause.LET_IN_UNASKED: (
        "rule {rule} lets {clients} in to {protocol} {port} of {address}, and no Service there asks for it{when}"
    ),
    Cause.KEPT_OUT_UNASKED: "rule {rule} denies every port of {address} to it, for {others}{when}",
    Cause.PROBES_DENIED_BY_OTHERS: (
        "rule {rule} denies every port of the nodes, to Azure's health probes too: {others} asks for it, without"
        " floating IP{when}"
    ),
    Cause.NOT_SERVED: "no load-balancing rule takes {protocol} {port} for {family}{when}",
    Cause.FOREIGN_FRONTEND: "rule {rule} leads from a frontend that another Service asked for{when}",
    # pool
    Cause.NODES_UNREAD: "which nodes are in the pool could not be read",
    Cause.NODES_NOT_READ: "the nodes of the pool are not known",
    Cause.OF_ONE_LOAD_BALANCER: (
        "there are several load balancers, and {node} is in the pools of one of them: the provider chooses which"
    ),
    Cause.PODS_IN_THE_POOL: "ready pods are in the pool by their own addresses, and no node is",
    Cause.IN_THE_POOL: "{members} of {nodes} nodes are in the pool",
    Cause.NO_MEMBER: "none of {nodes} nodes is in the pool",
    Cause.EXCLUDED: (
        "{node}: the label node.kubernetes.io/exclude-from-external-load-balancers keeps it out of the pool"
    ),
    Cause.NOT_MANAGED: "{node}: the label kubernetes.azure.com/managed=false keeps it out of the pool",
    Cause.CONTROL_PLANE: "{node}: nodes of the control plane are kept out of the pool",
    Cause.VIRTUAL_NODE: "{node}: a virtual node has no network card that could be in the pool",
    Cause.OF_OTHER_SET: "{node}: of the set {set}, and this Basic load balancer takes the nodes of {wanted} alone",
    Cause.OTHER_RESOURCE_GROUP: "{node}: a node of another resource group is not put into the pool",
    Cause.NODE_DELETED: "{node}: it is being deleted, and out of the pool",
    Cause.NODE_NOT_READY: "{node}: the node is not ready",
    Cause.NODE_HAS_NO_ADDRESS: "{node} has no address of {family} that could be asked",
    Cause.NODE_HAS_NO_NETWORK: "{node}: its condition NetworkUnavailable is true, so it may have no route to pods",
    Cause.NODE_NOT_ADDRESSED: "{node}: without an InternalIP of {family} its network card may have none either",
    Cause.NO_PROVIDER_ID: "{node}: without a providerID it may not be found in Azure",
    Cause.NOT_OF_AZURE: "{node}: its providerID {machine} is none of Azure, so no virtual machine may be found for it",
    Cause.POOL_TOO_LARGE: "{members} nodes are more than the {most} that a pool holds",
    Cause.RULE_WITHOUT_POOL: "the {what} has no backend pool in Azure, so it leads nowhere",
    Cause.POOL_IS_EMPTY: "in Azure none of {nodes} nodes is in the pool, although they belong there",
    Cause.NOT_IN_POOL_YET: "{node}: not in the pool in Azure, although it belongs there",
    Cause.STILL_IN_POOL: "{node}: still in the pool in Azure, until the provider takes it out",
    # rotation
    Cause.IN_ROTATION: "{inside} of {nodes} nodes are in rotation",
    Cause.NONE_IN_ROTATION: "none of {nodes} nodes is in rotation",
    Cause.ANSWERS_PROBE: "{node}: answers the probe",
    Cause.NODE_NOT_PROBED: "{node}: counts as up, because nothing is probed",
    Cause.NO_LOCAL_ENDPOINT: "{node}: no ready pod there, so it fails the probe",
    Cause.HEALTH_CHECK_OF_EITHER_FAMILY: (
        "{node}: ready pods of one IP family only, and before"
        f" {kubernetes.HEALTH_CHECK_BY_FAMILY.dates} kube-proxy's one health check answers for either"
    ),
    Cause.NO_ENDPOINT_ANYWHERE: "{node}: no pod takes the probe",
    Cause.KUBE_PROXY_SAYS_DELETED: "{node}: it is being deleted, so kube-proxy answers 503",
    Cause.KUBE_PROXY_DOWN: "{node}: kube-proxy does not run, and its rules stay as they were",
    Cause.KUBE_PROXY_NOT_SEEN: "kube-system has neither kube-proxy nor Cilium: what sends packets to pods is not known",
    Cause.NETWORK_DAEMON_DOWN: (
        "{name} runs on {ready} of {desired} nodes: where it does not, what it has set up stays, and nothing new"
        " is set up"
    ),
    Cause.SIDECAR_DOWN: "{node}: health-probe-proxy, which takes the probe in shared mode, is not ready",
    Cause.NO_SIDECAR: (
        "the probes are shared, and cloud-node-manager has no health-probe-proxy to answer them: the change of"
        " the mode is not through, or not allowed to the subscription"
    ),
    Cause.SHARED_WITHOUT_STANDARD: "AKS has shared probes only with the SKU Standard, and this one is Basic",
    Cause.SIDECAR_BEFORE_SHARED_MODE: (
        "health-probe-proxy runs, but this provider knows no shared probes: which ones stand in Azure is not known"
    ),
    Cause.SIDECAR_WITHOUT_SHARED_MODE: (
        "the cluster is said to have a probe for each Service, but health-probe-proxy runs: a change of the mode"
        " is not through"
    ),
    Cause.WINDOWS_NEEDS_A_POD: (
        "{node}: kube-proxy of Windows starts with the first pod that is no HostProcess one, and answers nothing before"
    ),
    Cause.NO_KUBE_PROXY_WITH_CILIUM: (
        "there is no kube-proxy: Cilium answers the probe in its place only where"
        " kube-proxy-replacement-healthz-bind-address is set, as AKS has it since June 2023"
    ),
    Cause.IPV6_PROBE_NOT_ROUTED: (
        "{node}: probes over IPv6 come from a link-local address, which Linux routes to no pod unless the node's image"
        " rewrites it; with externalTrafficPolicy Local the node itself answers"
    ),
    Cause.PROBE_ELSEWHERE: "{node}: the probe asks something that Kubernetes does not know",
    Cause.MACHINE_DOES_NOT_RUN: "{node}: its machine is {state}",
    Cause.PROBE_DIFFERS_IN_AZURE: (
        "in Azure the probe asks {stands}, and {wanted} is asked for: somebody changed it there, or the provider has"
        " not yet"
    ),
    Cause.UNTIL_RECONCILED: "as it stands it passes, until the next reconcile undoes that; what is asked for does not",
    # node
    Cause.PAST_KUBE_PROXY: "Azure sends it to a pod, past kube-proxy",
    Cause.TO_THE_PODS: "kube-proxy sends it to the pods",
    Cause.IN_SOURCE_RANGES: "kube-proxy lets it in by loadBalancerSourceRanges",
    Cause.SOME_IN_SOURCE_RANGES: "kube-proxy lets in only what is in loadBalancerSourceRanges ({ranges})",
    Cause.NOT_IN_SOURCE_RANGES: "kube-proxy drops it: it is not in loadBalancerSourceRanges ({ranges})",
    Cause.TAG_BESIDE_SOURCE_RANGES: (
        "kube-proxy drops what of the service tag is not in loadBalancerSourceRanges ({ranges}): it knows no tags"
    ),
    Cause.PODS_BESIDE_SOURCE_RANGES: (
        "kube-proxy filters pods too: only those in loadBalancerSourceRanges ({ranges}) get in by this address"
    ),
    Cause.PODS_LEAVE_THE_NODE: (
        "what kube-proxy does not take for this Service leaves the node, and comes to Azure like a packet from outside,"
        " a pod's from another address than its own"
    ),
    Cause.NFTABLES_DROPS_OWN_NODE: (
        "{node}: no pod of it runs there; kube-proxy serves its own node all the same with iptables, and drops it with"
        " nftables"
    ),
    Cause.PAST_SOURCE_RANGES: (
        "without floating IP it comes to the node port, where loadBalancerSourceRanges do not count"
    ),
    Cause.NODE_NOT_ROUTED: (
        "{node}: the route table {table} has no route to its pods ({range}), so other nodes do not reach them"
    ),
    Cause.NODE_ROUTE_STALE: (
        "{node}: in the route table {table} the route to its pods ({range}) leads to {next_hop}, which is another"
        " address than its own"
    ),
    Cause.NODES_WITHOUT_POD_DROP: "{nodes} are in rotation and drop what they get: externalTrafficPolicy is Local",
    Cause.ALL_NODES_WITHOUT_POD: "no node in rotation has a ready pod, and externalTrafficPolicy is Local: all drop it",
    Cause.STATUS_IS_EMPTY: "its status has no{of} address yet, by which alone kube-proxy knows packets to it",
    Cause.STATUS_IS_PROXIED: "its status says ipMode: Proxy, so kube-proxy does not take packets to its{of} address",
    Cause.NO_NODE_PORT_TO_SEND_TO: "without floating IP it goes to the node port, and the Service has none",
    # probe
    Cause.PODS_NOT_PROBED: "nothing is probed: pods that Kubernetes says are ready get traffic",
    Cause.NOT_PROBED: "nothing is probed: every node gets traffic, with or without a ready pod",
    Cause.PORT_NOT_ALLOCATED: "the port that is probed, {number}, is not allocated yet",
    Cause.NO_NODE_PORT: "the probe has no port to ask: the Service has no node port, and Azure refuses port 0",
    Cause.KUBE_PROXY_ANSWERS: "kube-proxy answers for the node; it knows nothing of this application",
    Cause.KUBE_PROXY_ACCEPTS: "kube-proxy accepts the connection, whatever the application does",
    Cause.KUBE_PROXY_REFUSES_REQUEST: "kube-proxy answers 200 only on http /healthz, not on {protocol} {path}",
    Cause.NO_KUBE_PROXY: "{daemon} does not run, so nothing answers on port {number}",
    Cause.HEALTH_CHECK_ANSWERS: "kube-proxy answers 200 where the node has a ready pod of this Service",
    Cause.HEALTH_CHECK_ACCEPTS: "kube-proxy accepts the connection on every node, with or without a pod",
    Cause.PROXY_HEADER_TO_KUBE_PROXY: (
        "the private link service puts the header of the proxy protocol before the probe, and kube-proxy answers 400"
    ),
    Cause.PROXY_HEADER_TO_PODS: (
        "the private link service puts the header of the proxy protocol before the probe of port {port}, which the pods"
        " must expect"
    ),
    Cause.PROBE_PORT_OUTSIDE: (
        "port {number} is no port of the Service, so Azure probes it on the node, where containers do not listen"
    ),
    Cause.PROBE_PORT_OF_PODS: "port {number} is opened on the node by {owner}, on the nodes where its pods run",
    Cause.PROBE_PORT_OF_NODE: "port {number} of the node is that of {daemon}, which knows nothing of this application",
    Cause.PROBE_PORT_OF_OTHERS: "port {number} of the node belongs to something else: {service}",
    Cause.LISTENS: "passes once a pod behind it listens",
    Cause.LISTENS_WITH_ROUTES: ("passes once {workload} listens, which it does only when it has a route"),
    Cause.TLS_PORT_ASKED_PLAINLY: "port {port} speaks TLS, and the probe asks it over plain http",
    Cause.PLAIN_PORT_ASKED_FOR_TLS: "port {port} speaks plain http, and the probe asks it over TLS",
    Cause.MAY_SPEAK_OTHERWISE: "port {port} may speak TLS or plain http: the probe of {path} asks it over {protocol}",
    Cause.WELL_KNOWN_ANSWER: "{workload} answers GET {path} with {status}",
    Cause.WELL_KNOWN_FAILURE: "GET {path} gets {status} from {workload}, and Azure needs 200",
    Cause.WELL_KNOWN_UNLESS: "{workload} answers GET {path} with {status}, unless {unless}",
    Cause.WELL_KNOWN_BUT_TOLD: "{workload} as it comes answers GET {path} with {status}, but these pods have {word}",
    Cause.SETTING_STOPS_PROBE: "{kind} {name} sets {what}, which turns away the probe {path} of port {port}",
    Cause.SETTING_MAY_STOP_PROBE: "{kind} {name} sets {what}, which may turn away the probe {path} of port {port}",
    Cause.INGRESS_CAPTURES_PROBE: (
        "{kind} {name} has no host and its {what} captures the probe {path} of port {port}: the application behind it"
        " must answer 200"
    ),
    Cause.READINESS_IS_REDIRECTED: (
        "the kubelet says that GET {path} is answered with a redirect: that counts as ready there, and only 200 counts"
        " here"
    ),
    Cause.READINESS_ASKS_THE_SAME: (
        "the readiness probe of {owner} asks for {path} too, but it takes 200 to 399 for ready, and Azure takes 200"
        " only"
    ),
    Cause.ANSWER_NOT_PROVEN: "GET {path} must get 200, and only 200, from its pods",
    # what mends a probe
    Cause.NOTHING_TELLS: "nothing here tells which path it answers",
    Cause.NO_PATH_OF_WORKLOAD: "this is {workload}: {note}",
    Cause.WORKLOAD_ANSWERS_THERE: "this is {workload}, which answers {status} there (by {source})",
    Cause.HEALTH_CHECK_WAS_MOVED: "this is {workload}, and its arguments put the health check there",
    Cause.READINESS_IS_BELOW_A_PREFIX: (
        "this is {workload}, and the readiness probe of {owner} asks the same port for it"
    ),
    Cause.STATUS_PORT_ANSWERS_FOR_ALL: "this is {workload}, whose port {number} answers {path} for all of them",
    Cause.READINESS_ASKS_FOR_IT: "the readiness probe of {owner} asks the same port for it",
    Cause.NO_PODS_TO_ASK: "no workload here has the pods that its selector matches",
    Cause.NO_CONTAINER_PORT: "no container of {owner} has the port {detail!r}",
    Cause.NO_HTTP_READINESS: "{owner} has no readiness probe by http",
    Cause.READINESS_ASKS_OTHER_PORT: "the readiness probe of {owner} asks another port, {detail!r}",
    Cause.READINESS_SPEAKS_OTHERWISE: "the readiness probe of {owner} speaks {detail}",
    Cause.READINESS_SENDS_HEADERS: (
        "the readiness probe of {owner} sends a host or headers of its own, which Azure does not"
    ),
    Cause.READINESS_PATH_NOT_PLAIN: "the readiness probe of {owner} asks for something that is no plain path",
    Cause.READINESS_ASKS_FOR_ROOT: "the readiness probe of {owner} asks for /, which redirects as often as not",
    Cause.READINESS_PATH_NOT_200: "the readiness path {detail} of {owner} is known to answer another status than 200",
    Cause.READINESS_DIFFERS: "{owner} and {detail} are asked for different paths",
    Cause.POLICY_SETS: "{policy}",
    Cause.POLICY_WANTS_TCP: "{policy} wants a Tcp probe",
    Cause.POLICY_LEAVES: "{policy} says to leave it alone",
    Cause.POLICY_FORBIDS: "{policy} says to fail then",
    Cause.PROBE_PORT_IS_TARGET: "{number} is where port {port} of the Service leads to",
    Cause.NAME_A_PORT_OF_THE_SERVICE: (
        "{key} must name a port of the Service, whose node port is probed then: a management port has to be added to it"
    ),
    Cause.PROBE_PORT_WAS_CHOSEN: "its {key} was chosen by hand, and so is what answers there",
    Cause.ANNOTATION_NOT_READ: (
        "provider {version} ignores {key} (read since {dates}): upgrade, remove the appProtocol of port {port}, or set"
        " {path_key} to a path that answers 200"
    ),
    Cause.ANNOTATIONS_CHANGE_MORE: "no annotation is safe here: {what} would change too",
    Cause.ANNOTATIONS_ARE_REFUSED: "no annotation is safe here: the provider would refuse it: {message}",
    Cause.ANNOTATIONS_WITHOUT_EFFECT: "no annotation is safe here: the probe of port {port} would not change",
    # network policy
    Cause.POLICIES_UNREAD: "whether a NetworkPolicy keeps it out could not be read",
    Cause.NO_POLICY: "no NetworkPolicy is about these pods",
    Cause.NO_POLICY_ENGINE: "NetworkPolicies are there, and nothing in the cluster enforces them",
    Cause.POLICIES_LET_IN: "the NetworkPolicies of the pods let it in",
    Cause.POLICIES_LET_IN_SOME: "NetworkPolicy {policies} lets in only some addresses to port {port} of the pods",
    Cause.POLICIES_LET_IN_SOME_NODES: (
        "the pods see the nodes' addresses, and NetworkPolicy {policies} lets in only some of them to port {port}"
    ),
    Cause.POLICIES_KEEP_OUT: (
        "the pods see the client's address, and NetworkPolicy {policies} does not let it in to port {port}"
    ),
    Cause.POLICIES_KEEP_OUT_NODES: (
        "the pods see the nodes' addresses, and NetworkPolicy {policies} lets none of them in to port {port}: only what"
        " reaches the node of a pod gets through"
    ),
    Cause.POLICIES_KEEP_OUT_PROBES: (
        "the pods see the probes' own address {source}, and NetworkPolicy {policies} does not let it in to port {port}"
    ),
    Cause.POLICIES_KEEP_OUT_SENDER: (
        "the pods see {sender}, and NetworkPolicy {policies} does not let it in to port {port}: only pods on its own"
        " node are reached"
    ),
    Cause.POLICIES_SPARE_CLUSTER: (
        "Azure Network Policy Manager lets in what comes through a load balancer with externalTrafficPolicy Cluster"
    ),
    Cause.POLICIES_SPARE_HOST_NETWORK: "the pods use the network of their node, which NetworkPolicies are not about",
    Cause.OTHER_POLICIES: "{policies} may keep it out: such policies are not evaluated here",
    # pod
    Cause.ENDPOINTS_UNREAD: "whether any pod is ready could not be read",
    Cause.PODS_READY: "ready pods: {ready}, on {nodes} nodes; not ready: {not_ready}",
    Cause.TAKEN_TO_LISTEN: "that they listen on port {target} is not proven: no readiness probe asks it",
    Cause.PODS_SELECTED: "the selector matches {owners}",
    Cause.PODS_NOT_READ: "which pods the selector matches is not known",
    Cause.NOT_READY: "{pods}: {reason} {message}",
    Cause.SLICES_HAVE_OTHER_PORT: "port {port} leads to {target}, and its EndpointSlices send to {numbers}",
    Cause.NOT_LISTENING: "{pods}: nothing listens where its readiness probe asks: {message}",
    Cause.NOT_IN_SLICES_YET: "its selector matches {pods} pods, and no EndpointSlice has any of them",
    Cause.NONE_READY: "none of its {pods} pods is ready",
    Cause.NO_POD_OF_FAMILY: "port {port} is for {family}, and none of its {pods} pods has such an address",
    Cause.ONLY_TERMINATING: "its last {pods} pods are being deleted, and serve until they are gone",
    Cause.SLICES_ARE_BEHIND: "its EndpointSlices call {pods} ready, which are not, and nodes send to them all the same",
    Cause.PODS_ON_LOST_NODES: "its ready pods are on nodes that are not ready, or gone: {node}",
    Cause.PUBLISHED_NOT_READY: "{pods} are not ready, and publishNotReadyAddresses sends to them all the same",
    Cause.NO_ENDPOINTS: "no pod matches its selector, or none has started",
    Cause.NO_SELECTOR: "it has no selector: its endpoints are given by hand",
    Cause.NO_SELECTOR_NO_ENDPOINTS: "it has no selector, and nobody gave it endpoints",
    Cause.ENDPOINTS_BY_HAND: "its endpoints are given by hand, and nothing checks them",
    Cause.SELECTOR_MATCHES_NOTHING: "its selector {selector} matches no pod; the nearest is {nearest} with {labels}",
    Cause.PODS_ELSEWHERE: "the pods with its labels are those of {nearest} in namespace {namespace}, not in its own",
    Cause.PODS_END: "its pods are those of {owners}, which end",
    Cause.NO_REPLICAS: "{owners} has replicas: 0, so there are no pods",
    Cause.NO_SUCH_PORT_NAME: "no container of {owners} has a port of the name {target!r}, which port {port} leads to",
    Cause.NO_SUCH_PORT_NAME_IN_SOME: "{owners} has no port of the name {target!r}, which port {port} leads to",
    Cause.NOT_IN_ENDPOINT_SLICES: "port {port} leads to {target!r}, which none of its {pods} pods has{declared}",
    Cause.SLICES_NAME_OTHER_PORTS: (
        "port {port} is {name} in the Service, and {found} in its EndpointSlices, so nodes find no pod for it"
    ),
    Cause.PORT_NOT_DECLARED: "port {port} leads to {target}, and {owners} declares only {declared}",
    Cause.GATEWAY_OPENS_NO_PORT: (
        "a gateway of Istio opens only the ports that its Gateways name ({opened}), and none of {gateways} names port"
        " {port}"
    ),
    Cause.MUTUAL_TLS_ONLY: "PeerAuthentication {policy} has the pods refuse what is not mutual TLS of the mesh",
    Cause.MESH_IDENTITY_ONLY: "AuthorizationPolicy {policy} has the pods refuse every client from outside the mesh",
    Cause.MESH_POLICY_REFUSES: "Linkerd's default-inbound-policy {value} of the pods refuses clients from outside",
    Cause.MESH_SERVER_DECIDES: "Linkerd's Server {server} may refuse it: who is let in there is not evaluated here",
    Cause.WORKLOAD_REFUSED: "the API server refuses {owners}: {why}",
    Cause.NEVER_STARTS: "the pods of {owners} never start: {what}",
    Cause.NEVER_READY: "the pods of {owners} never get ready: {what}, which their container does not have",
    Cause.IMAGE_NOT_PULLED: "the pods of {owners} start only where their image is on the node already: {what}",
    Cause.ROLLOUT_PAUSED: "{owners} is paused: applied for the first time it has no pods",
    Cause.PODS_OUTSIDE_POOL: (
        "externalTrafficPolicy is Local, and {owners} runs only on nodes with {labels}, which are in no pool"
    ),
    Cause.RUNS_NO_SERVER: "port {port} leads to a container of {owners} whose command serves nothing",
    Cause.BOUND_TO_LOOPBACK: "port {port} leads to a container of {owners} that listens on its own loopback: {word}",
    Cause.OPENED_WHEN_TOLD: (
        "port {port} leads to {target}, which {workload} opens only where it is told to, and {owners} has no {word}"
    ),
    Cause.LISTENS_ELSEWHERE: "port {port} leads to {target}, and {owners} listens elsewhere: {word}",
    Cause.WANTS_PROXY_PROTOCOL: (
        "ConfigMap {name} sets use-proxy-protocol: port {port} answers only clients that send its header, and the load"
        " balancer adds none"
    ),
    # way back
    Cause.ANSWER_RETURNS: "the answer goes back as it came",
    Cause.ANSWER_THROUGH_FIREWALL: (
        "outboundType {type}: answers to the internet leave by the firewall, and get lost unless a route leads past it"
    ),
    Cause.ANSWER_BY_ROUTE: "the answer leaves by the route {route} ({prefix} to {next_hop})",
    Cause.ANSWER_LOST_BY_ROUTE: (
        "the answer leaves by the route {route} ({prefix} to {next_hop}), another way than it came: it gets lost"
    ),
    # outbound
    Cause.HOST_NOT_RESOLVED: "which address {host} has is not known here; it is taken for a public one",
    Cause.FIREWALL_DECIDES: "it leaves by {path}: whether that lets it through is decided there",
    Cause.EGRESS_OPEN: "no NetworkPolicy is about what this pod sends",
    Cause.EGRESS_LETS_OUT: "NetworkPolicy {policies} lets it out",
    Cause.EGRESS_KEEPS_IN: "NetworkPolicy {policies} does not let it out to {to}",
    Cause.EGRESS_UNDECIDED: "whether NetworkPolicy {policies} lets it out to {to} depends on what is behind that name",
    Cause.LEAVES: "it leaves by {path}, and is seen as {address}",
    Cause.NO_WAY_OUT: "outboundType {type}: nothing leaves the virtual network",
    Cause.WAY_OUT_NOT_KNOWN: "how the cluster reaches the internet is not known",
    Cause.STAYS_IN_NETWORK: "it stays in the virtual network, or in one that is joined to it",
    Cause.ROUTED: "the route {route} ({prefix} to {next_hop}) takes it",
    Cause.ROUTE_DROPS: "the route {route} ({prefix} to None) drops it",
    Cause.IN_NO_NETWORK: "no virtual network that was read holds it: only a gateway's route leads there",
    Cause.POD_UNREAD: "the pod is not known beyond its name",
    Cause.SENDER_RUNS: "the pod {pod} sends it from {node}",
    Cause.SENDER_NOT_READY: "the pod {pod} is not ready: {reason}",
    Cause.SENDER_OF_OTHER_FAMILY: "{pod} has no {family} address",
    Cause.HAIRPIN: "the answer stays in the virtual network; a node of the pool that calls this address may fail",
}


#: The same where its pods or nodes are but one, and the clause above would say it of several.
OF_ONE: dict[Cause, str] = {
    Cause.IN_THE_POOL: "{members} of {nodes} nodes is in the pool",
    Cause.NO_MEMBER: "the only node is not in the pool",
    Cause.POOL_IS_EMPTY: "in Azure the only node is not in the pool, although it belongs there",
    Cause.IN_ROTATION: "{inside} of {nodes} nodes is in rotation",
    Cause.NONE_IN_ROTATION: "the only node is not in rotation",
    Cause.NODES_WITHOUT_POD_DROP: "{nodes} is in rotation and drops what it gets: externalTrafficPolicy is Local",
    Cause.NOT_IN_SLICES_YET: "its selector matches one pod, and no EndpointSlice has it",
    Cause.NONE_READY: "its only pod is not ready",
    Cause.NO_POD_OF_FAMILY: "port {port} is for {family}, and its only pod has no such address",
    Cause.ONLY_TERMINATING: "its last pod is being deleted, and serves until it is gone",
    Cause.PUBLISHED_NOT_READY: "{pods} is not ready, and publishNotReadyAddresses sends to it all the same",
    Cause.NOT_IN_ENDPOINT_SLICES: "port {port} leads to {target!r}, which its only pod does not have{declared}",
}
_COUNTED = {Cause.IN_THE_POOL: "members", Cause.IN_ROTATION: "inside"}


#: The same in few words, where the clause above is too long for a line of a table.
BRIEF: dict[Cause, str] = {
    Cause.NOT_AZURE: "{because}",
    Cause.REFUSED_BY_API_SERVER: "the API server refuses {field}",
    Cause.PORT_IS_TAKEN_BY: "{service} has port {port} already",
    Cause.ATTEMPT_GOES_ON: "the provider works on it",
    Cause.QUOTA_IS_USED_UP: "quota used up: {what}",
    Cause.ADDRESS_NOT_USED: "does not get {asked}",
    Cause.PUBLIC_NOT_INTERNAL: "internal is {value!r}",
    Cause.NOT_LET_IN: "no rule lets {clients} in",
    Cause.DENIED: "rule {rule} denies it",
    Cause.RULE_DENIES: "rule {rule} denies it",
    Cause.NODES_UNREAD: "its nodes could not be read",
    Cause.STATUS_IS_PROXIED: "its status says ipMode: Proxy",
    Cause.REFUSED_BY_PROVIDER: "refused: {code}",
    Cause.REFUSED_BY_AZURE: "{because}",
    Cause.MAY_BE_REFUSED_BY_AZURE: "perhaps: {because}",
    Cause.SYNC_FAILED_SINCE: "its last change failed: {why}",
    Cause.STATUS_IS_STALE: "its address is still {address}",
    Cause.ADDRESS_OF_CILIUM: "its address is Cilium's",
    Cause.OTHER_ADDRESS: "has {address}, asks for {asked}",
    Cause.BAD_RANGE_CLOSES: "{items} is no range",
    Cause.NOT_EXACTLY_INTERNAL: "internal is {value!r}",
    Cause.TAG_BESIDE_SOURCE_RANGES: "kube-proxy knows no service tags",
    Cause.EXCLUDED: "excluded by its label",
    Cause.NOT_MANAGED: "its label says managed=false",
    Cause.VIRTUAL_NODE: "a virtual node",
    Cause.OF_OTHER_SET: "of another set of nodes",
    Cause.NODE_NOT_ADDRESSED: "no InternalIP",
    Cause.NO_PROVIDER_ID: "no providerID",
    Cause.NOT_OF_AZURE: "providerID is none of Azure",
    Cause.SIDECAR_DOWN: "health-probe-proxy is not ready",
    Cause.MACHINE_DOES_NOT_RUN: "its machine is {state}",
    Cause.PROBE_DIFFERS_IN_AZURE: "the probe is another one in Azure",
    Cause.NOT_IN_POOL_YET: "not in the pool in Azure",
    Cause.STILL_IN_POOL: "still in the pool in Azure",
    Cause.NOT_IN_AZURE: "the {what} is not there",
    Cause.DIFFERS_IN_AZURE: "the {what} has {field} {stands}",
    Cause.NO_SIDECAR: "no health-probe-proxy",
    Cause.SHARED_WITHOUT_STANDARD: "shared probes on the SKU Basic",
    Cause.SIDECAR_BEFORE_SHARED_MODE: "which probe stands in Azure is not known",
    Cause.SIDECAR_WITHOUT_SHARED_MODE: "which probe stands in Azure is not known",
    Cause.WINDOWS_NEEDS_A_POD: "kube-proxy of Windows waits for a pod",
    Cause.KUBE_PROXY_DOWN: "kube-proxy does not run",
    Cause.KUBE_PROXY_NOT_SEEN: "no kube-proxy seen",
    Cause.NETWORK_DAEMON_DOWN: "{name} is not ready everywhere",
    Cause.NOT_IN_SOURCE_RANGES: "not in loadBalancerSourceRanges",
    Cause.SOME_IN_SOURCE_RANGES: "only loadBalancerSourceRanges",
    Cause.RULES_FOR_NODES: "security rules are for the nodes",
    Cause.TAG_NOT_DOCUMENTED: "a service tag that is not documented",
    Cause.PROBES_DENIED: "rule {rule} denies probes",
    Cause.NO_RULE: "no port has a rule",
    Cause.OTHER_FAMILY: "a rule of the other IP family",
    Cause.WELL_KNOWN_FAILURE: "GET {path} gets {status}, needs 200",
    Cause.WELL_KNOWN_UNLESS: "GET {path}: {status}, unless {unless}",
    Cause.WELL_KNOWN_BUT_TOLD: "GET {path} unknown: {word}",
    Cause.ANSWER_NOT_PROVEN: "GET {path} unknown",
    Cause.READINESS_ASKS_THE_SAME: "GET {path} not known to get 200",
    Cause.READINESS_IS_REDIRECTED: "GET {path} is redirected, needs 200",
    Cause.SETTING_STOPS_PROBE: "{what} stops the probe",
    Cause.SETTING_MAY_STOP_PROBE: "{what} may stop the probe",
    Cause.INGRESS_CAPTURES_PROBE: "{kind} {name} captures {path}",
    Cause.PROBE_PORT_OUTSIDE: "probe of other port {number}",
    Cause.TLS_PORT_ASKED_PLAINLY: "http probe of a TLS port",
    Cause.PLAIN_PORT_ASKED_FOR_TLS: "https probe of a plain port",
    Cause.NO_NODE_PORT: "the probe has no node port",
    Cause.NO_SELECTOR: "no selector, endpoints by hand",
    Cause.NO_SELECTOR_NO_ENDPOINTS: "no selector and no endpoints",
    Cause.NO_REPLICAS: "{owners} has replicas: 0",
    Cause.SELECTOR_MATCHES_NOTHING: "selector matches no pod",
    Cause.PODS_ELSEWHERE: "pods in another namespace",
    Cause.NOT_IN_ENDPOINT_SLICES: "no pod has {target!r}",
    Cause.SLICES_NAME_OTHER_PORTS: "EndpointSlices name port {port} otherwise",
    Cause.NO_SUCH_PORT_NAME: "no container port {target!r}",
    Cause.NO_ENDPOINTS: "it has no pods",
    Cause.GATEWAY_OPENS_NO_PORT: "no Gateway opens port {port}",
    Cause.MUTUAL_TLS_ONLY: "pods refuse all but mutual TLS",
    Cause.MESH_IDENTITY_ONLY: "pods refuse clients from outside the mesh",
    Cause.MESH_POLICY_REFUSES: "pods refuse clients from outside the mesh",
    Cause.MESH_SERVER_DECIDES: "Linkerd's Server {server} decides",
    Cause.WORKLOAD_REFUSED: "API server refuses {owners}",
    Cause.NEVER_STARTS: "pods never start: {what}",
    Cause.NEVER_READY: "{what}, which is not there",
    Cause.IMAGE_NOT_PULLED: "image must be on the node: {what}",
    Cause.ROLLOUT_PAUSED: "{owners} is paused",
    Cause.PODS_OUTSIDE_POOL: "its pods run outside the pool",
    Cause.RUNS_NO_SERVER: "its container serves nothing",
    Cause.BOUND_TO_LOOPBACK: "listens on loopback: {word}",
    Cause.OPENED_WHEN_TOLD: "no {word}, which opens {target}",
    Cause.LISTENS_ELSEWHERE: "listens on another port than {target}",
    Cause.WANTS_PROXY_PROTOCOL: "takes only the proxy protocol",
    Cause.POLICIES_KEEP_OUT: "NetworkPolicy {policies}",
    Cause.POLICIES_KEEP_OUT_NODES: "NetworkPolicy {policies}",
    Cause.POLICIES_KEEP_OUT_PROBES: "NetworkPolicy {policies} keeps out probes",
    Cause.POLICIES_LET_IN_SOME: "NetworkPolicy {policies}",
    Cause.POLICIES_LET_IN_SOME_NODES: "NetworkPolicy {policies}",
    Cause.ANSWER_THROUGH_FIREWALL: "answers leave by the firewall",
    Cause.BEING_DELETED: "it is being deleted",
    Cause.KEEPS_WHAT_IT_HAD: "Azure keeps what it had",
    Cause.NO_EVENT: "no event says why",
    Cause.CILIUM_TAKES_ADDRESS: "Cilium takes its address away",
    Cause.PUBLIC_IP_ELSEWHERE: "public IP {name} is in {group}",
    Cause.ZONE_NOT_LINKED: "its private DNS zone is not linked",
    Cause.NO_FRONTEND_WITH_ADDRESS: "no frontend has {address} in Azure",
    Cause.FRONTEND_HAS_OTHER_ADDRESS: "its frontend has {stands} in Azure",
    Cause.PORTS_UNKNOWN: "only its controller knows its ports",
    Cause.FAILED_IN_AZURE: "the {what} is {state}",
    Cause.NO_RANGE_OR_TAG: "{item!r} is no range and no tag",
    Cause.TAG_HOLDS_NO_CLIENT: "{item} holds no client",
    Cause.DENIED_OVER_ONE_FAMILY: "rule {rule} denies it",
    Cause.OPEN_TO_ONE_FAMILY: "closed to {family} addresses",
    Cause.PROBES_DENIED_BY_RULE: "rule {rule} denies probes",
    Cause.PUBLIC_TO_PRIVATE: "the address is private",
    Cause.PRIVATE_TO_PUBLIC: "the address is public",
    Cause.NO_RULE_BY_GATEWAY: "no security rule is written",
    Cause.RULES_DISABLED: "no security rule is written",
    Cause.RULE_DENIES_SOME: "rule {rule} denies {what}",
    Cause.SECURITY_RULE_NOT_IN_AZURE: "rule {rule} is not in Azure",
    Cause.RULE_UNDECIDED: "whether {rule} matches is open",
    Cause.SECURITY_GROUPS_DIFFER: "the pools' security groups differ",
    Cause.NOT_KEPT_OUT: "others are not kept out",
    Cause.OPEN_BY_DEFAULT_ROUTE: "a default route lets others in",
    Cause.LET_IN_UNASKED: "rule {rule} lets in more",
    Cause.KEPT_OUT_UNASKED: "rule {rule} denies it, for {others}",
    Cause.PROBES_DENIED_BY_OTHERS: "rule {rule} denies probes, for {others}",
    Cause.NOT_SERVED: "no rule takes {protocol} {port}",
    Cause.FOREIGN_FRONTEND: "rule {rule} is of another frontend",
    Cause.POOL_TOO_LARGE: "more than {most} nodes in the pool",
    Cause.RULE_WITHOUT_POOL: "the {what} has no pool in Azure",
    Cause.POOL_IS_EMPTY: "no node is in the pool in Azure",
    Cause.NO_KUBE_PROXY_WITH_CILIUM: "Cilium may not answer the probe",
    Cause.UNTIL_RECONCILED: "it passes until the next reconcile",
    Cause.PAST_SOURCE_RANGES: "loadBalancerSourceRanges do not count",
    Cause.NODES_WITHOUT_POD_DROP: "packets to {nodes} are dropped",
    Cause.ALL_NODES_WITHOUT_POD: "no node in rotation has a ready pod",
    Cause.STATUS_IS_EMPTY: "its status has no{of} address yet",
    Cause.NO_NODE_PORT_TO_SEND_TO: "it has no node port",
    Cause.PORT_NOT_ALLOCATED: "port {number} is not allocated yet",
    Cause.KUBE_PROXY_REFUSES_REQUEST: "kube-proxy answers only http /healthz",
    Cause.PROXY_HEADER_TO_KUBE_PROXY: "a proxy header before the probe",
    Cause.PROXY_HEADER_TO_PODS: "a proxy header before the probe",
    Cause.PROBE_PORT_OF_OTHERS: "port {number} belongs to something else",
    Cause.MAY_SPEAK_OTHERWISE: "port {port} may speak TLS or http",
    Cause.POLICIES_UNREAD: "NetworkPolicies could not be read",
    Cause.OTHER_POLICIES: "{policies} may keep it out",
    Cause.SLICES_HAVE_OTHER_PORT: "EndpointSlices send to {numbers}",
    Cause.NOT_LISTENING: "nothing listens in its pods",
    Cause.NOT_IN_SLICES_YET: "its pods are in no EndpointSlice",
    Cause.NO_POD_OF_FAMILY: "no pod has an {family} address",
    Cause.SLICES_ARE_BEHIND: "EndpointSlices are out of date",
    Cause.PODS_ON_LOST_NODES: "its pods' nodes are not ready",
    Cause.PUBLISHED_NOT_READY: "not all its pods are ready",
    Cause.NO_SUCH_PORT_NAME_IN_SOME: "{owners} has no port {target!r}",
    Cause.PORT_NOT_DECLARED: "{owners} declares no port {target}",
    Cause.ANSWER_LOST_BY_ROUTE: "answers leave by the route {route}",
}


#: What to do about a cause, where that can be said: imperative clauses over the same facts.
REMEDIES: dict[Cause, str] = {
    # address
    Cause.ADDRESS_NOT_USED: "{instead}",
    Cause.PUBLIC_NOT_INTERNAL: 'write "true", or take the annotation away if it is to be public',
    Cause.INTERNAL_ASKED_ELSEWHERE: (
        'set service.beta.kubernetes.io/azure-load-balancer-internal: "true", or "false" if it is to be public'
    ),
    **dict.fromkeys(
        (Cause.ADDRESS_OF_CILIUM, Cause.CILIUM_TAKES_ADDRESS),
        "delete Cilium's address pools, or turn its LB IPAM off (defaultLBServiceIPAM: none); then touch the Service",
    ),
    Cause.STATUS_IS_STALE: "if it stays, touch the Service: any change of an annotation has it reconciled",
    Cause.OTHER_ADDRESS: "if it stays, touch the Service: any change of an annotation has it reconciled",
    Cause.CLUSTER_STATE: (
        "start what is stopped; have AKS reconcile what failed: az aks update --resource-group GROUP --name NAME"
    ),
    Cause.QUOTA_IS_USED_UP: "free some, share one address between Services, or ask for a higher quota",
    Cause.PUBLIC_IP_ELSEWHERE: (
        "name its resource group in service.beta.kubernetes.io/azure-load-balancer-resource-group, or move it"
    ),
    Cause.PUBLIC_IP_IN_USE: "name another public IP, or free this one",
    Cause.ZONE_NOT_LINKED: "link the zone to that network, or have its DNS servers forward to 168.63.129.16",
    Cause.NO_FRONTEND_WITH_ADDRESS: _TOUCH,
    Cause.FRONTEND_HAS_OTHER_ADDRESS: _TOUCH,
    # rule
    Cause.NOT_IN_AZURE: _TOUCH,
    Cause.DIFFERS_IN_AZURE: _TOUCH,
    Cause.FAILED_IN_AZURE: _TOUCH,
    Cause.RULE_WITHOUT_POOL: _TOUCH,
    Cause.RULE_DENIES: "change that rule, or let it in by one with a lower number",
    Cause.PROBES_DENIED_BY_RULE: "change that rule, or let the tag AzureLoadBalancer in by one with a lower number",
    Cause.RULE_DENIES_SOME: "if that is not meant, change that rule, or let it in by one with a lower number",
    Cause.SECURITY_RULE_NOT_IN_AZURE: _TOUCH,
    Cause.NO_RULE: "take away the annotation {annotations}",
    # pool
    Cause.EXCLUDED: "take the label off a node that is to serve, or add nodes without it",
    Cause.NOT_MANAGED: "take the label off, if Azure manages the node",
    Cause.VIRTUAL_NODE: "add a node pool of virtual machines: a load balancer does not send to virtual nodes",
    Cause.CONTROL_PLANE: "add worker nodes, or take off the label of the control plane",
    Cause.OF_OTHER_SET: (
        "name the set of its pods' nodes in service.beta.kubernetes.io/azure-load-balancer-mode, or move the cluster to"
        " the SKU Standard"
    ),
    Cause.OTHER_RESOURCE_GROUP: "backend pools by address (nodeIP) take nodes of other resource groups",
    Cause.NODE_DELETED: "wait until the autoscaler has taken the node away, or add nodes",
    Cause.NODE_NOT_ADDRESSED: (
        "have cloud-node-manager write the node's addresses; for IPv6 the node pool needs a subnet with both families"
    ),
    Cause.NO_PROVIDER_ID: (
        "delete the Node object and restart its kubelet with --cloud-provider=external; on AKS reimage the node"
    ),
    Cause.NOT_OF_AZURE: (
        "if this is the cluster that is meant, delete the Node object and restart its kubelet with"
        " --cloud-provider=external"
    ),
    Cause.POOL_IS_EMPTY: _TOUCH,
    Cause.NOT_IN_POOL_YET: _TOUCH,
    Cause.POOL_TOO_LARGE: "use several load balancers, or fewer nodes",
    # rotation
    Cause.NODE_NOT_READY: "start the machine, or reimage the node: its scale set tells which instances run",
    Cause.MACHINE_DOES_NOT_RUN: "start the machine",
    Cause.PROBE_DIFFERS_IN_AZURE: _TOUCH,
    Cause.UNTIL_RECONCILED: "have the Service ask for what stands there now, by annotations",
    Cause.NODE_HAS_NO_NETWORK: "put the node's route back into the route table, or reimage the node",
    Cause.NO_LOCAL_ENDPOINT: (
        "get ready pods onto nodes that are in the pool, or set externalTrafficPolicy: Cluster, which hides the"
        " client's address"
    ),
    Cause.KUBE_PROXY_SAYS_DELETED: "wait until the node is gone, or add nodes",
    Cause.KUBE_PROXY_DOWN: "delete its pod there, so that it starts anew; if it fails again, reimage the node",
    Cause.KUBE_PROXY_NOT_SEEN: (
        "install kube-proxy, unless a network plugin takes its place; on AKS ask Azure's support"
    ),
    Cause.NETWORK_DAEMON_DOWN: (
        "delete its pods that are not ready, so that they start anew; if it stays, reimage the node"
    ),
    Cause.SIDECAR_DOWN: "delete the pods of cloud-node-manager that are not ready; if it stays, ask Azure's support",
    Cause.NO_KUBE_PROXY: "delete its pods, so that they start anew; if it stays, ask Azure's support",
    Cause.NO_SIDECAR: (
        "set the mode again, and register the feature EnableSLBSharedHealthProbePreview of Microsoft.ContainerService"
        " first; if it stays, ask Azure's support: it can be off on AKS' side"
    ),
    Cause.SHARED_WITHOUT_STANDARD: "change to the SKU Standard, or set the mode ServiceNodePort",
    Cause.SIDECAR_BEFORE_SHARED_MODE: (
        f"upgrade to a provider from {behaviours.SHARED_PROBE.dates} on, or set the mode ServiceNodePort"
    ),
    Cause.SIDECAR_WITHOUT_SHARED_MODE: "set the mode again that is meant: ServiceNodePort or Shared",
    Cause.WINDOWS_NEEDS_A_POD: "run any pod there that is no HostProcess one",
    Cause.NO_KUBE_PROXY_WITH_CILIUM: (
        "set kubeProxyReplacementHealthzBindAddr of Cilium's chart to 0.0.0.0:10256, or the mode ServiceNodePort"
    ),
    # node
    Cause.BAD_RANGE_CLOSES: "write ranges such as 198.51.100.0/24, and a single address as 198.51.100.7/32",
    Cause.NOT_IN_SOURCE_RANGES: "add the client's range to spec.loadBalancerSourceRanges",
    Cause.TAG_BESIDE_SOURCE_RANGES: (
        "move the ranges from spec.loadBalancerSourceRanges to the annotation"
        " service.beta.kubernetes.io/azure-allowed-ip-ranges"
    ),
    Cause.PODS_BESIDE_SOURCE_RANGES: "add the range of the pods to spec.loadBalancerSourceRanges, or use the ClusterIP",
    **dict.fromkeys(
        (Cause.NODE_NOT_ROUTED, Cause.NODE_ROUTE_STALE),
        "put the route to {range} by {address} back into {table}, or reimage the node",
    ),
    Cause.NODES_WITHOUT_POD_DROP: "run a pod on each node that is in the pool, or set externalTrafficPolicy: Cluster",
    Cause.ALL_NODES_WITHOUT_POD: "get ready pods onto nodes in the pool, or set externalTrafficPolicy: Cluster",
    Cause.STATUS_IS_EMPTY: "touch the Service: any change of an annotation has the provider write its status again",
    Cause.NO_NODE_PORT_TO_SEND_TO: "set allocateLoadBalancerNodePorts: true",
    # probe
    Cause.NO_NODE_PORT: "set allocateLoadBalancerNodePorts: true",
    # way back
    Cause.ANSWER_LOST_BY_ROUTE: (
        "have the firewall translate to an internal load balancer, or give the table a route of the clients' addresses"
        " with the next hop Internet"
    ),
    # network policy
    Cause.POLICIES_KEEP_OUT: "add an ingress rule for the client's range (ipBlock) and port {port} of the pods",
    Cause.POLICIES_KEEP_OUT_PROBES: "add an ingress rule for {source}/32 (ipBlock) and port {port} of the pods",
    Cause.POLICIES_LET_IN_SOME: "add an ingress rule for the clients that are meant, and port {port} of the pods",
    Cause.POLICIES_KEEP_OUT_NODES: "add an ingress rule for the nodes' range (ipBlock) and port {port} of the pods",
    Cause.POLICIES_LET_IN_SOME_NODES: "add an ingress rule for the range of all nodes and port {port} of the pods",
    # pod
    Cause.NOT_LISTENING: "have it listen on all addresses (0.0.0.0) and on the port that targetPort and probe name",
    Cause.TAKEN_TO_LISTEN: "add a readinessProbe on port {target}: then a pod that does not listen gets no traffic",
    Cause.SELECTOR_MATCHES_NOTHING: "give the Service the labels of {nearest}, or the pods those of its selector",
    Cause.PODS_ELSEWHERE: "create the Service in namespace {namespace}: a selector is about its own namespace only",
    Cause.ONLY_TERMINATING: "have pods take their place: new clients get no answer once these are gone",
    Cause.NO_ENDPOINTS: "start pods with the labels of its selector",
    Cause.NO_SELECTOR_NO_ENDPOINTS: "give it a selector, or an EndpointSlice",
    Cause.NO_REPLICAS: "set replicas to 1 or more",
    Cause.SLICES_HAVE_OTHER_PORT: "correct the EndpointSlices that were made by hand, or targetPort",
    Cause.SLICES_NAME_OTHER_PORTS: "give the port one name and protocol, in the Service and in its EndpointSlices",
    Cause.NOT_IN_ENDPOINT_SLICES: "name a port that the pods have in targetPort, or add the port to the container",
    Cause.NO_SUCH_PORT_NAME: "name a port that the pods have in targetPort, or add the port to the container",
    Cause.NO_SUCH_PORT_NAME_IN_SOME: "give all pods a port of that name",
    Cause.PORT_NOT_DECLARED: "set targetPort to the port that the pods listen on",
    Cause.GATEWAY_OPENS_NO_PORT: (
        "add a server for port {port} to one of them, or leave the port out:"
        ' service.beta.kubernetes.io/port_{port}_no_lb_rule: "true"'
    ),
    Cause.NO_POD_OF_FAMILY: "give the pods addresses of both families, or the Service that of the pods",
    Cause.MUTUAL_TLS_ONLY: "set the mode PERMISSIVE for that port, or put a gateway of the mesh in front",
    Cause.MESH_IDENTITY_ONLY: "allow the clients by a rule without principals, or put a gateway of the mesh in front",
    Cause.MESH_POLICY_REFUSES: "set config.linkerd.io/default-inbound-policy: all-unauthenticated on the pods",
    Cause.MESH_SERVER_DECIDES: "give the Server an authorization for unauthenticated clients, if it has none",
    Cause.WORKLOAD_REFUSED: "correct the field",
    Cause.NEVER_STARTS: "correct that field of the pod template",
    Cause.NEVER_READY: "name a port of that container, or give its number",
    Cause.IMAGE_NOT_PULLED: "push the image to a registry that the cluster can pull from, and name it so",
    Cause.ROLLOUT_PAUSED: "resume it: kubectl rollout resume",
    Cause.PODS_OUTSIDE_POOL: "let the pods run on other nodes, or set externalTrafficPolicy: Cluster",
    Cause.RUNS_NO_SERVER: "take the command away, so that the image's own program runs",
    Cause.BOUND_TO_LOOPBACK: "have it listen on all addresses (0.0.0.0)",
    Cause.OPENED_WHEN_TOLD: "have {workload} open it: {word}",
    Cause.LISTENS_ELSEWHERE: "set targetPort to the port that the pods listen on",
    Cause.WANTS_PROXY_PROTOCOL: (
        "take use-proxy-protocol away; externalTrafficPolicy: Local shows the client's address without it"
    ),
    Cause.SLICES_ARE_BEHIND: "mend the pods",
    Cause.PODS_ON_LOST_NODES: "have the pods run on nodes that are ready, or mend these nodes",
    Cause.PUBLISHED_NOT_READY: "turn off publishNotReadyAddresses, or mend the pods",
}

_BY_NODES = frozenset({Cause.POLICIES_KEEP_OUT_NODES, Cause.POLICIES_LET_IN_SOME_NODES})
_ENTITIES = (
    "add a CiliumNetworkPolicy that lets in fromEntities world and remote-node on port {port} of the pods: to Cilium no"
    " ipBlock holds a node"
)
_NO_ADDRESS_LEFT = (
    "no available addresses",
    "failed to allocate",
    "insufficientfreeaddresses",
    "no ips available",
    "not enough ips",
)
_NO_ADDRESS_REMEDY = (
    "no address is left for pods: a larger pod subnet, fewer pods on a node, or reimage the node if its list leaks"
)
#: What to do about a pod that is not ready, by a part of the reason in its status or its events, without case.
_POD_REMEDIES = (
    ("oomkilled", "give the container more memory (resources.limits.memory), or have it use less"),
    ("mount", "make what the message names: a Secret, a ConfigMap, a claim, a share that the node reaches"),
    ("attach", "free the disk from the node that has it, or wait until it is detached there"),
    ("completed", "let something that lasts serve: a Deployment, and no Job"),
    ("imagepull", "correct the name of the image, or let the nodes pull it: the role AcrPull, or an imagePullSecret"),
    ("imagename", "correct the name of the image"),
    ("container", "correct what the message names: a ConfigMap, a Secret, a volume, a command"),
    ("sandbox", "mend the network plugin of the node, or reimage the node"),
    ("schedul", "add nodes, or ask for less: the message says what no node has"),
    ("ready", "mend the application, or correct its readiness probe"),
    ("unhealthy", "mend the application, or correct its readiness probe"),
    ("evicted", "free resources of the node, or add nodes"),
    ("", "read why it ends, and mend that"),
)


def can_be_mended(reason: Reason) -> bool:
    """Whether something can be said about what to do."""
    return reason.cause in REMEDIES or reason.cause is Cause.NOT_READY


def remedy_sentence(reason: Reason) -> str:
    """What to do about a reason, without a full stop; some reasons are themselves what to do."""
    if reason.cause in _BY_NODES and reason.facts.get("engine") == PolicyEngine.CILIUM.value:
        return _filled(_ENTITIES, reason)
    if reason.cause is Cause.NOT_READY:
        said, why = (str(reason.facts.get(fact, "")).lower() for fact in ("message", "reason"))
        if any(one in said for one in _NO_ADDRESS_LEFT):
            return _NO_ADDRESS_REMEDY
        why = why.replace("containersnotready", "ready").replace("containercreating", "sandbox")
        killed = "oomkilled" if "oomkilled" in said else ""
        return next(text for part, text in _POD_REMEDIES if part in (killed or why))
    return _filled(REMEDIES.get(reason.cause, SENTENCES[reason.cause]), reason)


def sentence(reason: Reason) -> str:
    """The clause about a reason, without a full stop."""
    return _filled(_clause(reason), reason) + _more(reason, ", which are ready at {ready}")


def brief(reason: Reason) -> str:
    """The reason in few words."""
    return _filled(BRIEF.get(reason.cause) or _clause(reason), reason) + _more(reason, "; ready at {ready}")


def _more(reason: Reason, clause: str) -> str:
    """What is known beside an answer that is not: where the pods' readiness probe asks."""
    return _filled(clause, reason) if reason.cause is Cause.ANSWER_NOT_PROVEN and "ready" in reason.facts else ""


def _clause(reason: Reason) -> str:
    """What is said of several pods or nodes, or of the one that there is."""
    names = (_COUNTED[reason.cause],) if reason.cause in _COUNTED else ("pods", "nodes")
    counted = [reason.facts[name] for name in names if name in reason.facts]
    one = any(value == 1 or (isinstance(value, tuple) and len(value) == 1) for value in counted)
    return OF_ONE[reason.cause] if one and reason.cause in OF_ONE else SENTENCES[reason.cause]


def _filled(clause: str, reason: Reason) -> str:
    text = clause.format_map({name: _said(value) for name, value in reason.facts.items()}).strip(" :")
    return text.replace(" 1 pods", " 1 pod").replace(" 1 nodes", " 1 node")


def _said(value: object) -> object:
    """A fact in words: lists with commas, labels as kubectl writes them."""
    if isinstance(value, Mapping):
        return ",".join(f"{key}={item}" for key, item in value.items())
    if isinstance(value, tuple):
        shown = ", ".join(map(str, value[:_SHOWN]))
        return f"{shown} and {len(value) - _SHOWN} more" if len(value) > _SHOWN else shown
    return value


def sentences(reasons: "tuple[Reason, ...]") -> str:
    """The clauses of several reasons, each once."""
    return "; ".join(dict.fromkeys(map(sentence, reasons)))
