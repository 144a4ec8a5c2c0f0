"""Objects whose controller makes a Service of type LoadBalancer, and the Service that comes of each."""
