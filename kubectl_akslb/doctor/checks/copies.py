"""Which copy of this program kubectl starts."""

from collections.abc import Iterator

from kubectl_akslb.doctor import shell
from kubectl_akslb.doctor.check_result import ERROR, INFO, WARNING, CheckResult
from kubectl_akslb.doctor.installation import PROGRAM, Executable, Installation
from kubectl_akslb.doctor.origin import FILE, origin
from kubectl_akslb.doctor.places import join


def not_on_path(seen: Installation) -> Iterator[CheckResult]:
    """No kubectl-akslb on the PATH: kubectl knows no such command."""
    if seen.copies or _krew_hidden(seen):
        return
    folder, name = _split(seen.program.file)
    if _stem(name) == PROGRAM:
        commands = (shell.add_to_path(folder, seen.system),)
    else:
        target = next((one for one in seen.path if seen.home and one.startswith(seen.home)), "/usr/local/bin")
        link = shell.quoted(join(seen.system, target, PROGRAM), seen.system)
        commands = (f"ln -s {shell.quoted(seen.program.file, seen.system)} {link}",)
    yield CheckResult(
        "not-on-path",
        ERROR,
        f"no {PROGRAM} is on the PATH",
        (seen.program.file,),
        "kubectl akslb starts the first kubectl-akslb of the PATH: without one, kubectl says that it knows no such"
        " command, and Helm finds no post-renderer",
        commands,
    )


def krew_bin_not_on_path(seen: Installation) -> Iterator[CheckResult]:
    """Krew has installed this program, but where kubectl does not look."""
    if _krew_hidden(seen):
        folder = join(seen.system, seen.krew.root, "bin")
        yield CheckResult(
            "krew-bin-not-on-path",
            ERROR,
            "krew has installed akslb, but its folder is not on the PATH",
            (folder,),
            "kubectl finds no plugin of krew; put the line into the file that your shell reads at its start",
            (shell.add_to_path(folder, seen.system),),
        )


def _krew_hidden(seen: Installation) -> bool:
    return seen.krew.installed and join(seen.system, seen.krew.root, "bin") not in seen.path


def not_executable(seen: Installation) -> Iterator[CheckResult]:
    """A file has the name, but may not be run."""
    for one in (*seen.copies, *seen.completions):
        if not one.runnable:
            name = _split(one.path)[1]
            yield CheckResult(
                "not-executable",
                WARNING if seen.first else ERROR,
                f"a {name} on the PATH may not be run",
                (one.path,),
                "kubectl passes over it, and 'kubectl plugin list' warns of it",
                (shell.make_runnable(one.path, seen.system), shell.remove_file(one.path, seen.system)),
            )


def several_copies(seen: Installation) -> Iterator[CheckResult]:
    """Several installations: the first of the PATH wins."""
    first = seen.first
    if first is None:
        return
    own = origin(first, seen.system).environment
    others = {origin(one, seen.system).environment: one for one in reversed(seen.copies) if one.runnable}
    others.pop(own, None)
    if others:
        losers = tuple(reversed(others.values()))
        yield CheckResult(
            "several-copies",
            WARNING,
            f"{len(losers) + 1} installations are on the PATH: {first.path} wins",
            tuple(copy_text(one, seen.system) for one in (first, *losers)),
            "an update of another one changes nothing, and 'kubectl plugin list' warns and ends with exit code 1;"
            " remove those that you do not mean",
            tuple(origin(one, seen.system).removal for one in losers),
            every=True,
        )


def another_copy_runs(seen: Installation) -> Iterator[CheckResult]:
    """What runs now is not what kubectl starts."""
    first, file = seen.first, seen.program.file
    if first is not None and file not in [one.target for one in seen.copies]:
        yield CheckResult(
            "another-copy-runs",
            INFO,
            "what runs now is not what kubectl starts",
            (file, copy_text(first, seen.system)),
            "what is said here of Python and its packages holds for the first of the two only; for the other:",
            ("kubectl akslb doctor install",),
        )


def takes_a_command(seen: Installation) -> Iterator[CheckResult]:
    """The plugin with the longest name is preferred, and that is another program."""
    for one in seen.extensions:
        words = _stem(_split(one.path)[1]).removeprefix(f"{PROGRAM}-").split("-")
        name = words[0].replace("_", "-")
        if name in seen.program.commands and one.runnable:
            called = " ".join(["kubectl akslb", *(word.replace("_", "-") for word in words)])
            yield CheckResult(
                "takes-a-command",
                WARNING,
                f"'{called}' does not reach this program",
                (one.path,),
                "kubectl starts the plugin with the longest name that fits the command line, and that is this file",
                (shell.remove_file(one.path, seen.system),),
            )


def copy_text(one: Executable, system: str) -> str:
    """A copy with what is known of it."""
    kind = origin(one, system).kind
    told = [one.version, "" if kind == FILE else f"by {kind}"]
    text = ", ".join(filter(None, told))
    return f"{one.path} ({text})" if text else one.path


def upgrade(one: Executable, system: str) -> str:
    """The command that brings a copy up to date, or "" where that is not known."""
    found = origin(one, system)
    words = found.removal.split(" uninstall ")
    if len(words) < 2:
        return ""
    if found.kind == "pip":
        return f"{words[0]} install --upgrade {words[1]}"
    return f"{words[0]} upgrade {words[1]}"


def _split(path: str) -> tuple[str, str]:
    """The folder and the name."""
    at = max(path.rfind("/"), path.rfind("\\"))
    return path[: max(at, 0)], path[at + 1 :]


def _stem(name: str) -> str:
    """The name without what Windows adds to it."""
    stem, _, ending = name.rpartition(".")
    return stem if stem and ending.lower() in {"exe", "cmd", "bat", "com"} else name
