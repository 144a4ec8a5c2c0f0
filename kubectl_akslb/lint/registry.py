"""All rules, in the order of the documentation. A new rule is one file in ``rules`` and one line here."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from kubectl_akslb.lint.context import ServiceContext
from kubectl_akslb.lint.diagnostic import Finding
from kubectl_akslb.lint.rule import Rule, other_object_rule_of, rule_of
from kubectl_akslb.lint.rules import (
    annotation_for_missing_port,
    annotation_too_new,
    annotation_without_effect,
    annotations_with_load_balancer_class,
    blank_padded_value,
    boolean_not_understood,
    deprecated_load_balancer_ip,
    empty_range_item,
    empty_service_tag,
    floating_ip_disabled,
    floating_ip_disabled_with_deny_all,
    floating_ip_disabled_with_ha_ports,
    host_bits_in_range,
    http_probe_not_proven,
    http_probe_on_gateway,
    http_probe_on_unknown_workload,
    idle_timeout_out_of_range,
    idle_timeout_over_30,
    ingress_captures_probe_path,
    internal_not_exactly_true,
    internal_ranges_without_deny_all,
    invalid_source_range,
    malformed_additional_addresses,
    misplaced_annotation,
    misspelt_annotation,
    mixed_protocols_refused,
    network_policy_lets_in_only_pods,
    nginx_setting_blocks_probe,
    no_node_ports,
    no_rule_port_open_in_nsg,
    not_a_whole_number,
    obsolete_annotation,
    open_range_of_one_family,
    open_to_the_internet,
    pls_proxy_protocol_with_http_probe,
    pod_cidr_missing_from_ranges,
    port_annotation_for_two_protocols,
    port_annotation_on_ha_ports,
    private_address_on_public_service,
    probe_annotation_under_local,
    probe_annotation_under_shared_probe,
    probe_count_too_low,
    probe_interval_too_short,
    probe_path_not_absolute,
    probe_path_not_answered,
    probe_path_without_protocol,
    probe_port_defeats_local,
    probe_port_outside_service,
    probe_protocol_without_path,
    probe_window_too_long,
    ranges_with_service_tags,
    refused_by_api_server,
    refused_by_azure,
    refused_by_provider,
    rule_of_other_ip_family,
    sctp_not_internal,
    sctp_without_ha_ports,
    selector_matches_no_pod,
    shadowed_annotation,
    status_port_published,
    suppression_without_reason,
    target_port_not_declared,
    target_port_not_in_pods,
    two_kinds_of_ranges,
    udp_without_probe,
    unknown_annotation,
    unknown_probe_protocol,
    unquoted_annotation_value,
    unused_suppression,
    vnet_bypasses_ranges,
)
from kubectl_akslb.lint.suppress import Suppression

SuppressionJudge = Callable[
    [ServiceContext, Sequence[Suppression], Collection[str], Collection[str]], Iterator[Finding]
]

#: Rules by what they are about, in the order of the documentation.
GROUPS: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    (
        "Health probes",
        (
            rule_of(probe_path_not_answered),
            rule_of(http_probe_on_unknown_workload),
            rule_of(http_probe_not_proven),
            rule_of(probe_protocol_without_path),
            rule_of(probe_path_without_protocol),
            rule_of(probe_path_not_absolute),
            rule_of(unknown_probe_protocol),
            rule_of(probe_port_outside_service),
            rule_of(probe_port_defeats_local),
            rule_of(probe_interval_too_short),
            rule_of(probe_count_too_low),
            rule_of(probe_window_too_long),
            rule_of(pls_proxy_protocol_with_http_probe),
            rule_of(ingress_captures_probe_path),
            rule_of(network_policy_lets_in_only_pods),
            rule_of(nginx_setting_blocks_probe),
            other_object_rule_of(http_probe_on_gateway),
            rule_of(udp_without_probe),
            rule_of(no_node_ports),
        ),
    ),
    (
        "Placement and addresses",
        (
            rule_of(internal_not_exactly_true),
            rule_of(private_address_on_public_service),
            rule_of(deprecated_load_balancer_ip),
            rule_of(malformed_additional_addresses),
            rule_of(annotations_with_load_balancer_class),
        ),
    ),
    (
        "Load-balancing rules",
        (
            rule_of(idle_timeout_out_of_range),
            rule_of(idle_timeout_over_30),
            rule_of(sctp_not_internal),
            rule_of(sctp_without_ha_ports),
            rule_of(mixed_protocols_refused),
            rule_of(port_annotation_for_two_protocols),
            rule_of(floating_ip_disabled),
            rule_of(floating_ip_disabled_with_deny_all),
            rule_of(floating_ip_disabled_with_ha_ports),
            rule_of(rule_of_other_ip_family),
        ),
    ),
    (
        "Access",
        (
            rule_of(open_to_the_internet),
            rule_of(status_port_published),
            rule_of(no_rule_port_open_in_nsg),
            rule_of(invalid_source_range),
            rule_of(host_bits_in_range),
            rule_of(empty_range_item),
            rule_of(empty_service_tag),
            rule_of(ranges_with_service_tags),
            rule_of(two_kinds_of_ranges),
            rule_of(internal_ranges_without_deny_all),
            rule_of(vnet_bypasses_ranges),
            rule_of(pod_cidr_missing_from_ranges),
            rule_of(open_range_of_one_family),
        ),
    ),
    (
        "Pods",
        (
            rule_of(selector_matches_no_pod),
            rule_of(target_port_not_in_pods),
            rule_of(target_port_not_declared),
        ),
    ),
    (
        "Annotations without effect",
        (
            rule_of(probe_annotation_under_local),
            rule_of(probe_annotation_under_shared_probe),
            rule_of(port_annotation_on_ha_ports),
            rule_of(shadowed_annotation),
            rule_of(annotation_for_missing_port),
            rule_of(annotation_without_effect),
        ),
    ),
    (
        "Keys and values",
        (
            rule_of(misspelt_annotation),
            rule_of(unknown_annotation),
            rule_of(obsolete_annotation),
            rule_of(annotation_too_new),
            rule_of(unquoted_annotation_value),
            rule_of(blank_padded_value),
            rule_of(boolean_not_understood),
            rule_of(not_a_whole_number),
            rule_of(refused_by_provider),
            rule_of(refused_by_azure),
            rule_of(refused_by_api_server),
            other_object_rule_of(misplaced_annotation),
        ),
    ),
    (
        "Suppressions",
        (
            rule_of(suppression_without_reason),
            rule_of(unused_suppression),
        ),
    ),
)

ALL_RULES: tuple[Rule, ...] = tuple(rule for _, rules in GROUPS for rule in rules)
IDS: frozenset[str] = frozenset(rule.id for rule in ALL_RULES)

#: What is wrong with the suppressions of a Service can be said only when all other rules have run.
SUPPRESSION_RULES: Mapping[str, SuppressionJudge] = {
    "suppression-without-reason": suppression_without_reason.judge,
    "unused-suppression": unused_suppression.judge,
}
