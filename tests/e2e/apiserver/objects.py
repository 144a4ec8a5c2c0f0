"""It stands in tests/given/aks.py."""

from tests.given.aks import *  # noqa: F403 - while others follow
