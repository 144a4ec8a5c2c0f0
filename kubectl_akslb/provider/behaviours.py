"""The dated behaviours of cloud-provider-azure: one row each, and the release from which it holds.

``since`` names the first patch of each minor that has the behaviour; every later minor has it too. ``until`` names, in
the same way, the releases that lost it again. Sources are functions of the provider, in ``pkg/provider`` where no
other folder is named.
"""

from collections.abc import Iterable
from functools import lru_cache

from kubectl_akslb.model.version import ProviderVersion


class Behaviour(str):
    """A dated behaviour; as a string it is its id."""

    __slots__ = ("breaking", "since", "source", "summary", "until")

    since: tuple[ProviderVersion, ...]
    until: tuple[ProviderVersion, ...]
    summary: str
    source: str
    breaking: bool

    @property
    def dates(self) -> str:
        """The releases since which it holds, for prose."""
        return listed(self.since)

    @property
    def note(self) -> str:
        """The sentence that an explanation carries: from when on, and what."""
        ends = f" until {listed(self.until)}" if self.until else ""
        return f"since {self.dates}{ends}: {self.summary}"


def listed(versions: Iterable[ProviderVersion]) -> str:
    """Releases as prose lists them."""
    return ", ".join(map(str, versions))


BEHAVIOURS: list[Behaviour] = []


def versions(text: str) -> tuple[ProviderVersion, ...]:
    """The releases in a text, separated by blanks."""
    return tuple(ProviderVersion.parse(part) for part in text.split())


def _row(
    identifier: str, since: str, summary: str, source: str, *, until: str = "", breaking: bool = False
) -> Behaviour:
    behaviour = Behaviour(identifier)
    behaviour.since = versions(since)
    behaviour.until = versions(until)
    behaviour.summary = summary
    behaviour.source = source
    behaviour.breaking = breaking
    BEHAVIOURS.append(behaviour)
    return behaviour


def reached(version: ProviderVersion, dates: tuple[ProviderVersion, ...]) -> bool:
    """Whether *version* is at or after the date of its minor, or its minor is later than the last one named."""
    if not dates:
        return False
    for date in dates:
        if (date.major, date.minor) == (version.major, version.minor):
            return version.patch >= date.patch
    return version > dates[-1]


@lru_cache(maxsize=64)
def behaviours_of(version: ProviderVersion) -> frozenset[str]:
    """The behaviours that the provider has in *version*."""
    return frozenset(row for row in BEHAVIOURS if reached(version, row.since) and not reached(version, row.until))


