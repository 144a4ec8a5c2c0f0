"""What becomes of Services when the release or a manifest changes: state before, state after."""
