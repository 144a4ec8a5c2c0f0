"""Text that is not to be trusted, made fit for where it is printed: one function for each edge."""


def clean(text: str) -> str:
    """*text* without characters that act on a terminal: escape sequences, other directions, line breaks."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def clean_lines(text: str) -> str:
    """*text* of several lines, each of them ``clean``."""
    return "\n".join(clean(line) for line in text.split("\n"))


def for_terminal(data: bytes) -> bytes:
    """A manifest or a patch as it is shown: what acts on a terminal is told, line breaks of Windows are plain ones."""
    text = data.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    return "\t".join(clean_lines(part) for part in text.split("\t")).encode()


def log_lines(text: str) -> str:
    """*text* for people, of which no line is a command to a runner that reads the log: ``::error::``, ``##[error]``."""
    if "::" not in text and "##[" not in text:
        return text
    return "\n".join(_log_line(line) for line in text.split("\n"))


def _log_line(line: str) -> str:
    bare = line.lstrip()
    if bare.startswith("::"):
        line = f"{line[: len(line) - len(bare)]}\\x3a{bare[1:]}"
    return line.replace("##[", "#\\x23[")


def workflow_data(text: str) -> str:
    """*text* as the message of a workflow command of GitHub, in one line."""
    return log_lines(clean_lines(text)).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """*text* as a property of a workflow command of GitHub."""
    return workflow_data(text).replace(":", "%3A").replace(",", "%2C")


_JOINER = "&#8288;"
"""A word joiner: nobody sees it, and what it stands in is no name and no address."""
_MARKUP = "\\`*_~{}[]<>|"


def markdown(text: str) -> str:
    """*text* in Markdown, inside a cell of a table too: no markup, no mention of anybody, no link, no issue."""
    text = clean(text).replace("&", "&amp;")
    for character in _MARKUP:
        text = text.replace(character, "\\" + character)
    return _unlinked(text.replace("#", f"\\#{_JOINER}"))  # the joiner has a # itself


def html(text: str) -> str:
    """*text* in a line of HTML within Markdown, where no backslash escapes: no tag, no mention, no link, no issue."""
    text = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _unlinked(text.replace("#", f"#{_JOINER}"))


def _unlinked(text: str) -> str:
    return text.replace("@", f"@{_JOINER}").replace("://", f":{_JOINER}//").replace("www.", f"www{_JOINER}.")


def xml(text: str) -> str:
    """*text* of characters that XML allows, and that do not act on a terminal; markup is escaped by who writes it."""
    return log_lines("\t".join(clean_lines(part) for part in text.split("\t")))


def sarif(text: str) -> str:
    """*text* as a message of SARIF, whose ``[text](target)`` is a link."""
    return clean_lines(text).replace("](", "] (")


#: "#" is first, because the others bring it in.
_MERMAID = (("#", "#35;"), ("&", "#38;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;"))


def mermaid(text: str) -> str:
    """*text* as a label of Mermaid: quotes would end it, angle brackets become HTML and backquotes begin Markdown."""
    text = clean(text)
    for character, entity in _MERMAID:
        text = text.replace(character, entity)
    return f'"{text}"'
