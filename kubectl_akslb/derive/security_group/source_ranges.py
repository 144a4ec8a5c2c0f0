"""Who may reach the Service: the ranges and tags of the Service, and what the provider concludes from them.

Upstream: loadbalancer/configuration.go and loadbalancer/accesscontrol.go; before them servicehelpers of Kubernetes.
"""

from kubectl_akslb.derive.addresses import (
    AddressError,
    Prefix,
    allows_all,
    parse_cidr,
    parse_network,
    parse_prefix,
)
from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.naming import is_internal
from kubectl_akslb.derive.precedence import annotation, by_provider, spec
from kubectl_akslb.derive.readers import is_true, trim
from kubectl_akslb.derive.refused import Refused
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.derivation import Event
from kubectl_akslb.model.provenance import Derived, Origin
from kubectl_akslb.model.service import IPV4, IPV6, IPFamily, Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours, refusals

INTERNET = "Internet"
ACCESS_FIELDS = ("annotations", "load_balancer_source_ranges")
"""The fields that say who may reach a Service."""
_ANYWHERE = by_provider("sources", INTERNET)


class Ranges(NamedTuple):
    """The valid ranges of one source, and the items that are none."""

    prefixes: tuple[Prefix, ...]
    invalid: tuple[str, ...]
    origin: Origin


class AccessControl(NamedTuple):
    """What the Service says about its clients, and the two conclusions of the provider."""

    source_ranges: Ranges
    allowed_ranges: tuple[Ranges, ...]
    tags: Derived[tuple[str, ...]] | None
    allow_internet: Derived[bool]
    deny_all: Derived[bool]

    @property
    def all_ranges(self) -> tuple[Ranges, ...]:
        """Every source of ranges that is set, spec.loadBalancerSourceRanges first."""
        return (self.source_ranges, *self.allowed_ranges)

    @property
    def prefixes(self) -> tuple[Prefix, ...]:
        """All valid ranges."""
        return tuple(prefix for ranges in self.all_ranges for prefix in ranges.prefixes)

    @property
    def invalid(self) -> tuple[str, ...]:
        """All items that are no range."""
        return tuple(item for ranges in self.all_ranges for item in ranges.invalid)


def access_control(context: Context) -> AccessControl:
    """The access control of a Service since 1.25.24, 1.26.19, 1.27.13, 1.28.5. Upstream: NewAccessControl.

    Refused where ranges cannot be read by a version that refuses them, and where two kinds of ranges are set.
    """
    return context.of_fields(ACCESS_FIELDS, _access_control)


def _access_control(context: Context) -> AccessControl:
    source, allowed = _ranges(context)
    tags = allowed_service_tags(context)
    prefixes = tuple(prefix for ranges in allowed for prefix in ranges.prefixes)
    if source.prefixes and prefixes:
        raise _both_kinds(context, next(ranges.origin for ranges in allowed if ranges.prefixes))
    control = AccessControl(source, allowed, tags, Derived(False, _ANYWHERE), Derived(False, _ANYWHERE))
    return control._replace(
        allow_internet=_allow_internet(context.service, control), deny_all=_deny_all(context, control)
    )


def _ranges(context: Context) -> tuple[Ranges, tuple[Ranges, ...]]:
    """spec.loadBalancerSourceRanges, and the annotations; where Kubernetes' own counts changed with trimming."""
    service, cluster = context.service, context.cluster
    origin = source_ranges_origin(service)
    source = _read(origin, service.load_balancer_source_ranges, cluster)
    listed = annotation(service, keys.ALLOWED_IP_RANGES)
    upstream_key = annotation(service, keys.SOURCE_RANGES)
    if cluster.has(behaviours.TRIMMED_RANGES):
        both = (_read(o, _items(o), cluster) for o in (listed, upstream_key) if o.raw is not None)
        return source, tuple(both)
    if not service.load_balancer_source_ranges and upstream_key.raw is not None:
        source = _read(upstream_key, _items(upstream_key), cluster)
    return source, (_read(listed, _items(listed), cluster),) if listed.raw is not None else ()


