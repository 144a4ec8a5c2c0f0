"""The kinds of objects that producers read. What they make is imported where one of these is there."""

PRODUCED_BY = ("Gateway", "NginxIngressController", "Kafka", "RabbitmqCluster")
"""Whose controller makes Services: ``produce.PRODUCERS`` has a function for each."""
PARAMETERS = (
    "GatewayClass", "EnvoyProxy", "NginxProxy", "ContourDeployment", "CiliumGatewayClassConfig", "GatewayParameters",
    "GatewayConfiguration", "KafkaNodePool",
)  # fmt: skip
"""Kinds that producers refer to."""
