"""A document's tree: from the fast reader, or where that declines from ruamel.yaml, and its data as JSON has it."""

import re
from typing import NoReturn

from kubectl_akslb.errors import InputError
from kubectl_akslb.manifest.nodes import Mapping, Node, Scalar, Source, walk
from kubectl_akslb.manifest.reader import read
from kubectl_akslb.manifest.scalars import NotPlainDataError, plain

_OLD_BREAKS = "\r(?!\n)|[\x85\u2028\u2029]"
_KEPT_BREAKS = "[\u2028\u2029]"
"""Those that stay what they are inside a value; the others become line feeds."""
_TEMPLATE_HINT = "This looks like a Helm template: render it first, with helm template."


def parse(source: Source) -> Node:
    """The tree of a document; raises InputError where it is not one YAML document, or goes beyond the bounds."""
    node = read(source.text)
    if node is None and re.search(_OLD_BREAKS, source.text):
        node = _with_old_breaks(source)
    if node is not None:
        return node
    if "\t" in source.text:
        return _with_tabs(source)
    from kubectl_akslb.manifest.compose import compose  # what few documents need

    return compose(source)


def parse_data(source: Source) -> tuple[Node, object]:
    """The tree of a document and its data as JSON has it; raises InputError also for what JSON cannot hold."""
    root = parse(source)
    try:
        return root, plain(root)
    except NotPlainDataError as error:
        fail(source, error.node.start, str(error), "The API server reads YAML as JSON: write it in another way.", error)


def _with_old_breaks(source: Source) -> Node | None:
    """The tree of a document with the line breaks of YAML 1.1, as Go reads it; None where they are inside values."""
    text = source.text
    plain = Source(re.sub(_OLD_BREAKS, "\n", text))
    try:
        root = parse(plain)
    except InputError:
        return None
    kept = re.compile(_KEPT_BREAKS)
    inside = any(
        isinstance(node, Scalar) and kept.search(text, node.start, node.end)
        for _, one in walk(root)
        for node in ([key for key, _ in one.entries] if isinstance(one, Mapping) else [one])
    )
    if inside:
        return None
    source.unread = plain.unread
    return root


def _with_tabs(source: Source) -> Node:
    """The tree of a document that has tabs: what Go reads is read, and what Go refuses is refused."""
    from kubectl_akslb.manifest import tabs
    from kubectl_akslb.manifest.compose import compose

    text = source.text
    found = read(tabs.blanked(text))
    root = tabs.restored(text, found) if found is not None else None
    return compose(source) if root is None or tabs.misplaced(text, root) is not None else root


def fail(source: Source, offset: int, message: str, hint: str, cause: Exception | None = None) -> NoReturn:
    """Raise InputError for the character at *offset*."""
    place = source.place(min(offset, len(source.text)))
    if "{{" in place.source_line:
        hint = _TEMPLATE_HINT
    raise place.error(message, hint) from cause
