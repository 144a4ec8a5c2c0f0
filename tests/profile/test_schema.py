"""The published JSON Schema and the loader: what one accepts the other accepts too."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.profile.check import KEYWORDS
from kubectl_akslb.profile.load import load_profile

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "kubectl_akslb/profile/profile.schema.json").read_text())
EXAMPLE = (ROOT / "examples/cluster.yaml").read_text()
HEAD = "apiVersion: akslb.dev/v1alpha1\nkind: ClusterProfile\n"
ANNOTATIONS = {"$schema", "$id", "$defs", "title", "description", "default", "examples"}

ACCEPTED = [
    HEAD,
    HEAD + "spec: {}\n",
    HEAD + "metadata: {name: x, description: prod}\n",
    HEAD + 'spec: {kubernetesVersion: "1.30"}\n',
    HEAD + "spec: {kubernetesVersion: v1.30.4}\n",
    HEAD + "spec: {providerVersion: 1.30.4}\n",
    HEAD + "spec: {zones: []}\n",
    HEAD + "spec: {networkProfile: {loadBalancerSku: Standard, loadBalancerProfile: {backendPoolType: nodeIP}}}\n",
    HEAD + "spec: {networkProfile: {loadBalancerProfile: {outboundIPs: {publicIPs: [{id: a}]}}}}\n",
    HEAD + "spec: {networkProfile: {natGatewayProfile: {managedOutboundIPProfile: {count: 2}}}}\n",
    HEAD + "spec: {agentPoolProfiles: [{name: a, count: 3, upgradeSettings: {maxSurge: 33%}}]}\n",
    HEAD + "spec: {agentPoolProfiles: [{name: a, count: 3.0}]}\n",
    HEAD + "spec: {cloudConfig: {disableOutboundSNAT: yes, tagsMap: {a: b}}}\n",
    HEAD + "spec: {nodes: [{name: a, addresses: [10.0.0.4], labels: {x: 'y'}}]}\n",
    HEAD + "spec: {publicIPAddresses: [{name: a, ipAddress: 20.1.2.3, publicIPAddressVersion: IPv4}]}\n",
    HEAD + "spec: {namespaceLabels: {shop: {team: shop}}}\n",
    HEAD + "spec: {subnets: [{name: apps, addressPrefix: 10.1.0.0/24}, {name: b, addressPrefixes: ['fd00::/64']}]}\n",
]
REFUSED = [
    "kind: ClusterProfile\n",
    "apiVersion: akslb.dev/v1\nkind: ClusterProfile\n",
    HEAD + "extra: 1\n",
    HEAD + "spec:\n",
    HEAD + "spec: []\n",
    HEAD + "spec: {kubernetesVersion: 1.30}\n",
    HEAD + "spec: {kubernetesVersion: '1'}\n",
    HEAD + "spec: {kubernetesVersion: latest}\n",
    HEAD + "spec: {networkprofile: {}}\n",
    HEAD + "spec: {zones: [1]}\n",
    HEAD + "spec: {zones: ['']}\n",
    HEAD + "spec: {clusterName: ''}\n",
    HEAD + "spec: {networkProfile: {loadBalancerSku: STANDARD}}\n",
    HEAD + "spec: {networkProfile: {loadBalancerSku: null}}\n",
    HEAD + "spec: {networkProfile: {loadBalancerProfile: {allocatedOutboundPorts: 8.5}}}\n",
    HEAD + "spec: {networkProfile: {loadBalancerProfile: {allocatedOutboundPorts: true}}}\n",
    HEAD + "spec: {networkProfile: {loadBalancerProfile: {idleTimeoutInMinutes: -1}}}\n",
    HEAD + "spec: {networkProfile: {loadBalancerProfile: {outboundIPs: {publicIPs: [a]}}}}\n",
    HEAD + "spec: {networkProfile: {loadBalancerProfile: {outboundIPs: {publicIPs: [{}]}}}}\n",
    HEAD + "spec: {agentPoolProfiles: [{count: 3}]}\n",
    HEAD + "spec: {agentPoolProfiles: [{name: a, upgradeSettings: {maxSurge: 1}}]}\n",
    HEAD + "spec: {agentPoolProfiles: [{name: a, upgradeSettings: {maxSurge: some}}]}\n",
    HEAD + "spec: {cloudConfig: {clusterServiceSharedLoadBalancerHealthProbePort: 70000}}\n",
    HEAD + "spec: {cloudConfig: {tagsMap: {a: 1}}}\n",
    HEAD + "spec: {cloudConfig: {aadClientSecret: x}}\n",
    HEAD + "spec: {publicIPAddresses: [{name: a}]}\n",
    HEAD + "spec: {namespaceLabels: {shop: [team]}}\n",
    HEAD + "spec: {subnets: [{addressPrefix: 10.1.0.0/24}]}\n",
    HEAD + "spec: {subnets: [{name: apps, addressPrefix: 10.1.0.0}]}\n",
]


def data_of(text: str) -> Any:
    return parse_data(Source(text))[1]


def valid(text: str) -> bool:
    return bool(jsonschema.Draft202012Validator(SCHEMA).is_valid(data_of(text)))


def loads(text: str) -> bool:
    try:
        load_profile(text.encode())
    except InputError:
        return False
    return True


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_example_is_valid_and_loads() -> None:
    jsonschema.validate(data_of(EXAMPLE), SCHEMA, jsonschema.Draft202012Validator)
    cluster = load_profile(EXAMPLE.encode()).cluster
    assert (2, 4000) == (cluster.outbound.managed_ip_count, cluster.outbound.allocated_outbound_ports)


@pytest.mark.parametrize("text", ACCEPTED)
def test_both_accept(text: str) -> None:
    assert (True, True) == (valid(text), loads(text))


@pytest.mark.parametrize("text", REFUSED)
def test_both_refuse(text: str) -> None:
    assert (False, False) == (valid(text), loads(text))


def schemas(schema: Any) -> list[dict[str, Any]]:
    """The schema and all schemas in it."""
    if not isinstance(schema, dict):
        return []
    inner = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    inner += [schema.get("items"), schema.get("additionalProperties")]
    return [schema, *(found for part in inner for found in schemas(part))]


def test_the_schema_uses_no_keyword_that_the_loader_does_not_know() -> None:
    used = {keyword for schema in schemas(SCHEMA) for keyword in schema}
    assert set() == used - KEYWORDS - ANNOTATIONS


def test_every_object_of_the_schema_is_closed() -> None:
    assert [] == [schema for schema in schemas(SCHEMA) if "object" == schema.get("type")
                  and "additionalProperties" not in schema]  # fmt: skip


def test_every_field_of_a_profile_is_described() -> None:
    selector = set(SCHEMA["$defs"]["labelSelector"]["properties"]) | {"key", "operator", "values"}
    fields = [
        (name, {**SCHEMA["$defs"].get(part.get("$ref", "").rpartition("/")[2], {}), **part})
        for schema in schemas(SCHEMA)
        if schema is not SCHEMA["$defs"]["managedCluster"]
        for name, part in schema.get("properties", {}).items()
    ]
    assert [] == [name for name, part in fields if not part.get("description") and name not in selector]


def test_the_address_in_the_docs_leads_to_the_schema() -> None:
    docs = ROOT / "docs"
    published = json.loads((docs / "profile.schema.json").read_text())
    assert SCHEMA == json.loads((docs / published["$ref"]).read_text())


def test_the_example_names_the_schema() -> None:
    found = re.search(r"\$schema=(\S+)", EXAMPLE)
    assert found is not None
    assert (ROOT / "docs/profile.schema.json") == (ROOT / "examples" / found[1]).resolve()
