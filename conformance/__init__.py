"""What the real provider did: the cases, the recordings of it, and the programs that make and compare them."""
