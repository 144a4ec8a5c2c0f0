"""Record which Services the real API server takes: python -m lab.accepted. It needs the API server of the end-to-end tests.

Each is created and deleted again (with dryRun no node port is asked for); what it refuses meets no provider and no load balancer.
"""

import http.client
import json
import ssl
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kubectl_akslb.errors import AkslbError
from tests.e2e.apiserver.server import USERS, ApiServer, missing

Json = dict[str, Any]

RECORDING = Path(__file__).parent / "accepted.jsonl"
#: The release that tests/e2e/apiserver builds.
VERSION = "v1.36.1"
_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_NAMES = ("web", "w" * 63, "w" * 64, "Web", "web.shop", "-web", "web-", "web_1", "1web", "é")
_KEYS = ("a", "A.b_c-d", "example.com/a", "a/b/c", "/a", "a/", "-a", "a b", "a" * 63, "a" * 64, "Example.com/a")
_VALUES = ("", "a", "A.b_c", "a b", "-", "a" * 63, "a" * 64, "a/b")
_CIDRS = (
    "10.0.0.0/8",
    "10.0.0.1/8",
    "010.0.0.0/8",
    "10.0.0.0",
    "10.0.0.0/33",
    " 10.0.0.0/8 ",
    "2001:db8::/32",
    "::/0",
    "x",
    "",
)


def _port(**fields: object) -> Json:
    return {"port": 80, "protocol": "TCP", **fields}


_PORTS: dict[str, list[Json]] = {
    "none": [],
    "two without names": [_port(), _port(port=81)],
    "one without a name": [_port(name="a"), _port(port=81)],
    "one name twice": [_port(name="a"), _port(name="a", port=81)],
    "one port twice": [_port(name="a"), _port(name="b")],
    "one port of both protocols": [_port(name="a"), _port(name="b", protocol="UDP")],
    **{f"name {one}": [_port(name=one)] for one in ("http", "Http", "a" * 63, "a" * 64, "a_b", "a.b", "1")},
    **{f"targetPort {one}": [_port(targetPort=one)] for one in ("http", "a" * 15, "a" * 16, "Http", "1", "a--b", "a-1", 0, 65536, 1)},
    **{f"nodePort {one}": [_port(nodePort=one)] for one in (80, 29999, 30000, 32767, 32768)},
    **{f"port {one}": [_port(port=one)] for one in (0, 1, 65535, 65536)},
    **{f"protocol {one}": [_port(protocol=one)] for one in ("UDP", "SCTP", "tcp", "ICMP")},
}  # fmt: skip
_SPECS: dict[str, Json] = {
    "headless": {"clusterIP": "None"},
    "a health check port with Cluster": {"healthCheckNodePort": 30099},
    "a health check port with Local": {"healthCheckNodePort": 30099, "externalTrafficPolicy": "Local"},
    "a policy that there is none of": {"externalTrafficPolicy": "Nowhere"},
    "two ranges, one bad": {"loadBalancerSourceRanges": ["10.0.0.0/8", "10.0.0.0/99"]},
    **{f"range {one!r}": {"loadBalancerSourceRanges": [one]} for one in _CIDRS},
}


def cases() -> Iterator[Json]:
    """Each Service with the name of its case."""
    for name in _NAMES:
        yield _case(f"name {name}", {"name": name})
    for key in _KEYS:
        yield _case(f"annotation {key}", {"annotations": {key: "x"}})
        yield _case(f"label {key}", {"labels": {key: "x"}})
        yield _case(f"selector {key}", {}, {"selector": {key: "x"}})
    for value in _VALUES:
        yield _case(f"annotation with {value!r}", {"annotations": {"a": value}})
        yield _case(f"label with {value!r}", {"labels": {"a": value}})
        yield _case(f"selector with {value!r}", {}, {"selector": {"a": value}})
    for name, ports in _PORTS.items():
        yield _case(f"ports: {name}", {}, {"ports": ports})
    for name, spec in _SPECS.items():
        yield _case(name, {}, spec)
    for one in (*_CIDRS, "10.0.0.0/8,x", "10.0.0.0/8, 192.0.2.0/24"):
        yield _case(f"annotated range {one!r}", {"annotations": {_RANGES: one}})


def _case(name: str, metadata: Json, spec: Json | None = None) -> Json:
    own = {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [_port()], **(spec or {})}
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "shop", **metadata},
        "spec": own,
    }
    return {"case": name, "service": service}


def _asked(server: ApiServer, service: Json) -> int:
    context = ssl.create_default_context(cafile=str(server.certificate))
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=context, timeout=60)
    headers = {"Authorization": f"Bearer {USERS['admin'][0]}", "Content-Type": "application/json"}
    place = "/api/v1/namespaces/shop/services"
    try:
        connection.request("POST", place, json.dumps(service), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status < 300:
            connection.request("DELETE", f"{place}/{service['metadata']['name']}", headers=headers)
            connection.getresponse().read()
        return answer.status
    finally:
        connection.close()


def main() -> int:
    """Ask for all, and write a line for each Service."""
    lacking = missing()
    if lacking:
        print(f"error: {lacking}", file=sys.stderr)
        return 1
    try:
        options = ("--disable-admission-plugins", "NamespaceLifecycle,LimitRanger,ResourceQuota")
        with tempfile.TemporaryDirectory(prefix="lab-") as folder, ApiServer(Path(folder), options=options) as server:
            lines = [{**case, "status": _asked(server, case["service"])} for case in cases()]
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    RECORDING.write_text("".join(f"{json.dumps(line, sort_keys=True)}\n" for line in lines))
    print(f"{VERSION}: {len(lines)} Services")
    return 0


def recorded() -> list[Json]:
    """The lines in the repository."""
    return [json.loads(line) for line in RECORDING.read_text().splitlines()]


if __name__ == "__main__":
    sys.exit(main())
