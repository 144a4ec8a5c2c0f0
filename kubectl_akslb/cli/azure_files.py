"""What ``--azure`` gives: files with the output of az, which say what really stands in Azure."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli.output import WrongUsageError

if TYPE_CHECKING:
    from kubectl_akslb.azure.resources import Resources
    from kubectl_akslb.evidence.state import NodeState


class AzureStanding:
    """What stands in Azure: by files, which are read before anything is asked, else by the user's own az.

    az is asked around the nodes, so when they are known, and once. InputError for a bad file.
    """

    def __init__(self, files: Sequence[str] | None, *, az: bool) -> None:
        self._files, self._az = read(files), az
        self._asked: Resources | None = None

    def around(self, nodes: "Iterable[NodeState] | None", clusters: bytes | None = None) -> "Resources | None":
        """What stands around these nodes, None where neither files nor az are given; what az does not tell is a notice.

        *clusters* is what az has said of the cluster before.
        """
        if self._files is not None or not self._az:
            return self._files
        if self._asked is None:
            self._asked = _ask(nodes or (), clusters)
        return self._asked


def _ask(nodes: "Iterable[NodeState]", clusters: bytes | None) -> "Resources":
    from kubectl_akslb.azure.resources import Resources
    from kubectl_akslb.cluster.az_standing import read as ask
    from kubectl_akslb.errors import AkslbError

    try:
        return ask(nodes, clusters)
    except AkslbError as error:
        return Resources(notices=(f"{error.message} ({error.hint})" if error.hint else error.message,))


def read(files: Sequence[str] | None) -> "Resources | None":
    """What stands in Azure by these files, None where none is named; InputError with its place for a bad one."""
    if not files:
        return None
    from kubectl_akslb.azure.az_output import MAX_BYTES, read_resources

    twice = next((one for index, one in enumerate(files) if one in files[:index]), None)
    if twice is not None:
        raise WrongUsageError(f"--azure {twice} is given twice", hint="name each file once")
    return read_resources((opt.STDIN_NAME if one == "-" else one, opt.read_file(one, MAX_BYTES)) for one in files)
