"""Results to text: for a terminal, for machines, for a pull request."""
