"""What ``--azure`` gives: files with the output of az, which say what really stands in Azure."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli.output import WrongUsageError

if TYPE_CHECKING:
    from kubectl_akslb.azure.resources import Resources
    from kubectl_akslb.evidence.state import NodeState


def standing(files: Sequence[str] | None, nodes: "Iterable[NodeState] | None", *, az: bool) -> "Resources | None":
    """What stands in Azure: by the *files*, else with *az* as the user's own az tells it of the cluster's nodes.

    None where neither is wanted. InputError for a bad file; what az does not tell is said in the notices.
    """
    if files or not az:
        return read(files)
    from kubectl_akslb.azure.resources import Resources
    from kubectl_akslb.cluster.az_standing import read as ask
    from kubectl_akslb.errors import AkslbError

    try:
        return ask(nodes or ())
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
