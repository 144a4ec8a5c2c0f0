"""Which of the configured load balancers may take a Service. Upstream: getEligibleLoadBalancersForService.

A configuration drops out because the Service does not ask for it, because it takes no new Services, or because of one
of its selectors; each keeps its reason.
"""

from collections.abc import Iterable, Mapping, Sequence

from kubectl_akslb.derive.context import Context, Reconciliation
from kubectl_akslb.derive.load_balancer.configurations import CONFIGURATIONS
from kubectl_akslb.derive.load_balancer.selectors import Selector, SelectorError, described, matches
from kubectl_akslb.derive.naming import INTERNAL_SUFFIX
from kubectl_akslb.derive.precedence import by_provider
from kubectl_akslb.derive.readers import equal_fold, quote, trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.model.cluster import Cluster, LoadBalancerConfiguration
from kubectl_akslb.model.provenance import ANNOTATION, CLUSTER_SETTING, Origin
from kubectl_akslb.model.service import Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

#: The label that the API server puts on every namespace.
NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name"


class AskedConfigurations(NamedTuple):
    """The configurations that the Service asks for by annotation, in lower case; no origins where it does not ask."""

    origins: tuple[Origin, ...]
    names: tuple[str, ...]


class Eligible(NamedTuple):
    """The configurations that are left, and why each other one is not."""

    configurations: tuple[LoadBalancerConfiguration, ...]
    notes: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in the order of the cloud configuration."""
        return tuple(configuration.name for configuration in self.configurations)


def asked_for(service: Service) -> AskedConfigurations:
    """What azure-load-balancer-configurations lists; its key is compared without case.

    Upstream: consts.GetLoadBalancerConfigurationsNames. An empty value is a list of one empty name.
    """
    found = tuple(
        Origin(ANNOTATION, key, value)
        for key, value in service.annotations.items()
        if equal_fold(key, keys.CONFIGURATIONS)
    )
    return AskedConfigurations(
        found, tuple(trim(name).lower() for origin in found for name in (origin.raw or "").split(","))
    )


def settings(cluster: Cluster) -> tuple[Origin, ...]:
    """Every configuration, as a place a value can come from."""
    return tuple(
        Origin(CLUSTER_SETTING, f"{CONFIGURATIONS}[{index}]", configuration.name)
        for index, configuration in enumerate(cluster.load_balancers)
    )


def setting_of(cluster: Cluster, name: str) -> Origin:
    """The configuration of this name, as a place a value can come from."""
    return next((origin for origin in settings(cluster) if origin.raw == name), by_provider("load balancer", name))


def eligible_for(context: Reconciliation, asked: AskedConfigurations) -> Eligible:
    """The configurations that may take the Service. Upstream: getEligibleLoadBalancersForService.

    They are judged from the last to the first, and the error lists them in that order.
    """
    cluster = context.cluster
    selected = [c for c in cluster.load_balancers if not asked.origins or c.name.lower() in asked.names]
    key = keys.CONFIGURATIONS.short
    dropped = {c.name: f"{c.name}: not in {key}" for c in cluster.load_balancers if c not in selected}
    known = {c.name.lower() for c in cluster.load_balancers}
    unknown = [f"{name!r} in {key} is not configured: ignored" for name in asked.names if name not in known]
    if not selected:
        code = refusals.NO_CONFIGURATION_SELECTED
        raise Refused(code, asked.origins[0], service=quote(context.service.name), count=len(asked.names))
    judged = [(c, _judge(context, c)) for c in reversed(selected)]
    dropped |= {c.name: f"{c.name}: {verdict.reason}" for c, verdict in judged if verdict.failed}
    left = [c for c, verdict in reversed(judged) if not verdict.failed]
    if not left:
        raise _none_left(context, asked, selected, judged)
    if cluster.has(behaviours.SELECTED_LOAD_BALANCERS_FIRST) and any(verdict.selected for _, verdict in judged):
        for configuration in left:
            if not _has_selector(configuration):
                dropped[configuration.name] = f"{configuration.name}: has no selector, and one of another matches"
        left = [configuration for configuration in left if _has_selector(configuration)]
    notes = [dropped[c.name] for c in cluster.load_balancers if c.name in dropped]
    notes += _unknown_namespace(context, selected)
    return Eligible(tuple(left), (*unknown, *notes))


def _has_selector(configuration: LoadBalancerConfiguration) -> bool:
    return configuration.service_label_selector is not None or configuration.service_namespace_selector is not None


class _Eligibility(NamedTuple):
    """The condition that a configuration fails, or "", and why; *selected* where one of its selectors matches.

    One selector may match and the other fail: then the configuration drops out and still counts as selected.
    """

    failed: str
    reason: str
    selected: bool


_PLACEMENT = "allowServicePlacement"
_LABELS = "serviceLabelSelector"
_NAMESPACE = "serviceNamespaceSelector"


def _judge(context: Reconciliation, configuration: LoadBalancerConfiguration) -> _Eligibility:
    if not configuration.allow_service_placement and not in_use(context, configuration.name):
        return _Eligibility(_PLACEMENT, f"{_PLACEMENT} is false, and the Service is not on it", selected=False)
    of_service = configuration.service_label_selector
    if of_service is not None and not _matches(
        context.cluster, configuration, _LABELS, of_service, context.service.labels
    ):
        reason = f"{_LABELS} {described(of_service)} does not match the labels of the Service"
        return _Eligibility(_LABELS, reason, selected=False)
    of_namespace = configuration.service_namespace_selector
    labels = namespace_labels(context)
    if of_namespace is not None and not _matches(context.cluster, configuration, _NAMESPACE, of_namespace, labels):
        reason = (
            f"{_NAMESPACE} {described(of_namespace)} does not match the labels of namespace {context.service.namespace}"
        )
        return _Eligibility(_NAMESPACE, reason, selected=of_service is not None)
    return _Eligibility("", "", selected=_has_selector(configuration))


def _matches(
    cluster: Cluster, candidate: LoadBalancerConfiguration, field: str, selector: Selector, labels: Mapping[str, str]
) -> bool:
    try:
        return matches(selector, labels)
    except SelectorError as error:
        path = f"{setting_of(cluster, candidate.name).path}.{field}"
        raise Refused(error.code, Origin(CLUSTER_SETTING, path, described(selector)), **error.values) from None


def namespace_labels(context: Context) -> dict[str, str]:
    """The labels of the Service's namespace; its name is one on every cluster."""
    return {
        **context.cluster.namespace_labels.get(context.service.namespace, {}),
        NAMESPACE_NAME_LABEL: context.service.namespace,
    }