def source_ranges_origin(service: Service) -> Origin:
    """Where spec.loadBalancerSourceRanges stands."""
    ranges = service.load_balancer_source_ranges
    return spec("spec.loadBalancerSourceRanges", ", ".join(ranges) if ranges else None)


def _items(origin: Origin) -> tuple[str, ...]:
    return tuple(trim(origin.raw or "").split(","))


def _read(origin: Origin, items: tuple[str, ...], cluster: Cluster) -> Ranges:
    """Read the items of one source. Before 1.26.22, 1.27.16, 1.28.8, 1.29.3 the first bad item is refused."""
    if cluster.has(behaviours.TRIMMED_RANGES):
        items = tuple(trim(item) for item in items)
    prefixes: list[Prefix] = []
    invalid: list[str] = []
    for item in items:
        try:
            prefixes.append(parse_network(item) if cluster.has(behaviours.DENY_INVALID_RANGES) else parse_prefix(item))
        except AddressError as error:
            if not cluster.has(behaviours.DENY_INVALID_RANGES):
                raise _invalid_range(origin, items, item, error, cluster) from None
            invalid.append(item)
    return Ranges(tuple(prefixes), tuple(invalid), origin)


def _invalid_range(origin: Origin, items: tuple[str, ...], item: str, error: AddressError, cluster: Cluster) -> Refused:
    code = refusals.INVALID_CIDR if cluster.has(behaviours.SHARED_NSG_RULES) else refusals.INVALID_IP_RANGE
    head = f"invalid service annotation {origin.path}:{origin.raw}: "
    if origin.path == "spec.loadBalancerSourceRanges":
        head = f"invalid service.Spec.LoadBalancerSourceRanges [[{' '.join(items)}]]: "
    return Refused(code, origin, head=head, item=item, error=error)


def _both_kinds(context: Context, origin: Origin) -> Refused:
    if context.has(behaviours.SHARED_NSG_RULES):
        return Refused(refusals.TWO_KINDS_OF_RANGES, origin, key=keys.ALLOWED_IP_RANGES)
    code = refusals.TWO_KINDS_OF_RANGES_UNTIL_1_28
    return Refused(code, origin, key=keys.ALLOWED_IP_RANGES, service=context.service.name)


def allowed_service_tags(context: Context) -> Derived[tuple[str, ...]] | None:
    """The service tags that may reach the Service, or None where the annotation is missing.

    Upstream: AllowedServiceTags; before it getServiceTags, which drops empty items.
    """
    source = annotation(context.service, keys.ALLOWED_SERVICE_TAGS)
    if source.raw is None:
        return None
    tags = tuple(trim(source.raw).split(","))
    if not context.has(behaviours.ACCESS_CONTROL):
        tags = tuple(filter(None, (trim(tag) for tag in tags)))
        return Derived(tags, source, upstream="getServiceTags")
    if context.has(behaviours.TRIMMED_RANGES):
        tags = tuple(trim(tag) for tag in tags)
    return Derived(tags, source, upstream="AllowedServiceTags")


