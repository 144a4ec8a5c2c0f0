"""YAML text to values with positions, and back: Kubernetes' object shape, nothing about Azure."""
