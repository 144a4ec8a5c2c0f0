"""Objects to Services: what is read, what is refused as the API server refuses it, and what it fills in."""

from typing import Any

import pytest

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.decode import decode, services, with_defaults
from kubectl_akslb.manifest.load import load
from kubectl_akslb.model.service import Service, ServicePort


def an_object(*, metadata: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", **(metadata or {})},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80}], **spec},
    }


def test_what_is_not_written_stays_empty() -> None:
    expected = Service(
        name="web",
        namespace="",
        uid=None,
        type="LoadBalancer",
        annotations={},
        ports=(ServicePort(index=0, name="", protocol="", port=80),),
        external_traffic_policy="",
        session_affinity="",
    )
    assert expected == decode(an_object())


def test_everything_the_provider_reads() -> None:
    data = an_object(
        metadata={"namespace": "shop", "uid": "1-2", "annotations": {"a/b": "true"}, "labels": {"app": "web"}},
        ports=[
            {
                "name": "http",
                "protocol": "UDP",
                "port": 53,
                "nodePort": 30053,
                "targetPort": "dns",
                "appProtocol": "tcp",
            },
            {"port": 80, "targetPort": 8080, "nodePort": 0},
        ],
        selector={"app": "web"},
        loadBalancerClass="x/y",
        loadBalancerIP="1.2.3.4",
        loadBalancerSourceRanges=["10.0.0.0/8"],
        externalTrafficPolicy="Local",
        healthCheckNodePort=30100,
        sessionAffinity="ClientIP",
        allocateLoadBalancerNodePorts=False,
        ipFamilies=["IPv6", "IPv4"],
        ipFamilyPolicy="RequireDualStack",
        clusterIP="fd00::1",
        clusterIPs=["fd00::1", "10.0.0.1"],
    )
    data["status"] = {"loadBalancer": {"ingress": [{"ip": "20.1.1.1"}, {"hostname": "x"}, {"ip": "2001::1"}]}}
    expected = Service(
        name="web",
        namespace="shop",
        uid="1-2",
        type="LoadBalancer",
        annotations={"a/b": "true"},
        ports=(
            ServicePort(0, "http", "UDP", 53, 30053, "dns", "tcp"),
            ServicePort(1, "", "", 80, 0, 8080, None),
        ),
        labels={"app": "web"},
        selector={"app": "web"},
        load_balancer_class="x/y",
        load_balancer_ip="1.2.3.4",
        load_balancer_source_ranges=("10.0.0.0/8",),
        external_traffic_policy="Local",
        health_check_node_port=30100,
        session_affinity="ClientIP",
        allocate_load_balancer_node_ports=False,
        ip_families=("IPv6", "IPv4"),
        ip_family_policy="RequireDualStack",
        cluster_ips=("fd00::1", "10.0.0.1"),
        ingress_ips=("20.1.1.1", "2001::1"),
    )
    assert expected == decode(data)


def test_a_null_is_an_absent_field_and_a_null_annotation_is_empty() -> None:
    data = an_object(
        metadata={"annotations": {"a": None}, "labels": None, "namespace": None},
        externalTrafficPolicy=None,
        loadBalancerSourceRanges=None,
        allocateLoadBalancerNodePorts=None,
    )
    service = decode(data)
    assert {"a": ""} == service.annotations
    assert ({}, "", "", (), True) == (
        service.labels,
        service.namespace,
        service.external_traffic_policy,
        service.load_balancer_source_ranges,
        service.allocate_load_balancer_node_ports,
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"kind": "List", "items": [an_object(), {"kind": "Pod"}, an_object()]}, 2),
        ({"kind": "List", "items": [{"kind": "List", "items": [an_object()]}]}, 1),
        ({"kind": "List", "items": []}, 0),
        ({"kind": "List"}, 0),
        (
            {
                "kind": "ServiceList",
                "apiVersion": "v1",
                "items": [{k: v for k, v in an_object().items() if k != "kind"}],
            },
            1,
        ),
        ({"kind": "ServiceList", "apiVersion": "v1", "items": [None, "x"]}, 0),
        ({"kind": "Service", "apiVersion": "serving.knative.dev/v1"}, 0),
        ({"kind": "Deployment"}, 0),
        ([an_object()], 0),
        ("Service", 0),
        (None, 0),
    ],
)
def test_lists_are_walked_and_other_kinds_passed_over(data: object, expected: int) -> None:
    assert expected == len(services(data))


