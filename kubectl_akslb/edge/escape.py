"""Text that is not to be trusted, made fit for where it is printed: one function for each edge."""


def clean(text: str) -> str:
    """*text* without characters that act on a terminal: escape sequences, other directions, line breaks."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def clean_lines(text: str) -> str:
    """*text* of several lines, each of them ``clean``."""
    return "\n".join(clean(line) for line in text.split("\n"))
