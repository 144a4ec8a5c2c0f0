"""What the provider does: pure functions from a Service and a cluster to a derivation with reasons."""
