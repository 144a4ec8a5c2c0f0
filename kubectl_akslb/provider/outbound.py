"""What is known about SNAT ports and the ways out of an AKS cluster: numbers and facts, each with its source.

None of this is the cloud provider's doing: AKS sets up the way out, and Azure's load balancer hands out the ports.
"""

from kubectl_akslb.model.outbound import CERTAIN, DOCUMENTED, UNVERIFIED, OutboundFact

AKS_STANDARD = "learn.microsoft.com/azure/aks/load-balancer-standard"
AKS_EGRESS = "learn.microsoft.com/azure/aks/egress-outboundtype"
AKS_API = "AKS API, ManagedClusterLoadBalancerProfile"
LB_OUTBOUND = "learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections"
LB_SKUS = "comparison of the SKUs Basic and Standard"
NAT_GATEWAY = "learn.microsoft.com/azure/nat-gateway/nat-gateway-resource"

#: SNAT ports of one outbound IP address, for TCP and as many for UDP.
PORTS_PER_IP = 64_000
#: Ports are handed out in blocks of this size.
PORT_STEP = 8
#: Automatic allocation gives no node more than this, however many addresses there are.
AUTOMATIC_LIMIT = 1024
#: Automatic allocation: up to so many nodes, so many ports for each node from each address. Source: LB_OUTBOUND
AUTOMATIC_PORTS = ((50, 1024), (100, 512), (200, 256), (400, 128), (800, 64), (1000, 32))
#: Minutes. AKS sets 30 on its outbound rule; a NAT gateway starts with 4, as Azure's load balancer does elsewhere.
OUTBOUND_IDLE_MINUTES = 30
NAT_GATEWAY_IDLE_MINUTES = 4
IDLE_MINUTES = range(4, 121)
#: How many outbound addresses AKS makes at most.
MANAGED_IPS = range(1, 101)
#: Extra nodes during an upgrade of a pool that sets no maxSurge.
DEFAULT_SURGE = 1

OUTBOUND_RULE = "aksOutboundRule"
OUTBOUND_POOL = "aksOutboundBackendPool"

ALLOCATION_REFUSED = "InvalidLoadBalancerProfileAllocatedOutboundPorts"
NOT_A_MULTIPLE = "SpecifiedAllocatedOutboundPortsForOutboundRuleIsNotAMultipleOfEight"
TOO_MANY_PER_RULE = "SpecifiedAllocatedOutboundPortsForOutboundRuleExceedsTotalNumberOfAllowedPortsPerRule"


