"""What things are: Kubernetes' and Azure's own names, as immutable values."""
