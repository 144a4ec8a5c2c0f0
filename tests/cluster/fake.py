"""It stands in tests/given/programs.py."""

from tests.given.programs import *  # noqa: F403 - while others follow
