"""What is wrong with a profile, where, and what to do next."""

from pathlib import Path

import pytest

from kubectl_akslb.errors import AkslbError, InputError
from kubectl_akslb.profile.load import MAX_BYTES, load_profile

HEAD = "apiVersion: akslb.dev/v1alpha1\nkind: ClusterProfile\n"
SHAPES = "Give a ClusterProfile, the output of az aks show -o json, or the provider's azure.json."
DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("", (1, 1), "the file is empty", SHAPES),
        ("# nothing\n---\n", (1, 1), "the file is empty", SHAPES),
        ("hello", (1, 1), "this does not describe a cluster", SHAPES),
        ("{}", (1, 1), "this does not describe a cluster", SHAPES),
        ("[{}]", (1, 1), "this is a list of 1 cluster, as az aks list writes it",
         "Give one cluster: az aks show -g GROUP -n NAME -o json."),
        ('{"outboundType": "loadBalancer"}', (1, 1), "this is only a part of az aks show",
         "Give all of it: az aks show -g GROUP -n NAME -o json, without --query."),
        ("apiVersion: v1\nkind: Service\n", (2, 7), "this is a Service, not a description of a cluster", SHAPES),
        ("apiVersion: v1\nkind: Secret\n", (1, 1), "this is a Secret, and Secrets are not read",
         "Take the cloud config out of it yourself, and give that."),
        ("kind: ClusterProfiles\n", (1, 7), "kind must be ClusterProfile, but it is 'ClusterProfiles'",
         "Did you mean ClusterProfile?"),
        ("apiVersion: akslb.dev/v1\nkind: ClusterProfile\n", (1, 13),
         "apiVersion must be akslb.dev/v1alpha1, but it is the string 'akslb.dev/v1'", "Did you mean akslb.dev/v1alpha1?"),
        ("kind: ClusterProfile\n", (1, 1), "the cluster profile has no apiVersion", "Add apiVersion: akslb.dev/v1alpha1"),
        (HEAD + "---\n" + HEAD, (3, 1), "a second document begins here",
         "A profile is one document: put one cluster into each file."),
    ],
)  # fmt: skip
def test_not_a_profile(text: str, place: tuple[int, int], message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        load_profile(text.encode(), "cluster.yaml")
    error = caught.value
    assert ("cluster.yaml", *place) == (error.path, error.line, error.column)
    assert (message, hint) == (error.message, error.hint)


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("spec:\n", (3, 1), "spec must be a mapping, but it is empty", "Give it a value, or remove the line."),
        ("Spec: {}\n", (3, 1), "a cluster profile has no field 'Spec'", "Did you mean spec?"),
        ("spec:\n  networkProfle: {}\n", (4, 3), "spec has no field 'networkProfle'", "Did you mean networkProfile?"),
        ("spec:\n  outboundType: none\n", (4, 3), "spec has no field 'outboundType'",
         "It belongs to spec.networkProfile.outboundType."),
        ("spec:\n  maxSurge: 10%\n", (4, 3), "spec has no field 'maxSurge'",
         "It belongs to spec.agentPoolProfiles[].upgradeSettings.maxSurge."),
        ("metadata:\n  labels: {}\n", (4, 3), "metadata has no field 'labels'", "It belongs to spec.nodes[].labels."),
        ("metadata:\n  xyzzy: 1\n", (4, 3), "metadata has no field 'xyzzy'", "Fields here: name, description."),
        ("spec:\n  kubernetesVersion: 1.30\n", (4, 22),
         "spec.kubernetesVersion must be a string, but it is the number 1.3", 'Put it in quotes: kubernetesVersion: "1.30"'),
        ("spec:\n  kubernetesVersion: latest\n", (4, 22), "spec.kubernetesVersion cannot be the string 'latest'",
         'Write it like "1.30" or "1.30.4".'),
        ('spec:\n  providerVersion: "1.22.3"\n', (4, 20),
         "1.22.3 is older than 1.23.0, the oldest provider version that is known",
         "use 1.23.0 or later; earlier providers lived inside Kubernetes and behave differently"),
        ("spec:\n  zones: [1, 2]\n", (4, 11), "spec.zones[0] must be a string, but it is the number 1",
         'Put it in quotes: "1"'),
        ("spec:\n  networkProfile:\n    outboundType: natGateway\n", (5, 19),
         "spec.networkProfile.outboundType must be one of loadBalancer, managedNATGateway, managedNATGatewayV2,"
         " userAssignedNATGateway, userDefinedRouting, none, block, but it is the string 'natGateway'",
         "Did you mean managedNATGateway?"),
        ("spec:\n  networkProfile:\n    loadBalancerSku: premium\n", (5, 22),
         "spec.networkProfile.loadBalancerSku must be one of standard, basic, but it is the string 'premium'",
         "Write one of these."),
        ("spec:\n  networkProfile:\n    loadBalancerProfile:\n      allocatedOutboundPorts: '8'\n", (6, 31),
         "spec.networkProfile.loadBalancerProfile.allocatedOutboundPorts must be a whole number, but it is the string '8'",
         "Write a whole number, without quotes."),
        ("spec:\n  networkProfile:\n    loadBalancerProfile:\n      allocatedOutboundPorts: -8\n", (6, 31),
         "spec.networkProfile.loadBalancerProfile.allocatedOutboundPorts must be from 0 to 1,000,000, but it is -8",
         "Write a number in that range."),
        ("spec:\n  cloudConfig:\n    disableOutboundSNAT: 'true'\n", (5, 26),
         "spec.cloudConfig.disableOutboundSNAT must be true or false, but it is the string 'true'",
         "Write true or false, without quotes."),
        ("spec:\n  nodes:\n  - addresses: [10.0.0.4]\n", (5, 5), "spec.nodes[0] has no name", "Add name."),
        ("spec:\n  networkProfile: {loadBalancerSku: basic}\n  cloudConfig: {loadBalancerSku: standard}\n", (5, 34),
         "spec.cloudConfig.loadBalancerSku is 'standard', but spec.networkProfile.loadBalancerSku says 'basic'",
         "Remove one of them."),
    ],
)  # fmt: skip
def test_a_fault_in_a_profile(text: str, place: tuple[int, int], message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        load_profile((HEAD + text).encode(), "cluster.yaml")
    error = caught.value
    assert ("cluster.yaml", *place) == (error.path, error.line, error.column)
    assert (message, hint) == (error.message, error.hint)
    assert (HEAD + text).splitlines()[place[0] - 1] == error.source_line


def test_a_fault_in_what_az_writes() -> None:
    text = (DATA / "defaults.json").read_text().replace('"outboundType": "loadBalancer"', '"outboundType": "pigeon"')
    with pytest.raises(InputError) as caught:
        load_profile(text.encode(), "aks.json")
    assert text.splitlines()[caught.value.line - 1].strip() == '"outboundType": "pigeon",'
    assert caught.value.message.startswith("networkProfile.outboundType must be one of loadBalancer, ")


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00",
        b"\xc3\x28",
        b"\x00",
        b"{",
        b"[" * 5000,
        b'{"a":' * 5000,
        b"kind: [ClusterProfile]\n",
        b"kind: {}\napiVersion: []\n",
        b"apiVersion: 1\nkind: 2\n",
        b"networkProfile: 3\n",
        b"networkProfile: {loadBalancerProfile: [1]}\n",
        b"agentPoolProfiles: [[]]\n",
        b"agentPoolProfiles: [{name: 1}]\n",
        b"properties: {networkProfile: []}\n",
        b"networkProfile: {}\nid: 7\n",
        b"networkProfile: {}\nkubernetesVersion: 1.30\n",
        b"1: 2\n",
        b"? {a: b}\n: c\n",
        b"a: &x [*x]\n",
        b"vmType: vmss\ntags: {a: b}\n",
        b"vmType: vmss\nmultipleStandardLoadBalancerConfigurations: [{}]\n",
        HEAD.encode() + b"spec: {agentPoolProfiles: [{name: a, upgradeSettings: {maxSurge: '1%%'}}]}\n",
        HEAD.encode() + b"spec: {agentPoolProfiles: [{name: a, count: 99999999999999999999999}]}\n",
        HEAD.encode() + b"spec: {cloudConfig: {clusterServiceSharedLoadBalancerHealthProbePort: 0}}\n",
        HEAD.encode() + b"spec: {zones: [.nan]}\n",
        HEAD.encode() + b"spec: !!binary x\n",
        b" " * (MAX_BYTES + 1),
    ],
)
def test_no_input_shows_a_traceback(data: bytes) -> None:
    with pytest.raises(AkslbError) as caught:
        load_profile(data, "cluster.yaml")
    assert caught.value.message
    assert caught.value.hint