REFUSED = [
    pytest.param({"annotations": {"a.b/c": True}}, {}, 'metadata.annotations["a.b/c"] must be a string, but it is the boolean true', "quotes", id="boolean annotation"),
    pytest.param({"annotations": {"c": 80}}, {}, "metadata.annotations.c must be a string, but it is the number 80", "quotes", id="number annotation"),
    pytest.param({"annotations": {"c": ["x"]}}, {}, "metadata.annotations.c must be a string, but it is a list", "single value", id="list annotation"),
    pytest.param({"annotations": ["x"]}, {}, "metadata.annotations must be a mapping, but it is a list", "annotations:", id="annotations a list"),
    pytest.param({"labels": {"v": 1.5}}, {}, "metadata.labels.v must be a string, but it is the number 1.5", "quotes", id="number label"),
    pytest.param({"name": None}, {}, "metadata.name is missing", "name", id="no name"),
    pytest.param({"name": 5}, {}, "metadata.name must be a string, but it is the number 5", "quotes", id="number name"),
    pytest.param({}, {"ports": None}, "spec.ports is missing", "- port: 80", id="no ports"),
    pytest.param({}, {"ports": []}, "spec.ports is empty", "- port: 80", id="empty ports"),
    pytest.param({}, {"ports": {"port": 80}}, "spec.ports must be a list of mappings, but it is a mapping", '"- "', id="ports a mapping"),
    pytest.param({}, {"ports": [80]}, "spec.ports[0] must be a mapping, but it is the number 80", "keys", id="port a number"),
    pytest.param({}, {"ports": [{"port": "80"}]}, "spec.ports[0].port must be a number, but it is the string '80'", "port: 80", id="string port"),
    pytest.param({}, {"ports": [{"port": 80.5}]}, "spec.ports[0].port must be a number, but it is the number 80.5", "whole", id="broken port"),
    pytest.param({}, {"ports": [{}]}, "spec.ports[0].port is missing", "port: 80", id="no port"),
    pytest.param({}, {"ports": [None]}, "spec.ports[0].port is missing", "port: 80", id="null port"),
    pytest.param({}, {"ports": [{"port": 0}]}, "spec.ports[0].port must be from 1 to 65535, but it is 0", "valid", id="port 0"),
    pytest.param({}, {"ports": [{"port": 65536}]}, "spec.ports[0].port must be from 1 to 65535", "valid", id="port 65536"),
    pytest.param({}, {"ports": [{"port": 80, "nodePort": -1}]}, "spec.ports[0].nodePort must be from 0", "valid", id="node port"),
    pytest.param({}, {"ports": [{"port": 80, "protocol": "tcp"}]}, "spec.ports[0].protocol must be one of TCP, UDP, SCTP, but it is 'tcp'", "Write TCP", id="protocol"),
    pytest.param({}, {"ports": [{"port": 80, "targetPort": True}]}, "spec.ports[0].targetPort must be a number or the name", "port", id="target port"),
    pytest.param({}, {"ports": [{"port": 80, "name": 80}]}, "spec.ports[0].name must be a string", "quotes", id="port name"),
    pytest.param({}, {"ports": [{"port": 80, "appProtocol": True}]}, "spec.ports[0].appProtocol must be a string", "quotes", id="appProtocol"),
    pytest.param({}, {"type": "Loadbalancer"}, "spec.type must be one of", "Write LoadBalancer: upper and lower", id="type"),
    pytest.param({}, {"externalTrafficPolicy": "Nowhere"}, "spec.externalTrafficPolicy must be one of", "Cluster or Local", id="policy"),
    pytest.param({}, {"loadBalancerSourceRanges": "10.0.0.0/8"}, "spec.loadBalancerSourceRanges must be a list of strings", '"- "', id="ranges"),
    pytest.param({}, {"loadBalancerSourceRanges": [10]}, "spec.loadBalancerSourceRanges[0] must be a string", "quotes", id="range"),
    pytest.param({}, {"allocateLoadBalancerNodePorts": "false"}, "must be true or false, but it is the string 'false'", "unquoted", id="string boolean"),
    pytest.param({}, {"ipFamilies": ["ipv4"]}, "spec.ipFamilies[0] must be IPv4 or IPv6", "IPv4", id="family"),
    pytest.param({}, {"healthCheckNodePort": 2**31}, "spec.healthCheckNodePort must be a number", "whole", id="beyond 32 bits"),
]  # fmt: skip


