"""How a Service asks for an internal load balancer where Azure's provider does not look."""

import re
from collections.abc import Mapping
from typing import Final

from kubectl_akslb.model.service import Service
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.provider import annotations as keys

_PREFIX = "service.beta.kubernetes.io/"
_ANY = ""
_NO = frozenset({"", "false", "no", "0"})
_ALMOST = re.compile(r"(?:azure-)?load-?balancer-internal\Z")

#: As Kubernetes documents them under "Internal load balancer": the value that asks for it, and whom.
_INTERNAL: Final[Mapping[str, tuple[str, str]]] = {
    f"{_PREFIX}aws-load-balancer-internal": (_ANY, "AWS"),
    f"{_PREFIX}aws-load-balancer-scheme": ("internal", "AWS"),
    "networking.gke.io/load-balancer-type": ("internal", "GKE"),
    "cloud.google.com/load-balancer-type": ("internal", "GKE"),
    "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": ("private", "IBM Cloud"),
    f"{_PREFIX}openstack-internal-load-balancer": ("true", "OpenStack"),
    f"{_PREFIX}oci-load-balancer-internal": ("true", "OCI"),
    f"{_PREFIX}alibaba-cloud-loadbalancer-address-type": ("intranet", "Alibaba Cloud"),
    f"{_PREFIX}cce-load-balancer-internal-vpc": ("true", "Baidu"),
    "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid": (_ANY, "Tencent Cloud"),
}


class AskedElsewhere(NamedTuple):
    """The *key* that asks for an internal load balancer; *whom* is another cloud, or "" where nobody reads it."""

    key: str
    whom: str = ""
    is_label: bool = False


def internal_asked_elsewhere(service: Service) -> AskedElsewhere | None:
    """Where a Service asks for an internal load balancer, if not of Azure; None where it asks Azure in any words."""
    if keys.INTERNAL in service.annotations:
        return None
    if service.labels.get(keys.INTERNAL, "").lower() == "true":
        return AskedElsewhere(keys.INTERNAL, is_label=True)
    for key, given in service.annotations.items():
        value = given.strip().lower()
        wanted, whom = _INTERNAL.get(key, ("true", ""))
        known = key in _INTERNAL or _ALMOST.match(key.rpartition("/")[2])
        if known and value not in _NO and wanted in (_ANY, value):
            return AskedElsewhere(key, whom)
    return None
