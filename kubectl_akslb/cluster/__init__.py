"""A running cluster, read through kubectl, and its description in Azure, read through az."""
