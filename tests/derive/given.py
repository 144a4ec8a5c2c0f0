"""It stands in tests/given/derived.py."""

from tests.given.derived import *  # noqa: F403 - while others follow
from tests.given.services import *  # noqa: F403 - while others follow
