"""What stands in Azure against what Kubernetes makes of it, by what becomes of each difference."""
