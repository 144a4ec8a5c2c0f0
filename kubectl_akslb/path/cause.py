"""Why a hop does what it does: one code for each cause, by hop. The sentences are made in ``path/sentences.py``."""

from enum import Enum


class Cause(Enum):
    """A cause; the value is its stable id in JSON."""

    # accepted
    ACCEPTED = "accepted"
    NOT_AZURE = "not-azure"
    REFUSED_BY_API_SERVER = "refused-by-api-server"
    REFUSED_BY_PROVIDER = "refused-by-provider"
    REFUSED_BY_AZURE = "refused-by-azure"
    REMEDY = "remedy"
    # address
    HAS_ADDRESS = "has-address"
    STATUS_IS_STALE = "status-is-stale"
    OTHER_ADDRESS = "other-address"
    PUBLIC_NOT_INTERNAL = "public-not-internal"
    # rule
    HAS_RULES = "has-rules"
    NO_RULE = "no-rule"
    OTHER_FAMILY = "other-family"
    # security group
    OPEN = "open"
    NO_SECURITY_RULE = "no-security-rule"
    NO_RANGE_OR_TAG = "no-range-or-tag"
    BAD_RANGE_CLOSES = "bad-range-closes"
    DENIED = "denied"
    DENIED_BUT_RANGES = "denied-but-ranges"
    PROBES_DENIED = "probes-denied"
    PRIVATE_ADDRESS = "private-address"
    NOT_EXACTLY_INTERNAL = "not-exactly-internal"
    RULES_DISABLED = "rules-disabled"
    RULES_FOR_NODES = "rules-for-nodes"
