"""Manifests for the tests of rules, and what the rules find in them."""

from collections.abc import Iterable, Sequence

from kubectl_akslb.fix.fixer import FixResult, fix
from kubectl_akslb.lint.engine import ALL, LintOptions, LintResult, lint
from kubectl_akslb.model.cluster import STANDARD, Cluster
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.provider.version import NEWEST

PREFIX = "service.beta.kubernetes.io/"
#: True of every public Service; the tests of other rules pass over it.
EVERYWHERE = "open-to-the-internet"


def cluster(settings: Iterable[tuple[str, str]] = (), **words: str) -> Cluster:
    """A cluster; the settings are those behind ``yaml`` in the page of a rule.

    They are provider, probe-mode, sku and service-gateway.
    """
    given = {**dict(settings), **{key.replace("_", "-"): value for key, value in words.items()}}
    version = ProviderVersion.parse(given.get("provider", str(NEWEST)))
    fields = {
        "provider": "provider_version",
        "probe-mode": "probe_mode",
        "sku": "load_balancer_sku",
        "service-gateway": "service_gateway",
    }
    return Cluster(
        version,
        behaviours_of(version),
        frozenset(fields[key] for key in given),
        load_balancer_sku=given.get("sku", STANDARD),
        probe_mode=given.get("probe-mode", "servicenodeport"),
        service_gateway=given.get("service-gateway") == "true",
    )


def service(
    *annotations: str, ports: Sequence[str] = ("port: 80",), spec: Sequence[str] = (), metadata: Sequence[str] = ()
) -> str:
    """A Service of type LoadBalancer.

    *annotations* are ``key: value`` without the prefix that most keys have; *ports* are entries in flow style without
    braces; *spec* and *metadata* are lines.
    """
    lines = ["apiVersion: v1", "kind: Service", "metadata:", "  name: web", *(f"  {line}" for line in metadata)]
    if annotations:
        keys = (one if "/" in one.partition(":")[0] else PREFIX + one for one in annotations)
        lines += ["  annotations:", *(f"    {one}" for one in keys)]
    lines += ["spec:", "  type: LoadBalancer", *(f"  {line}" for line in spec), "  ports:"]
    lines += [f"    - {{{one}}}" for one in ports]
    return "\n".join(lines) + "\n"


def linted(text: str, on: Cluster | None = None, options: LintOptions = ALL) -> LintResult:
    """What the rules find in one file."""
    return lint([("web.yaml", text.encode())], on or cluster(), options)


def found(text: str, on: Cluster | None = None) -> list[str]:
    """The ids of what the rules find, in the order of the lines."""
    return [one.rule for one in linted(text, on).diagnostics if one.rule != EVERYWHERE]


def mended(text: str, on: Cluster | None = None, options: LintOptions = ALL, *, unsafe: bool = False) -> FixResult:
    """The result of fixing one file."""
    return fix([("web.yaml", text.encode())], on or cluster(), options, unsafe=unsafe)


def after(result: FixResult) -> str:
    """The text of the one file of a result."""
    return result.files[0].after.decode()
