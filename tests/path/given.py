"""It stands in tests/given/streams.py."""

from tests.given.streams import *  # noqa: F403 - while others follow
