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
    # probe
    NOT_PROBED = "not-probed"
    NO_NODE_PORT = "no-node-port"
    KUBE_PROXY_ANSWERS = "kube-proxy-answers"
    KUBE_PROXY_ACCEPTS = "kube-proxy-accepts"
    KUBE_PROXY_REFUSES_REQUEST = "kube-proxy-refuses-request"
    NO_KUBE_PROXY = "no-kube-proxy"
    HEALTH_CHECK_ANSWERS = "health-check-answers"
    HEALTH_CHECK_ACCEPTS = "health-check-accepts"
    PROXY_HEADER_TO_KUBE_PROXY = "proxy-header-to-kube-proxy"
    PROXY_HEADER_TO_PODS = "proxy-header-to-pods"
    PROBE_PORT_OUTSIDE = "probe-port-outside"
    PROBE_PORT_OF_PODS = "probe-port-of-pods"
    PROBE_PORT_OF_NODE = "probe-port-of-node"
    PROBE_PORT_OF_OTHERS = "probe-port-of-others"
    LISTENS = "listens"
    LISTENS_WITH_ROUTES = "listens-with-routes"
    TLS_PORT_ASKED_PLAINLY = "tls-port-asked-plainly"
    PLAIN_PORT_ASKED_FOR_TLS = "plain-port-asked-for-tls"
    MAY_SPEAK_OTHERWISE = "may-speak-otherwise"
    WELL_KNOWN_ANSWER = "well-known-answer"
    WELL_KNOWN_FAILURE = "well-known-failure"
    WELL_KNOWN_UNLESS = "well-known-unless"
    SETTING_STOPS_PROBE = "setting-stops-probe"
    SETTING_MAY_STOP_PROBE = "setting-may-stop-probe"
    INGRESS_CAPTURES_PROBE = "ingress-captures-probe"
    READINESS_IS_REDIRECTED = "readiness-is-redirected"
    READINESS_ASKS_THE_SAME = "readiness-asks-the-same"
    ANSWER_NOT_PROVEN = "answer-not-proven"
