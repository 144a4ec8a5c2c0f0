"""The Services that the tests of the renderers share, and what is explained of them."""

import re

from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.pipeline import Explanation, Read, explain, explain_services
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import default_profile

#: The styles we write, and no other escape sequence.
COLOUR = re.compile(r"\x1b\[(?:0|1|2|1;3[1-6]|3[1-6])m")
PREFIX = "service.beta.kubernetes.io/"


def manifest(
    *ports: str, name: str = "web", annotations: dict[str, str] | None = None, spec: str = "", labels: str = "{}"
) -> str:
    """A Service of type LoadBalancer; each of *ports* is a flow mapping such as ``{port: 80}``."""
    notes = "".join(
        f"    {key if '/' in key else PREFIX + key}: {value}\n" for key, value in (annotations or {}).items()
    )
    return (
        f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n  namespace: shop\n  labels: {labels}\n"
        + (f"  annotations:\n{notes}" if notes else "")
        + f"spec:\n  type: LoadBalancer\n{f'  {spec}' + chr(10) if spec else ''}  ports:\n"
        + "".join(f"  - {port}\n" for port in ports or ("{port: 80}",))
        + "  selector: {app: web}\n"
    )


PLAIN = manifest()
LOCAL = manifest(spec="externalTrafficPolicy: Local")
UDP_ONLY = manifest("{port: 53, protocol: UDP, name: dns}")
DUAL_STACK = manifest(spec="ipFamilyPolicy: RequireDualStack")
REFUSED = manifest("{port: 80, protocol: SCTP}")
HA_PORTS = manifest(
    "{port: 80, name: http}",
    "{port: 443, name: https}",
    annotations={
        "azure-load-balancer-internal": '"true"',
        "azure-load-balancer-enable-high-availability-ports": '"true"',
    },
)
INTERNAL_TRUE = manifest(annotations={"azure-load-balancer-internal": '"True"'})
BAD_RANGE = manifest(annotations={"azure-allowed-ip-ranges": "10.0.0.0/33"})
OTHER_CLASS = manifest(spec="loadBalancerClass: example.com/own")
APP_PROTOCOL = manifest("{port: 80, name: http, appProtocol: http}")
KNOWN_WORKLOAD = manifest("{port: 80, name: http, appProtocol: http}", labels="{app.kubernetes.io/name: ingress-nginx}")
NO_RULE = manifest(annotations={"port_80_no_lb_rule": '"true"'})
SEVERAL_PORTS = manifest(
    "{port: 80, name: http, appProtocol: http}",
    "{port: 443, name: https, appProtocol: https}",
    "{port: 5432, name: sql}",
    "{port: 5433, name: sql-ro}",
    "{port: 53, name: dns, protocol: UDP}",
    annotations={"port_80_health-probe_request-path": "/a-rather-long-path-of-an-application/ready"},
)
TWELVE_PORTS = manifest(
    *(f"{{port: {80 + n}, name: p{n}, appProtocol: {('http', 'tcp', 'https')[n % 3]}}}" for n in range(12)),
    labels="{app.kubernetes.io/name: ingress-nginx}",
)
MANY_NEED = manifest("{port: 80, name: http, appProtocol: http}", name="a-name-that-is-as-long-as-a-name-can-be-in-k8s")
ALL = {
    "plain": PLAIN,
    "local": LOCAL,
    "udp": UDP_ONLY,
    "dual stack": DUAL_STACK,
    "refused": REFUSED,
    "ha ports": HA_PORTS,
    "internal True": INTERNAL_TRUE,
    "bad range": BAD_RANGE,
    "other class": OTHER_CLASS,
    "appProtocol": APP_PROTOCOL,
    "known workload": KNOWN_WORKLOAD,
    "no rule": NO_RULE,
}
#: What a manifest can hold to act on a terminal, a pull request, a flowchart or a shell.
NASTY = (
    "\x1b[31mred\x1b[0m", "\x9b2J", "\x1b]0;title\x07", "\u202eevil", "a\nb", "a\r\nb", "a|b", 'a"b', "a`b", "```", "]]",
    "<img src=x>", "&lt;", "**x**", "[a](http://b)", "#quot;", "%%{init}%%", "end", "'; rm -rf /", "$(x)", "~~x~~",
    "\u2028", "\t", "\x7f",
)  # fmt: skip


def cluster(**flags: object) -> Cluster:
    """AKS with its defaults and the newest provider, changed by the command line's *flags*."""
    return with_flags(default_profile(), **flags).cluster  # type: ignore[arg-type]


def explained(*manifests: str, **flags: object) -> Explanation:
    """The explanation of manifests that stand in one file, web.yaml."""
    return explain([("web.yaml", "---\n".join(manifests).encode())], cluster(**flags))


def drawn_with(nasty: str) -> Explanation:
    """A Service whose whole path can be drawn, with *nasty* as its names and labels."""
    result = explained(KNOWN_WORKLOAD)
    (one,) = result.services
    service = one.derivation.service._replace(name=nasty, namespace=nasty, selector={nasty: nasty})
    one = one._replace(derivation=one.derivation._replace(service=service))
    return result._replace(services=(one,))


def hostile(nasty: str) -> Explanation:
    """A Service with *nasty* wherever a manifest has room for text that is not checked."""
    result = explained(
        manifest(
            annotations={
                "azure-load-balancer-health-probe-protocol": "http",
                "azure-load-balancer-health-probe-request-path": "/HERE",
                "azure-pip-name": "HERE",
                "azure-load-balancer-resource-group": "HERE",
                "azure-pip-tags": "a=HERE",
                "azure-allowed-service-tags": "HERE",
                "azure-dns-label-name": "HERE",
            }
        )
    )
    found = result.services[0].found
    service = found.service
    service = service._replace(
        name=f"w{nasty}",
        namespace=f"n{nasty}",
        annotations={key: value.replace("HERE", nasty) for key, value in service.annotations.items()},
        ports=tuple(port._replace(name=nasty, app_protocol=nasty) for port in service.ports),
        load_balancer_source_ranges=(nasty,),
    )
    found = found._replace(service=service, path=f"p{nasty}.yaml", source=nasty)
    return result._replace(services=explain_services([found], result.cluster, Read(Objects())), notices=(nasty,))
