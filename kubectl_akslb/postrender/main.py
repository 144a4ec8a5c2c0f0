"""``post-render`` as a command: arguments, standard input and output, files, exit codes.

Exit codes: 0 done, 1 an error in the stream, 2 wrong usage, 3 a file that cannot be used, 4 a fault of this program.
Nothing goes to standard output unless all went well; under --errors-on-stdout the error itself is, with exit code 0,
because Helm 4 throws away what a failing post-renderer says and stops at a document that is no mapping.
"""

import os

from kubectl_akslb.arguments import post_render as flags
from kubectl_akslb.edge.escape import clean
from kubectl_akslb.edge.streams import OutputError, read_in, tell, write_manifests, write_out
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.postrender.arguments import UsageError, help_text, parse
from kubectl_akslb.postrender.outline import may_matter, outline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kubectl_akslb.postrender.outline import Part
    from kubectl_akslb.postrender.render import PostRendered, PostRenderOptions

FAILED = 1
USAGE = 2
UNUSABLE = 3
INTERNAL = 4

_NAME = "kubectl-akslb post-render"
_MAX_BYTES = 1024 * 1024
"""No profile and no policy is larger."""


class _FailedError(Exception):
    """The run ends here: the exit code, and the text for a person."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def main(arguments: "list[str]") -> int:
    """Run ``post-render`` with the *arguments* that follow it; returns the exit code."""
    on_stdout = flags.ERRORS_ON_STDOUT in arguments
    try:
        return _guarded(arguments, on_stdout=on_stdout)
    except OutputError as error:
        if not error.left:
            tell(f"{_NAME}: {error}\n")
        return FAILED
    except KeyboardInterrupt:
        return 130


def _guarded(arguments: "list[str]", *, on_stdout: bool) -> int:
    """The exit code of the run; what goes wrong in it is told, whatever it is."""
    try:
        return _run(arguments)
    except _FailedError as failed:
        return _fail(failed, on_stdout=on_stdout)
    except OutputError:
        raise
    except AkslbError as error:
        return _fail(_FailedError(UNUSABLE, _described(error)), on_stdout=on_stdout)
    except Exception as error:  # noqa: BLE001 - a fault of ours must not pass for manifests, nor end in a traceback
        from kubectl_akslb.edge.internal import internal_error

        return _fail(_FailedError(INTERNAL, _described(internal_error(error))), on_stdout=on_stdout)


def _run(arguments: "list[str]") -> int:
    try:
        given = parse(arguments)
    except UsageError as error:
        hint = error.hint or "kubectl akslb post-render -h lists all there is"
        raise _FailedError(USAGE, f"{_NAME}: error: {error}\n  hint: {hint}\n") from None
    if flags.HELP in given:
        _show(help_text(), given)
        return 0
    data = read_in()
    if data is None:
        hint = "helm template CHART | kubectl akslb post-render"
        raise _FailedError(USAGE, f"{_NAME}: error: nothing is piped into standard input\n  hint: {hint}\n")
    report = given.get(flags.REPORT) or os.environ.get("AKSLB_REPORT", "")
    chosen = any(flag in given for flag in (*flags.CLUSTER_OPTIONS, *flags.POLICY_OPTIONS))
    empty = not data or data.isspace()
    parts = outline(data)
    if not (chosen or report or empty or any(may_matter(data, part) for part in parts)):
        if flags.DRY_RUN in given:
            _show("", given)
        else:
            write_manifests(data)
        return 0
    return _render(data, parts, given, report)


def _render(data: bytes, parts: "list[Part]", given: "dict[str, str]", report: str) -> int:
    from kubectl_akslb.postrender.render import postrender

    options, notices = _options(given)
    done = postrender(data, options, parts)
    if report:
        _report(report, done, options, notices)
    if done.errors:
        from kubectl_akslb.postrender.report import error_text

        raise _FailedError(FAILED, error_text(done.errors, strict=bool(options.strict and done.warnings)))
    if done.warnings:
        _warn(done, on_stdout=flags.ERRORS_ON_STDOUT in given)
    if flags.DRY_RUN in given:
        from kubectl_akslb.postrender.report import difference

        _show(difference(done), given)
    else:
        write_manifests(*done.parts)
    return 0


def _options(given: "dict[str, str]") -> "tuple[PostRenderOptions, tuple[str, ...]]":
    """What the arguments and the files that they name say; and notices about it."""
    from kubectl_akslb.postrender.render import PostRenderOptions

    if any(flag in given for flag in flags.CLUSTER_OPTIONS):
        from kubectl_akslb.postrender.option_values import cluster

        used, notices = cluster(given, _read)
    else:
        from kubectl_akslb.postrender.assumed import assumed_cluster

        used, notices = assumed_cluster()
    options = PostRenderOptions(used, strict=flags.STRICT in given, namespace=given.get(flags.NAMESPACE, ""))
    if any(flag in given for flag in flags.POLICY_OPTIONS):
        from kubectl_akslb.postrender.option_values import policy

        options = options._replace(policy=policy(given, _read))
    return options, notices


def _described(error: AkslbError) -> str:
    """An error in a file with its place, its line and a caret."""
    path, line = getattr(error, "path", ""), getattr(error, "line", 0)
    place = f"{path}:{line}:{getattr(error, 'column', 0)}: " if line else f"{path}: " if path else ""
    text = f"{_NAME}: {clean(f'{place}error: {error}')}\n"
    source, column = getattr(error, "source_line", ""), getattr(error, "column", 0)
    if source.strip() and column and len(source) < 200:
        before = clean(source[: column - 1])
        text += f"  | {clean(source)}\n  | {' ' * len(before)}^\n"
    return text + (f"  hint: {clean(error.hint)}\n" if error.hint else "")


def _read(path: str) -> bytes:
    from kubectl_akslb.edge.files import read_file

    return read_file(path, _MAX_BYTES)


def _report(path: str, done: "PostRendered", options: "PostRenderOptions", notices: "tuple[str, ...]") -> None:
    from kubectl_akslb.edge.files import write_file
    from kubectl_akslb.postrender.report import report

    write_file(path, report(done, options.cluster, notices).encode())


def _warn(done: "PostRendered", *, on_stdout: bool) -> None:
    """Print warnings where they have a chance: both Helms drop standard error unless the run fails."""
    from kubectl_akslb.postrender.report import finding_text

    text = f"{_NAME}: warning\n" + "".join(finding_text(one) for one in done.warnings)
    tell(text)
    if not on_stdout:
        return
    try:
        with open("/dev/tty", "w", encoding="utf-8") as terminal:  # noqa: PTH123 - pathlib takes too long to import
            terminal.write(text)
    except OSError:
        pass  # nobody is there: --report is for that


def _show(text: str, given: "dict[str, str]") -> None:
    """Print what a person reads in place of the stream. Helm 4 would take it for manifests: it gets it as an error."""
    if flags.ERRORS_ON_STDOUT in given:
        write_out(error_document(text or f"{_NAME}: nothing would be changed\n"))
    else:
        write_manifests(text.encode())


def _fail(failed: _FailedError, *, on_stdout: bool) -> int:
    tell(failed.text)
    if not on_stdout:
        return failed.code
    write_out(error_document(failed.text))
    return 0


def error_document(text: str) -> bytes:
    """*text* as a YAML document that is no mapping: Helm 4 prints it and stops."""
    lines = text.split("\n")
    return ("|\n" + "".join(f"  {clean(line)}\n" for line in lines if line.strip())).encode("utf-8", "replace")
