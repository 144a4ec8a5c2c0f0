"""Every complaint of kubectl that people meet becomes what is wrong and what to do next."""

import pytest

from kubectl_akslb.cluster import kubectl_errors
from kubectl_akslb.edge.process import Finished

FORBIDDEN = (
    'Error from server (Forbidden): services "web" is forbidden: User "jane" cannot get resource "services" in API'
    ' group "" in the namespace "shop"'
)
FORBIDDEN_NODES = (
    'Error from server (Forbidden): nodes is forbidden: User "system:serviceaccount:ci:deploy" cannot list resource'
    ' "nodes" in API group "" at the cluster scope'
)


def failed(err: str, code: int = 1) -> Finished:
    return Finished(("kubectl", "get", "services", "-o", "json"), code, b"", err)


@pytest.mark.parametrize(
    ("err", "message", "hint"),
    [
        ("Unable to connect to the server: dial tcp 20.1.2.3:443: i/o timeout", "cannot be reached in time", "az aks show --resource-group GROUP --name NAME --query apiServerAccessProfile"),
        ("Unable to connect to the server: dial tcp 20.1.2.3:443: i/o timeout", "", "tried 20.1.2.3:443"),
        ("Unable to connect to the server: dial tcp 20.1.2.3:443: connectex: A connection attempt\nfailed because the connected party did not properly respond", "in time", "--api-server-authorized-ip-ranges"),
        ("Unable to connect to the server: dial tcp 10.1.2.3:443: connectex: A connection attempt failed", "private address", "VPN"),
        ("Unable to connect to the server: dial tcp 10.1.2.3:443: i/o timeout", "private address", "az aks command invoke"),
        ("Unable to connect to the server: dial tcp 172.32.2.3:443: i/o timeout", "in time", "authorised IP ranges"),
        ("Unable to connect to the server: net/http: TLS handshake timeout", "TLS does not come about", "inspects TLS"),
        ('Unable to connect to the server: Get "https://x.azmk8s.io:443/api": EOF', "closed before it answered", "tried x.azmk8s.io"),
        ("Unable to connect to the server: unexpected EOF", "closed before it answered", "YOUR_ADDRESS"),
        ('error: error loading config file "c": yaml: unexpected EOF', "is damaged", "check the file"),
        ('Get "https://x.azmk8s.io/api": read tcp 10.0.0.9:51234->20.1.2.3:443: read: connection reset by peer', "was reset", "firewall"),
        ('Get "https://x.azmk8s.io/api": read tcp 10.0.0.9:51234->20.1.2.3:443: wsarecv: An existing connection was forcibly closed by the remote host.', "was reset", "firewall"),
        ("Unable to connect to the server: dial tcp 20.1.2.3:443: connect: no route to host", "no way from here", "VPN"),
        ("Unable to connect to the server: dial tcp 20.1.2.3:443: connect: network is unreachable", "no way from here", "VPN"),
        ("Unable to connect to the server: proxyconnect tcp: dial tcp 10.9.9.9:3128: i/o timeout", "the proxy", "NO_PROXY"),
        ("Unable to connect to the server: Proxy Authentication Required", "the proxy", "HTTPS_PROXY"),
        ("Unable to connect to the server: http: server gave HTTP response to HTTPS client", "does not speak TLS", "login page"),
        ("Unable to connect to the server: dial tcp: lookup gone.hcp.westeurope.azmk8s.io on 168.63.129.16:53: no such host", "cannot be resolved", "powerState"),
        ("E1 AADSTS700082: The refresh token has expired due to inactivity.\nUnable to connect to the server: getting credentials: exec: executable kubelogin failed with exit code 1", "the login has expired: E1 AADSTS700082", "az login"),
        ("ERROR: Please run 'az login' to set up an account.\nUnable to connect to the server: getting credentials: exec: executable az failed with exit code 1", "Please run 'az login' to set up", "az login"),
        ('Unable to connect to the server: Get "https://x.azmk8s.io/": context deadline exceeded', "in time", "tried x.azmk8s.io"),
        ("Unable to connect to the server: dial tcp: lookup x.privatelink.westeurope.azmk8s.io: no such host", "cluster is private", "private DNS zone"),
        ('Get "https://x.privatelink.westeurope.azmk8s.io/api?timeout=32s": context deadline exceeded', "cluster is private", "az aks command invoke"),
        ("The connection to the server localhost:8080 was refused - did you specify the right host or port?", "no cluster is chosen", "get-credentials"),
        ("The connection to the server x.azmk8s.io:443 was refused - did you specify the right host or port?", "nothing answers", "powerState"),
        ("error: You must be logged in to the server (Unauthorized)", "(401)", "az login"),
        ("error: You must be logged in to the server (the server has asked for the client to provide credentials)", "(401)", "az login"),
        ("Unable to connect to the server: x509: certificate signed by unknown authority", "certificates", "--overwrite-existing"),
        ("Unable to connect to the server: getting credentials: exec: executable kubelogin not found", "not installed", "install-cli"),
        ("Unable to connect to the server: getting credentials: exec: executable kubelogin failed with exit code 1", "got no token", "az login"),
        ("error: stat /nope: no such file or directory", "cannot be read", "--kubeconfig"),
        ('Unable to find "/v1, Resource=services" that match label selector "a=b,,", field selector "": found', "selector", "-l app=web"),
        ('error: the server doesn\'t have a resource type "endpointslices"', "does not know", "current-context"),
        ('error: auth info "u" does not exist', "no such cluster or user", "config view"),
        ("Error from server (TooManyRequests): too many requests", "overloaded", "again"),
        (FORBIDDEN, "refuses to jane (403): get services in namespace shop", "kubectl create rolebinding akslb-view --clusterrole=view --user=jane --namespace=shop"),
        (FORBIDDEN_NODES, "list nodes in the whole cluster", "kubectl create clusterrole akslb-nodes --verb=list --resource=nodes && kubectl create clusterrolebinding akslb-nodes --clusterrole=akslb-nodes --user=system:serviceaccount:ci:deploy"),
        ('E1121 09:39:01.9 1 memcache.go:265] "Unhandled Error" err="unknown"\nError from server (Forbidden): unknown', "refuses (403): unknown", "kubectl auth can-i"),
        ("error: something new", "kubectl: something new", "kubectl get services -o json"),
        ("", "exit code 1, in silence", "kubectl get services"),
    ],
)  # fmt: skip
def test_help(err: str, message: str, hint: str) -> None:
    error = kubectl_errors.help_for(failed(err))
    assert message in error.message
    assert hint in error.hint


