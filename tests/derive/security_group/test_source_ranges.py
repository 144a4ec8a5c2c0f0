"""Who may reach a Service: how ranges and tags are read, what is concluded from them, and what is refused."""

from typing import Any

import pytest

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.reconcile import derive
from kubectl_akslb.derive.security_group.source_ranges import access_control, source_ranges_origin
from kubectl_akslb.model.derivation import SECURITY_GROUP_STAGE, Event
from kubectl_akslb.model.provenance import ANNOTATION, PROVIDER, SPEC
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider import annotations as keys
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.version import NEWEST
from tests.given.derived import READ, reasons, refusal, security_rules
from tests.given.services import INTERNAL, NAME, dual, ipv6, on, service

ALLOWED = "azure-allowed-ip-ranges"
TAGS = "azure-allowed-service-tags"
DENY = "azure-deny-all-except-load-balancer-source-ranges"
OF_KUBERNETES = "service.beta.kubernetes.io/load-balancer-source-ranges"
NOW = str(NEWEST)


def given(annotations: dict[str, str] | None = None, *ranges: str, **fields: Any) -> Service:
    return service(annotations, load_balancer_source_ranges=ranges, **fields)


def opened(which: Service, version: str = NOW) -> tuple[object, object]:
    """The sources of the allow rules, and whether everything else is denied."""
    derivation = derive(which, on(version))
    return derivation.refusal.message if derivation.refusal else READ["allowed"](derivation), READ["denied"](derivation)


# What is let in today


@pytest.mark.parametrize(
    ("which", "allowed", "denied"),
    [
        (given(), ("Internet",), False),
        (given(INTERNAL), (), False),
        (given({"azure-load-balancer-internal": "True"}), (), False),
        (given({"azure-load-balancer-internal": " true"}), ("Internet",), False),
        (given(None, "10.0.0.0/8"), ("10.0.0.0/8",), False),
        (given(INTERNAL, "10.0.0.0/8"), ("10.0.0.0/8",), False),
        (given(INTERNAL, "0.0.0.0/0"), ("0.0.0.0/0",), False),
        (given(None, "0.0.0.0/0"), ("0.0.0.0/0",), False),
        (given(None, "0.0.0.0/0", "10.0.0.0/8"), ("0.0.0.0/0",), False),
        (given(None, "192.168.0.0/25", "192.168.0.128/25", "10.0.0.0/8"), ("10.0.0.0/8,192.168.0.0/24",), False),
        (given(None, " 10.0.0.0/8 "), ("10.0.0.0/8",), False),
        (given({ALLOWED: "10.0.0.0/8, 192.168.0.0/16"}), ("10.0.0.0/8,192.168.0.0/16",), False),
        (given({OF_KUBERNETES: "10.0.0.0/8"}), ("10.0.0.0/8",), False),
        (given({ALLOWED: "10.0.0.0/8", OF_KUBERNETES: "192.168.0.0/16"}), ("10.0.0.0/8,192.168.0.0/16",), False),
        (given({TAGS: "AzureCloud, Sql"}), ("AzureCloud", "Sql"), False),
        (given({TAGS: "Sql"}, "10.0.0.0/8"), ("Sql", "10.0.0.0/8"), False),
        (given({TAGS: "Sql", ALLOWED: "10.0.0.0/8"}), ("Sql", "10.0.0.0/8"), False),
        (given({**INTERNAL, TAGS: "Sql"}), ("Sql",), False),
        (given({TAGS: ""}), ("",), False),
        (given({TAGS: "Sql,"}), ("Sql", ""), False),
        (given({DENY: "true"}, "10.0.0.0/8"), ("10.0.0.0/8",), True),
        (given({DENY: "True"}, "0.0.0.0/0"), ("0.0.0.0/0",), True),
        (given({DENY: "true", ALLOWED: "10.0.0.0/8"}), ("10.0.0.0/8",), True),
        (given({DENY: "true "}, "10.0.0.0/8"), ("10.0.0.0/8",), False),
        (given({DENY: "true"}), ("Internet",), False),
        (given({DENY: "true", TAGS: "Sql"}), ("Sql",), False),
        (given(None, "10.0.0.1/24"), (), True),
        (given(None, "10.0.0.1/24", "192.168.0.0/16"), ("192.168.0.0/16",), True),
        (given({ALLOWED: ""}), (), True),
        (given({ALLOWED: "10.0.0.0/8,"}), ("10.0.0.0/8",), True),
        (given({OF_KUBERNETES: ""}), (), True),
        (given({ALLOWED: "x", TAGS: "Sql"}), ("Sql",), True),
    ],
    ids=[
        "public", "internal", "internal in another case", "internal with a blank", "ranges", "internal with ranges",
        "internal open to all", "open to all", "range within a range", "related are merged", "blanks", "annotation",
        "annotation of Kubernetes", "both annotations", "tags", "tags and ranges", "tags and annotation", "internal tags",
        "empty tag", "empty tag in a list", "denied", "denied besides everything", "denied besides the annotation",
        "booleans are not trimmed", "nothing to deny by", "tags are nothing to deny by", "host bits",
        "host bits beside a range", "empty annotation", "empty item", "empty annotation of Kubernetes", "tag besides nonsense",
    ],
)  # fmt: skip
def test_who_is_let_in(which: Service, allowed: tuple[str, ...], denied: bool) -> None:
    assert (allowed, denied) == opened(which)


