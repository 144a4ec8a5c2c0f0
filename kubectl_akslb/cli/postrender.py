"""``kubectl akslb post-render`` as help and completion see it: the command itself starts without typer."""

from typing import Any

from kubectl_akslb.cli.commands import POST_RENDER


def post_render(given: dict[str, Any]) -> int:
    """Run the post-renderer with the words that typer has read."""
    from kubectl_akslb.postrender.main import main

    words: list[str] = []
    for option in POST_RENDER.options:
        value = given[option.name]
        if value is True:
            words.append(option.flags[0])
        elif value:
            words.append(f"{option.flags[0]}={value}")
    return main(words)
