"""Where Helm and krew keep their plugins on each system."""

from collections.abc import Mapping

from kubectl_akslb.doctor.installation import MACOS, WINDOWS


def helm_plugin_folders(environ: Mapping[str, str], home: str, system: str) -> tuple[str, ...]:
    """The folders in which Helm 3 and Helm 4 look for plugins: the same for both.

    HELM_PLUGINS, which may name several, else HELM_DATA_HOME, else XDG_DATA_HOME, else the folder of the system.
    """
    separator = ";" if system == WINDOWS else ":"
    if environ.get("HELM_PLUGINS"):
        return tuple(dict.fromkeys(filter(None, environ["HELM_PLUGINS"].split(separator))))
    if environ.get("HELM_DATA_HOME"):
        return (join(system, environ["HELM_DATA_HOME"], "plugins"),)
    data = environ.get("XDG_DATA_HOME") or _data_home(environ, home, system)
    return (join(system, data, "helm", "plugins"),) if data else ()


def _data_home(environ: Mapping[str, str], home: str, system: str) -> str:
    if system == WINDOWS:
        return environ.get("APPDATA", "")
    if not home:
        return ""
    return join(system, home, "Library") if system == MACOS else join(system, home, ".local", "share")


def krew_root(environ: Mapping[str, str], home: str, system: str) -> str:
    """The folder of krew."""
    return environ.get("KREW_ROOT") or (join(system, home, ".krew") if home else "")


def join(system: str, *parts: str) -> str:
    """A path of these parts."""
    return ("\\" if system == WINDOWS else "/").join(parts)
