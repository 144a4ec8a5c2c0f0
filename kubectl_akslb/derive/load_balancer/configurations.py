"""What the provider finds wrong with its own configuration: of several load balancers, a gateway, outbound SNAT.

Upstream: InitializeCloudFromConfig, setLBDefaults, checkEnableMultipleStandardLoadBalancers,
reconcileMultipleStandardLoadBalancerConfigurations.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.naming import multiple_load_balancers
from kubectl_akslb.derive.precedence import setting
from kubectl_akslb.derive.readers import equal_fold, quote
from kubectl_akslb.model.cluster import NODE_IP_CONFIGURATION, POD_IP, SERVICE, Cluster
from kubectl_akslb.model.provenance import CLUSTER_SETTING, Origin
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import behaviours, refusals

CONFIGURATIONS = "multipleStandardLoadBalancerConfigurations"


class ConfigurationFault(NamedTuple):
    """An error of the provider about its own configuration.

    *at_start* faults keep the provider from starting at all; the others fail every Service.
    """

    message: str
    origin: Origin
    at_start: bool


def configuration_faults(cluster: Cluster) -> tuple[ConfigurationFault, ...]:
    """Everything the provider refuses in its configuration, in the order of its checks; it reports only the first."""
    gateway = _gateway_fault(cluster) if cluster.has(behaviours.SERVICE_GATEWAY) else None
    if gateway is not None:
        return (gateway,)
    if cluster.disable_outbound_snat and not cluster.is_standard:
        return (_outbound_fault(cluster),)
    if not multiple_load_balancers(cluster):
        return ()
    missing = missing_default(cluster)
    return (*_faults_at_start(cluster), *(() if missing is None else (missing,)))


def _gateway_fault(cluster: Cluster) -> ConfigurationFault | None:
    """The three settings of a service gateway come together, and not with several load balancers."""
    enabled, sku, pools = cluster.service_gateway, cluster.load_balancer_sku, cluster.pool_type
    settings = (enabled, equal_fold(pools, POD_IP), equal_fold(sku, SERVICE))
    origin = Origin(CLUSTER_SETTING, "serviceGatewayEnabled", str(enabled).lower())
    if any(settings) and not all(settings):
        text = (
            "InitializeCloudFromConfig: ServiceGateway requires serviceGatewayEnabled=true,"
            f" loadBalancerBackendPoolConfigurationType={POD_IP}, and loadBalancerSku={SERVICE} to be configured"
            f" together (actual: serviceGatewayEnabled={origin.raw}, loadBalancerBackendPoolConfigurationType={pools},"
            f" loadBalancerSku={sku})"
        )
        return ConfigurationFault(text, origin, at_start=True)
    if enabled and cluster.load_balancers:
        text = (
            "InitializeCloudFromConfig: ServiceGatewayEnabled and MultipleStandardLoadBalancerConfigurations are"
            " mutually exclusive and cannot both be set"
        )
        return ConfigurationFault(text, origin, at_start=True)
    return None


def _outbound_fault(cluster: Cluster) -> ConfigurationFault:
    """The setting that only a standard load balancer has; its text names the SKU as the release spells it."""
    word = "loadBalancerSKU" if cluster.has(behaviours.SKU_IN_CAPITALS) else "loadBalancerSku"
    text = f"disableOutboundSNAT should only set when {word} is standard"
    return ConfigurationFault(
        text, setting(cluster, "disable_outbound_snat", "disableOutboundSNAT", "true"), at_start=True
    )


def missing_default(cluster: Cluster) -> ConfigurationFault | None:
    """The error that no configuration is named like the cluster, or None where one is."""
    name = cluster.cluster_name
    if any(equal_fold(configuration.name, name) for configuration in cluster.load_balancers):
        return None
    message = refusals.NO_DEFAULT_CONFIGURATION.template.format(name=quote(name))
    listed = ", ".join(configuration.name for configuration in cluster.load_balancers)
    return ConfigurationFault(message, Origin(CLUSTER_SETTING, CONFIGURATIONS, listed), at_start=False)


def _faults_at_start(cluster: Cluster) -> Iterator[ConfigurationFault]:
    pool_type = cluster.pool_type
    if equal_fold(pool_type, NODE_IP_CONFIGURATION):
        origin = setting(cluster, "pool_type", "loadBalancerBackendPoolConfigurationType", pool_type)
        text = f"multiple standard load balancers cannot be used with backend pool type {NODE_IP_CONFIGURATION}"
        yield ConfigurationFault(text, origin, at_start=True)
    any_case = cluster.has(behaviours.LOAD_BALANCER_NAMES_WITHOUT_CASE)
    names: set[str] = set()
    vm_sets: set[str] = set()
    for index, configuration in enumerate(cluster.load_balancers):
        name, vm_set = configuration.name, configuration.primary_vm_set
        path = f"{CONFIGURATIONS}[{index}]"
        key = name.lower() if any_case else name
        if key in names:
            text = f"duplicated multiple standard load balancer configuration name {name}"
            yield ConfigurationFault(text, Origin(CLUSTER_SETTING, f"{path}.name", name), at_start=True)
        names.add(key)
        key = vm_set.lower() if any_case else vm_set
        origin = Origin(CLUSTER_SETTING, f"{path}.primaryVMSet", vm_set)
        if not vm_set:
            text = f"multiple standard load balancer configuration {name} must have primary VMSet"
            yield ConfigurationFault(text, origin, at_start=True)
        elif key in vm_sets:
            text = f"duplicated primary VMSet {vm_set} in multiple standard load balancer configurations {name}"
            yield ConfigurationFault(text, origin, at_start=True)
        vm_sets.add(key)
