"""Where bytes come in and go out: standard streams and files. Nothing else reads or writes either."""
