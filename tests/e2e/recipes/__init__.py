"""The files of examples/recipes, run by the real tools where they can be had."""
