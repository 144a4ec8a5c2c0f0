"""The load balancer: which one a Service gets, its frontends, rules, probes and pools."""