def test_ranges_of_the_other_family_let_nobody_in() -> None:
    cluster = on(addresses={f"kubernetes-{NAME}": "2603::1"})
    assert () == READ["allowed"](derive(ipv6(load_balancer_source_ranges=("10.0.0.0/8",)), cluster))


# Why

INVALID = "an item is no network address, so Internet is not let in"


@pytest.mark.parametrize(
    ("which", "value", "kind", "path", "notes"),
    [
        (given(), True, PROVIDER, "sources", ()),
        (given(INTERNAL), False, ANNOTATION, keys.INTERNAL, ("an internal Service without ranges gets no rule: only the virtual network reaches it",)),
        (given(INTERNAL, "0.0.0.0/0"), True, SPEC, "spec.loadBalancerSourceRanges", ("a range covers every address",)),
        (given(None, "10.0.0.0/8"), False, SPEC, "spec.loadBalancerSourceRanges", ("only the ranges are let in",)),
        (given({ALLOWED: "10.0.0.0/8"}), False, ANNOTATION, keys.ALLOWED_IP_RANGES, ("only the ranges are let in",)),
        (given({TAGS: "Sql"}), False, ANNOTATION, keys.ALLOWED_SERVICE_TAGS, ("service tags take the place of Internet",)),
        (given(None, "x"), False, SPEC, "spec.loadBalancerSourceRanges", (INVALID,)),
        (given({OF_KUBERNETES: "x"}), False, ANNOTATION, keys.SOURCE_RANGES, (INVALID,)),
    ],
    ids=["public", "internal", "internal, open to all", "ranges", "annotation", "tags", "no range", "no range of Kubernetes"],
)  # fmt: skip
def test_why_the_internet_is_let_in(
    which: Service, value: bool, kind: str, path: str, notes: tuple[str, ...]
) -> None:  # fmt: skip
    found = access_control(Context(which, on())).allow_internet
    assert (value, kind, path, notes) == (found.value, found.origin.kind, found.origin.path, found.notes)
    assert found.origin in found.considered


@pytest.mark.parametrize(
    ("which", "version", "value", "path", "notes"),
    [
        (given(), NOW, False, keys.DENY_ALL, ()),
        (given({DENY: "true"}), NOW, False, keys.DENY_ALL, ("without a valid range the annotation has no effect",)),
        (given({DENY: "true"}, "10.0.0.0/8"), NOW, True, keys.DENY_ALL, ()),
        (given(None, "x"), NOW, True, "spec.loadBalancerSourceRanges", (behaviours.DENY_INVALID_RANGES.note,)),
        (given({DENY: "true"}, "0.0.0.0/0"), "1.28.14", False, keys.DENY_ALL, ("without a valid range the annotation has no effect",)),
        (given({DENY: "true", ALLOWED: "10.0.0.0/8"}), "1.28.14", False, keys.DENY_ALL, ("without a valid range the annotation has no effect",)),
        (given({DENY: "true"}, "10.0.0.0/8"), "1.28.14", True, keys.DENY_ALL, ()),
    ],
)  # fmt: skip
def test_why_everything_else_is_denied(
    which: Service, version: str, value: bool, path: str, notes: tuple[str, ...]
) -> None:  # fmt: skip
    found = access_control(Context(which, on(version))).deny_all
    assert (value, path, notes) == (found.value, found.origin.path, found.notes)


