"""Command lines to copy, for the shell of each system."""

from kubectl_akslb.doctor.installation import WINDOWS
from kubectl_akslb.model.command import quoted as quoted_word


def quoted(path: str, system: str) -> str:
    """*path* as one word: cmd and PowerShell take double quotes, other shells single ones."""
    if system == WINDOWS:
        return f'"{path}"'
    return quoted_word(path)


def remove_file(path: str, system: str) -> str:
    """Remove a file."""
    return f"{'del' if system == WINDOWS else 'rm'} {quoted(path, system)}"


def remove_folder(path: str, system: str, *, is_link: bool = False) -> str:
    """Remove a folder with all that is in it; of a link only the link."""
    if system == WINDOWS:
        return f"cmd /c rmdir {'' if is_link else '/s /q '}{quoted(path, system)}"
    return f"rm -rf {quoted(path, system)}"


def make_runnable(path: str, system: str) -> str:
    """Set the permission to run a file."""
    return f"chmod +x {quoted(path, system)}"


def add_to_path(folder: str, system: str) -> str:
    """Put *folder* on the PATH of this shell; for good, the line has to stand in the shell's own file."""
    if system == WINDOWS:
        return f'$env:PATH = "{folder};$env:PATH"'
    return f'export PATH={quoted(folder, system)}:"$PATH"'
