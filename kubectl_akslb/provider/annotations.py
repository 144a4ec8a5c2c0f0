"""The annotations that the provider reads: one row each, with how the value is read and from which release on.

Keys are matched exactly, except the key of azure-load-balancer-configurations, which is compared without case.
"""

from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider import behaviours
from kubectl_akslb.provider.behaviours import Behaviour, reached, versions

PREFIX = "service.beta.kubernetes.io/"

# How the provider reads a value. The names are ours, the differences are the provider's.
TRUE_EXACT = 'true only if it is exactly "true"'
TRUE_ANY_CASE = "true in any case, without blanks around it; anything else is false"
TRUE_TRIMMED = "true in any case, blanks around it ignored; anything else is false"
INT32 = "a whole number; blanks around it are ignored; anything else fails the Service"
RAW = "taken as it is: neither trimmed nor checked"
TRIMMED = "blanks around it are ignored"
COMMA_LIST = "a list separated by commas"
BLANK_LIST = "a list separated by blanks"
PROTOCOL = "http, https or tcp in any case, blanks ignored; anything else is Tcp"
KEY_VALUES = "pairs a=b separated by commas; items without exactly one = are ignored"
PORT_REFERENCE = "the name or number of a Service port (then its node port), else a port of the node; not trimmed"

SCOPE = "placement"
ADDRESS = "addresses"
RULE = "load-balancing rule"
PROBE = "health probe"
ACCESS = "access control"
PRIVATE_LINK = "private link service"

NO_DEFAULT = ""


class Annotation(str):
    """An annotation of a Service; as a string it is its full key."""

    __slots__ = ("default", "meaning", "reading", "scope", "since", "until")

    scope: str
    reading: str
    meaning: str
    default: str
    #: The first releases that read it, and the first that do not any more: those of a dated behaviour.
    since: tuple[ProviderVersion, ...]
    until: tuple[ProviderVersion, ...]

    @property
    def short(self) -> str:
        """The key without ``service.beta.kubernetes.io/``."""
        return self.removeprefix(PREFIX)

    def is_read(self, version: ProviderVersion) -> bool:
        """Whether a release of the provider reads the annotation."""
        return (not self.since or reached(version, self.since)) and not reached(version, self.until)


class PortAnnotation(Annotation):
    """An annotation for one port; as a string its key has ``{port}`` where the number of the Service port goes."""

    __slots__ = ("head", "tail")

    head: str
    tail: str

    def for_port(self, port: object) -> str:
        """The key for the Service port with this number."""
        return self.head + str(port) + self.tail


ANNOTATIONS: list[Annotation] = []


def _row(
    name: str,
    scope: str,
    reading: str,
    meaning: str,
    *,
    default: str = NO_DEFAULT,
    since: Behaviour | str = "",
    until: Behaviour | None = None,
) -> Annotation:
    row = Annotation(PREFIX + name)
    _fill(row, scope, reading, meaning, default, since, until)
    return row


def _port_row(
    name: str, scope: str, reading: str, meaning: str, *, default: str = "", since: Behaviour | str = ""
) -> PortAnnotation:
    row = PortAnnotation(PREFIX + name)
    row.head, _, row.tail = row.partition("{port}")
    _fill(row, scope, reading, meaning, default, since, None)
    return row


def _fill(
    row: Annotation,
    scope: str,
    reading: str,
    meaning: str,
    default: str,
    since: Behaviour | str,
    until: Behaviour | None,
) -> None:
    """*since* and *until* are the behaviours that it came and went with; a text where no derivation asks for one."""
    row.scope = scope
    row.reading = reading
    row.meaning = meaning
    row.default = default
    row.since = since.since if isinstance(since, Behaviour) else versions(since)
    row.until = until.since if until is not None else ()
    ANNOTATIONS.append(row)


