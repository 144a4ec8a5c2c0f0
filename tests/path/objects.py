"""It stands in tests/given/objects.py."""

from tests.given.objects import *  # noqa: F403 - while others follow
