"""What the provider finds wrong with multipleStandardLoadBalancerConfigurations itself.

Upstream: checkEnableMultipleStandardLoadBalancers, reconcileMultipleStandardLoadBalancerConfigurations.
"""

from collections.abc import Iterator

from kubectl_akslb.derive.naming import multiple_load_balancers
from kubectl_akslb.derive.precedence import setting
from kubectl_akslb.derive.readers import equal_fold, quote
from kubectl_akslb.model.cluster import NODE_IP_CONFIGURATION, Cluster
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
    """Everything the provider refuses in the configuration of multiple load balancers, in the order of its checks.

    It reports only the first. Empty where the cluster has one load balancer of each kind.
    """
    if not multiple_load_balancers(cluster):
        return ()
    missing = missing_default(cluster)
    return (*_faults_at_start(cluster), *(() if missing is None else (missing,)))


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
