"""The way out of the cluster: the outbound rule of AKS and its SNAT ports."""
