"""The network security group: who is let in, and the rules of the two generations of the provider."""
