"""How counts are written for people, with commas from 1,000 on; ports and codes are names, and stay as they are."""


def counted(number: int, what: str) -> str:
    """``1 node``, ``2 nodes``, ``1,000 nodes``."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
