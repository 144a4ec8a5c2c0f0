"""The command that settles what a node answers to a probe: it asks from inside the cluster, once somebody consents."""

from kubectl_akslb.model.command import KUBECTL, Command, command, is_label
from kubectl_akslb.model.service import Service


def verify_command(service: Service) -> Command | None:
    """``kubectl akslb verify`` for *service*; None where no cluster can have one of this name."""
    if not is_label(service.name) or not (service.namespace == "" or is_label(service.namespace)):
        return None
    where = ("-n", service.namespace) if service.namespace else ()
    return command(KUBECTL, "akslb", "verify", f"svc/{service.name}", *where)
