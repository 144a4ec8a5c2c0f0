"""What kubectl complains about, and what a person can do about it: one row for each complaint."""

import re

from kubectl_akslb.cluster.kubectl import printable
from kubectl_akslb.cluster.rbac import grant, row_of
from kubectl_akslb.edge.process import Finished
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.command import Command
from kubectl_akslb.named_tuple import NamedTuple

_PREFIXES = ("Error from server (Forbidden): ", "Error from server (NotFound): ", "Error from server: ", "error: ")

_CREATING = re.compile(r'^error when creating "[^"]*": ')

FORBIDDEN = re.compile(
    r'^(?P<what>\S+?)(?: "(?P<name>[^"]*)")? is forbidden: User "(?P<user>[^"]*)" cannot (?P<verb>\S+)'
    r' (?:resource "(?P<resource>[^"]*)" in API group "(?P<group>[^"]*)"|path "(?P<path>[^"]*)")'
    r'(?: in the namespace "(?P<namespace>[^"]*)"| at the cluster scope)?'
)
LOGGED = re.compile(r'^[EW]\d{4} [^]]*\] (?:"[^"]*" err=)?"?(.*?)"?$', re.MULTILINE)
"""What a line of kubectl's log says."""
NOT_FOUND = re.compile(r'^(?P<resource>\S+) "(?P<name>[^"]*)" not found$')
MISSING_CONTEXT = re.compile(
    r'context "(?P<name>[^"]*)" does not exist|no context exists with the name: "(?P<other>[^"]*)"'
    r"|context was not found for specified context: (?P<last>\S+)"
)
_HOST = re.compile(
    r"lookup (?P<lookup>[\w.-]+)|dial tcp (?P<address>[0-9a-fA-F:.\[\]]+:\d+)|server (?P<server>[\w.:-]+) was refused"
)
_LONGEST = 400
_READING = frozenset({"get", "list", "watch"})
_URL = re.compile(r'"?https?://(?P<host>\[[^]]*\]|[^/":]+)')


class Forbidden(NamedTuple):
    """What the API server refuses: to *user*, *verb* on *resource* of *group*, in *namespace* ("": everywhere)."""

    user: str
    verb: str
    resource: str
    group: str
    namespace: str
    message: str

    @property
    def subject(self) -> str:
        """``list endpointslices.discovery.k8s.io in namespace shop``."""
        full = f"{self.resource}.{self.group}" if self.group else self.resource
        where = f"in namespace {self.namespace}" if self.namespace else "in the whole cluster"
        return f"{self.verb} {full} {where}"

    @property
    def grant(self) -> str:
        """The command by which an administrator allows it."""
        return grant(self.user, self.verb, self.resource, self.group, self.namespace)

    @property
    def missing(self) -> str:
        """What cannot be said without it."""
        row = row_of(self.resource, self.group)
        return row.without if row is not None else ""


class Complaint(NamedTuple):
    """Where *pattern* is in kubectl's complaint, *message* says what is wrong and *hint* what to do next.

    *confirm* is a command that shows whether it is so. *quoted* finds what the login plugin has said of it, which
    stands before kubectl's own complaint.
    """

    pattern: str
    message: str
    hint: str
    confirm: str = ""
    quoted: str = ""


