"""What is asked of kubectl. Its flags, its configuration, its login and its proxies are used as they are."""

import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from kubectl_akslb.cluster.connection import Connection
from kubectl_akslb.edge.process import Finished, NotInstalledError, run_together
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.command import Command

KUBECTL = "kubectl"
SERVICE_NAME = "kubernetes.io/service-name"
SYSTEM = "kube-system"
SERVICES, SLICES, EVENTS, NODES, DAEMON_SETS = "services", "endpointslices", "events", "nodes", "daemonsets"
POLICIES, INGRESSES = "networkpolicies", "ingresses"
CALICO_SYSTEM = "calico-system"
MOST_PODS = 500
"""So many pods of a namespace are read to find those that a selector may have meant."""


def printable(argv: Sequence[str]) -> tuple[str, ...]:
    """A call as it is printed: without the token."""
    return tuple(word for word in argv if not word.startswith("--token="))


def get(resource: str, connection: Connection, *names: str, extra: Sequence[str] = ()) -> tuple[str, ...]:
    """``kubectl get`` in the connection's namespace, as JSON."""
    return (KUBECTL, "get", resource, *names, *connection.scope, *extra, "-o", "json", *connection.flags)


def everywhere(path: str, connection: Connection, **query: str | None) -> tuple[str, ...]:
    """A list over all namespaces, as the API server writes it.

    For a thousand Services that takes kubectl a tenth of the time of ``kubectl get -A -o json``, which reads every
    object and writes it anew.
    """
    from urllib.parse import urlencode

    given = {key: value for key, value in query.items() if value is not None}
    return (KUBECTL, "get", "--raw", f"{path}?{urlencode(given)}" if given else path, *connection.flags)


def services(connection: Connection, names: Sequence[str]) -> tuple[str, ...]:
    """The Services of these names; without names those of the namespace that the selector fits."""
    if connection.all_namespaces:
        return everywhere("/api/v1/services", connection, labelSelector=connection.selector)
    extra = ("-l", connection.selector) if connection.selector is not None else ()
    return get(SERVICES, connection, *names, extra=extra)


def load_balancers(connection: Connection) -> tuple[str, ...]:
    """The Services of type LoadBalancer of all namespaces: they share load balancers, addresses and security groups."""
    return everywhere("/api/v1/services", connection, fieldSelector="spec.type=LoadBalancer")


def slices(connection: Connection, names: Sequence[str]) -> tuple[str, ...]:
    """The EndpointSlices of Services of these names, or of all in the namespace."""
    if connection.all_namespaces:
        return everywhere("/apis/discovery.k8s.io/v1/endpointslices", connection, labelSelector=SERVICE_NAME)
    if not names:
        return get(SLICES, connection, extra=("-l", SERVICE_NAME))
    wanted = f"{SERVICE_NAME}={names[0]}" if len(names) == 1 else f"{SERVICE_NAME} in ({','.join(names)})"
    return get(SLICES, connection, extra=("-l", wanted))


def events(connection: Connection, names: Sequence[str]) -> tuple[str, ...]:
    """The events of the Service of this name; those of all Services for several names or none."""
    fields = "involvedObject.kind=Service"
    if connection.all_namespaces:
        return everywhere("/api/v1/events", connection, fieldSelector=fields)
    if len(names) == 1:
        fields += f",involvedObject.name={names[0]}"
    return get(EVENTS, connection, extra=("--field-selector", fields))


def policies(connection: Connection) -> tuple[str, ...]:
    """The NetworkPolicies of the namespace, or of all."""
    if connection.all_namespaces:
        return everywhere("/apis/networking.k8s.io/v1/networkpolicies", connection)
    return get(POLICIES, connection._replace(selector=None))


def api_groups(connection: Connection) -> tuple[str, ...]:
    """The API groups that the API server has: which kinds of policies there can be."""
    return (KUBECTL, "get", "--raw", "/apis", *connection.flags)


def policies_of_kind(resource: str, connection: Connection) -> tuple[str, ...]:
    """Policies of a kind that is not Kubernetes' own, by its resource with its API group; one kind a call.

    kubectl gives nothing at all where the API server does not have one of several.
    """
    return get(resource, connection._replace(selector=None))


def pods(namespace: str, connection: Connection, selector: str | None = None) -> tuple[str, ...]:
    """The pods of a namespace that *selector* fits; without one, so many that something like them is among them."""
    limit = None if selector is not None else str(MOST_PODS)
    return everywhere(f"/api/v1/namespaces/{namespace}/pods", connection, labelSelector=selector, limit=limit)


def pod(namespace: str, name: str, connection: Connection) -> tuple[str, ...]:
    """The pod of this name, in a list: none is no error."""
    return everywhere(f"/api/v1/namespaces/{namespace}/pods", connection, fieldSelector=f"metadata.name={name}")


def events_of_pod(namespace: str, name: str, connection: Connection) -> tuple[str, ...]:
    """The events of one pod."""
    fields = f"involvedObject.kind=Pod,involvedObject.name={name}"
    return everywhere(f"/api/v1/namespaces/{namespace}/events", connection, fieldSelector=fields)


def probe_warnings(namespace: str, connection: Connection) -> tuple[str, ...]:
    """The events of pods whose readiness probes are answered with a redirect."""
    fields = "involvedObject.kind=Pod,reason=ProbeWarning"
    return everywhere(f"/api/v1/namespaces/{namespace}/events", connection, fieldSelector=fields)


