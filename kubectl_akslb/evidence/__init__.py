"""What is known about a Service beside its own manifest: one type, whether it comes from files or from a cluster."""
