"""What really happens to a packet: kube-proxy, servers and Azure's fabric in network namespaces (README.md)."""
