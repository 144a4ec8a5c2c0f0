"""Whether the plugin for Helm 4 is where Helm 4 finds it, and where Helm 3 does not."""

from collections.abc import Iterator

from kubectl_akslb.doctor import shell
from kubectl_akslb.doctor.check_result import ERROR, INFO, WARNING, CheckResult
from kubectl_akslb.doctor.checks.copies import copy_text, upgrade
from kubectl_akslb.doctor.installation import PLUGIN, PROGRAM, SOURCE, HelmPlugin, Installation, Tool
from kubectl_akslb.doctor.version_range import fits
from kubectl_akslb.model.confidence import Confidence

_ACCIDENT = (
    "Helm 3 cannot read the plugin.yaml of Helm 4, and then loads no plugin at all: its other plugins are gone, and"
    " 'helm plugin list', 'install' and 'uninstall' fail. Helm 3 needs no plugin for this program: --post-renderer"
    " kubectl-akslb --post-renderer-args post-render"
)


def helm_3(seen: Installation) -> Iterator[CheckResult]:
    """A plugin for Helm 4 in a folder that Helm 3 reads."""
    ours = [one for one in seen.ours if one.modern]
    if not ours:
        return
    threes, fours, unknown = (_of(seen, major) for major in (3, 4, 0))
    where = tuple(one.folder for one in ours)
    removals = tuple(shell.remove_folder(one.folder, seen.system, is_link=one.is_link) for one in ours)
    if threes:
        names = ", ".join(f"{one.name} {one.version}" for one in threes)
        yield CheckResult(
            "helm-3-plugin",
            ERROR,
            f"{names} cannot load any plugin, because the one for Helm 4 is in its folder",
            where,
            f"{_ACCIDENT}{_others(seen)}{_both(fours)}",
            removals,
            every=True,
        )
    elif unknown or not fours:
        asked = f"{unknown[0].name} does not tell its version" if unknown else "no helm is on the PATH to be asked"
        yield CheckResult(
            "helm-3-plugin",
            WARNING if unknown else INFO,
            "if a Helm 3 is in use here, it cannot load any plugin",
            where,
            f"{asked}. {_ACCIDENT}{_others(seen)}",
            removals,
            Confidence.ASSUMED,
            every=True,
        )


def _of(seen: Installation, major: int) -> list[Tool]:
    return [one for one in seen.helms if (one.release or (0,))[0] == major]


def _others(seen: Installation) -> str:
    names = [one.name for one in seen.plugins if one.modern and one.name != PLUGIN]
    return f". Of the same kind here, to be removed for Helm 3 as well: {', '.join(names)}" if names else ""


def _both(fours: list[Tool]) -> str:
    if not fours:
        return ""
    return (
        f". {fours[0].name} {fours[0].version} shares the folder: give it one of its own, with HELM_DATA_HOME, before"
        " you install the plugin again"
    )


def two_plugins(seen: Installation) -> Iterator[CheckResult]:
    """Two plugins of one name in one folder: Helm 4 loads none."""
    by_parent: dict[str, list[HelmPlugin]] = {}
    for one in seen.ours:
        by_parent.setdefault(one.folder[: max(one.folder.rfind("/"), one.folder.rfind("\\"))], []).append(one)
    for found in by_parent.values():
        if len(found) > 1:
            yield CheckResult(
                "two-helm-plugins",
                ERROR,
                f"{len(found)} Helm plugins claim the name {PLUGIN}",
                tuple(_text(one) for one in found),
                "Helm 4 then loads no plugin, and 'helm plugin uninstall' fails too; keep one of them",
                tuple(shell.remove_folder(one.folder, seen.system, is_link=one.is_link) for one in found[1:]),
                every=True,
            )


def plugin_without_program(seen: Installation) -> Iterator[CheckResult]:
    """The plugin starts a program that is not there."""
    for one in _in_use(seen):
        if not one.found:
            why, commands = _missing(one)
            what = f"starts {one.command}, which is not there" if one.command else "names no program for this system"
            yield CheckResult(
                "helm-plugin-without-program",
                ERROR,
                f"the Helm plugin {what}",
                (one.folder,),
                f"'helm template --post-renderer akslb' fails: {why}",
                commands,
            )


def _in_use(seen: Installation) -> tuple[HelmPlugin, ...]:
    """The plugins that a Helm 4 may start: none, where Helm 3 is the only one."""
    only_3 = _of(seen, 3) and len(_of(seen, 3)) == len(seen.helms)
    return () if only_3 else tuple(one for one in seen.ours if one.modern)


def _missing(one: HelmPlugin) -> tuple[str, tuple[str, ...]]:
    """Why the program of the plugin is missing, and what brings it."""
    if not one.command:
        return "its plugin.yaml was made for others", (f"helm plugin uninstall {PLUGIN}",)
    if one.carried:
        return "the plugin brings its program along, but the file is gone", (f"helm plugin uninstall {PLUGIN}",)
    if one.command.removesuffix(".exe") == PROGRAM:
        return "Helm looks for it on the PATH", (f"kubectl krew install {PLUGIN}", f"pipx install {PROGRAM}")
    return f"{one.command} has to be installed, and on the PATH", ()


def other_version(seen: Installation) -> Iterator[CheckResult]:
    """The plugin and the program that it starts are of different versions."""
    for one in _in_use(seen):
        started = next((copy for copy in seen.copies if copy.path == one.found), None)
        version = started.version if started is not None else one.carried_version
        if not version or not one.version or version == one.version:
            continue
        mend = upgrade(started, seen.system) if started is not None and fits(version, f"<{one.version}") else ""
        yield CheckResult(
            "helm-plugin-version",
            WARNING,
            f"the Helm plugin is of version {one.version}, what it starts of {version}",
            (_text(one), copy_text(started, seen.system) if started is not None else one.found),
            "the plugin passes arguments that the program of another version may not know",
            tuple(filter(None, (mend or _reinstall(one, version, seen.system),))),
        )


def _reinstall(one: HelmPlugin, version: str, system: str) -> str:
    """Install the plugin of *version*: an update keeps to the tag that was installed. A link leads to a checkout."""
    if one.is_link:
        return ""
    tag = shell.quoted(f"v{version.lstrip('v')}", system)
    return f"helm plugin uninstall {PLUGIN} && helm plugin install {SOURCE} --version {tag} --verify=false"


def _text(one: HelmPlugin) -> str:
    return f"{one.folder} ({one.version})" if one.version else one.folder
