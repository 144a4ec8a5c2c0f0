"""``kubectl akslb completion``: the scripts that ask this program what a word can become."""

import os
from enum import Enum  # noqa: TID251 - for typer
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
    local line=${COMP_LINE:0:COMP_POINT} words=() word files=
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    local last=${words[${#words[@]} - 1]}
    # bash completes what stands behind the = alone.
    [[ $last == -*=* ]] && last=${last#*=}
    COMPREPLY=()
    while IFS=$'\\t' read -r word _; do
        case $word in
            :0) files=1 ;;
            :*) ;;
            *) COMPREPLY+=("$word") ;;
        esac
    done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
    [[ $files && ${#COMPREPLY[@]} == 0 ]] && IFS=$'\\n' read -r -d '' -a COMPREPLY < <(compgen -f -- "$last")
}
complete -o filenames -F __kubectl_akslb kubectl-akslb
"""

ZSH = """\
# Completion of kubectl-akslb in zsh, where it is called by its own name, after compinit:
# source <(kubectl-akslb completion zsh)
__kubectl_akslb() {
    local line files tab=$'\\t'
    local -a found more
    for line in "${(@f)$("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
        case $line in
            :0) files=1 ;;
            :6) more=(-S '') ;;
            :*) ;;
            *) found+=("${${line%%$tab*}//:/\\\\:}${${(M)line:#*$tab*}:+:${line#*$tab}}") ;;
        esac
    done
    # zsh completes the whole word: what stands before the = is kept.
    [[ $PREFIX == -*=* ]] && compset -P '*='
    if (( $#found )); then _describe -V kubectl-akslb found "${more[@]}"; elif [[ -n $files ]]; then _files; fi
}
compdef __kubectl_akslb kubectl-akslb
"""

FISH = """\
# Completion of kubectl-akslb in fish, where it is called by its own name: kubectl-akslb completion fish | source
function __kubectl_akslb
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l before (string match -r -- '^-.*=' $last)
    set -l found (command $words[1] __complete $words[2..-1] $last 2>/dev/null)
    for line in $found
        string match -q -- ':*' $line; or echo "$before$line"
    end
    if test "$found" = :0
        __fish_complete_path (string replace -r -- '^-[^=]*=' '' $last) | string replace -r -- '^' "$before"
    end
end
complete -c kubectl-akslb -f -k -a '(__kubectl_akslb)'
"""


class Shell(str, Enum):
    """For whom a script is printed."""

    BASH = "bash"
    FISH = "fish"
    ZSH = "zsh"


_SCRIPTS = {Shell.BASH: BASH, Shell.FISH: FISH, Shell.ZSH: ZSH}


def completion(
    shell: Annotated[
        Shell | None,
        typer.Argument(metavar="[bash|fish|zsh]", help="For kubectl-akslb by its own name, in this shell."),
    ] = None,
) -> None:
    """Print the script by which kubectl completes the words behind 'kubectl akslb', in every shell.

    Save it as kubectl_complete-akslb in a folder of the PATH and make it executable. pip, pipx and uv bring such a
    program along; after krew it has to be made.
    """
    if shell is not None:
        output.write(_SCRIPTS[shell])
    else:
        output.write(KUBECTL_WINDOWS if os.name == "nt" else KUBECTL)