@pytest.mark.parametrize(("ranges", "raw"), [((), None), (("10.0.0.0/8", "11.0.0.0/8"), "10.0.0.0/8, 11.0.0.0/8")])
def test_what_stands_in_the_field_is_told(ranges: tuple[str, ...], raw: str | None) -> None:
    assert raw == source_ranges_origin(given(None, *ranges)).raw


@pytest.mark.parametrize(
    ("which", "path"),
    [
        (given({TAGS: "Sql"}), keys.ALLOWED_SERVICE_TAGS),
        (given({TAGS: "Sql"}, "10.0.0.0/8"), "spec.loadBalancerSourceRanges"),
        (given({OF_KUBERNETES: "10.0.0.0/8"}), keys.SOURCE_RANGES),
    ],
)
def test_what_the_sources_come_from_before_access_control(which: Service, path: str) -> None:
    assert path == security_rules(which, on("1.27.12"))[0].sources.origin.path


def test_sources_of_a_rule_name_every_range() -> None:
    found = security_rules(given({ALLOWED: "10.0.0.0/9,10.128.0.0/9", OF_KUBERNETES: "10.0.0.0/8"}))[0].sources
    considered = [(keys.ALLOWED_IP_RANGES, "10.0.0.0/9,10.128.0.0/9"), (keys.SOURCE_RANGES, "10.0.0.0/8")]
    assert (ANNOTATION, keys.ALLOWED_IP_RANGES, considered) == reasons(found)
    assert (behaviours.AGGREGATED_RANGES.note,) == found.notes


# What is refused


@pytest.mark.parametrize(
    ("which", "version", "message", "path"),
    [
        (given({ALLOWED: "10.0.0.0/8"}, "10.0.0.0/8"), NOW, f"cannot set both spec.LoadBalancerSourceRanges and service annotation {keys.ALLOWED_IP_RANGES}", keys.ALLOWED_IP_RANGES),
        (given({OF_KUBERNETES: "10.0.0.0/8"}, "10.0.0.0/8"), NOW, f"cannot set both spec.LoadBalancerSourceRanges and service annotation {keys.ALLOWED_IP_RANGES}", keys.SOURCE_RANGES),
        (given({ALLOWED: "10.0.0.0/8"}, "10.0.0.0/8"), "1.28.14", f"both of spec.loadBalancerSourceRanges and annotation {keys.ALLOWED_IP_RANGES} are specified for service web, which is not allowed", keys.ALLOWED_IP_RANGES),
        (given(None, "10.0.0.0/8", "x"), "1.28.5", "invalid service.Spec.LoadBalancerSourceRanges [[10.0.0.0/8 x]]: invalid IP range x: netip.ParsePrefix(\"x\"): no '/'", "spec.loadBalancerSourceRanges"),
        (given(None, "x"), "1.29.2", "invalid service.Spec.LoadBalancerSourceRanges [[x]]: invalid CIDR `x`: netip.ParsePrefix(\"x\"): no '/'", "spec.loadBalancerSourceRanges"),
        (given({ALLOWED: "10.0.0.0/8, x"}), "1.29.2", f"invalid service annotation {keys.ALLOWED_IP_RANGES}:10.0.0.0/8, x: invalid CIDR ` x`: netip.ParsePrefix(\" x\"): no '/'", keys.ALLOWED_IP_RANGES),
        (given({OF_KUBERNETES: ""}), "1.28.5", f"invalid service annotation {OF_KUBERNETES}:: invalid IP range : netip.ParsePrefix(\"\"): no '/'", keys.SOURCE_RANGES),
        (given(None, "10.0.0.0/8", "x"), "1.28.4", "service.Spec.LoadBalancerSourceRanges: [10.0.0.0/8 x] is not valid. Expecting a list of IP ranges. For example, 10.0.0.0/24. Error msg: invalid CIDR address: x", "spec.loadBalancerSourceRanges"),
        (given({OF_KUBERNETES: "10.0.0.0/8,x"}), "1.28.4", f"{OF_KUBERNETES}: 10.0.0.0/8,x is not valid. Expecting a comma-separated list of source IP ranges. For example, 10.0.0.0/24,192.168.2.0/24", keys.SOURCE_RANGES),
    ],
    ids=[
        "E-17", "E-17 names the other annotation", "E-17 before 1.29", "ranges in 1.28.5", "ranges in 1.29.2",
        "annotation in 1.29.2", "annotation of Kubernetes", "ranges before access control", "annotation before access control",
    ],
)  # fmt: skip
def test_refused(which: Service, version: str, message: str, path: str) -> None:
    found = refusal(which, on(version))
    assert (message, SECURITY_GROUP_STAGE, path) == (found.message, found.stage, found.origin.path)


