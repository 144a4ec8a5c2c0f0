"""The command lines of the common calls, so that these start without typer: generated from its declarations."""
