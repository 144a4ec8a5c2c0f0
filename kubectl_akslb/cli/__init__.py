"""The commands: options to a pipeline, its result to a renderer, and an exit code."""
