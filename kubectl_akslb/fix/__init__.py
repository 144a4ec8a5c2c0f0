"""Every safe fix of a stream at once, and what it changes as patches."""
