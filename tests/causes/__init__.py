"""Every cause and remedy of five documents, in the state that it leaves behind in a cluster, and what shows it."""
