"""``kubectl akslb profile``."""

from enum import Enum
from typing import Annotated

import typer

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output
from kubectl_akslb.cluster.connection import Connection


class Format(str, Enum):
    """What ``-o`` takes."""

    YAML = "yaml"
    JSON = "json"


def profile(  # noqa: PLR0913 - typer makes an option of each argument
    form: Annotated[Format, typer.Option("--output", "-o", help="How to print it.")] = Format.YAML,
    file: opt.Profile = None,
    *,
    az: on.Az = False,
    aks: on.Aks = None,
    context: on.Context = None,
    kubeconfig: on.Kubeconfig = None,
    cluster: on.ClusterName = None,
    user: on.User = None,
    as_user: on.AsUser = None,
    as_group: on.AsGroups = None,
    request_timeout: on.RequestTimeout = None,
) -> None:
    """Print the profile of the cluster: a file for --profile, offline and in the post-renderer.

    Each setting comes with a comment that says where it was seen. What is not in the file nobody could see: it is
    assumed, and named in the first lines.
    """
    connection = Connection(
        context=context, kubeconfig=kubeconfig, cluster=cluster, user=user, as_user=as_user,
        as_groups=tuple(as_group or ()), request_timeout=request_timeout,
    )  # fmt: skip
    live = on.LiveOptions(connection, az, aks)
    on.check(live, (), file)
    azure = on.ask_azure(live)
    from kubectl_akslb.cluster.discover_profile import profile_of  # noqa: PLC0415
    from kubectl_akslb.cluster.reading import read_profile  # noqa: PLC0415 - costs start-up time
    from kubectl_akslb.cluster.summary import assumptions  # noqa: PLC0415
    from kubectl_akslb.profile import write  # noqa: PLC0415

    reading = read_profile(connection)
    given = opt.base_profile(opt.ClusterOptions(profile=file)) if file is not None else None
    loaded, found = profile_of(reading, connection, azure, given)
    notices = (*assumptions(loaded), *loaded.notices, *reading.notices)
    if form is Format.JSON:
        from json import dumps  # noqa: PLC0415

        output.write(dumps(write.document(loaded, found.kubernetes_version), indent=2, ensure_ascii=False) + "\n")
        output.note(notices)
    else:
        output.write(write.text(loaded, found.kubernetes_version, notices))