def _unknown_namespace(context: Context, selected: Iterable[LoadBalancerConfiguration]) -> tuple[str, ...]:
    if context.service.namespace in context.cluster.namespace_labels or all(
        c.service_namespace_selector is None for c in selected
    ):
        return ()
    return (
        f"the labels of namespace {context.service.namespace} are not known: taken to be {NAMESPACE_NAME_LABEL} alone",
    )


def _none_left(
    context: Context,
    asked: AskedConfigurations,
    selected: Sequence[LoadBalancerConfiguration],
    judged: Sequence[tuple[LoadBalancerConfiguration, _Eligibility]],
) -> Refused:
    failed = [[c.name for c, v in judged if v.failed == kind] for kind in (_PLACEMENT, _LABELS, _NAMESPACE)]
    placement, labels, namespace = (f"{len(found)} of them ({', '.join(found)})" for found in failed)
    return Refused(
        refusals.NO_ELIGIBLE_CONFIGURATION,
        asked.origins[0] if asked.origins else setting_of(context.cluster, selected[0].name),
        service=quote(context.service.full_name),
        count=len(selected),
        names=", ".join(configuration.name for configuration in selected),
        placement=placement,
        labels=labels,
        namespace=namespace,
    )


def in_use(context: Reconciliation, name: str) -> bool:
    """Whether the Service is on the load balancer *name* or on its internal twin.

    Before addresses pinned a Service, one that shares another's frontend counted as being on none until the provider
    started anew, and so did one that has turned internal or public.
    Upstream: isLoadBalancerInUseByService, reconcileMultipleStandardLoadBalancerConfigurationStatus.
    """
    prefix = context.names.prefix
    shared = context.has(behaviours.PINNED_LOAD_BALANCER)
    place = context.service.full_name, name
    if not shared and place in context.azure.forgotten_places:
        return False
    if not shared and place in context.azure.told_places:
        return True
    return any(
        state is not None and bool(state.frontends_of(prefix) or (shared and state.rules_of(prefix)))
        for state in (context.azure.load_balancers.get(name), context.azure.load_balancers.get(name + INTERNAL_SUFFIX))
    )