def test_invalid_ranges_beside_ranges_of_another_kind_are_no_conflict() -> None:
    assert (("10.0.0.0/8",), True) == opened(given({ALLOWED: "x"}, "10.0.0.0/8"))


# Between 1.25.24 and 1.29.4


@pytest.mark.parametrize(
    ("which", "version", "allowed", "denied"),
    [
        (given(None, "10.0.0.1/8"), "1.28.5", ("10.0.0.1/8",), False),
        (given({OF_KUBERNETES: "10.0.0.0/8"}, "192.168.0.0/16"), "1.28.5", ("192.168.0.0/16",), False),
        (given({OF_KUBERNETES: "10.0.0.0/8"}), "1.28.5", ("10.0.0.0/8",), False),
        (given({OF_KUBERNETES: "10.0.0.0/8", ALLOWED: "192.168.0.0/16"}), "1.29.3", "cannot set both", False),
        (given({TAGS: " Sql,"}), "1.29.3", ("Sql", ""), False),
        (given({TAGS: "Sql, Storage"}), "1.29.3", ("Sql", " Storage"), False),
        (given(None, "0.0.0.0/0"), "1.28.5", ("Internet", "0.0.0.0/0"), False),
        (given({TAGS: "Sql"}, "10.0.0.0/8"), "1.28.5", ("10.0.0.0/8", "Sql"), False),
        (given({DENY: "true"}, "10.0.0.0/8"), "1.28.5", ("10.0.0.0/8",), True),
    ],
    ids=[
        "host bits are kept", "spec hides the annotation of Kubernetes", "annotation of Kubernetes alone",
        "annotation of Kubernetes counts as spec", "tags are trimmed as a whole", "but not one by one",
        "Internet beside everything", "ranges before tags", "denied",
    ],
)  # fmt: skip
def test_first_releases_of_access_control(
    which: Service, version: str, allowed: object, denied: bool
) -> None:  # fmt: skip
    found = opened(which, version)
    if isinstance(allowed, str):
        assert str(found[0]).startswith(allowed)
    else:
        assert (allowed, denied) == found


# Before it


@pytest.mark.parametrize(
    ("which", "version", "allowed", "denied"),
    [
        (given(), "1.28.4", ("Internet",), False),
        (given(INTERNAL), "1.28.4", (), False),
        (given({"azure-load-balancer-internal": "True"}), "1.28.4", ("Internet",), False),
        (given(INTERNAL, "0.0.0.0/0"), "1.28.4", ("Internet",), False),
        (given(INTERNAL, "0.0.0.0/0"), "1.23.3", (), False),
        (given(None, "0.0.0.0/0", "10.0.0.0/8"), "1.28.4", ("Internet",), False),
        (given(None, "10.1.2.3/8", "10.0.0.0/8"), "1.28.4", ("10.0.0.0/8",), False),
        (given({OF_KUBERNETES: " 10.0.0.0/8, 192.168.0.0/16 "}), "1.28.4", ("10.0.0.0/8", "192.168.0.0/16"), False),
        (given({OF_KUBERNETES: ""}), "1.28.4", ("Internet",), False),
        (given({OF_KUBERNETES: "x"}, "10.0.0.0/8"), "1.28.4", ("10.0.0.0/8",), False),
        (given({ALLOWED: "10.0.0.0/8"}), "1.28.4", ("Internet",), False),
        (given({TAGS: " Sql ,, Storage"}), "1.28.4", ("Sql", "Storage"), False),
        (given({TAGS: ""}), "1.28.4", ("Internet",), False),
        (given({TAGS: "Sql"}, "10.0.0.0/8", "0.0.0.0/0"), "1.28.4", ("10.0.0.0/8", "Sql"), False),
        (given({DENY: "true"}, "10.0.0.0/8"), "1.28.4", ("10.0.0.0/8",), True),
        (given({DENY: "true"}, "0.0.0.0/0"), "1.28.4", ("Internet",), False),
        (given({DENY: "true"}), "1.28.4", ("Internet",), False),
        (given({DENY: "true", TAGS: "Sql"}, "0.0.0.0/0"), "1.28.4", ("Sql",), False),
        (given({DENY: "true", TAGS: "Sql"}, "0.0.0.0/0", "10.0.0.0/8"), "1.28.4", ("10.0.0.0/8", "Sql"), True),
    ],
    ids=[
        "public", "internal", "internal in this spelling only", "internal, open to all", "not so before 1.23.4",
        "everything hides ranges", "host bits are cleared", "annotation of Kubernetes", "empty means all",
        "spec hides the annotation", "allowed-ip-ranges is not read", "tags", "no tags", "everything besides tags counts not",
        "denied", "nothing to deny for", "nothing to deny by", "everything is dropped before denying", "a range is left",
    ],
)  # fmt: skip
def test_before_access_control(
    which: Service, version: str, allowed: tuple[str, ...], denied: bool
) -> None:  # fmt: skip
    assert (allowed, denied) == opened(which, version)


