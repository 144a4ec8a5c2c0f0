"""What Azure's cloud provider makes of a Kubernetes Service of type LoadBalancer, and why."""

__version__ = "0.1.0"
