"""The errors that reach a person: what is wrong, where, and what to do next."""


class AkslbError(Exception):
    """Something the person at the terminal can put right.

    *hint* is one sentence that says what to do next; the command line prints it on a line of its own.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(AkslbError):
    """Input that cannot be read, with the place where reading stopped.

    *line* and *column* count from 1; *source_line* is the text of that line, for the caret.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str = "",
        line: int = 0,
        column: int = 0,
        source_line: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, hint)
        self.path = path
        self.line = line
        self.column = column
        self.source_line = source_line
