"""The one fixer: fixes in rounds, each proven, and what they change as patches or in a ResourceList."""
