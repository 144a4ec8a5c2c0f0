"""Why a hop does what it does: one code for each cause, by hop. The sentences are made in ``render/sentences.py``."""

from enum import Enum


class Cause(Enum):
    """A cause; the value is its stable id in JSON."""

    # accepted
    NOT_AZURE = "not-azure"
    REFUSED_BY_API_SERVER = "refused-by-api-server"
    REFUSED_BY_PROVIDER = "refused-by-provider"
    REFUSED_BY_AZURE = "refused-by-azure"
    SYNC_FAILED = "sync-failed"
    SYNC_FAILED_SINCE = "sync-failed-since"
    WAITING = "waiting"
    NO_EVENT = "no-event"
    EVENTS_UNREAD = "events-unread"
    BEING_DELETED = "being-deleted"
    # address
    NO_ADDRESS_OF_FAMILY = "no-address-of-family"
    STATUS_IS_STALE = "status-is-stale"
    # rule
    NO_RULE = "no-rule"
    OTHER_FAMILY = "other-family"
    # security group
    OPEN = "open"
    NO_SECURITY_RULE = "no-security-rule"
    DENIED = "denied"
    PROBES_DENIED = "probes-denied"
    PRIVATE_ADDRESS = "private-address"
    NOT_EXACTLY_INTERNAL = "not-exactly-internal"
    RULES_DISABLED = "rules-disabled"
    RULES_FOR_NODES = "rules-for-nodes"
    # network policy
    POLICIES_UNREAD = "policies-unread"
    NO_POLICY = "no-policy"
    NO_POLICY_ENGINE = "no-policy-engine"
    POLICIES_LET_IN = "policies-let-in"
    POLICIES_LET_IN_SOME = "policies-let-in-some"
    POLICIES_LET_IN_SOME_NODES = "policies-let-in-some-nodes"
    POLICIES_KEEP_OUT = "policies-keep-out"
    POLICIES_KEEP_OUT_NODES = "policies-keep-out-nodes"
    POLICIES_SPARE_CLUSTER = "policies-spare-cluster"
    POLICIES_SPARE_HOST_NETWORK = "policies-spare-host-network"
    OTHER_POLICIES = "other-policies"
    # pod
    ENDPOINTS_UNREAD = "endpoints-unread"
    PODS_READY = "pods-ready"
    TAKEN_TO_LISTEN = "taken-to-listen"
    PODS_SELECTED = "pods-selected"
    PODS_NOT_READ = "pods-not-read"
    NOT_READY = "not-ready"
    NONE_READY = "none-ready"
    ONLY_TERMINATING = "only-terminating"
    PUBLISHED_NOT_READY = "published-not-ready"
    NO_ENDPOINTS = "no-endpoints"
    NO_SELECTOR = "no-selector"
    NO_SELECTOR_NO_ENDPOINTS = "no-selector-no-endpoints"
    ENDPOINTS_BY_HAND = "endpoints-by-hand"
    SELECTOR_MATCHES_NOTHING = "selector-matches-nothing"
    PODS_END = "pods-end"
    NO_SUCH_PORT_NAME = "no-such-port-name"
    NO_SUCH_PORT_NAME_IN_SOME = "no-such-port-name-in-some"
    NOT_IN_ENDPOINT_SLICES = "not-in-endpoint-slices"
    PORT_NOT_DECLARED = "port-not-declared"
    MUTUAL_TLS_ONLY = "mutual-tls-only"
    # pool, probe, node, way back: see the files of these hops
