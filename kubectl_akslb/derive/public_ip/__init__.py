"""Public IP addresses: which one a frontend gets, and what the provider writes on it."""
