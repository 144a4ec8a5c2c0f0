"""Shell completion for kubectl: ``kubectl_complete-akslb`` prints what the last word can become.

kubectl runs it for each TAB with the words after ``kubectl akslb`` and reads lines of ``word<TAB>help``; the last line
is a directive of cobra: ``:4`` forbids file names, ``:0`` leaves them to the shell. So it must be fast: what the
commands and flags are stands in a generated table, and typer is not imported.
"""
