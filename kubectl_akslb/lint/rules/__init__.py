"""The rules, one file each; the id of a rule is the name of its file, with hyphens."""
