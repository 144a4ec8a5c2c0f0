"""Consul's API gateway. Upstream: control-plane/api-gateway/gatekeeper/service.go of hashicorp/consul-k8s."""

from kubectl_akslb.evidence.objects import Objects, mapping, name_of
from kubectl_akslb.producers.draft import METADATA_ANNOTATIONS, Field, Made, Object, Path, below, is_list
from kubectl_akslb.producers.gateway_api import draft_of, listeners, missing, parameters
from kubectl_akslb.producers.producer import GatewayController

_SPEC: Path = ("spec",)
_COPIED = ("external-dns.alpha.kubernetes.io/hostname",)
"""What is copied where the GatewayClassConfig names nothing."""
_PRIVILEGED = 1024


def _make(gateway: Object, known: Object, objects: Objects) -> list[Made]:
    """The Service of the Gateway's name; of the Gateway's own annotations only those that the class names."""
    config, at = parameters(gateway, known, objects, "GatewayClassConfig", of_gateway=False)
    draft = draft_of(gateway, objects, name_of(gateway))
    fields, place = mapping(config.get("spec")), Field(METADATA_ANNOTATIONS)
    if config:
        draft.put("type", fields.get("serviceType") or "none", at)  # without a type no Service is made
    draft.copy({}, Field(_SPEC, config, at), "type=serviceType")
    given = below(fields, "copyAnnotations", "service")
    names = [name for name in given if isinstance(name, str)] if is_list(given) else list(_COPIED)
    own = mapping(below(gateway, *METADATA_ANNOTATIONS))
    draft.annotate({name: own[name] for name in names if name in own}, place)
    shift = fields.get("mapPrivilegedContainerPorts")
    numbers: set[object] = set()
    for path, one in listeners(gateway):
        number = one.get("port")
        if isinstance(number, int) and number not in numbers:
            numbers.add(number)
            more = shift if isinstance(shift, int) and number < _PRIVILEGED else 0
            draft.port(str(one.get("name")), number, path, target=number + more)
    missing(draft, gateway, known, "GatewayClassConfig", config, of_gateway=False)
    # What is written there arrives only where the class names its key: there is no place to set others in.
    return draft.made("Consul")


GATEWAYS = GatewayController(("consul.hashicorp.com/gateway-controller",), ("consul",), _make, ("GatewayClassConfig",))
