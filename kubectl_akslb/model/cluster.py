"""What the provider knows about the cluster: its azure.json, the nodes, and what AKS adds to it."""

from collections.abc import Mapping

from kubectl_akslb.model.outbound_profile import OutboundProfile
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.named_tuple import NamedTuple

STANDARD = "standard"
BASIC = "basic"
SHARED = "shared"
SERVICE_NODE_PORT = "servicenodeport"
NODE_IP_CONFIGURATION = "nodeIPConfiguration"
NODE_IP = "nodeIP"
POD_IP = "podIP"
SERVICE = "service"
AVAILABILITY_SETS = "standard"
"""The vmType of a cluster whose nodes are in availability sets."""


class Node(NamedTuple):
    """A node in the backend pool, with its private addresses."""

    name: str
    addresses: tuple[str, ...]
    labels: Mapping[str, str] = {}
    #: Its availability set or scale set, "" where its name tells.
    vm_set: str = ""


class ExistingPublicIP(NamedTuple):
    """A public IP address that was there before, in the resource group where the provider looks."""

    name: str
    ip_address: str
    version: str = "IPv4"
    resource_group: str = ""


class LoadBalancerConfiguration(NamedTuple):
    """One entry of ``multipleStandardLoadBalancerConfigurations``."""

    name: str
    allow_service_placement: bool = True
    service_label_selector: Mapping[str, object] | None = None
    service_namespace_selector: Mapping[str, object] | None = None
    primary_vm_set: str = ""


class Cluster(NamedTuple):
    """The settings that a derivation depends on, under the names of the provider's azure.json.

    *behaviours* are the ids of the dated behaviours that this provider version has; ``given`` names the settings that
    somebody gave, all others are assumptions and are reported as such. *zones* is None where the region is unknown.
    """

    provider_version: ProviderVersion
    behaviours: frozenset[str]
    given: frozenset[str] = frozenset()
    cluster_name: str = "kubernetes"
    load_balancer_name: str = ""
    load_balancer_sku: str = STANDARD
    disable_outbound_snat: bool = False
    probe_mode: str = SERVICE_NODE_PORT
    shared_probe_port: int = 10256
    shared_probe_path: str = "/healthz"
    pool_type: str = NODE_IP_CONFIGURATION
    subnet_name: str = "subnet"
    #: The ranges of subnets by their name, where somebody says them.
    subnets: Mapping[str, tuple[str, ...]] = {}
    subscription: str = "subscription"
    resource_group: str = "rg"
    tags: Mapping[str, str] = {}
    zones: tuple[str, ...] | None = None
    nodes: tuple[Node, ...] | None = None
    existing_public_ips: tuple[ExistingPublicIP, ...] = ()
    #: Addresses that ARM assigned, by the name of the public IP or of the frontend.
    addresses: Mapping[str, str] = {}
    load_balancers: tuple[LoadBalancerConfiguration, ...] = ()
    vm_type: str = "vmss"
    primary_scale_set: str = ""
    primary_availability_set: str = ""
    namespace_labels: Mapping[str, Mapping[str, str]] = {}
    enable_ip_tag_mutation: bool = False
    #: Whether a service gateway serves all Services: each has a container load balancer of its own.
    service_gateway: bool = False
    outbound: OutboundProfile = OutboundProfile()
    #: Whether nobody said which patch of the provider it is.
    provider_assumed: bool = False

    def has(self, behaviour: str) -> bool:
        """Whether this provider version has the dated behaviour with this id."""
        return behaviour in self.behaviours

    @property
    def is_standard(self) -> bool:
        """Whether the load balancer is of SKU Standard (compared without case, as the provider does)."""
        return self.load_balancer_sku.lower() == STANDARD

    @property
    def primary_vm_set(self) -> str:
        """The set whose Basic load balancer is named after the cluster; "" where nobody says it."""
        return self.primary_availability_set if self.vm_type == AVAILABILITY_SETS else self.primary_scale_set

    @property
    def uses_shared_probe(self) -> bool:
        """Whether all Services with externalTrafficPolicy Cluster share one probe."""
        return self.probe_mode.lower() == SHARED
