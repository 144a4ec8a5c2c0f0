"""Traefik's provider for the Gateway API: it makes no Service. The one of its chart has the load balancer.

Upstream: pkg/provider/kubernetes/gateway of traefik/traefik; the chart's traefik/templates/_service.tpl.
"""

from kubectl_akslb.producers.producer import GatewayController

GATEWAYS = GatewayController(("traefik.io/gateway-controller",), ("traefik",), None)
