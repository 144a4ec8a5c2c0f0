"""The Services that controllers make of other objects."""