@pytest.mark.parametrize(("metadata", "spec", "message", "hint"), REFUSED)
def test_refused(metadata: dict[str, Any], spec: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        decode(an_object(metadata=metadata, **spec))
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize("key", ["apiVersion", "metadata", "spec"])
def test_an_object_needs_its_parts(key: str) -> None:
    data = an_object()
    del data[key]
    with pytest.raises(InputError, match=f"{key} is missing"):
        decode(data)


def test_a_whole_float_is_a_number() -> None:
    assert 80 == decode(an_object(ports=[{"port": 80.0}])).ports[0].port


@pytest.mark.parametrize("spec", [{"type": "ExternalName"}, {"type": "ClusterIP", "clusterIP": "None"}])
def test_a_service_that_needs_no_ports(spec: dict[str, Any]) -> None:
    assert () == decode(an_object(ports=None, **spec)).ports


def test_an_error_points_into_the_file() -> None:
    text = b"""---
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    a.b/c: yes # quoted, it would be a string
spec:
  type: LoadBalancer
  ports:
    - port: 80
"""
    (error,) = load(text, "web.yaml").problems
    assert ("web.yaml", 7, 12) == (error.path, error.line, error.column)
    assert "    a.b/c: yes # quoted, it would be a string" == error.source_line


def test_an_error_about_something_missing_points_at_what_is_there() -> None:
    text = b"apiVersion: v1\nkind: Service\nmetadata:\n  labels: {}\nspec:\n  type: LoadBalancer\n"
    (error,) = load(text).problems
    assert ("metadata.name is missing", 3, 1) == (error.message, error.line, error.column)


DEFAULTS = [
    pytest.param({"type": None}, {"type": "ClusterIP", "external_traffic_policy": ""}, id="type"),
    pytest.param({}, {"namespace": "default", "session_affinity": "None"}, id="namespace and affinity"),
    pytest.param({}, {"external_traffic_policy": "Cluster", "uid": None}, id="policy"),
    pytest.param({"externalTrafficPolicy": "Local"}, {"external_traffic_policy": "Local"}, id="policy kept"),
    pytest.param({}, {"ports": (ServicePort(0, "", "TCP", 80, None, 80),)}, id="port"),
    pytest.param({}, {"ip_families": ("IPv4",), "ip_family_policy": "SingleStack"}, id="families"),
    pytest.param({"ipFamilyPolicy": "PreferDualStack"}, {"ip_families": ("IPv4",)}, id="prefer dual stack"),
    pytest.param({"ipFamilyPolicy": "RequireDualStack"}, {"ip_families": ("IPv4", "IPv6")}, id="require dual stack"),
    pytest.param(
        {"ipFamilyPolicy": "RequireDualStack", "ipFamilies": ["IPv6"]},
        {"ip_families": ("IPv6", "IPv4")},
        id="IPv6 first",
    ),
    pytest.param({"clusterIP": "fd00::1"}, {"ip_families": ("IPv6",)}, id="family of the cluster IP"),
]


@pytest.mark.parametrize(("spec", "expected"), DEFAULTS)
def test_defaults(spec: dict[str, Any], expected: dict[str, Any]) -> None:
    service = with_defaults(decode(an_object(**spec)))
    assert expected == {field: getattr(service, field) for field in expected}


def test_defaults_are_filled_in_once() -> None:
    service = with_defaults(decode(an_object()))
    assert service == with_defaults(service)
