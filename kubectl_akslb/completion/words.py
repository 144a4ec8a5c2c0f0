"""A command and its flags, as far as completion has to know them."""

from kubectl_akslb.named_tuple import NamedTuple


class Flag(NamedTuple):
    """A flag: its names, the long one last; *values* are all that it takes, empty where that is open."""

    names: tuple[str, ...]
    text: str
    takes_value: bool = False
    values: tuple[str, ...] = ()
    is_file: bool = False
    repeatable: bool = False


class CommandWords(NamedTuple):
    """A command: what it does, its flags, and how its help writes the other words: ``[svc/NAME|FILE]...``."""

    text: str
    flags: tuple[Flag, ...]
    words: str = ""
