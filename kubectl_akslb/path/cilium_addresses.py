"""Cilium's LB IPAM beside Azure's provider: it gives addresses to Services, and takes away those of others.

It rests until somebody makes a CiliumLoadBalancerIPPool. From then on it acts on every Service of type LoadBalancer
without a loadBalancerClass, sets a condition on it, and keeps in its status only addresses of its pools. No load
balancer of Azure has these. Upstream: cilium's operator/pkg/lbipam.
"""

from kubectl_akslb.derive.addresses import is_address, is_private
from kubectl_akslb.evidence.evidence import Evidence
from kubectl_akslb.evidence.objects import mapping, mappings
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Reason

_CONDITION = "cilium.io/IPAMRequestSatisfied"


def by_cilium(evidence: Evidence) -> tuple[Reason, ...]:
    """That the address is one of Cilium's, or that Cilium takes that of Azure away; () where it leaves it alone."""
    for one in mappings(mapping(evidence.own.get("status")).get("conditions")):
        if one.get("type") == _CONDITION:
            if not evidence.addresses:
                return (Reason(Cause.CILIUM_TAKES_ADDRESS),)
            # A public one can only be Azure's: the condition may be older than it.
            own = [address for address in evidence.addresses if is_address(address) and is_private(address)]
            if own and one.get("status") == "True":
                return (Reason(Cause.ADDRESS_OF_CILIUM, {"address": ", ".join(own)}),)
    return ()