def test_each_family_has_its_own_ranges() -> None:
    ranges = ("10.0.0.0/8", "2001:db8::/32")
    for version in ("1.28.4", "1.28.5", NOW):
        assert (ranges, False) == opened(dual(load_balancer_source_ranges=ranges), version)
    assert (ranges, False) == opened(service(load_balancer_source_ranges=ranges), "1.27.7")


# Events

CONFLICT = (
    f"Please use annotation {keys.ALLOWED_IP_RANGES} instead of spec.loadBalancerSourceRanges while using"
    f" {keys.ALLOWED_SERVICE_TAGS} annotation at the same time."
)
ADDING = "ignoring and adding a default DenyAll rule in security group."


@pytest.mark.parametrize(
    ("which", "version", "expected"),
    [
        (given(None, "10.0.0.0/8"), NOW, []),
        (given({TAGS: "Sql"}, "10.0.0.0/8"), NOW, [Event("Warning", "ConflictConfiguration", CONFLICT, recorded=False)]),
        (given({TAGS: "Sql"}, "10.0.0.0/8"), "1.30.7", [Event("Warning", "ConflictConfiguration", CONFLICT)]),
        (given(None, "10.0.0.1/8", "x"), NOW, [Event("Warning", "InvalidSourceRanges", f'Found invalid spec.LoadBalancerSourceRanges ["10.0.0.1/8" "x"], {ADDING}', recorded=False)]),
        (given({ALLOWED: "x", OF_KUBERNETES: "y"}), NOW, [Event("Warning", "InvalidAllowedIPRanges", f'Found invalid {keys.ALLOWED_IP_RANGES} ["x" "y"], {ADDING}', recorded=False)]),
        (given(None, "10.0.0.1/8", "x"), "1.30.7", [Event("Warning", "InvalidConfiguration", f"Found invalid LoadBalancerSourceRanges [10.0.0.1/8 x], {ADDING}")]),
        (given({TAGS: "Sql"}, "10.0.0.0/8", "x"), "1.28.8", [Event("Warning", "ConflictConfiguration", CONFLICT), Event("Warning", "InvalidConfiguration", f"Found invalid LoadBalancerSourceRanges [x], {ADDING}")]),
        (given({TAGS: "Sql"}, "10.0.0.0/8", "x"), NOW, [Event("Warning", "InvalidSourceRanges", f'Found invalid spec.LoadBalancerSourceRanges ["x"], {ADDING}', recorded=False), Event("Warning", "ConflictConfiguration", CONFLICT, recorded=False)]),
        (given({TAGS: "Sql"}, "10.0.0.0/8"), "1.28.4", []),
    ],
    ids=["none", "conflict", "conflict on record", "ranges", "annotations", "ranges on record", "both on record", "both", "before access control"],
)  # fmt: skip
def test_events(which: Service, version: str, expected: list[Event]) -> None:
    assert expected == list(derive(which, on(version)).events)
