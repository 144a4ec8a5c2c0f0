"""It stands in tests/given/manifests.py."""

from tests.given.manifests import *  # noqa: F403 - while others follow
