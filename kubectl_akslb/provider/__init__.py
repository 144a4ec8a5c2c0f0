"""What is known about the provider, as tables: its releases, its dated behaviours, its annotations."""
