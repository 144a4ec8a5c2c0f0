"""Services that controllers make, in a few words, and the objects that tables of them begin with."""

from typing import Any, NamedTuple

from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.manifest.stream import split
from kubectl_akslb.producers.draft import Made
from kubectl_akslb.producers.produce import made_of
from kubectl_akslb.provider.annotations import PREFIX

INTERNAL = {f"{PREFIX}azure-load-balancer-internal": "true"}
INTERNAL_TEXT = f"{PREFIX}azure-load-balancer-internal: 'true'"
ANNOTATED = f"{{annotations: {{{INTERNAL_TEXT}}}}}"
LISTENERS = "{name: http, port: 80, protocol: HTTP}, {name: https, port: 443, protocol: HTTPS}"


class Case(NamedTuple):
    """An input, the Services that its controller makes of it in a few words, and where that is seen.

    *source* is a file of the controller's repository, golden or a test, with the version; the cases are our own.
    """

    source: str
    text: str
    wanted: tuple[dict[str, Any], ...]


def read(text: str) -> list[dict[str, Any]]:
    """The objects of a stream."""
    found = [parse_data(Source(one.text))[1] for one in split(text.encode())]
    return [one for one in found if isinstance(one, dict)]


def made_with(text: str) -> list[Made]:
    """What is made of the first object, beside the others."""
    objects = read(text)
    return made_of(objects[0], Objects(objects))


def made(text: str) -> list[dict[str, Any]]:
    """The Services that are made of the first object, beside the others."""
    return [dict(one.service) for one in made_with(text)]


def short(service: dict[str, Any]) -> dict[str, Any]:
    """A Service in a few words: a port as ``name port target appProtocol/UDP``."""
    spec, metadata = service["spec"], service["metadata"]
    ports = [
        " ".join(str(one[key]) for key in ("name", "port", "targetPort", "appProtocol") if key in one)
        + ("/UDP" if one.get("protocol") == "UDP" else "")
        for one in spec["ports"]
    ]
    found = {"name": f"{metadata['namespace']}/{metadata['name']}", "ports": ports}
    found |= {"annotations": metadata["annotations"]} if metadata["annotations"] else {}
    return found | {key: value for key, value in spec.items() if key not in {"ports", "type"}}


def gateway(
    class_name: str,
    infrastructure: str = "",
    listeners: str = LISTENERS,
    metadata: str = "",
    spec: str = "",
    name: str = "web",
) -> str:
    """A Gateway."""
    return f"""apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: shop{metadata}}}
spec:
  gatewayClassName: {class_name}
{"  infrastructure: " + infrastructure if infrastructure else ""}
{"  " + spec if spec else ""}
  listeners: [{listeners}]
"""


def gateway_class(name: str, controller: str, more: str = "") -> str:
    """A GatewayClass behind other objects."""
    return f"""---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {{name: {name}}}
spec: {{controllerName: {controller}{more}}}
"""


def refers(group: str, kind: str, name: str = "p", more: str = "") -> str:
    """A reference to parameters, of a Gateway."""
    return f"{{parametersRef: {{group: '{group}', kind: {kind}, name: {name}}}{more}}}"


def of_class(group: str, kind: str, name: str = "p", namespace: str = "shop") -> str:
    """A reference to parameters, of a GatewayClass."""
    return f", parametersRef: {{group: {group}, kind: {kind}, name: {name}, namespace: {namespace}}}"


def other(version: str, kind: str, spec: str, name: str = "p", metadata: str = "") -> str:
    """An object behind others, in the namespace of the Gateway; *spec* is a field with its value."""
    return f"---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop{metadata}}}\n{spec}\n"


def deployment(name: str, image: str, env: str = "") -> str:
    """The Deployment of a controller, which tells its version."""
    variables = f", env: [{env}]" if env else ""
    return other(
        "apps/v1",
        "Deployment",
        f"spec: {{template: {{spec: {{containers: [{{name: c, image: '{image}'{variables}}}]}}}}}}",
        name,
    )
