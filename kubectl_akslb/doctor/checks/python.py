"""Whether Python and the packages fit, where this program did not bring its own."""

from collections.abc import Iterator

from kubectl_akslb.doctor import shell
from kubectl_akslb.doctor.check_result import ERROR, WARNING, CheckResult
from kubectl_akslb.doctor.installation import PROGRAM, Executable, Installation
from kubectl_akslb.doctor.origin import PIPX, UV, origin
from kubectl_akslb.doctor.version_range import fits


def python_too_old(seen: Installation) -> Iterator[CheckResult]:
    """This Python is outside the supported range."""
    program = seen.program
    if program.wanted_python and not fits(program.python, program.wanted_python):
        yield CheckResult(
            "python-version",
            ERROR,
            f"Python {program.python} is not supported: {program.wanted_python} is",
            (program.interpreter,),
            "what works here works by chance",
            (f"pipx install --python python3.12 {PROGRAM}", f"uv tool install {PROGRAM}"),
        )


def packages_out_of_range(seen: Installation) -> Iterator[CheckResult]:
    """A package that this program needs is missing, or of another version than it was made for."""
    program = seen.program
    for package in program.packages:
        if package.version and fits(package.version, package.wanted):
            continue
        there = f"{package.name} is {package.version}" if package.version else f"{package.name} is missing"
        yield CheckResult(
            "package-version",
            WARNING if package.version else ERROR,
            f"{there}: {package.wanted or 'any version'} is wanted",
            (program.interpreter,),
            "something else was installed into the same Python and changed it; commands may fail or start slowly",
            (_mend(seen, f"{package.name}{package.wanted}"),),
        )


def _mend(seen: Installation, requirement: str) -> str:
    """The command that installs what is wanted; pipx and uv have environments of their own, without pip in them."""
    program = seen.program
    kind = origin(Executable(program.file, program.file), seen.system).kind
    if kind == PIPX:
        return f"pipx reinstall {PROGRAM}"
    if kind == UV:
        return f"uv tool install --reinstall {PROGRAM}"
    python = shell.quoted(program.interpreter, seen.system)
    return f"{python} -m pip install {shell.quoted(requirement, seen.system)}"
