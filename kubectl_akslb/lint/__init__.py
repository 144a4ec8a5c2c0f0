"""What is wrong with a Service on AKS: rules that find it, and fixes that edit the text."""