def _allow_internet(service: Service, control: AccessControl) -> Derived[bool]:
    """Whether everybody may reach the Service. Upstream: IsAllowFromInternet."""
    internal = annotation(service, keys.INTERNAL)
    tags = annotation(service, keys.ALLOWED_SERVICE_TAGS)
    considered = (tags, *(ranges.origin for ranges in control.all_ranges), internal, _ANYWHERE)

    def decided(value: bool, origin: Origin, *notes: str) -> Derived[bool]:
        return Derived(value, origin, considered=considered, notes=notes, upstream="IsAllowFromInternet")

    if control.tags is not None and control.tags.value:
        return decided(False, tags, "service tags take the place of Internet")
    allowed = tuple(prefix for ranges in control.allowed_ranges for prefix in ranges.prefixes)
    for origin, prefixes in (
        (control.source_ranges.origin, control.source_ranges.prefixes),
        (control.allowed_ranges[0].origin if control.allowed_ranges else _ANYWHERE, allowed),
    ):
        if prefixes and not allows_all(prefixes):
            return decided(False, origin, "only the ranges are let in")
    for ranges in control.all_ranges:
        if ranges.invalid:
            return decided(False, ranges.origin, "an item is no network address, so Internet is not let in")
    if internal.raw is None or internal.raw.lower() != "true":
        return decided(True, _ANYWHERE)
    if control.prefixes:
        return decided(True, next(r.origin for r in control.all_ranges if r.prefixes), "a range covers every address")
    return decided(
        False, internal, "an internal Service without ranges gets no rule: only the virtual network reaches it"
    )


def _deny_all(context: Context, control: AccessControl) -> Derived[bool]:
    """Whether all other traffic is denied. Upstream: DenyAllExceptSourceRanges; before it getExpectedSecurityRules."""
    asked = annotation(context.service, keys.DENY_ALL)
    considered = (asked, *(ranges.origin for ranges in control.all_ranges))
    for ranges in control.all_ranges:
        if ranges.invalid:
            return Derived(
                True,
                ranges.origin,
                considered=considered,
                notes=(behaviours.DENY_INVALID_RANGES.note,),
                upstream="DenyAllExceptSourceRanges",
            )
    if context.has(behaviours.SHARED_NSG_RULES):
        enough = bool(control.prefixes)
    else:
        ranges_of_spec = control.source_ranges.prefixes
        enough = bool(ranges_of_spec) and not allows_all(ranges_of_spec)
    notes = ("without a valid range the annotation has no effect",) if is_true(asked) and not enough else ()
    return Derived(
        is_true(asked) and enough, asked, considered=considered, notes=notes, upstream="DenyAllExceptSourceRanges"
    )


def sources_before_access_control(context: Context) -> tuple[dict[IPFamily, Derived[tuple[str, ...]]], Derived[bool]]:
    """The sources per IP family, and whether others are denied, before 1.25.24, 1.26.19, 1.27.13.

    Upstream: reconcileSecurityGroup with servicehelpers.GetLoadBalancerSourceRanges, which clears host bits.
    """
    service = context.service
    ranges = _source_ranges_of_kubernetes(service)
    everything = any(str(prefix) == "0.0.0.0/0" for prefix in ranges.prefixes)
    tags = allowed_service_tags(context)
    tag_values = tags.value if tags is not None else ()
    considered = (ranges.origin, *((tags.origin,) if tags is not None else ()), annotation(service, keys.INTERNAL))
    deny = _deny_all_of_kubernetes(service, ranges, tag_values)
    if (everything or not ranges.prefixes) and not tag_values:
        opened = not is_internal(service) or (
            context.has(behaviours.PROBE_CODE_OF_1_23_4) and bool(service.load_balancer_source_ranges)
        )
        value = (INTERNET,) if opened else ()
        origin = _ANYWHERE if opened else annotation(service, keys.INTERNAL)
        sources = Derived(value, origin, considered=(*considered, _ANYWHERE), upstream="reconcileSecurityGroup")
        return {IPV4: sources, IPV6: sources}, deny
    prefixes = [p for p in ranges.prefixes if not (tag_values and str(p) == "0.0.0.0/0")]
    by_family = {}
    for family in (IPV4, IPV6):
        texts = tuple(str(prefix) for prefix in prefixes if prefix.family is family)
        if not context.has(behaviours.DUAL_STACK):
            texts = tuple(str(prefix) for prefix in prefixes)
        origin = ranges.origin if prefixes else considered[1]
        by_family[family] = Derived(
            texts + tag_values, origin, considered=considered, upstream="reconcileSecurityGroup"
        )
    return by_family, deny