_GET_CREDENTIALS = "az aks get-credentials --resource-group GROUP --name NAME --overwrite-existing"
_SHOW = "az aks show --resource-group GROUP --name NAME --query"
_RANGES = (
    "if the cluster has authorised IP ranges, add your address to them, with those that are there, for the list is"
    " replaced: az aks update --resource-group GROUP --name NAME --api-server-authorized-ip-ranges"
    " RANGES,YOUR_ADDRESS/32"
)
_PRIVATE = "a private cluster is reached through its VPN, a peered network or a jump host, or by az aks command invoke"
_ACCESS = f"{_SHOW} apiServerAccessProfile"
_POWER = f"{_SHOW} powerState"
_PRIVATE_ADDRESS = r"dial tcp (?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)\S* ?"
_LATE = r"(?:i/o timeout|connectex: A connection attempt|Client\.Timeout|context deadline exceeded|request canceled)"
_PLUGIN = r"AADSTS\d+|ERROR: |Error: |[Ff]ailed|expired|Please run"
ROWS = (
    Complaint(
        r"error loading config file|yaml: |couldn't get version/kind", "the kubeconfig is damaged", "check the file"
    ),
    Complaint(
        r"exec: executable \S+ not found|executable kubelogin not found|exec: \"\S+\": executable file not found",
        "the login plugin that the kubeconfig names is not installed",
        "install it: az aks install-cli brings kubelogin",
    ),
    Complaint(
        r"AADSTS(?:700082|50173|70043|70008|50078|50076|50079|70044)|token (?:is|has) expired",
        "the login has expired",
        "az login, and if it goes on: kubelogin remove-tokens",
        quoted=_PLUGIN,
    ),
    Complaint(
        r"getting credentials: exec|AADSTS\d+|failed to refresh token|Please run 'az login'|AzureCLICredential",
        "the login plugin of the kubeconfig got no token",
        "run az login, and if it goes on: kubelogin remove-tokens",
        quoted=_PLUGIN,
    ),
    Complaint(
        r"proxyconnect|Proxy Authentication Required|\b407\b|proxy error|socks connect",
        "the proxy on the way to the API server refuses, or is not there",
        "check HTTPS_PROXY and proxy-url in the kubeconfig; NO_PROXY keeps the API server's name from it",
    ),
    Complaint(
        r"\(Forbidden\)",
        "the API server refuses (403)",
        "kubectl auth whoami shows who you are to it, kubectl auth can-i --list what you may do",
    ),
    Complaint(
        r"must be logged in to the server|\(Unauthorized\)|asked for the client to provide credentials",
        "the API server does not accept the login (401)",
        f"log in again: az login, then {_GET_CREDENTIALS}; or choose another --context or --user",
    ),
    Complaint(
        r"certificate has expired|certificate signed by unknown authority|x509:",
        "the certificates do not fit: the kubeconfig is older than the cluster, or a proxy stands in between",
        f"get a new kubeconfig: {_GET_CREDENTIALS}",
    ),
    Complaint(
        r"localhost:8080|127\.0\.0\.1:8080|no configuration has been provided|current-context must exist",
        "no cluster is chosen: there is no kubeconfig, or it has no current context",
        f"{_GET_CREDENTIALS.removesuffix(' --overwrite-existing')}, or kubectl config use-context NAME; for a file: -f",
    ),
    Complaint(
        r"lookup \S*privatelink\S*: no such host|lookup \S*privatelink",
        "the cluster is private, and its name is not resolved here",
        f"{_PRIVATE}; on such a network its private DNS zone has to be linked, or the DNS server has to forward to"
        " 168.63.129.16",
        f"{_SHOW} privateFqdn",
    ),
    Complaint(
        r"https://\S*\.privatelink\.[^\n]*" + _LATE,
        "the cluster is private, and neither its name nor its address answers from here",
        _PRIVATE,
        f"{_SHOW} privateFqdn",
    ),
    Complaint(
        r"no such host|server misbehaving|Temporary failure in name resolution",
        "the name of the API server cannot be resolved",
        f"a cluster that is stopped or deleted has no name: check kubectl config current-context; {_PRIVATE}; else"
        " check the DNS server",
        _POWER,
    ),
    Complaint(
        r"connection refused|was refused",
        "nothing answers at the address of the API server",
        "check that the cluster runs, that kubectl config current-context is the one you mean, and that no local port"
        " forward or proxy has ended",
        _POWER,
    ),
    Complaint(
        _PRIVATE_ADDRESS + _LATE[:-1] + r"|connectex|no route)",
        "the API server has a private address, and does not answer from here",
        f"{_PRIVATE}; on such a network a firewall or a missing route drops it",
        _ACCESS,
    ),
    Complaint(
        r"no route to host|network is unreachable",
        "there is no way from here to the API server",
        f"is the VPN connected? {_PRIVATE}",
        _ACCESS,
    ),
    Complaint(
        r"TLS handshake timeout",
        "the API server is reached, but TLS does not come about in time",
        f"a proxy or firewall that inspects TLS holds it up, or packets are too large for a VPN; {_RANGES}",
        _ACCESS,
    ),
    Complaint(
        r"connection reset|forcibly closed|http2: client connection lost|broken pipe",
        "the connection to the API server was reset on the way",
        f"a firewall, a proxy or TLS inspection resets it; {_RANGES}",
        _ACCESS,
    ),
    Complaint(
        r": (?:unexpected )?EOF\b",
        "the connection to the API server was closed before it answered",
        f"a proxy or firewall closes it, or a tunnel of a private cluster is down; {_RANGES}",
        _ACCESS,
    ),
    Complaint(
        r"server gave HTTP response to HTTPS client|first record does not look like a TLS handshake",
        "what answers at the address of the API server does not speak TLS",
        "a proxy or a login page of the network answers in its place: check HTTPS_PROXY, and the server in the"
        " kubeconfig",
        "kubectl config view --minify",
    ),
    Complaint(
        _LATE + r"|connectex|i/o timeout",
        "the API server cannot be reached in time",
        f"{_RANGES}. {_PRIVATE}",
        _ACCESS,
    ),
    Complaint(
        r"the server doesn't have a resource type",
        "the API server does not know this resource",
        "check kubectl config current-context: is this the cluster you mean?",
    ),
    Complaint(
        r"that match label selector|unable to parse requirement|unable to parse label|couldn't parse the selector",
        "the selector cannot be read",
        "write it as kubectl does: -l app=web,tier!=cache",
    ),
    Complaint(
        r"[Tt]oo ?[Mm]any ?[Rr]equests|etcdserver: request timed out|ServiceUnavailable|Internal error occurred",
        "the API server is overloaded or not ready",
        "try again in a moment",
    ),
    Complaint(
        r'cluster "[^"]*" does not exist|no server found for cluster|auth info "[^"]*" does not exist',
        "the kubeconfig has no such cluster or user",
        "kubectl config view lists clusters and users",
    ),
    Complaint(
        r"unable to read (?:client-cert|client-key|certificate-authority)",
        "a certificate or key cannot be read",
        "check the path: it stands in the kubeconfig, or behind --certificate-authority, --client-certificate,"
        " --client-key",
    ),
    Complaint(
        r"stat \S+: no such file|no such file or directory", "the kubeconfig cannot be read", "check --kubeconfig"
    ),
)


