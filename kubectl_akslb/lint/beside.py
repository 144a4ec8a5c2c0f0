"""What stands beside a Service in its file, for the choice of a probe."""

from kubectl_akslb.evidence.evidence import Pods
from kubectl_akslb.evidence.ingress_nginx import KINDS
from kubectl_akslb.evidence.objects import Objects
from kubectl_akslb.evidence.workloads import WORKLOAD_KINDS, pods_of, selected
from kubectl_akslb.lint.safe_probe import Surroundings
from kubectl_akslb.lint.stream import Stream
from kubectl_akslb.model.service import Service


class Beside(Surroundings):
    """The other objects of a file."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def pods(self, service: Service) -> tuple[Pods, ...]:
        """The pods that its selector matches."""
        workloads = (one for one in self._stream.neighbours if one.kind in WORKLOAD_KINDS)
        return selected(service, [pods for one in workloads for pods in pods_of(one.data)])

    def objects(self) -> Objects:
        """The settings and Ingresses that can keep a known workload from answering."""
        return Objects(one.data for one in self._stream.neighbours if one.kind in KINDS)