def ingresses(connection: Connection) -> tuple[str, ...]:
    """The Ingresses of the namespace, or of all."""
    if connection.all_namespaces:
        return everywhere("/apis/networking.k8s.io/v1/ingresses", connection)
    return get(INGRESSES, connection._replace(selector=None))


def policies_of_istio(resource: str, connection: Connection) -> tuple[str, ...]:
    """Istio's policies of one kind in all namespaces: those of its own hold for the whole mesh."""
    return (KUBECTL, "get", f"{resource}.security.istio.io", "-A", "-o", "json", *connection.flags)


def workloads(connection: Connection) -> tuple[str, ...]:
    """The workloads of the namespace, or of all, whose pods many Services have behind them."""
    return get("deployments,statefulsets", connection._replace(selector=None))


def calico(connection: Connection) -> tuple[str, ...]:
    """The DaemonSets of Calico, which AKS runs in a namespace of its own."""
    return everywhere(f"/apis/apps/v1/namespaces/{CALICO_SYSTEM}/daemonsets", connection)


def infrastructure(connection: Connection) -> tuple[str, ...]:
    """The nodes, and the DaemonSets among which the cloud provider's part on the nodes is, in one call."""
    return (KUBECTL, "get", f"{NODES},{DAEMON_SETS}", "-n", SYSTEM, "-o", "json", *connection.flags)


def server_version(connection: Connection) -> tuple[str, ...]:
    """The version of the API server."""
    return (KUBECTL, "get", "--raw", "/version", *connection.flags)


def server_address(connection: Connection) -> tuple[str, ...]:
    """The URL of the API server in the kubeconfig."""
    chosen = (("context", "--context"), ("cluster", "--cluster"), ("kubeconfig", "--kubeconfig"))
    given = ((flag, getattr(connection, field)) for field, flag in chosen)
    words = (word for flag, value in given if value is not None for word in (flag, value))
    return (KUBECTL, "config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}", *words)


def names(connection: Connection) -> tuple[str, ...]:
    """The names of the Services of the namespace, one in a line."""
    return (KUBECTL, "get", SERVICES, *connection.scope, "-o", "name", *connection.flags)


def namespaces(connection: Connection) -> tuple[str, ...]:
    """The names of all namespaces, one in a line."""
    return (KUBECTL, "get", "namespaces", "-o", "name", *connection.flags)


def elsewhere(name: str, connection: Connection) -> tuple[str, ...]:
    """The Services of this name in all namespaces."""
    return everywhere("/api/v1/services", connection, fieldSelector=f"metadata.name={name}")


def contexts(connection: Connection) -> tuple[str, ...]:
    """The names of the contexts of the kubeconfig, one in a line."""
    file = ("--kubeconfig", connection.kubeconfig) if connection.kubeconfig is not None else ()
    return (KUBECTL, "config", "get-contexts", "-o", "name", *file)


def run(*commands: Sequence[str], meanwhile: Callable[[], object] | None = None) -> tuple[Finished, ...]:
    """Run the commands side by side; after the first, where each of them starts the login plugin of a kubeconfig."""
    alone = len(commands) > 1 and not _LOGGED_IN and _has_login_plugin(commands[0])
    try:
        done = run_together(commands, meanwhile, logs_in=_got_through if alone else None)
    except NotInstalledError as missing:
        hint = "install kubectl (https://kubernetes.io/docs/tasks/tools/) and put it on the PATH, or explain a file: -f"
        raise AkslbError(missing.message, hint=hint) from None
    if done and _got_through(done[0]):
        _LOGGED_IN.append(True)
    return done


_LOGGED_IN: list[bool] = []
"""Holds something once a call has got through: what the plugin has got it keeps, and the next calls need not wait."""


def _got_through(done: Finished) -> bool:
    """Whether the API server has answered, if with a refusal: then the login is done."""
    return done.code == 0 or "Error from server" in done.err


def _has_login_plugin(call: Sequence[str]) -> bool:
    """Whether a kubeconfig that the call uses names a program that logs in. Nothing else of it is looked at."""
    named = [value for flag, value in pairwise(call) if flag == "--kubeconfig"]
    listed = os.environ.get("KUBECONFIG", "").split(os.pathsep) if os.environ.get("KUBECONFIG") else [_KUBECONFIG]
    for name in named or listed:
        try:
            with open(os.path.expanduser(name), "rb") as file:  # noqa: PTH111, PTH123 - pathlib would cost start-up time
                content = file.read(_LARGEST)
        except (OSError, ValueError):
            continue
        if b"exec:" in content or b'"exec"' in content:
            return True
    return False


_KUBECONFIG = "~/.kube/config"
_LARGEST = 1 << 22


def objects(done: Finished) -> list[dict[str, Any]]:
    """The objects of ``kubectl get -o json``: one, or the items of a List; none where it gave nothing."""
    from json import loads

    if not done.out.strip():
        return []
    try:
        data = loads(done.out)
    except (ValueError, RecursionError):  # no JSON, no UTF-8, or a number of thousands of digits
        data = None
    if not isinstance(data, dict):
        shown = done.out[:60].decode("utf-8", "replace").strip()
        hint = f"see what it says: {Command(printable(done.argv))}"
        raise AkslbError(f"kubectl answered something that is no JSON: {shown!r}", hint=hint)
    kind = str(data.get("kind", ""))
    if not kind.endswith("List"):
        return [data]
    # The API server leaves out the kind of what it lists.
    one = {"kind": kind.removesuffix("List")} if kind != "List" else {}
    return [{**one, **item} for item in data.get("items") or [] if isinstance(item, dict)]
