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
    # pool, probe, node, network policy, pod, way back: see the files of these hops
