"""Objects of which a controller makes a Service."""

from kubectl_akslb.provider.annotations import PREFIX

INTERNAL = f"{PREFIX}azure-load-balancer-internal"
GATEWAY = f"""apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: web
  namespace: shop
spec:
  gatewayClassName: eg
  infrastructure:
    annotations:
      {INTERNAL}: "True"
  listeners:
    - name: http
      port: 80
      protocol: HTTP
"""
NIC = f"""apiVersion: approuting.kubernetes.azure.com/v1alpha1
kind: NginxIngressController
metadata:
  name: inside
spec:
  ingressClassName: inside
  loadBalancerAnnotations:
    {INTERNAL}: "True"
"""
KAFKA = f"""apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata:
  name: log
spec:
  kafka:
    listeners:
      - name: out
        port: 9094
        type: loadbalancer
        configuration:
          bootstrap:
            annotations:
              {INTERNAL}: "True"
"""
RABBIT = f"""apiVersion: rabbitmq.com/v1beta1
kind: RabbitmqCluster
metadata:
  name: hare
spec:
  service:
    type: LoadBalancer
    annotations:
      {INTERNAL}: "True"
"""
FLAT = f"""apiVersion: example.com/v1
kind: Thing
metadata:
  name: thing
spec:
  serviceSpec:
    type: LoadBalancer
    annotations:
      {INTERNAL}: "True"
"""
