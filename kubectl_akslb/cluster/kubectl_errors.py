"""What kubectl complains about, and what a person can do about it: one row for each complaint."""

import re
from typing import NamedTuple

from kubectl_akslb.cluster.kubectl import printable
from kubectl_akslb.cluster.rbac import BY_RESOURCE, grant
from kubectl_akslb.edge.process import Finished
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.command import Command

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
_READING = frozenset({"get", "list", "watch"})
_URL = re.compile(r'"https?://(?P<host>\[[^]]*\]|[^/":]+)')


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
        row = BY_RESOURCE.get(self.resource)
        return row.without if row is not None else ""


class Row(NamedTuple):
    """Where *pattern* is in kubectl's complaint, *message* says what is wrong and *hint* what to do next."""

    pattern: str
    message: str
    hint: str


_GET_CREDENTIALS = "az aks get-credentials --resource-group GROUP --name NAME --overwrite-existing"
ROWS = (
    Row(
        r"exec: executable \S+ not found|executable kubelogin not found",
        "the login plugin that the kubeconfig names is not installed",
        "install it: az aks install-cli brings kubelogin",
    ),
    Row(
        r"getting credentials: exec|AADSTS\d+|failed to refresh token|Please run 'az login'|AzureCLICredential",
        "the login plugin of the kubeconfig got no token",
        "run az login, and if it goes on: kubelogin remove-tokens",
    ),
    Row(
        r"\(Forbidden\)",
        "the API server refuses (403)",
        "kubectl auth whoami shows who you are to it, kubectl auth can-i --list what you may do",
    ),
    Row(
        r"must be logged in to the server|\(Unauthorized\)|asked for the client to provide credentials",
        "the API server does not accept the login (401)",
        f"log in again: az login, then {_GET_CREDENTIALS}; or choose another --context or --user",
    ),
    Row(
        r"certificate has expired|certificate signed by unknown authority|x509:",
        "the certificates do not fit: the kubeconfig is older than the cluster, or a proxy stands in between",
        f"get a new kubeconfig: {_GET_CREDENTIALS}",
    ),
    Row(
        r"localhost:8080|127\.0\.0\.1:8080|no configuration has been provided|current-context must exist",
        "no cluster is chosen: there is no kubeconfig, or it has no current context",
        f"{_GET_CREDENTIALS.removesuffix(' --overwrite-existing')}, or kubectl config use-context NAME; for a file: -f",
    ),
    Row(
        r"no such host|server misbehaving|Temporary failure in name resolution",
        "the name of the API server cannot be resolved",
        "a private cluster is resolved only in its virtual network: connect through its VPN or jump host, check the"
        " DNS forwarders, or run it there with az aks command invoke; a cluster that was deleted has no name either:"
        " check kubectl config current-context",
    ),
    Row(
        r"connection refused|was refused",
        "nothing answers at the address of the API server",
        "check that the cluster runs (az aks show --query powerState) and kubectl config current-context",
    ),
    Row(
        r"i/o timeout|TLS handshake timeout|Client\.Timeout|context deadline exceeded|connectex|no route to host"
        r"|network is unreachable|request canceled|connection reset",
        "the API server cannot be reached in time",
        "is your address among the authorised ranges (az aks show --query apiServerAccessProfile.authorizedIpRanges)?"
        " Is it a private cluster, to be reached by VPN, a jump host or az aks command invoke only?",
    ),
    Row(
        r"proxyconnect|Proxy Authentication Required",
        "the proxy on the way to the API server refuses",
        "check HTTPS_PROXY and NO_PROXY, or proxy-url in the kubeconfig",
    ),
    Row(
        r"the server doesn't have a resource type",
        "the API server does not know this resource",
        "check kubectl config current-context: is this the cluster you mean?",
    ),
    Row(
        r"that match label selector|unable to parse requirement|unable to parse label|couldn't parse the selector",
        "the selector cannot be read",
        "write it as kubectl does: -l app=web,tier!=cache",
    ),
    Row(
        r"[Tt]oo ?[Mm]any ?[Rr]equests|etcdserver: request timed out|ServiceUnavailable|Internal error occurred",
        "the API server is overloaded or not ready",
        "try again in a moment",
    ),
    Row(
        r'cluster "[^"]*" does not exist|no server found for cluster|auth info "[^"]*" does not exist',
        "the kubeconfig has no such cluster or user",
        "kubectl config view lists clusters and users",
    ),
    Row(r"stat \S+: no such file|no such file or directory", "the kubeconfig cannot be read", "check --kubeconfig"),
    Row(r"error loading config file|yaml: |couldn't get version/kind", "the kubeconfig is damaged", "check the file"),
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


def not_found(err: str) -> tuple[str, ...]:
    """The names that were not found."""
    matches = (NOT_FOUND.match(bare(line)) for line in lines_of(err))
    return tuple(match["name"] for match in matches if match is not None)


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
            return AkslbError(f"{row.message}: {said}", hint=_where(done.err) + row.hint)
    return AkslbError(f"kubectl: {said}", hint=f"see what it says: {Command(printable(done.argv))}")


def _where(err: str) -> str:
    """The host that kubectl tried, as the beginning of a hint."""
    match = _URL.search(err) or _HOST.search(err)
    host = next((part for part in match.groupdict().values() if part), "") if match is not None else ""
    return f"tried {host}; " if host else ""
