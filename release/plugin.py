"""Helm's plugin as a package: plugin.yaml as it stands at the top, but running the zipapp that comes with it."""

import shutil
from pathlib import Path

from kubectl_akslb import __version__
from release.archive import ROOT, pack

PLUGIN = "akslb"
_FOUND = """\
  platformCommand:
    - command: kubectl-akslb
"""
_BUNDLED = """\
  platformCommand:
    - os: windows
      command: py
      args: ["-3", "${HELM_PLUGIN_DIR}/kubectl-akslb.pyz", "post-render", "--errors-on-stdout"]
    - command: python3
"""
_FOUND_ARGUMENTS = 'args: ["post-render", "--errors-on-stdout"]\n'
_BUNDLED_ARGUMENTS = 'args: ["${HELM_PLUGIN_DIR}/kubectl-akslb.pyz", "post-render", "--errors-on-stdout"]\n'
_COMMENT = """\
# The plugin for Helm 4, with the program in it; it needs Python 3.10 or later as python3 (on Windows: py).
# Not for Helm 3, which needs no plugin: --post-renderer kubectl-akslb --post-renderer-args post-render
"""


def plugin_yaml(text: str) -> str:
    """The plugin.yaml of the package, made from the *text* of the one at the top."""
    head = text[text.index("apiVersion:") :]
    for found, bundled in ((_FOUND, _BUNDLED), (_FOUND_ARGUMENTS, _BUNDLED_ARGUMENTS)):
        if head.count(found) != 1:
            message = f"plugin.yaml has changed: release/plugin.py looks for {found!r} in it"
            raise SystemExit(message)
        head = head.replace(found, bundled)
    return _COMMENT + head


def build(zipapp: Path, work: Path, target: Path) -> Path:
    """Write the package, akslb-VERSION.tgz, into the folder *target*; Helm wants it to hold akslb/plugin.yaml."""
    folder = work / PLUGIN
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "plugin.yaml").write_bytes(plugin_yaml((ROOT / "plugin.yaml").read_text()).encode())
    shutil.copy(zipapp, folder / zipapp.name)
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
    return pack(folder, target / f"{PLUGIN}-{__version__}.tgz")
