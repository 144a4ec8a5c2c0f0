"""Manifests for the tests of the post-renderer, written as charts write them."""

from typing import Any

from kubectl_akslb.lint.annotation_policy import DEFAULT_POLICY, Policy
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.postrender.outline import outline
from kubectl_akslb.postrender.render import PostRendered, PostRenderOptions, postrender
from kubectl_akslb.provider.behaviours import behaviours_of
from kubectl_akslb.provider.version import NEWEST

BETA = "service.beta.kubernetes.io/"
PATH = f"{BETA}azure-load-balancer-health-probe-request-path"


def path_of(port: int) -> str:
    return f"{BETA}port_{port}_health-probe_request-path"


def protocol_of(port: int) -> str:
    return f"{BETA}port_{port}_health-probe_protocol"


def cluster(version: str = str(NEWEST), **settings: Any) -> Cluster:
    parsed = ProviderVersion.parse(version)
    return Cluster(parsed, behaviours_of(parsed), **settings)


def service(ports: str, metadata: str = "", spec: str = "", name: str = "web") -> str:
    """A LoadBalancer Service; *ports* are entries in flow style, the others whole lines."""
    return (
        f"---\napiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n{metadata}"
        f"spec:\n  type: LoadBalancer\n  selector: {{app: {name}}}\n{spec}  ports:\n"
        + "".join(f"  - {{{port}}}\n" for port in ports.split("; "))
    )


def deployment(container: str, metadata: str = "", name: str = "web", kind: str = "Deployment") -> str:
    """A workload whose pods the Service of that name selects; *container* is the inside of a flow mapping."""
    return (
        f"---\napiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\n{metadata}"
        f"spec:\n  template:\n    metadata: {{labels: {{app: {name}, pod: x}}}}\n"
        f"    spec:\n      containers:\n      - {{name: main, image: example.com/x, {container}}}\n"
    )


def render(
    text: str | bytes, version: str = str(NEWEST), policy: Policy = DEFAULT_POLICY, **options: Any
) -> PostRendered:
    data = text if isinstance(text, bytes) else text.encode()
    settings = {key: options.pop(key) for key in list(options) if key in Cluster._fields}
    return postrender(data, PostRenderOptions(cluster(version, **settings), policy, **options))


def objects(data: bytes) -> list[Any]:
    """The data of every document that can be read."""
    return [parse_data(Source(data[start:end].decode()))[1] for start, end, _ in outline(data)]


def added(text: str, version: str = str(NEWEST), policy: Policy = DEFAULT_POLICY, **options: Any) -> dict[str, str]:
    """The annotations that the first document has afterwards and did not have before."""
    done = render(text, version, policy, **options)
    assert () == done.errors
    before, after = (
        (one.get("metadata").get("annotations") or {}) for one in (objects(text.encode())[0], objects(done.output)[0])
    )
    assert before.items() <= after.items()
    return {key: value for key, value in after.items() if key not in before}
