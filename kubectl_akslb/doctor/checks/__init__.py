"""The checks of an installation: pure functions from what was seen to results."""