def lines_of(err: str) -> list[str]:
    """The complaints in what kubectl wrote, without its log lines and warnings."""
    lines = [line.strip() for line in err.splitlines()]
    return [line for line in lines if line and not re.match(r"[EWIF]\d{4} |Warning: ", line)]


def bare(line: str) -> str:
    """A complaint without kubectl's words before it."""
    for prefix in _PREFIXES:
        line = line.removeprefix(prefix)
    return _CREATING.sub("", line)


def forbidden(err: str) -> tuple[Forbidden, ...]:
    """All that was refused by access control."""
    found = []
    for line in lines_of(err):
        match = FORBIDDEN.search(bare(line))
        if match is not None:
            part = match.groupdict(default="")
            resource = part["resource"] or part["path"]
            message = bare(line)
            found.append(Forbidden(part["user"], part["verb"], resource, part["group"], part["namespace"], message))
    return tuple(found)


def not_found(err: str, resource: str) -> tuple[str, ...]:
    """The names of *resource* that were not found, each once."""
    matches = (NOT_FOUND.match(bare(line)) for line in lines_of(err))
    return tuple(
        dict.fromkeys(match["name"] for match in matches if match is not None and match["resource"] == resource)
    )


def missing_context(err: str) -> str:
    """The context that the kubeconfig does not have, or ""."""
    match = MISSING_CONTEXT.search(err)
    return (match["name"] or match["other"] or match["last"] or "") if match is not None else ""


def help_for(done: Finished) -> AkslbError:
    """What to do about a kubectl that failed."""
    for refused in forbidden(done.err):
        user = f" to {refused.user}" if refused.user else ""
        return AkslbError(
            f"the API server refuses{user} (403): {refused.subject}",
            hint=f"an administrator grants it with: {refused.grant}; on a cluster with Azure RBAC:"
            f" the role Azure Kubernetes Service RBAC {'Reader' if refused.verb in _READING else 'Writer'}",
        )
    lines = lines_of(done.err)
    logged = LOGGED.findall(done.err)
    said = bare(lines[-1]) if lines else logged[-1] if logged else f"it ended with exit code {done.code}, in silence"
    if done.code == 124 and not lines:
        said = "no answer in time"
    for row in ROWS:
        if re.search(row.pattern, done.err):
            said = next((one for one in (*lines, *logged) if re.search(row.pattern, one)), said)
            return _told(row, bare(said)[:_LONGEST], done.err)
    return AkslbError(f"kubectl: {said}", hint=f"see what it says: {Command(printable(done.argv))}")


def _told(row: Complaint, said: str, err: str) -> AkslbError:
    """The error of a row, with what the plugin has said where that tells more."""
    lines = [line for line in lines_of(err) if row.quoted and re.search(row.quoted, line)]
    if lines:
        said = bare(lines[0])[:_LONGEST]
    confirm = f". To confirm it: {row.confirm}" if row.confirm else ""
    return AkslbError(f"{row.message}: {said}", hint=f"{_where(err)}{row.hint}{confirm}")


def _where(err: str) -> str:
    """The host that kubectl tried, as the beginning of a hint."""
    match = _URL.search(err) or _HOST.search(err)
    host = next((part for part in match.groupdict().values() if part), "") if match is not None else ""
    return f"tried {host}; " if host else ""