INTERNAL = _row(
    "azure-load-balancer-internal", SCOPE, TRUE_EXACT,
    "puts the Service on the internal load balancer, with a private address; security rules, HA ports and SCTP read it"
    ' without case, so "True" is public and closed at once',
    default="false",
)  # fmt: skip
INTERNAL_SUBNET = _row(
    "azure-load-balancer-internal-subnet", SCOPE, RAW,
    "the subnet of the private address; read only if the Service is internal; part of the names of frontend and rules",
    default="the subnet of the cluster",
)  # fmt: skip
MODE = _row(
    "azure-load-balancer-mode", SCOPE, TRIMMED,
    "which availability set's or scale set's load balancer is used, __auto__ for any; Basic only, ignored on Standard",
    default="the primary set",
)  # fmt: skip
CONFIGURATIONS = _row(
    "azure-load-balancer-configurations", SCOPE, COMMA_LIST,
    "the load balancers this Service may be put on, with multiple standard load balancers",
    default="all of them", since=behaviours.MULTIPLE_LOAD_BALANCERS,
)  # fmt: skip
RESOURCE_GROUP = _row(
    "azure-load-balancer-resource-group", SCOPE, TRIMMED,
    "the resource group of the public IP; not of the load balancer, despite the name",
    default="the cluster's node resource group",
)  # fmt: skip
IPV4 = _row(
    "azure-load-balancer-ipv4", ADDRESS, RAW,
    "the IPv4 address: of an existing public IP, or a private one of the subnet; wins over spec.loadBalancerIP",
    since=behaviours.ADDRESS_ANNOTATIONS,
)  # fmt: skip
IPV6 = _row(
    "azure-load-balancer-ipv6", ADDRESS, RAW,
    "the IPv6 address: of an existing public IP, or a private one of the subnet; wins over spec.loadBalancerIP",
    since=behaviours.ADDRESS_ANNOTATIONS,
)  # fmt: skip
PIP_NAME = _row(
    "azure-pip-name", ADDRESS, RAW,
    "the name of an existing public IP in the resource group; wins over prefix and address",
)  # fmt: skip
PIP_NAME_IPV6 = _row(
    "azure-pip-name-ipv6", ADDRESS, RAW,
    "the name of an existing IPv6 public IP; for single-stack IPv6 since"
    f" {behaviours.IPV6_PUBLIC_IP_NAMES.dates}",
    since=behaviours.FAMILY_PUBLIC_IPS,
)  # fmt: skip
PIP_PREFIX_ID = _row(
    "azure-pip-prefix-id", ADDRESS, RAW,
    "the resource id of the prefix that a new public IP is taken from; Standard only",
    since=behaviours.PUBLIC_IP_PREFIX,
)  # fmt: skip
PIP_PREFIX_ID_IPV6 = _row(
    "azure-pip-prefix-id-ipv6", ADDRESS, RAW,
    "the resource id of the prefix that a new IPv6 public IP is taken from; Standard only",
    since=behaviours.FAMILY_PUBLIC_IPS,
)  # fmt: skip
DNS_LABEL = _row(
    "azure-dns-label-name", ADDRESS, RAW,
    "the DNS label of the public IP; an empty value removes an existing label, no annotation leaves it alone",
)  # fmt: skip
PIP_TAGS = _row(
    "azure-pip-tags", ADDRESS, KEY_VALUES, "tags added to the public IP, if the provider manages it",
)  # fmt: skip
PIP_IP_TAGS = _row(
    "azure-pip-ip-tags", ADDRESS, KEY_VALUES,
    "IP tags of a new public IP; a change replaces the public IP, and with it the address",
)  # fmt: skip
ADDITIONAL_IPS = _row(
    "azure-additional-public-ips", ADDRESS, COMMA_LIST,
    "further addresses for the status and the security rules; no frontend is created for them",
)  # fmt: skip
IDLE_TIMEOUT = _row(
    "azure-load-balancer-tcp-idle-timeout", RULE, INT32,
    "minutes until an idle flow is dropped, 4 to 100 (to 30 before"
    f" {behaviours.IDLE_TIMEOUT_100.dates})",
    default="4",
)  # fmt: skip
DISABLE_TCP_RESET = _row(
    "azure-load-balancer-disable-tcp-reset", RULE, TRUE_ANY_CASE,
    "no TCP reset when an idle flow is dropped",
    default="false", since=behaviours.DISABLE_TCP_RESET,
)  # fmt: skip
HA_PORTS = _row(
    "azure-load-balancer-enable-high-availability-ports", RULE, TRUE_ANY_CASE,
    "one rule for all ports and protocols; internal and Standard only",
    default="false",
)  # fmt: skip
DISABLE_FLOATING_IP = _row(
    "azure-disable-load-balancer-floating-ip", RULE, TRUE_ANY_CASE,
    "rules go to the node port, and security rules to the addresses of the nodes",
    default="false", since=behaviours.DISABLE_FLOATING_IP,
)  # fmt: skip
NO_LB_RULE = _port_row(
    "port_{port}_no_lb_rule", RULE, TRUE_ANY_CASE,
    "no rule and no probe for this port; the security rules still open it",
    default="false", since=behaviours.PORT_ANNOTATIONS,
)  # fmt: skip
PORT_PROBE_PROTOCOL = _port_row(
    "port_{port}_health-probe_protocol", PROBE, PROTOCOL,
    "the protocol of this port's probe; wins over appProtocol",
    since=behaviours.PORT_ANNOTATIONS,
)  # fmt: skip
PROBE_PROTOCOL = _row(
    "azure-load-balancer-health-probe-protocol", PROBE, PROTOCOL,
    "the protocol of every probe whose port has no appProtocol and no annotation of its own",
    default="tcp",
)  # fmt: skip
PORT_PROBE_INTERVAL = _port_row(
    "port_{port}_health-probe_interval", PROBE, INT32,
    "seconds between probes of this port, at least 5; for a Local Service the number is the healthCheckNodePort",
    since=behaviours.PROBE_CODE_OF_1_23_4,
)  # fmt: skip
PROBE_INTERVAL = _row(
    "azure-load-balancer-health-probe-interval", PROBE, INT32,
    "seconds between probes, at least 5; times the count it must stay below 120",
    default="5", since=behaviours.PROBE_CODE_OF_1_23_4,
)  # fmt: skip
PORT_PROBE_COUNT = _port_row(
    "port_{port}_health-probe_num-of-probe", PROBE, INT32,
    "failed probes until a node is out, at least 2; for a Local Service the number is the healthCheckNodePort",
    since=behaviours.PROBE_CODE_OF_1_23_4,
)  # fmt: skip
PROBE_COUNT = _row(
    "azure-load-balancer-health-probe-num-of-probe", PROBE, INT32,
    "failed probes until a node is out, at least 2; times the interval it must stay below 120",
    default="2", since=behaviours.PROBE_CODE_OF_1_23_4,
)  # fmt: skip
PORT_PROBE_PATH = _port_row(
    "port_{port}_health-probe_request-path", PROBE, RAW,
    "the path that an http(s) probe of this port asks for; only the answer 200 counts as up",
    since=behaviours.PROBE_CODE_OF_1_23_4,
)  # fmt: skip
PROBE_PATH = _row(
    "azure-load-balancer-health-probe-request-path", PROBE, RAW,
    "the path that http(s) probes ask for; only the answer 200 counts as up",
    default="/",
)  # fmt: skip
PORT_PROBE_PORT = _port_row(
    "port_{port}_health-probe_port", PROBE, PORT_REFERENCE,
    "where this port is probed; takes a port of a Local Service out of the Local probe",
    default="the node port", since=behaviours.PORT_ANNOTATIONS,
)  # fmt: skip
NO_PROBE_RULE = _port_row(
    "port_{port}_no_probe_rule", PROBE, TRUE_ANY_CASE,
    "a rule without a probe: every node counts as up",
    default="false", since=behaviours.PORT_ANNOTATIONS,
)  # fmt: skip
SOURCE_RANGES = _row(
    "load-balancer-source-ranges", ACCESS, COMMA_LIST,
    "Kubernetes' own annotation; counts as azure-allowed-ip-ranges since"
    f" {behaviours.TRIMMED_RANGES.dates}; before, it is read"
    " only if spec.loadBalancerSourceRanges is empty",
)  # fmt: skip
ALLOWED_IP_RANGES = _row(
    "azure-allowed-ip-ranges", ACCESS, COMMA_LIST,
    "ranges that may reach the Service, in the NSG only; not together with spec.loadBalancerSourceRanges",
    since=behaviours.ACCESS_CONTROL,
)  # fmt: skip
ALLOWED_SERVICE_TAGS = _row(
    "azure-allowed-service-tags", ACCESS, COMMA_LIST,
    "Azure service tags that may reach the Service, in the NSG only; Internet is then closed",
)  # fmt: skip
DENY_ALL = _row(
    "azure-deny-all-except-load-balancer-source-ranges", ACCESS, TRUE_ANY_CASE,
    "adds a deny-all rule, so that the virtual network cannot bypass the ranges of an internal address; needs at"
    " least one valid range",
    default="false",
)  # fmt: skip
SHARED_SECURITY_RULE = _row(
    "azure-shared-securityrule", ACCESS, TRUE_EXACT,
    "security rules shared by several Services; without effect since"
    f" {behaviours.SHARED_NSG_RULES.dates}, where all are shared",
    default="false", until=behaviours.SHARED_NSG_RULES,
)  # fmt: skip
DISABLE_NSG_RULE = _row(
    "azure-disable-load-balancer-nsg-rule", ACCESS, TRUE_ANY_CASE,
    "the provider opens nothing in the NSG for this Service",
    default="false", since=behaviours.DISABLE_NSG_RULE,
)  # fmt: skip
PLS_CREATE = _row(
    "azure-pls-create", PRIVATE_LINK, TRUE_TRIMMED,
    "creates a private link service; the choice of the probe reads it without trimming",
    default="false", since=behaviours.PRIVATE_LINK_SERVICE,
)  # fmt: skip
PLS_NAME = _row(
    "azure-pls-name", PRIVATE_LINK, TRIMMED, "the name of the private link service; cannot be changed later",
    default="pls-<frontend>", since=behaviours.PRIVATE_LINK_SERVICE,
)  # fmt: skip
PLS_RESOURCE_GROUP = _row(
    "azure-pls-resource-group", PRIVATE_LINK, TRIMMED, "the resource group of the private link service",
    default="the cluster's node resource group", since=behaviours.PRIVATE_LINK_RESOURCE_GROUP,
)  # fmt: skip
PLS_SUBNET = _row(
    "azure-pls-ip-configuration-subnet", PRIVATE_LINK, RAW, "the subnet of the private link service",
    default="the subnet of the Service", since=behaviours.PRIVATE_LINK_SERVICE,
)  # fmt: skip
PLS_IP_COUNT = _row(
    "azure-pls-ip-configuration-ip-address-count", PRIVATE_LINK, INT32, "how many addresses it takes, 1 to 8",
    default="1", since=behaviours.PRIVATE_LINK_SERVICE,
)  # fmt: skip
PLS_IP_ADDRESSES = _row(
    "azure-pls-ip-configuration-ip-address", PRIVATE_LINK, BLANK_LIST, "its static IPv4 addresses, the first primary",
    since=behaviours.PRIVATE_LINK_SERVICE,
)  # fmt: skip
PLS_FQDNS = _row(
    "azure-pls-fqdns", PRIVATE_LINK, BLANK_LIST, "domain names of the private link service",
    since=behaviours.PRIVATE_LINK_SERVICE,
)  # fmt: skip
PLS_VISIBILITY = _row(
    "azure-pls-visibility", PRIVATE_LINK, BLANK_LIST, "subscriptions that can see it; * means all",
    since=behaviours.PRIVATE_LINK_SERVICE,
)  # fmt: skip
PLS_AUTO_APPROVAL = _row(
    "azure-pls-auto-approval", PRIVATE_LINK, BLANK_LIST, "subscriptions approved without asking",
    since=behaviours.PRIVATE_LINK_SERVICE,
)  # fmt: skip
PLS_PROXY_PROTOCOL = _row(
    "azure-pls-proxy-protocol", PRIVATE_LINK, TRUE_TRIMMED,
    "speaks the proxy protocol v2 to the backends; the choice of the probe reads it without trimming",
    default="false", since=behaviours.PRIVATE_LINK_SERVICE,
)  # fmt: skip