RULE_OF_AKS = OutboundFact(
    "AKS owns the outbound rule: a change made on the load balancer itself is undone when the cluster is reconciled",
    DOCUMENTED,
    AKS_STANDARD,
)
INBOUND_ONLY = OutboundFact("annotations of a Service apply to inbound flows only", DOCUMENTED, AKS_STANDARD)
OUTBOUND_IDLE = OutboundFact(
    "an idle outbound flow keeps its SNAT port for 30 minutes on AKS, 4 on a load balancer elsewhere",
    DOCUMENTED,
    AKS_STANDARD,
)
RESET_BY_DEFAULT = OutboundFact("AKS sends a TCP reset when an idle outbound flow is dropped", DOCUMENTED, AKS_STANDARD)
POOL_IS_INFERRED = OutboundFact(
    "the outbound rule has a backend pool of its own",
    UNVERIFIED,
    "az network lb outbound-rule list -g NODE_RESOURCE_GROUP --lb-name kubernetes",
)
AUTOMATIC = OutboundFact(
    "automatic allocation: each outbound IP gives a node the ports of the table by number of nodes, 1,024 in total",
    DOCUMENTED,
    LB_OUTBOUND,
)
BEYOND_TABLE = OutboundFact("the table of automatic allocation ends at 1,000 nodes", DOCUMENTED, LB_OUTBOUND)
DEFAULT_IS_NO_LIMIT = OutboundFact(
    "1,024 is what automatic allocation gives at most; an explicit value can be up to 64,000", DOCUMENTED, AKS_API
)
ONE_MORE_IP_ADDS_NONE = OutboundFact(
    "one more outbound IP alone adds 0 ports per node: automatic allocation is at its limit", DOCUMENTED, LB_OUTBOUND
)
IPS_ADD_NODES = OutboundFact(
    "with an explicit number, more outbound IPs add room for nodes, and no ports to any node", DOCUMENTED, AKS_STANDARD
)
PORTS_OF_AN_IP = OutboundFact("each outbound IP gives 64,000 SNAT ports", DOCUMENTED, AKS_STANDARD)
MULTIPLE_OF_EIGHT = OutboundFact("the number of ports must be a multiple of 8", DOCUMENTED, AKS_STANDARD)
SURGE_COUNTS = OutboundFact(
    "surge nodes of an upgrade need ports too: AKS counts maxSurge, one node by default", DOCUMENTED, AKS_STANDARD
)
SURGE_PER_POOL = OutboundFact(
    "each node pool surges by itself: published refusals of AKS add up that way",
    UNVERIFIED,
    "the node count in the refusal of az aks update",
)
MAX_COUNT_COUNTS = OutboundFact("an autoscaled pool counts with its maxCount", DOCUMENTED, AKS_STANDARD)
SAME_DESTINATION = OutboundFact(
    "a port is taken per destination address and port: many connections to one database or gateway exhaust them first",
    DOCUMENTED,
    LB_OUTBOUND,
)
SHARED_BY_PODS = OutboundFact(
    "the ports are the node's: all pods on it share them", CERTAIN, "SNAT by the node's address"
)
CHANGE_DISRUPTS = OutboundFact(
    "another number of ports or idle timeout changes the rule of running nodes: connections can break",
    DOCUMENTED,
    AKS_STANDARD,
)
PREFIX_SIZE = OutboundFact(
    "a public IP prefix does not say how many addresses it has", UNVERIFIED, "az network public-ip prefix show"
)
OWN_ADDRESS_NOT_USED = OutboundFact(
    "outbound flows use the addresses of the outbound rule, not those of Services", DOCUMENTED, AKS_STANDARD
)
SNAT_OF_RULES = OutboundFact(
    "a load-balancing rule with disableOutboundSnat false lends its frontend to outbound flows too",
    DOCUMENTED,
    "github.com/kubernetes/kubernetes/issues/75281",
)
SNAT_OF_RULES_IS_OPEN = OutboundFact(
    "AKS does not say what it sets for disableOutboundSNAT",
    UNVERIFIED,
    "az network lb rule list -g NODE_RESOURCE_GROUP --lb-name kubernetes --query [].disableOutboundSnat",
)
NO_OUTBOUND_OF_INTERNAL = OutboundFact(
    "an internal Standard load balancer gives its nodes no way out", DOCUMENTED, LB_OUTBOUND
)
ON_DEMAND = OutboundFact(
    "Basic: SNAT on demand, from any public frontend of the load balancer; it cannot be configured", DOCUMENTED, LB_SKUS
)
NAT_WINS = OutboundFact(
    "a NAT gateway on the subnet takes all outbound flows, whatever load balancers there are", DOCUMENTED, LB_OUTBOUND
)
NAT_ON_DEMAND = OutboundFact(
    "a NAT gateway gives ports on demand, 64,512 for each of its addresses: nothing is allocated per node",
    DOCUMENTED,
    NAT_GATEWAY,
)
ROUTED = OutboundFact(
    "userDefinedRouting: AKS sets up no way out; the route table of the subnet decides, and so the firewall it names",
    DOCUMENTED,
    AKS_EGRESS,
)
ASYMMETRIC = OutboundFact(
    "a public Service behind a routed way out: answers take the route, so the firewall sees half a connection",
    DOCUMENTED,
    AKS_EGRESS,
)
NOT_IN_CLOUD_CONFIG = OutboundFact(
    "the provider's configuration does not say how nodes get out",
    UNVERIFIED,
    "az aks show -g RESOURCE_GROUP -n CLUSTER --query networkProfile.outboundType",
)
NOTHING_SET_UP = OutboundFact("none: AKS sets up no way out; what the subnet has is used", DOCUMENTED, AKS_EGRESS)
BLOCKED = OutboundFact("block: AKS blocks outbound connections of the nodes", DOCUMENTED, AKS_EGRESS)
INSTANCE_ADDRESS = OutboundFact(
    "a node with a public IP of its own leaves by that, before any load balancer", DOCUMENTED, LB_OUTBOUND
)
TRAFFIC_POLICY = OutboundFact(
    "externalTrafficPolicy has no effect on outbound flows", CERTAIN, "it is kube-proxy's, inbound"
)
EGRESS_LABEL = "kubernetes.azure.com/service-egress-gateway"
BY_GATEWAY = OutboundFact(
    f"a pod with the label {EGRESS_LABEL} leaves by the NAT gateway of that name, all others by the cluster's own",
    CERTAIN,
    "servicegateway/difftracker: createOutboundService",
)
PRIVATE_CLUSTER = OutboundFact(
    "a private cluster has a private API server; the way out is the same", DOCUMENTED, AKS_EGRESS
)
