"""Helm's post-renderer: a stream of manifests in, the same stream with a few more annotations out."""
