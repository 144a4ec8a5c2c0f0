"""It stands in tests/given/command.py."""

from tests.given.command import *  # noqa: F403 - while others follow
