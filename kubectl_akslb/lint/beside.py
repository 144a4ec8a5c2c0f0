"""What stands beside a Service in its file, for the choice of a probe."""

from kubectl_akslb.lint.captured import moved_path, obstacle
from kubectl_akslb.lint.readiness import WORKLOAD_KINDS, Pods, pods_of, selected
from kubectl_akslb.lint.safe_probe import Surroundings
from kubectl_akslb.lint.stream import CONFIG_MAP, INGRESS, Stream
from kubectl_akslb.model.service import Service
from kubectl_akslb.provider.workloads import Workload


class Beside(Surroundings):
    """The other objects of a file."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def pods(self, service: Service) -> tuple[Pods, ...]:
        """The pods that its selector matches."""
        workloads = (one for one in self._stream.neighbours if one.kind in WORKLOAD_KINDS)
        return selected(service, [pods for one in workloads for pods in pods_of(one.data)])

    def obstacle(self, workload: Workload, scheme: str) -> str:
        """Why the known path of *workload* may not be answered, or ""."""
        beside = (one.data for one in self._stream.neighbours if one.kind in {CONFIG_MAP, INGRESS})
        return obstacle(workload.name, scheme, beside)

    def moved_path(self, workload: Workload, service: Service) -> str:
        """The path that the workload's own arguments put in place of the known one, or ""."""
        arguments = (
            text
            for one in self.pods(service)
            for container in one.containers
            for field in ("command", "args")
            for text in _texts(container.get(field))
        )
        return moved_path(workload.name, arguments)


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
