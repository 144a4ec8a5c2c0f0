"""``kubectl akslb profile``."""

from typing import TYPE_CHECKING

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.errors import assert_never

if TYPE_CHECKING:
    from kubectl_akslb.arguments.profile import Arguments


def profile(given: "Arguments") -> int:
    """Print the profile of the cluster; returns the exit code."""
    live, file = on.live_options(given), given.profile
    on.check(live, (), file)
    azure = on.ask_azure(live)
    from kubectl_akslb.cluster.discover_profile import profile_of
    from kubectl_akslb.cluster.reading import read_profile
    from kubectl_akslb.cluster.summary import assumptions
    from kubectl_akslb.profile import write

    with Progress("asking the cluster"):
        reading = read_profile(live.connection)
        known = opt.base_profile(opt.ClusterOptions(profile=file)) if file is not None else None
        loaded, found = profile_of(reading, live.connection, azure, known)
    notices = (*assumptions(loaded), *loaded.notices, *reading.notices)
    if given.form == "json":
        from json import dumps

        output.write(dumps(write.document(loaded, found.kubernetes_version), indent=2, ensure_ascii=False) + "\n")
        output.note(notices)
    elif given.form == "yaml":
        output.write(write.text(loaded, found.kubernetes_version, notices))
    else:
        assert_never(given.form)
    return output.EXIT_OK
