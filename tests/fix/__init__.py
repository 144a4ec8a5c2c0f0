"""What mends a stream, and what it changes as patches."""
