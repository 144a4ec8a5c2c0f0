"""What is known about the cluster: from a profile of ours, from ``az aks show``, from an azure.json, from flags."""
