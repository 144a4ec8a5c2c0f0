"""Our derivation against the recordings of the provider in the repository."""
