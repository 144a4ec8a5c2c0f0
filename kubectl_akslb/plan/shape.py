"""What makes two Services alike: all that is written of them but their names, UIDs and addresses."""

from kubectl_akslb.model.service import Service

Shape = tuple[object, ...]


def shape(service: Service) -> Shape:
    """A key that Services share which the provider treats alike."""
    return (
        tuple(sorted(service.annotations.items())),
        tuple((one.port, one.protocol, one.app_protocol, one.target_port) for one in service.ports),
        service.load_balancer_source_ranges,
        service.load_balancer_ip,
        service.external_traffic_policy,
        service.session_affinity,
        service.ip_families,
        service.load_balancer_class,
        service.type,
        service.uid is None,
        len(service.cluster_ips),
    )
