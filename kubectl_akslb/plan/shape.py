"""What makes two Services alike: all that decides what an upgrade does to them, but their own names and addresses."""

from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider.workloads import recognise

Shape = tuple[object, ...]


def shape(service: Service, evidence: Evidence) -> Shape:
    """A key that Services share which the provider treats alike, and whose pods answer alike."""
    pods = evidence.pods or ()
    workload = recognise(
        service.labels, service.selector, [image for one in pods for image in one.images], service.ports
    )
    return (
        service.namespace,
        tuple(sorted(service.annotations.items())),
        tuple(one._replace(node_port=one.node_port is not None) for one in service.ports),
        service.allocate_load_balancer_node_ports,
        service.load_balancer_source_ranges,
        service.load_balancer_ip,
        service.external_traffic_policy,
        service.session_affinity,
        service.ip_families,
        service.ip_family_policy,
        service.load_balancer_class,
        service.type,
        service.uid is None,
        len(service.cluster_ips),
        workload.name if workload is not None else "",
        tuple(repr(one.containers) for one in pods),  # as text: objects of manifests have no hash
    )
