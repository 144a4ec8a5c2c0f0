"""``kubectl akslb completion``: the scripts that ask this program what a word can become."""

import os
from enum import Enum
from typing import Annotated

import typer

from kubectl_akslb.cli import output

KUBECTL = """\
#!/bin/sh
# Completion of 'kubectl akslb': a program called kubectl_complete-akslb on the PATH, which kubectl asks for each Tab.
exec kubectl-akslb __complete "$@"
"""

KUBECTL_WINDOWS = """\
@rem Completion of 'kubectl akslb': kubectl_complete-akslb.cmd on the PATH, which kubectl asks for each Tab.
@kubectl-akslb __complete %*
"""

BASH = """\
# Completion of kubectl-akslb in bash, where it is called by its own name: source <(kubectl-akslb completion bash)
__kubectl_akslb() {
    local line=${COMP_LINE:0:COMP_POINT} words=() word
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    local last=${words[${#words[@]} - 1]} prefix=
    # bash completes what stands behind the = alone.
    [[ $last == *=* ]] && prefix=${last%%=*}=
    COMPREPLY=()
    while IFS=$'\\t' read -r word _; do
        case $word in
            :0) IFS=$'\\n' read -r -d '' -a COMPREPLY < <(compgen -f -- "${last#"$prefix"}") ;;
            :*) ;;
            *) COMPREPLY+=("${word#"$prefix"}") ;;
        esac
    done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
}
complete -o filenames -F __kubectl_akslb kubectl-akslb
"""


class Shell(str, Enum):
    """For whom a script is printed."""

    BASH = "bash"


def completion(
    shell: Annotated[
        Shell | None, typer.Argument(metavar="[bash]", help="For kubectl-akslb by its own name, in this shell.")
    ] = None,
) -> None:
    """Print the script by which kubectl completes the words behind 'kubectl akslb', in every shell.

    Save it as kubectl_complete-akslb in a folder of the PATH and make it executable. pip, pipx and uv bring such a
    program along; after krew it has to be made.
    """
    if shell is Shell.BASH:
        output.write(BASH)
    else:
        output.write(KUBECTL_WINDOWS if os.name == "nt" else KUBECTL)
