"""It stands in tests/given/az.py."""

from tests.given.az import *  # noqa: F403 - while others follow
