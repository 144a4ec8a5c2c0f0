"""It stands in tests/given/screens.py."""

from tests.given.screens import *  # noqa: F403 - while others follow