PROBE_CODE_OF_1_23_4 = _row(
    "probe-code-of-1.23.4",
    "1.23.4",
    "appProtocol is read, interval, count and path can be set per port, Local Services get one probe, and every rule"
    " has an idle timeout (4 minutes by default)",
    "azure_loadbalancer.go: getExpectedLBRules, buildHealthProbeRulesForPort",
    breaking=True,
)
KEPT_PRIVATE_ADDRESS = _row(
    "kept-private-address",
    "1.23.6",
    "an internal frontend that is made anew keeps its address, where the new subnet holds it",
    "azure_loadbalancer.go: reconcileFrontendIPConfigs",
)
PRIVATE_ADDRESS_OF_STATUS = _row(
    "private-address-of-status",
    "1.29.14 1.30.11 1.31.5 1.32.4",
    "an internal Service keeps the address of its status also where it moves to a load balancer that is not there yet",
    "azure_loadbalancer.go: reconcileFrontendIPConfigs",
)
RULE_FOLLOWS_PROBE = _row(
    "rule-follows-probe",
    "1.23.8",
    "a rule is sent again when its probe changes; before, it went on with the old one until something else changed",
    "azure_loadbalancer.go: equalLoadBalancingRulePropertiesFormat",
)
PROBE_PROTOCOL_FALLBACK = _row(
    "probe-protocol-fallback",
    "1.23.9",
    "a probe protocol that Azure does not know, and https on a Basic load balancer, fall back to Tcp instead of"
    " failing the Service; UDP ports are not probed",
    "azure_loadbalancer.go: buildHealthProbeRulesForPort",
)
FRONTEND_NAME_ENDING = _row(
    "frontend-name-ending",
    "1.23.9",
    "the name of a frontend that is cut to fit ends in a letter or an underscore",
    "azure_loadbalancer.go: getDefaultFrontendIPConfigName",
)
PROBE_PATH_ROOT = _row(
    "probe-path-root",
    "1.23.9",
    "an http(s) probe without a path annotation asks for /; before for /healthz",
    "consts.go: HealthProbeDefaultRequestPath",
    breaking=True,
)
PROBE_TCP_UNLESS_PATH = _row(
    "probe-tcp-unless-path",
    "1.23.11",
    "without a request-path annotation the probe is Tcp, whatever appProtocol and the protocol annotation say",
    "azure_loadbalancer.go: buildHealthProbeRulesForPort",
    until="1.24.0",
)
APP_PROTOCOL_PROBE = _row(
    "app-protocol-probe",
    "1.24.0",
    "appProtocol http and https mean an http(s) probe of the path /, with no annotation at all",
    "azure_loadbalancer.go: buildHealthProbeRulesForPort",
    breaking=True,
)
INTERNAL_IPV6_NODE_PORT = _row(
    "internal-ipv6-node-port",
    "1.23.12 1.24.1",
    "rules of an internal IPv6 frontend go to the node port, without floating IP",
    "azure_loadbalancer.go: getExpectedLoadBalancingRulePropertiesForPort",
)
PRIVATE_LINK_SERVICE = _row(
    "private-link-service",
    "1.23.12 1.24.0",
    "the azure-pls-* annotations create a private link service",
    "azure_privatelinkservice.go: reconcilePrivateLinkService",
)
PRIVATE_LINK_WITHOUT_FLOATING_IP = _row(
    "private-link-without-floating-ip",
    "1.23.16 1.24.4 1.25.0",
    "a public Service may have a private link service if its floating IP is disabled",
    "azure_privatelinkservice.go: reconcilePrivateLinkService",
)
PUBLIC_IP_PREFIX = _row(
    "public-ip-prefix",
    "1.23.14 1.24.2 1.25.0",
    "azure-pip-prefix-id takes the public IP from a prefix",
    "azure_loadbalancer.go: ensurePublicIPExists",
)
DISABLE_FLOATING_IP = _row(
    "disable-floating-ip",
    "1.23.15 1.24.3 1.25.0",
    "azure-disable-load-balancer-floating-ip sends rules to the node port and opens the node port in the NSG",
    "azure_loadbalancer.go: getExpectedLBRules, reconcileSecurityGroup",
)
ADDRESS_ANNOTATIONS = _row(
    "address-annotations",
    "1.23.22 1.24.9 1.25.3 1.26.0",
    "azure-load-balancer-ipv4 and -ipv6 set the address and win over spec.loadBalancerIP",
    "azure_utils.go: getServiceLoadBalancerIP",
)
PUBLIC_IP_TAGGED_FIRST = _row(
    "public-ip-tagged-first",
    "1.23.16 1.24.4 1.25.0",
    "azure-pip-tags are written to any public IP that is used; before only to one that the provider created",
    "azure_loadbalancer.go: ensurePublicIPExists",
)
PUBLIC_IP_LEFT_ALONE = _row(
    "public-ip-left-alone",
    "1.23.18 1.24.5 1.25.0",
    "an existing IPv4 public IP that needs no change is not written again, and one that is IPv6 becomes IPv4",
    "azure_loadbalancer.go: reconcileIPSettings",
)
NODES_PER_FAMILY = _row(
    "nodes-per-family",
    "1.23.18 1.24.5 1.25.0",
    "without floating IP security rules open the nodes' addresses of the Service's family; before, of both families",
    "azure_loadbalancer_backendpool.go: GetBackendPrivateIPs",
)
OTHER_KIND_LEFT_ON_DELETION = _row(
    "other-kind-left-on-deletion",
    "1.23.21 1.24.8 1.25.2 1.26.0",
    "a Service that is deleted leaves the load balancer of the other kind too, where an edit between public and"
    " internal never took effect; before, what stands there stays for good",
    "azure_loadbalancer.go: EnsureLoadBalancerDeleted",
)
SCALE_SET_NOT_NAMED = _row(
    "scale-set-not-named",
    "1.23.25 1.24.12 1.25.6",
    "where no node is of the scale set that azure-load-balancer-mode names, the error does not say which; Basic only",
    "azure_vmss.go: GetVMSetNames",
)
NODE_ADDRESSES_REMOVED = _row(
    "node-addresses-removed",
    "1.24.22 1.25.16 1.26.12 1.27.6 1.28.0",
    "a pool of addresses (nodeIP) loses those of nodes that are gone; before it keeps them, and so do the security"
    " rules of Services without floating IP",
    "azure_loadbalancer_backendpool.go: backendPoolTypeNodeIP.EnsureHostsInPool",
)
UNREADY_NODES_REMOVED = _row(
    "unready-nodes-removed",
    "1.23.9 1.24.0",
    "the provider itself takes nodes that are not ready out of the pools",
    "azure.go: updateNodeCaches",
    until="1.24.22 1.25.16 1.26.12 1.27.6",
)
UNREADY_NODES_OF_LOCAL = _row(
    "unready-nodes-of-local",
    "1.25.0",
    "for a Local Service Kubernetes hands over nodes that are not ready, too",
    "k8s.io/cloud-provider: getNodePredicatesForService",
    until="1.25.6 1.26.19 1.27.1",
)
STABLE_NODE_SET = _row(
    "stable-node-set",
    "1.27.1",
    "Kubernetes hands over nodes whether they are ready or not, and the probes decide; none that is being deleted",
    "k8s.io/cloud-provider: getNodePredicatesForService",
)
EXCLUSION_READ = _row(
    "exclusion-read",
    "1.33.12 1.34.0",
    "with pools of addresses the label exclude-from-external-load-balancers with the value false excludes no node",
    "k8s.io/cloud-provider: nodeIncludedPredicate",
)
USER_ASSIGNED_IP_TAGS_KEPT = _row(
    "user-assigned-ip-tags-kept",
    "1.23.30 1.24.17 1.25.11 1.26.7 1.27.0",
    "azure-pip-tags are not written to a public IP that has tags, but not the provider's",
    "azure_loadbalancer.go: ensurePublicIPExists",
)
DNS_LABEL_OVERWRITE = _row(
    "dns-label-overwrite",
    "1.23.24 1.24.11 1.25.5 1.26.0",
    "a different DNS label on the public IP is overwritten instead of failing the Service",
    "azure_loadbalancer.go: reconcileDNSSettings",
)
NSG_NAMES_WITHOUT_COLON = _row(
    "nsg-names-without-colon",
    "1.23.29 1.24.16 1.25.10 1.26.6",
    "colons of IPv6 ranges become dots in the names of security rules",
    "azure_standard.go: getSecurityRuleName",
)
PORT_ANNOTATIONS = _row(
    "port-annotations",
    "1.24.12 1.25.6 1.26.0",
    "port_N_health-probe_protocol, port_N_health-probe_port, port_N_no_probe_rule and port_N_no_lb_rule are read",
    "azure_loadbalancer.go: getExpectedLBRules, buildHealthProbeRulesForPort",
)
PROBE_THRESHOLD = _row(
    "probe-threshold",
    "1.24.18 1.25.12 1.26.8 1.27.0",
    "the count of failed probes is sent as probeThreshold, not as numberOfProbes",
    "azure_loadbalancer.go: buildHealthProbeRulesForPort",
)
USER_ASSIGNED_IP_UNTOUCHED = _row(
    "user-assigned-ip-untouched",
    "1.24.19 1.25.13 1.26.9 1.27.3",
    "a public IP that the provider did not create keeps its tags as they are",
    "azure_loadbalancer.go: ensurePublicIPExists, serviceOwnsPublicIP",
)
PRIVATE_LINK_PROXY_PROBE = _row(
    "private-link-proxy-probe",
    "1.24.20 1.25.14 1.26.10 1.27.4",
    "with a private link service and proxy protocol a Local Service is probed port by port, because the node's health"
    " check does not speak the proxy protocol",
    "azure_loadbalancer.go: getExpectedLBRules",
)
LOCAL_PROBE_NUMBERS = _row(
    "local-probe-numbers",
    "1.25.16 1.26.12 1.27.6",
    "interval and count of the Local probe can be set; before they are always 5 seconds and 2",
    "azure_loadbalancer_healthprobe.go: getHealthProbeConfigProbeIntervalAndNumOfProbe",
)
SHARE_BY_PUBLIC_IP_NAME = _row(
    "share-by-public-ip-name",
    "1.25.16 1.26.12 1.27.6",
    "Services with the same azure-pip-name share one frontend",
    "azure_loadbalancer.go: serviceOwnsFrontendIP",
)
IDLE_TIMEOUT_100 = _row(
    "idle-timeout-100",
    "1.25.17 1.26.13 1.27.7 1.28.0",
    "the idle timeout may be up to 100 minutes; before 30",
    "azure_loadbalancer.go: getExpectedLoadBalancingRulePropertiesForPort",
)
PRIVATE_LINK_RESOURCE_GROUP = _row(
    "private-link-resource-group",
    "1.25.19 1.26.15 1.27.9 1.28.1",
    "azure-pls-resource-group is read, and names of a private link service's addresses are cut to 80 characters",
    "azure_privatelinkservice.go: getPLSResourceGroup, reconcilePLSIpConfigs",
)
PRIVATE_LINK_DELETED_FIRST = _row(
    "private-link-deleted-first",
    "1.30.13 1.31.7 1.32.6 1.33.1 1.34.0",
    "where a frontend goes together with its private link service, the reconcile begins anew after the latter; a load"
    " balancer that the Service leaves for the other kind is left as it is until the next reconcile",
    "azure_loadbalancer.go: reconcileService, reconcileLoadBalancer",
)
PUBLIC_IPS_OF_CLUSTER_GROUP = _row(
    "public-ips-of-cluster-group",
    "1.29.13 1.30.10 1.31.4 1.32.3",
    "where azure-load-balancer-resource-group names another group, public IPs that the Service had in the cluster's own"
    " group are deleted too; before they are left behind",
    "azure_loadbalancer.go: reconcilePublicIPs",
)
LITERAL_PROBE_PORT = _row(
    "literal-probe-port",
    "1.25.17 1.26.13 1.27.7 1.28.0",
    "port_N_health-probe_port takes any port of the node; before a number that is no Service port fails the Service",
    "azure_loadbalancer_healthprobe.go: buildHealthProbeRulesForPort",
)
DISABLE_TCP_RESET = _row(
    "disable-tcp-reset",
    "1.25.19 1.26.15 1.27.9 1.28.1 1.29.0",
    "azure-load-balancer-disable-tcp-reset is read",
    "azure_loadbalancer.go: getExpectedLoadBalancingRulePropertiesForPort",
)
LOCAL_PROBE_PORT = _row(
    "local-probe-port",
    "1.25.19 1.26.15 1.27.9 1.28.1",
    "port_N_health-probe_port takes a port of a Local Service out of the Local probe",
    "azure_loadbalancer_healthprobe.go: buildHealthProbeRulesForPort",
    breaking=True,
)
PUBLIC_IP_NAMES_EXACT_CASE = _row(
    "public-ip-names-exact-case",
    "1.23.27 1.24.14 1.25.8 1.26.4",
    "azure-pip-name finds a public IP only if it is written in the same case",
    "azure_wrap.go: getPublicIPAddress",
    until="1.25.21 1.26.17 1.27.11 1.28.3",
)
PUBLIC_IP_NAMES_TRIMMED = _row(
    "public-ip-names-trimmed",
    "1.23.11",
    "azure-pip-name is looked up without the blanks around it, only to fail later",
    "azure_wrap.go: newPIPCache",
    until="1.23.27 1.24.14 1.25.8 1.26.4",
)
PUBLIC_IPS_KEPT_BY_GROUP = _row(
    "public-ips-kept-by-group",
    "1.23.27 1.24.14 1.25.8 1.26.4",
    "the public IPs of a resource group are kept for two minutes under its name as it is spelled: a Service that spells"
    " it otherwise than the cluster, or than another Service, does not see what changes there",
    "azure_publicip_repo.go: newPIPCache, getPublicIPAddress, listPIP",
)
AZURE_ERRORS_IN_PARTS = _row(
    "azure-errors-in-parts",
    "1.32.0",
    "what Azure says of a public IP is told in several lines, with the request; before in one, as RawError",
    "azure_loadbalancer.go: ensurePublicIPExists",
)
SKU_IN_CAPITALS = _row(
    "sku-in-capitals",
    "1.32.0",
    "the error that disableOutboundSNAT needs a standard load balancer spells loadBalancerSKU; before loadBalancerSku",
    "azure.go: InitializeCloudFromConfig",
)
LABEL_TAG_TAKEN_OFF = _row(
    "label-tag-taken-off",
    "1.23.25 1.24.12 1.25.6 1.26.0",
    "with a Service its tag for the DNS label goes from a public IP that a person has made; else the tag stays, and no"
    " other Service may set a label there",
    "azure_loadbalancer.go: getPublicIPUpdates, unbindServiceFromPIP",
    until="1.24.19 1.25.13 1.26.9 1.27.3",
)
STALE_PUBLIC_IPS = _row(
    "stale-public-ips",
    "1.23.27 1.24.14 1.25.8 1.26.4",
    "a public IP that is deleted takes along the frontend that was just given another one, with its rules",
    "azure_loadbalancer.go: safeDeletePublicIP",
    until="1.24.19 1.25.13 1.26.9 1.27.3",
)
FRESH_PUBLIC_IPS = _row(
    "fresh-public-ips",
    "1.32.12 1.33.7 1.34.4 1.35.0",
    "a public IP that is replaced gives up its frontend first, also one that has it since the provider read the public"
    " IPs last",
    "azure_loadbalancer.go: reconcileFrontendIPConfigs, safeDeletePublicIP",
)
ACCESS_CONTROL = _row(
    "access-control",
    "1.25.24 1.26.19 1.27.13 1.28.5 1.29.0",
    "azure-allowed-ip-ranges is read, 0.0.0.0/0 adds Internet beside the range, empty service tags are kept, and the"
    " security rules read azure-load-balancer-internal without case",
    "loadbalancer/accesscontrol.go: NewAccessControl",
    breaking=True,
)
SOURCES_PER_FAMILY = _row(
    "sources-per-family",
    "1.26.20 1.27.8 1.28.0",
    "security rules of an IPv6 Service take the IPv6 ranges; before access control knew families, the IPv4 ranges",
    "azure_loadbalancer.go: reconcileSecurityGroup",
)
CONFLICT_EVENT = _row(
    "conflict-event",
    "1.25.24 1.26.19 1.27.13 1.28.5 1.29.0",
    "source ranges together with service tags are reported by the event ConflictConfiguration",
    "azure_loadbalancer.go: reconcileSecurityGroup",
)
PUBLIC_IP_NAME_LIMIT = _row(
    "public-ip-name-limit",
    "1.25.24 1.26.19 1.27.13 1.28.5",
    "the name of a public IP is cut to 75 characters",
    "azure_standard.go: getPublicIPName",
)
DENY_INVALID_RANGES = _row(
    "deny-invalid-ranges",
    "1.26.22 1.27.16 1.28.8 1.29.3",
    "a range that is no network address is dropped and a deny-all rule is added, instead of failing the Service",
    "loadbalancer/accesscontrol.go: NewAccessControl",
    breaking=True,
)
RENUMBERED_NSG_PRIORITIES = _row(
    "renumbered-nsg-priorities",
    "1.26.22 1.27.16 1.28.8",
    "allow rules are numbered by name from 500 on, deny rules from 4096 down",
    "azure_loadbalancer.go: tidySecurityRules",
    until="1.29.0",
)
STANDARD_BY_DEFAULT = _row(
    "standard-by-default",
    "1.27.0",
    "a cluster configuration without a load balancer SKU means Standard; before Basic",
    "azure.go: setLBDefaults",
)
NAME_LIMIT_75 = _row(
    "name-limit-75",
    "1.27.0",
    "names of frontends and rules with a subnet are cut to 75 characters, to leave room for -IPv6; before to 80",
    "azure_standard.go: getLoadBalancerRuleName",
)
FAMILY_PUBLIC_IPS = _row(
    "family-public-ips",
    "1.27.0",
    "azure-pip-name-ipv6, azure-pip-prefix-id-ipv6 and address annotations are read per IP family",
    "azure_utils.go: getServicePIPName, getServiceLoadBalancerIP",
)
POOLS_PER_FAMILY = _row(
    "pools-per-family",
    "1.27.0",
    "the load balancer has a backend pool for each IP family of the Service",
    "azure_loadbalancer_backendpool.go: ReconcileBackendPools",
)
IPV6_SUFFIX_EVERYWHERE = _row(
    "ipv6-suffix-everywhere",
    "1.27.0",
    "the public IP of a single-stack IPv6 Service is named with -IPv6 too",
    "azure_standard.go: getPublicIPName",
    until="1.27.2",
)
DUAL_STACK = _row(
    "dual-stack",
    "1.27.8 1.28.0",
    "a dual-stack Service gets frontends, rules, probes and security rules for both families; before only for the"
    " family of its cluster IP",
    "azure_loadbalancer.go: reconcileLoadBalancer",
)
MULTIPLE_LOAD_BALANCERS = _row(
    "multiple-load-balancers",
    "1.28.0",
    "multiple standard load balancers are configured by multipleStandardLoadBalancerConfigurations",
    "azure_loadbalancer.go: getEligibleLoadBalancersForService",
)
SELECTED_LOAD_BALANCERS_FIRST = _row(
    "selected-load-balancers-first",
    "1.28.5 1.29.0",
    "with multiple load balancers, one without selectors takes a Service only where no selector of another matches",
    "azure_loadbalancer.go: getEligibleLoadBalancersForService",
    breaking=True,
)
LOAD_BALANCER_NAMES_WITHOUT_CASE = _row(
    "load-balancer-names-without-case",
    "1.28.6 1.29.1",
    "names and primary scale sets of multiple load balancers must differ in more than case",
    "azure.go: checkEnableMultipleStandardLoadBalancers",
)
BOTH_KINDS_COUNTED = _row(
    "both-kinds-counted",
    "1.28.5 1.29.0",
    "with multiple load balancers the rules of the public and of the internal one of a name both place a Service",
    "azure_loadbalancer.go: getMostEligibleLBForService",
    until="1.28.10 1.29.6 1.30.2",
)
INTERNAL_LOAD_BALANCERS_COUNTED = _row(
    "internal-load-balancers-counted",
    "1.28.10 1.29.6 1.30.2",
    "with multiple load balancers an internal Service is placed by the rules of the internal load balancers; before by"
    " those of the public ones",
    "azure_loadbalancer.go: getMostEligibleLBForService",
)
SHARED_PROBE = _row(
    "shared-probe",
    "1.28.5 1.29.0",
    "in shared probe mode all Services with externalTrafficPolicy Cluster use one probe of kube-proxy",
    "azure_loadbalancer_healthprobe.go: buildClusterServiceSharedProbe",
)
SHARED_PROBE_DROPPED = _row(
    "shared-probe-dropped",
    "1.29.14 1.30.11 1.31.5 1.32.4",
    "in shared probe mode the probe goes when the last rule that needs it belongs to a Service that turns Local",
    "azure_loadbalancer_healthprobe.go: keepSharedProbe",
)
NODES_WHERE_NONE_WERE = _row(
    "nodes-where-none-were",
    "1.28.14 1.29.12 1.30.8 1.31.2 1.32.0",
    "with multiple load balancers the pools of one that has never had a node of its own list all nodes; before none",
    "azure_loadbalancer_backendpool.go: backendPoolTypeNodeIP.EnsureHostsInPool",
)
REFERENCES_BEFORE_TAGS = _row(
    "references-before-tags",
    "1.28.14 1.29.12 1.30.8 1.31.2 1.32.0",
    "azure-pip-tags that set k8s-azure-service do not keep a public IP when its last Service is deleted; before it"
    " stays, with that tag",
    "azure_loadbalancer.go: getPublicIPUpdates, shouldReleaseExistingOwnedPublicIP",
)
SHARED_NSG_RULES = _row(
    "shared-nsg-rules",
    "1.29.0",
    "security rules are named k8s-azure-lb_*, are shared by Services with the same ports and sources, and deny-all"
    " covers every port of the address",
    "securitygroup/securitygroup.go: RuleHelper",
    breaking=True,
)
STRICT_ADDITIONAL_IPS = _row(
    "strict-additional-ips",
    "1.29.0",
    "blanks and empty items in azure-additional-public-ips fail the Service",
    "loadbalancer/configuration.go: AdditionalPublicIPs",
    breaking=True,
)
TRIMMED_RANGES = _row(
    "trimmed-ranges",
    "1.27.17 1.28.9 1.29.4",
    "blanks around ranges and service tags are ignored, and load-balancer-source-ranges counts as"
    " azure-allowed-ip-ranges",
    "loadbalancer/configuration.go: AllowedIPRanges",
    breaking=True,
)
REPEATED_SHARED_PORTS = _row(
    "repeated-shared-ports",
    "1.30.8 1.31.2 1.32.0",
    "a port that several other Services need on an address counts once for each of them: rules may list it twice",
    "securitygroup/securitygroup.go: removeDestinationFromRule; util/collectionutil: Intersection",
)
RETAINED_SHARED_PORTS = _row(
    "retained-shared-ports",
    "1.29.5 1.30.1",
    "security rules for ports that another Service on the same address needs are kept",
    "azure_loadbalancer_accesscontrol.go: listSharedIPPortMapping",
)
SINGLE_NSG_DESTINATION = _row(
    "single-nsg-destination",
    "1.29.7 1.30.3",
    "a single destination is sent as destinationAddressPrefix; before always as a list",
    "securitygroup/securityrule.go: SetDestinationPrefixes",
)
AGGREGATED_RANGES = _row(
    "aggregated-ranges",
    "1.29.11 1.30.7 1.31.1 1.32.0",
    "overlapping and neighbouring source ranges are merged, which changes the names of security rules",
    "loadbalancer/accesscontrol.go: PatchSecurityGroup",
)
NULL_TAG_VALUES = _row(
    "null-tag-values",
    "1.28.14 1.29.12 1.30.8 1.31.2 1.32.1",
    "a tag value null keeps the blanks around it",
    "azure_utils.go: parseTags",
)
SILENT_RANGE_WARNINGS = _row(
    "silent-range-warnings",
    "1.30.8 1.31.2 1.32.0",
    "warnings about invalid and conflicting ranges are recorded only while the Service is being deleted",
    "azure_loadbalancer.go: reconcileSecurityGroup",
)
FAMILY_OF_EMPTY_FAMILIES = _row(
    "family-of-empty-families",
    "1.28.14 1.29.12 1.30.8 1.31.2 1.32.0",
    "a frontend of a Service object without ipFamilies counts as IPv4; before, since dual stack, the provider fails",
    "azure_utils.go: isFIPIPv6",
)
EMPTY_FAMILIES_MEAN_IPV4 = _row(
    "empty-families-mean-ipv4",
    "1.30.13 1.31.7 1.32.6 1.33.1 1.34.0",
    "a Service object without ipFamilies is treated as IPv4; before it gets no rules",
    "azure_utils.go: getIPFamiliesEnabled",
)
NO_INTERNET_BESIDE_ANY = _row(
    "no-internet-beside-any",
    "1.30.14 1.31.8 1.32.7 1.33.2 1.34.0",
    "Internet is not added where a range is 0.0.0.0/0 or ::/0; the other IP family loses its allow rule",
    "loadbalancer/accesscontrol.go: PatchSecurityGroup",
    breaking=True,
)
SHARED_FRONTENDS_ARE_IPV4 = _row(
    "shared-frontends-are-ipv4",
    "1.32.0",
    "the IPv6 address that a Service shares with another is taken for its IPv4 address: its IPv4 rules go there, and"
    " IPv6 gets a frontend of its own",
    "azure_loadbalancer.go: reconcileFrontendIPConfigs, getLoadBalancerFrontendIPConfigIDs",
    until="1.32.9 1.33.4 1.34.2",
    breaking=True,
)
IPV6_PUBLIC_IP_NAMES = _row(
    "ipv6-public-ip-names",
    "1.30.16 1.31.10 1.32.9 1.33.4 1.34.2",
    "a single-stack IPv6 Service reads azure-pip-name-ipv6 and azure-pip-prefix-id-ipv6",
    "azure_utils.go: getServicePIPName",
)
MANAGED_NSG_RULES_BY_NAME = _row(
    "managed-nsg-rules-by-name",
    "1.31.9 1.32.8 1.33.3 1.34.1",
    "only rules named k8s-azure-lb* are managed, and destinations that belong to no Service or node of this cluster"
    " are removed from them",
    "securitygroup/securityrule.go: IsManagedSecurityRule",
    breaking=True,
)
IP_TAG_MUTATION = _row(
    "ip-tag-mutation",
    "1.32.17 1.33.12 1.34.9 1.35.4 1.36.0",
    "a cluster setting changes IP tags in place instead of replacing the public IP",
    "azure_loadbalancer.go: ensurePIPIPTagged",
)
PINNED_LOAD_BALANCER = _row(
    "pinned-load-balancer",
    "1.33.12 1.34.9 1.35.4 1.36.0",
    "with multiple load balancers a Service follows the load balancer that holds its address, and naming both is an"
    " error",
    "azure_loadbalancer.go: getAzureLoadBalancerName",
    breaking=True,
)
PUBLIC_ADDRESS_CHECK = _row(
    "public-address-check",
    "1.33.14 1.34.11 1.35.6 1.36.2",
    "a private or invalid address on a public Service is refused early, with a text of its own",
    "azure_publicip_repo.go: validatePublicIPCandidate",
)
IPV4_IGNORES_IPV6_NAME = _row(
    "ipv4-ignores-ipv6-name",
    "1.33.15 1.34.12 1.35.7 1.36.3",
    "an IPv4-only Service never matches an IPv6 public IP by name",
    "azure_utils.go: getServicePIPName",
)
EMPTY_LOAD_BALANCER_FIRST = _row(
    "empty-load-balancer-first",
    "1.33.15 1.34.12 1.35.7 1.36.3",
    "with multiple load balancers an existing one without rules is preferred",
    "azure_loadbalancer.go: getMostEligibleLBForService",
)
DISABLE_NSG_RULE = _row(
    "disable-nsg-rule",
    "1.35.6 1.36.2",
    "azure-disable-load-balancer-nsg-rule keeps the provider from opening the Service in the NSG",
    "azure_loadbalancer.go: reconcileSecurityGroup",
)
SERVICE_GATEWAY = _row(
    "service-gateway",
    "1.36.5",
    "a cluster can have a service gateway: each Service gets a container load balancer of its own, without security"
    " rules and probes",
    "servicegateway/difftracker: ReconcileInboundService",
)
