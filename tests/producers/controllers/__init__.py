"""What each controller makes, as its own golden files and tests have it."""