def _deny_all_of_kubernetes(service: Service, ranges: Ranges, tags: tuple[str, ...]) -> Derived[bool]:
    asked = annotation(service, keys.DENY_ALL)
    left = [str(prefix) for prefix in ranges.prefixes if not (tags and str(prefix) == "0.0.0.0/0")]
    value = is_true(asked) and bool(left) and "0.0.0.0/0" not in left
    return Derived(value, asked, considered=(asked, ranges.origin), upstream="getExpectedSecurityRules")


def _source_ranges_of_kubernetes(service: Service) -> Ranges:
    """Upstream: servicehelpers.GetLoadBalancerSourceRanges."""
    if service.load_balancer_source_ranges:
        origin = source_ranges_origin(service)
        items = service.load_balancer_source_ranges
    else:
        origin = annotation(service, keys.SOURCE_RANGES)
        items = tuple((trim(origin.raw or "") or "0.0.0.0/0").split(","))
    unique: dict[str, Prefix] = {}
    for item in items:
        try:
            prefix = parse_cidr(trim(item))
        except AddressError as error:
            raise _invalid_for_kubernetes(origin, items, error) from None
        unique[str(prefix)] = prefix
    return Ranges(tuple(unique.values()), (), origin)


def _invalid_for_kubernetes(origin: Origin, items: tuple[str, ...], error: AddressError) -> Refused:
    what = f"{origin.path}: {trim(origin.raw or '')}"
    kind = "a comma-separated list of source IP ranges. For example, 10.0.0.0/24,192.168.2.0/24"
    if origin.path == "spec.loadBalancerSourceRanges":
        what = f"service.Spec.LoadBalancerSourceRanges: [{' '.join(items)}]"
        kind = f"a list of IP ranges. For example, 10.0.0.0/24. Error msg: {error}"
    return Refused(refusals.UNREADABLE_SOURCE_RANGES, origin, what=what, kind=kind)


def access_events(cluster: Cluster, control: AccessControl) -> tuple[Event, ...]:
    """The warnings about ranges, and whether this version records them. Upstream: reconcileSecurityGroup."""
    recorded = not cluster.has(behaviours.SILENT_RANGE_WARNINGS)
    events = []
    if (
        cluster.has(behaviours.CONFLICT_EVENT)
        and control.source_ranges.prefixes
        and control.tags
        and control.tags.value
    ):
        message = (
            f"Please use annotation {keys.ALLOWED_IP_RANGES} instead of spec.loadBalancerSourceRanges while using"
            f" {keys.ALLOWED_SERVICE_TAGS} annotation at the same time."
        )
        events.append(Event("Warning", "ConflictConfiguration", message, recorded))
    if not control.invalid:
        return tuple(events)
    if recorded:
        message = (
            f"Found invalid LoadBalancerSourceRanges [{' '.join(control.invalid)}], ignoring and adding a default"
            " DenyAll rule in security group."
        )
        return (*events, Event("Warning", "InvalidConfiguration", message))
    return (*_silent_events(control), *events)


def _silent_events(control: AccessControl) -> tuple[Event, ...]:
    """Upstream: EventMessageOfInvalidSourceRanges, EventMessageOfInvalidAllowedIPRanges."""
    found = []
    allowed = tuple(item for ranges in control.allowed_ranges for item in ranges.invalid)
    for reason, what, items in (
        ("InvalidSourceRanges", "spec.LoadBalancerSourceRanges", control.source_ranges.invalid),
        ("InvalidAllowedIPRanges", str(keys.ALLOWED_IP_RANGES), allowed),
    ):
        if items:
            quoted = " ".join(f'"{item}"' for item in items)
            message = f"Found invalid {what} [{quoted}], ignoring and adding a default DenyAll rule in security group."
            found.append(Event("Warning", reason, message, recorded=False))
    return tuple(found)
