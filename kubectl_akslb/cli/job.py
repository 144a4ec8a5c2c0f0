"""What ``lint`` and ``fix`` work on, from the command line: files or Services of a cluster, rules, the cluster."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli import output
from kubectl_akslb.cli.inputs import STDIN, Inputs, NamedInputs, read
from kubectl_akslb.errors import AkslbError, InputError
from kubectl_akslb.named_tuple import NamedTuple

if TYPE_CHECKING:
    from kubectl_akslb.evidence.service_templates import ServiceTemplate
    from kubectl_akslb.lint.config import Config
    from kubectl_akslb.lint.engine import LintOptions
    from kubectl_akslb.model.cluster import Cluster

Rules = list[str] | None


_CONFIG_NAMES = (".akslb.yaml", ".akslb.yml")
_CONFIG_BYTES = 1024 * 1024
FailOn = Literal["error", "warning", "info", "never"]
"""What ``--fail-on`` takes."""


class Job(NamedTuple):
    """What is linted, by which rules, on which cluster; and what was assumed about it.

    *connection* are kubectl's flags for the cluster that the Services are of, for commands that are printed.
    """

    inputs: Inputs
    cluster: "Cluster"
    options: "LintOptions"
    notices: tuple[str, ...]
    problems: tuple[InputError, ...] = ()
    connection: tuple[str, ...] = ()


def job(named: NamedInputs, described: opt.ClusterOptions, settings: "Config", options: "LintOptions") -> Job:
    """The job of manifests; AkslbError where none can be read."""
    if described.profile is None:
        described = described._replace(profile=_profile_of(settings))
    chosen = opt.cluster_of(described)
    inputs, problems = read(named)
    return Job(inputs, chosen.cluster, options, chosen.notices, problems)


def live_job(
    targets: Sequence[str],
    live: on.LiveOptions,
    described: opt.ClusterOptions,
    settings: "Config",
    options: "LintOptions",
) -> Job:
    """The job of Services of a cluster; AkslbError where they cannot be read."""
    if described.profile is None and not (live.az or live.aks):
        described = described._replace(profile=_profile_of(settings))
    found = on.lint_cluster(targets, live, described)
    output.note(found.left_out)
    options = options._replace(beside=found.beside)
    return Job(found.inputs, found.cluster, options, found.notices, found.problems, live.connection.words)


def rule_options(select: Rules, ignore: Rules, fail_on: FailOn | None, settings: "Config") -> "LintOptions":
    """What the command line wants, completed by the configuration; a rule that there is not is wrong usage."""
    from kubectl_akslb.lint.config import with_config
    from kubectl_akslb.lint.engine import LintOptions, check_id

    chosen, left_out = _ids(select), _ids(ignore)
    try:
        for wanted in (*chosen, *left_out):
            check_id(wanted)
    except AkslbError as error:
        raise output.WrongUsageError(error.message, error.hint) from None
    return with_config(LintOptions(chosen, left_out), settings, fail_on=fail_on or "")


def _ids(given: Rules) -> tuple[str, ...]:
    return tuple(one.strip() for text in given or () for one in text.split(",") if one.strip())


def config_of(named: str | None, filename: Sequence[str]) -> "Config":
    """The configuration that is named, or the nearest one above the first file."""
    from kubectl_akslb.lint.config import (
        MAX_BYTES,
        find_config,
        read_config,
    )

    if named is not None:
        return read_config(opt.read_file(named, MAX_BYTES), named)
    first = next((path for path in filename if path != STDIN), None)
    folder = os.path.dirname(os.path.abspath(first)) if first is not None else os.getcwd()  # noqa: PTH100, PTH109, PTH120 - pathlib would cost start-up time
    found = find_config(folder.replace(os.sep, "/"), _read_if_there, _is_root)
    above = os.path.dirname(found.path)  # noqa: PTH120 - as above
    if found.path and above != folder.replace(os.sep, "/") and not _is_in_repository(above):
        output.note([f"the configuration is {found.path}, which is in no repository: it may be somebody else's"])
    return found


def templates_of(filename: Sequence[str]) -> "tuple[ServiceTemplate, ...]":
    """The fields that hold a Service, as the configuration above the first file names them.

    Most have none: the file is looked at before what reads it is imported.
    """
    first = next((path for path in filename if path != STDIN), None)
    folder = os.path.dirname(os.path.abspath(first)) if first is not None else os.getcwd()  # noqa: PTH100, PTH109, PTH120 - pathlib would cost start-up time
    while True:
        for name in _CONFIG_NAMES:
            data = _read_if_there(os.path.join(folder, name))  # noqa: PTH118 - as above
            if data is not None:
                return config_of(None, filename).templates if b"producers" in data else ()
        above = os.path.dirname(folder)  # noqa: PTH120 - as above
        if _is_root(folder) or above == folder:
            return ()
        folder = above


def _read_if_there(path: str) -> bytes | None:
    return opt.read_file(path, _CONFIG_BYTES) if os.path.isfile(path) else None  # noqa: PTH113 - pathlib would cost start-up time


def _is_root(folder: str) -> bool:
    """Whether a folder is the root of a repository: what stands above it belongs to somebody else."""
    return os.path.exists(os.path.join(folder, ".git"))  # noqa: PTH110, PTH118 - as above


def _is_in_repository(folder: str) -> bool:
    while not _is_root(folder):
        above = os.path.dirname(folder)  # noqa: PTH120 - as above
        if above == folder:
            return False
        folder = above
    return True


def _profile_of(settings: "Config") -> str | None:
    """The profile that the configuration names; AkslbError where it is not below it, but a link to somewhere else."""
    if not settings.profile:
        return None
    folder = os.path.realpath(os.path.dirname(settings.path) or ".")  # noqa: PTH120 - as above
    if not os.path.realpath(settings.profile).startswith(os.path.join(folder, "")):  # noqa: PTH118 - as above
        message = f"{settings.path}: profile names a file that is not below this one"
        raise AkslbError(message, hint="put the profile beside it, or give --profile")
    return settings.profile
