"""What a statement rests on."""

from kubectl_akslb.enumeration import Enum


class Confidence(Enum):
    """What a statement rests on, the strongest first.

    OBSERVED in the cluster; CERTAIN by the provider's or Kubernetes' code, or a recording of it; DOCUMENTED by Azure;
    WELL_KNOWN by the program that the pods run; ASSUMED where nothing speaks against it; UNREAD where it could not be
    read.
    """

    OBSERVED = "observed"
    CERTAIN = "certain"
    DOCUMENTED = "documented"
    WELL_KNOWN = "well-known workload"
    ASSUMED = "assumed"
    UNREAD = "unread"
