"""A fault of this program, told as any other error: where it is, and what to do about it."""

import os
import traceback

from kubectl_akslb.errors import AkslbError

SHOW = "AKSLB_TRACEBACK"
"""The environment variable with which a fault shows where it comes from."""
_ISSUES = "https://github.com/akslb/kubectl-akslb/issues"


def internal_error(error: Exception) -> AkslbError:
    """What to tell of an exception that nobody expected. Its text can hold parts of the input, and is not told."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""  # noqa: PTH119 - pathlib would cost start-up time
    if os.environ.get(SHOW):
        traceback.print_exception(error)
    message = f"a fault of this program: {type(error).__name__}{where}"
    return AkslbError(message, hint=f"nothing was changed; report it with the output of {SHOW}=1: {_ISSUES}")
