"""Tell without a library whether anything in a stream can matter: most charts have nothing to do with Azure.

This is all that runs for them, so it imports nothing; ``re`` and ``typing`` alone take as long as Python's start.
"""

_MARKERS = (b"\n---", b"\r---")
_BEHIND = b" \t\r\n"
_SKIPPED = b" \t\r\n\"'"
_WORDS = ((b"Service", b"LoadBalancer"), (b"Gateway", b"gateway.networking.k8s.io"))
_LISTS = (b"List", b"ServiceList", b"GatewayList")
_ESCAPES = (b"\\x", b"\\u00", b"\\U0000", b"\\\n", b"\\\r\n", b"!binary", b"tag:yaml.org,2002:binary")


def may_matter(data: bytes) -> bool:
    """Whether a document of *data* can hold a LoadBalancer Service or a Gateway; False is certain, True is not."""
    return may_hide(data) or any(_holds(data, kind, word) for kind, word in _WORDS)


def may_hide(data: bytes) -> bool:
    """Whether a word of *data* can be hidden from a search of its bytes, by an escape or in base64."""
    return any(escape in data for escape in _ESCAPES)


def _holds(data: bytes, kind: bytes, word: bytes) -> bool:
    position = data.find(word)
    while position >= 0:
        start, end = _start(data, position), _end(data, position)
        if any(_is_kind(data, name, start, end) for name in (kind, *_LISTS)):
            return True
        position = data.find(word, end)
    return False


def _start(data: bytes, position: int) -> int:
    """Where the document around *position* begins, or earlier."""
    before = position
    while True:
        before = max(data.rfind(marker, 0, before) for marker in _MARKERS)
        if before < 0:
            return 0
        if data[before + 4 : before + 5] in _BEHIND:
            return before


def _end(data: bytes, position: int) -> int:
    """Where the document around *position* ends, or later."""
    while True:
        found = [at for marker in _MARKERS if (at := data.find(marker, position)) >= 0]
        if not found:
            return len(data)
        position = min(found)
        if data[position + 4 : position + 5] in _BEHIND:
            return position
        position += 4


def _is_kind(data: bytes, name: bytes, start: int, end: int) -> bool:
    """Whether *name* may be the value of a key that ends with ``kind``."""
    position = data.find(name, start, end)
    while position >= 0:
        before = data[max(start, position - 80) : position].rstrip(_SKIPPED)
        if not before or (before[-1:] == b":" and before[:-1].rstrip(_SKIPPED).endswith(b"kind")):
            return True
        if before[-1:] not in b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:.,()`-" and b"kind" in before:
            return True  # an anchor, a tag or a comment may stand between key and value
        position = data.find(name, position + len(name), end)
    return False
