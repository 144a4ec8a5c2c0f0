"""What the tests start from: Services, objects of a cluster, manifests, random ones, and stand-ins for programs."""
