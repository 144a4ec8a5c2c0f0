"""What Azure itself does with what the provider sends: what it refuses, and its limits."""