def test_the_last_complaint_is_quoted_not_the_log() -> None:
    err = (
        'E1121 08:54:24.1 1 memcache.go:265] "couldn\'t get current server API group list"\n'
        "Unable to connect to the server: dial tcp 20.1.2.3:443: i/o timeout\n"
    )
    error = kubectl_errors.help_for(failed(err))
    assert error.message.endswith("Unable to connect to the server: dial tcp 20.1.2.3:443: i/o timeout")


@pytest.mark.parametrize(
    "line",
    [
        'E1121 09:39:01.9 1 memcache.go:265] "Unhandled Error" err="couldn\'t get server API group list: i/o timeout"',
        "E1121 09:39:01.9 1 memcache.go:265] couldn't get server API group list: i/o timeout",
    ],
)
def test_a_kubectl_that_was_stopped_while_it_tried_again(line: str) -> None:
    error = kubectl_errors.help_for(failed(f"{line}\n", -9))
    message = "the API server cannot be reached in time: couldn't get server API group list: i/o timeout"
    assert message == error.message


def test_all_that_is_forbidden() -> None:
    found = kubectl_errors.forbidden(f"{FORBIDDEN_NODES}\n{FORBIDDEN}\n")
    assert [("list", "nodes", ""), ("get", "services", "shop")] == [(f.verb, f.resource, f.namespace) for f in found]


def test_what_a_missing_permission_leaves_out() -> None:
    (found,) = kubectl_errors.forbidden(FORBIDDEN_NODES)
    assert "which nodes are in rotation is not known; their number and their addresses are assumed" == found.missing


def test_names_that_a_shell_would_read_are_quoted() -> None:
    (found,) = kubectl_errors.forbidden(FORBIDDEN.replace('"jane"', '"jane doe; rm -rf"'))
    assert "'--user=jane doe; rm -rf'" in found.grant


@pytest.mark.parametrize(
    ("err", "expected"),
    [
        ('Error from server (NotFound): services "wbe" not found', ("wbe",)),
        ('Error from server (NotFound): services "a" not found\nError from server (NotFound): services "b" not found', ("a", "b")),
        ('Error from server (NotFound): namespaces "shopp" not found', ()),
        (FORBIDDEN, ()),
    ],
)  # fmt: skip
def test_not_found(err: str, expected: tuple[str, ...]) -> None:
    assert expected == kubectl_errors.not_found(err, "services")


@pytest.mark.parametrize(
    ("err", "expected"),
    [
        ('error: context "prod" does not exist', "prod"),
        ('error: no context exists with the name: "prod"', "prod"),
        ("Error in configuration: context was not found for specified context: prod", "prod"),
        ("error: something else", ""),
    ],
)
def test_missing_context(err: str, expected: str) -> None:
    assert expected == kubectl_errors.missing_context(err)
