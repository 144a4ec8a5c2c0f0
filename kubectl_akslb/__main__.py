"""The entry: the post-renderer before anything slow is imported, else the command line."""

import gc
import os
import sys

from kubectl_akslb.quick_import import install


def main() -> None:
    """Run the command that the arguments name, and exit with its code; with 130 where somebody ends it by Ctrl-C."""
    try:
        code = _main()
    except KeyboardInterrupt:
        code = 130
    _flush()
    os._exit(code)  # all is written; to tidy up modules and values that end with the process takes a tenth of the start


def _flush() -> None:
    """Send out what a library has left to standard error, if anybody is there to be told."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except OSError:
        return


def _main() -> int:
    gc.disable()  # a command is short, and its many small tuples have no cycles: collecting costs a tenth of the start
    install()
    arguments = sys.argv[1:]
    if arguments[:1] == ["post-render"] or (not arguments and sys.stdin is not None and not sys.stdin.isatty()):
        from kubectl_akslb.postrender.main import main as post_render

        return post_render(arguments[1:])
    if arguments[:1] == ["__complete"]:
        from kubectl_akslb.completion.complete import main as complete

        complete(arguments[1:])
        return 0
    if arguments in (["--version"], ["version"]):
        from kubectl_akslb.cli.version import version_line

        return _printed(version_line())
    from kubectl_akslb.cli.run import run

    return run(arguments)


def _printed(text: str) -> int:
    from kubectl_akslb.edge.streams import OutputError, tell, write_out

    try:
        write_out(text.encode())
    except OutputError as error:
        tell(f"error: {error}\n")
        return 3
    return 0


if __name__ == "__main__":
    main()
