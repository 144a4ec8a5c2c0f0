"""What is asked of az, where somebody asks for it: ``az aks show``, or the cluster's entry in ``az aks list``."""

import re
from collections.abc import Mapping, Sequence
from json import dumps, loads
from typing import Any

from kubectl_akslb.edge.process import Finished, Running, located
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.command import command, flag
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.profile.load import load_profile
from kubectl_akslb.profile.settings import LoadedProfile

SECONDS = 90.0
"""az is slow to start, and slower behind a proxy; after so long it is given up."""

_ID = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourcegroups/(?P<group>[^/]+)/.*/(?P<name>[^/]+)", re.IGNORECASE
)


# What Azure takes; az is a batch file on Windows, and other characters would mean something to it.
_GROUP = re.compile(r"(?!-)[\w.()-]{1,90}")
_NAME = re.compile(r"(?!-)[\w-]{1,63}")


class AksName(NamedTuple):
    """A cluster in AKS; *subscription* is "" for the one az has as its default."""

    group: str
    name: str
    subscription: str = ""

    def __str__(self) -> str:
        """``GROUP/NAME``."""
        return f"{self.group}/{self.name}"


def parse_name(text: str) -> AksName:
    """``GROUP/NAME``, or the resource ID of a cluster."""
    match = _ID.fullmatch("/" + text.strip("/ "))
    if match is not None:
        return AksName(match["group"], match["name"], match["subscription"])
    group, slash, name = text.partition("/")
    if not (slash and _GROUP.fullmatch(group) and _NAME.fullmatch(name)):
        hint = "write resource group and name of the cluster: --aks shop/shop-prod; az aks list -o table has both"
        raise AkslbError(f"--aks cannot be {text[:60]!r}", hint=hint)
    return AksName(group, name)


def show(name: AksName) -> tuple[str, ...]:
    """``az aks show``."""
    subscription = (flag("--subscription", name.subscription),) if name.subscription else ()
    return (
        installed(),
        "aks",
        "show",
        flag("--resource-group", name.group),
        flag("--name", name.name),
        *subscription,
        "-o",
        "json",
        "--only-show-errors",
    )


def list_all(subscription: str) -> tuple[str, ...]:
    """``az aks list``."""
    chosen = (flag("--subscription", subscription),) if subscription else ()
    return (installed(), "aks", "list", *chosen, "-o", "json", "--only-show-errors")


def start(argv: Sequence[str]) -> Running:
    """Start az; it runs while kubectl does."""
    return Running(argv)


def profile_of(done: Finished, name: AksName | None = None) -> LoadedProfile:
    """The profile in the output of ``az aks show``; AkslbError with help where az failed."""
    if done.code != 0:
        raise _help(done, name)
    return load_profile(done.out, "az aks show")


def profile_in_list(done: Finished, node_resource_group: str) -> LoadedProfile:
    """The profile of the cluster whose nodes are in this resource group, out of ``az aks list``."""
    if done.code != 0:
        raise _help(done, None)
    clusters = _clusters(done.out)
    for one in clusters:
        if str(one.get("nodeResourceGroup", "")).lower() == node_resource_group.lower():
            return load_profile(dumps(one, indent=1).encode(), "az aks list")
    raise AkslbError(
        f"none of the {len(clusters)} clusters that az aks list shows has its nodes in {node_resource_group}",
        hint="name the cluster: --aks GROUP/NAME",
    )


def _clusters(out: bytes) -> list[Mapping[str, Any]]:
    try:
        data = loads(out or b"[]")
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, list):
        raise AkslbError("az aks list gave no list", hint="see what it says: az aks list -o json")
    return [one for one in data if isinstance(one, dict)]


def installed() -> str:
    """The path of az; AkslbError with help where there is none."""
    found = located("az")
    if found is None:
        raise AkslbError(
            "az was not found",
            hint="install the Azure CLI, or let somebody who has it make a file:"
            " az aks show --resource-group GROUP --name NAME -o json > aks.json,"
            " then --profile aks.json",
        )
    return found


_TROUBLE = (
    (
        r"az login|AADSTS(50058|50173|70043|700082|50076|50079)|No subscription found|not logged in",
        "az is not logged in",
        "az login; for another tenant: az login --tenant TENANT",
    ),
    (
        r"ResourceGroupNotFound|ResourceNotFound|was not found",
        "az finds no such cluster",
        "az aks list -o table shows group and name; az account show the subscription in use",
    ),
    (
        r"SubscriptionNotFound|doesn't exist in cloud|InvalidSubscriptionId",
        "az knows no such subscription",
        "az account list -o table; az account set --subscription ID",
    ),
    (
        r"AuthorizationFailed",
        "the account of az may not read the cluster",
        "the role Reader on the cluster grants it: az role assignment create --role Reader --assignee YOU"
        " --scope CLUSTER_ID",
    ),
    (
        r"ConnectionError|Max retries exceeded|Failed to establish|timed out|Name or service not known|ProxyError",
        "az cannot reach Azure",
        "check the network and HTTPS_PROXY: management.azure.com and login.microsoftonline.com must be reachable",
    ),
    (r"is misspelled or not recognized|not in the .az. command group", "this az is too old", "az upgrade"),
)


def failure(done: Finished) -> AkslbError:
    """Why az failed, and what to do about it."""
    return _help(done, None)


def _help(done: Finished, name: AksName | None) -> AkslbError:
    lines = [line.strip() for line in done.err.splitlines() if line.strip() and not line.startswith("WARNING")]
    said = lines[0].removeprefix("ERROR: ") if lines else f"it ended with exit code {done.code} and said nothing"
    if done.code == 124 and not lines:
        return AkslbError(f"az gave no answer within {SECONDS:.0f} s", hint="try az aks list -o table by itself")
    what = f" ({name})" if name is not None else ""
    for pattern, message, hint in _TROUBLE:
        if re.search(pattern, done.err):
            return AkslbError(f"{message}{what}: {said}", hint=hint)
    return AkslbError(f"az failed{what}: {said}", hint=f"see what it says: {command('az', *done.argv[1:])}")
