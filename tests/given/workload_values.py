"""Values of the fields of a Deployment, as a real API server took and refused them; a test asks one again."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

DEPLOYMENT: Mapping[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop", "labels": {"app": "web"}, "annotations": {"a": "b"}},
    "spec": {
        "replicas": 2,
        "minReadySeconds": 3,
        "progressDeadlineSeconds": 600,
        "revisionHistoryLimit": 3,
        "paused": False,
        "selector": {"matchLabels": {"app": "web"}},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": "25%"}},
        "template": {
            "metadata": {"labels": {"app": "web"}, "annotations": {"a": "b"}},
            "spec": {
                "serviceAccountName": "web",
                "automountServiceAccountToken": False,
                "nodeSelector": {"kubernetes.io/os": "linux"},
                "terminationGracePeriodSeconds": 30,
                "restartPolicy": "Always",
                "hostNetwork": False,
                "dnsPolicy": "ClusterFirst",
                "priorityClassName": "",
                "schedulerName": "default-scheduler",
                "enableServiceLinks": True,
                "shareProcessNamespace": False,
                "activeDeadlineSeconds": None,
                "securityContext": {
                    "runAsNonRoot": True,
                    "runAsUser": 1000,
                    "runAsGroup": 1000,
                    "fsGroup": 1000,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
                "imagePullSecrets": [{"name": "pull"}],
                "tolerations": [
                    {"key": "a", "operator": "Equal", "value": "b", "effect": "NoSchedule"},
                    {"key": "b", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 30},
                ],
                "topologySpreadConstraints": [
                    {
                        "maxSkew": 1,
                        "topologyKey": "kubernetes.io/hostname",
                        "whenUnsatisfiable": "ScheduleAnyway",
                        "labelSelector": {"matchLabels": {"app": "web"}},
                    }
                ],
                "affinity": {
                    "nodeAffinity": {
                        "requiredDuringSchedulingIgnoredDuringExecution": {
                            "nodeSelectorTerms": [
                                {
                                    "matchExpressions": [
                                        {"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]}
                                    ]
                                }
                            ]
                        }
                    },
                    "podAntiAffinity": {
                        "preferredDuringSchedulingIgnoredDuringExecution": [
                            {
                                "weight": 100,
                                "podAffinityTerm": {
                                    "topologyKey": "kubernetes.io/hostname",
                                    "labelSelector": {"matchLabels": {"app": "web"}},
                                },
                            }
                        ]
                    },
                },
                "initContainers": [
                    {
                        "name": "init",
                        "image": "busybox:1.36",
                        "command": ["sh", "-c", "true"],
                        "env": [{"name": "A", "value": "b"}],
                    }
                ],
                "containers": [
                    {
                        "name": "web",
                        "image": "example.com/web:1",
                        "imagePullPolicy": "IfNotPresent",
                        "command": ["/web"],
                        "args": ["--port=8080"],
                        "workingDir": "/srv",
                        "tty": False,
                        "stdin": False,
                        "terminationMessagePolicy": "File",
                        "env": [
                            {"name": "PORT", "value": "8080"},
                            {"name": "POD", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
                            {"name": "S", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k", "optional": True}}},
                        ],
                        "envFrom": [{"configMapRef": {"name": "web"}}],
                        "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP", "hostPort": 8080}],
                        "resources": {
                            "requests": {"cpu": "100m", "memory": "64Mi"},
                            "limits": {"cpu": "1", "memory": "128Mi"},
                        },
                        "readinessProbe": {
                            "periodSeconds": 5,
                            "failureThreshold": 3,
                            "successThreshold": 1,
                            "timeoutSeconds": 1,
                            "initialDelaySeconds": 2,
                            "httpGet": {
                                "path": "/healthz",
                                "port": "http",
                                "scheme": "HTTP",
                                "httpHeaders": [{"name": "X", "value": "y"}],
                            },
                        },
                        "livenessProbe": {
                            "periodSeconds": 5,
                            "failureThreshold": 3,
                            "successThreshold": 1,
                            "timeoutSeconds": 1,
                            "initialDelaySeconds": 2,
                            "tcpSocket": {"port": 8080},
                        },
                        "startupProbe": {
                            "periodSeconds": 5,
                            "failureThreshold": 3,
                            "successThreshold": 1,
                            "timeoutSeconds": 1,
                            "initialDelaySeconds": 2,
                            "exec": {"command": ["true"]},
                        },
                        "lifecycle": {"preStop": {"exec": {"command": ["sleep", "5"]}}},
                        "volumeMounts": [{"name": "conf", "mountPath": "/etc/web", "readOnly": True, "subPath": "a"}],
                        "securityContext": {
                            "allowPrivilegeEscalation": False,
                            "readOnlyRootFilesystem": True,
                            "runAsNonRoot": True,
                            "runAsUser": 1000,
                            "privileged": False,
                            "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
                        },
                    },
                    {
                        "name": "side",
                        "image": "example.com/web:1",
                        "livenessProbe": {
                            "periodSeconds": 5,
                            "failureThreshold": 3,
                            "successThreshold": 1,
                            "timeoutSeconds": 1,
                            "initialDelaySeconds": 2,
                            "grpc": {"port": 9090},
                        },
                    },
                ],
                "volumes": [
                    {
                        "name": "conf",
                        "configMap": {"name": "web", "defaultMode": 420, "items": [{"key": "a", "path": "b"}]},
                    },
                    {"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}},
                    {"name": "sec", "secret": {"secretName": "s"}},
                    {"name": "pvc", "persistentVolumeClaim": {"claimName": "c"}},
                ],
            },
        },
    },
}
"""It has most fields that people write, and is taken as it stands."""

VALUES: Mapping[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "metadata": ((), ("a", 7)),
    "metadata.name": (("webx",), (7, True)),
    "metadata.labels": ((), ("a", [{"app": "web"}])),
    "metadata.labels.app": (("webx",), (7, True)),
    "metadata.annotations": ((), ("a", [{"a": "b"}])),
    "metadata.annotations.a": (("bx",), (7, True)),
    "spec.replicas": ((0,), ("2", -1)),
    "spec.minReadySeconds": ((0,), ("3", -1)),
    "spec.progressDeadlineSeconds": ((70000,), ("600", -1)),
    "spec.revisionHistoryLimit": ((0,), ("3", -1)),
    "spec.paused": ((), ("false", 1)),
    "spec.selector": ((), ("a", [{"matchLabels": {"app": "web"}}])),
    "spec.selector.matchLabels": ((), ("a", [{"app": "web"}])),
    "spec.selector.matchLabels.app": ((), (7, True)),
    "spec.strategy": ((), ("a", 7)),
    "spec.strategy.type": ((), (7, True)),
    "spec.strategy.rollingUpdate": ((), ("a", [{"maxSurge": 1, "maxUnavailable": "25%"}])),
    "spec.strategy.rollingUpdate.maxSurge": ((0,), ("1", -1)),
    "spec.strategy.rollingUpdate.maxUnavailable": ((7,), (True, "25%x")),
    "spec.template.metadata": ((), ("a", [{"labels": {"app": "web"}, "annotations": {"a": "b"}}])),
    "spec.template.metadata.labels": ((), ("a", [{"app": "web"}])),
    "spec.template.metadata.labels.app": ((), (7, True)),
    "spec.template.metadata.annotations": ((), ("a", [{"a": "b"}])),
    "spec.template.metadata.annotations.a": (("bx",), (7, True)),
    "spec.template.spec.serviceAccountName": (("webx",), (7, True)),
    "spec.template.spec.automountServiceAccountToken": ((), ("false", 1)),
    "spec.template.spec.nodeSelector": ((), ("a", [{"kubernetes.io/os": "linux"}])),
    "spec.template.spec.terminationGracePeriodSeconds": ((-1,), ("30", True)),
    "spec.template.spec.restartPolicy": ((), (7, True)),
    "spec.template.spec.hostNetwork": ((), ("false", 1)),
    "spec.template.spec.dnsPolicy": ((), (7, True)),
    "spec.template.spec.priorityClassName": (("x",), (7, True)),
    "spec.template.spec.schedulerName": (("default-schedulerx",), (7, True)),
    "spec.template.spec.enableServiceLinks": ((), ("true", 1)),
    "spec.template.spec.shareProcessNamespace": ((), ("false", 1)),
    "spec.template.spec.securityContext": ((), ("a", 7)),
    "spec.template.spec.securityContext.runAsNonRoot": ((), ("true", 1)),
    "spec.template.spec.securityContext.runAsUser": ((0,), ("1000", -1)),
    "spec.template.spec.securityContext.runAsGroup": ((0,), ("1000", -1)),
    "spec.template.spec.securityContext.fsGroup": ((0,), ("1000", -1)),
    "spec.template.spec.securityContext.seccompProfile": ((), ("a", [{"type": "RuntimeDefault"}])),
    "spec.template.spec.securityContext.seccompProfile.type": ((), (7, True)),
    "spec.template.spec.imagePullSecrets": (([{"name": "pull"}, {"name": "pull"}],), ("a", {"a": "b"})),
    "spec.template.spec.imagePullSecrets.0": ((), ("a", [{"name": "pull"}])),
    "spec.template.spec.imagePullSecrets.0.name": (("pullx",), (7, True)),
    "spec.template.spec.tolerations": ((), ("a", {"a": "b"})),
    "spec.template.spec.tolerations.0": ((), ("a", 7)),
    "spec.template.spec.tolerations.0.key": (("ax",), (7, True)),
    "spec.template.spec.tolerations.0.operator": ((), (7, True)),
    "spec.template.spec.tolerations.0.value": (("bx",), (7, True)),
    "spec.template.spec.tolerations.0.effect": ((), (7, True)),
    "spec.template.spec.tolerations.1": ((), ("a", 7)),
    "spec.template.spec.tolerations.1.key": (("bx",), (7, True)),
    "spec.template.spec.tolerations.1.operator": ((), (7, True)),
    "spec.template.spec.tolerations.1.effect": ((), (7, True)),
    "spec.template.spec.tolerations.1.tolerationSeconds": ((-1,), ("30", True)),
    "spec.template.spec.topologySpreadConstraints": ((), ("a", {"a": "b"})),
    "spec.template.spec.topologySpreadConstraints.0": ((), ("a", 7)),
    "spec.template.spec.topologySpreadConstraints.0.maxSkew": ((70000,), ("1", -1)),
    "spec.template.spec.topologySpreadConstraints.0.topologyKey": (("kubernetes.io/hostnamex",), (7, True)),
    "spec.template.spec.topologySpreadConstraints.0.whenUnsatisfiable": ((), (7, True)),
    "spec.template.spec.topologySpreadConstraints.0.labelSelector": ((), ("a", [{"matchLabels": {"app": "web"}}])),
    "spec.template.spec.topologySpreadConstraints.0.labelSelector.matchLabels": ((), ("a", [{"app": "web"}])),
    "spec.template.spec.topologySpreadConstraints.0.labelSelector.matchLabels.app": (("webx",), (7, True)),
    "spec.template.spec.affinity": ((), ("a", 7)),
    "spec.template.spec.affinity.nodeAffinity": ((), ("a", 7)),
    "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution": ((), ("a", 7)),
    "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms": (
        (),
        ("a", {"a": "b"}),
    ),
    "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0": (
        (),
        ("a", 7),
    ),
    "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions": (
        (),
        ("a", {"a": "b"}),
    ),
    "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0": (
        (),
        ("a", 7),
    ),
    "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0.key": (
        ("kubernetes.io/osx",),
        (7, True),
    ),
    "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0.operator": (
        (),
        (7, True),
    ),
    "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0.values": (
        (["linux", "linux"],),
        ("a", {"a": "b"}),
    ),
    "spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0.values.0": (
        ("linuxx",),
        (7, True),
    ),
    "spec.template.spec.affinity.podAntiAffinity": ((), ("a", 7)),
    "spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution": (
        (),
        ("a", {"a": "b"}),
    ),
    "spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0": ((), ("a", 7)),
    "spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.weight": (
        (),
        ("100", -1),
    ),
    "spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.podAffinityTerm": (
        (),
        ("a", 7),
    ),
    "spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.podAffinityTerm.topologyKey": (
        ("kubernetes.io/hostnamex",),
        (7, True),
    ),
    "spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.podAffinityTerm.labelSelector": (
        (),
        ("a", [{"matchLabels": {"app": "web"}}]),
    ),
    "spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.podAffinityTerm.labelSelector.matchLabels": (
        (),
        ("a", [{"app": "web"}]),
    ),
    "spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution.0.podAffinityTerm.labelSelector.matchLabels.app": (
        ("webx",),
        (7, True),
    ),
    "spec.template.spec.initContainers": ((), ("a", {"a": "b"})),
    "spec.template.spec.initContainers.0": ((), ("a", 7)),
    "spec.template.spec.initContainers.0.command": ((["sh", "-c", "true", "sh", "-c", "true"],), ("a", {"a": "b"})),
    "spec.template.spec.initContainers.0.command.0": (("shx",), (7, True)),
    "spec.template.spec.initContainers.0.env": (
        ([{"name": "A", "value": "b"}, {"name": "A", "value": "b"}],),
        ("a", {"a": "b"}),
    ),
    "spec.template.spec.initContainers.0.env.0": ((), ("a", [{"name": "A", "value": "b"}])),
    "spec.template.spec.containers": ((), ("a", {"a": "b"})),
    "spec.template.spec.containers.0": ((), ("a", 7)),
    "spec.template.spec.containers.0.name": (("webx",), (7, True)),
    "spec.template.spec.containers.0.image": (("example.com/web:1x",), (7, True)),
    "spec.template.spec.containers.0.imagePullPolicy": ((), (7, True)),
    "spec.template.spec.containers.0.command": ((["/web", "/web"],), ("a", {"a": "b"})),
    "spec.template.spec.containers.0.command.0": (("/webx",), (7, True)),
    "spec.template.spec.containers.0.args": ((["--port=8080", "--port=8080"],), ("a", {"a": "b"})),
    "spec.template.spec.containers.0.args.0": (("--port=8080x",), (7, True)),
    "spec.template.spec.containers.0.workingDir": (("/srvx",), (7, True)),
    "spec.template.spec.containers.0.tty": ((), ("false", 1)),
    "spec.template.spec.containers.0.stdin": ((), ("false", 1)),
    "spec.template.spec.containers.0.terminationMessagePolicy": ((), (7, True)),
    "spec.template.spec.containers.0.env": ((), ("a", {"a": "b"})),
    "spec.template.spec.containers.0.env.0": ((), ("a", [{"name": "PORT", "value": "8080"}])),
    "spec.template.spec.containers.0.env.0.name": (("PORTx",), (7, True)),
    "spec.template.spec.containers.0.env.0.value": (("8080x",), (7, True)),
    "spec.template.spec.containers.0.env.1": ((), ("a", 7)),
    "spec.template.spec.containers.0.env.1.name": (("PODx",), (7, True)),
    "spec.template.spec.containers.0.env.1.valueFrom": ((), ("a", [{"fieldRef": {"fieldPath": "metadata.name"}}])),
    "spec.template.spec.containers.0.env.1.valueFrom.fieldRef": ((), ("a", [{"fieldPath": "metadata.name"}])),
    "spec.template.spec.containers.0.env.1.valueFrom.fieldRef.fieldPath": ((), (7, True)),
    "spec.template.spec.containers.0.env.2": ((), ("a", 7)),
    "spec.template.spec.containers.0.env.2.name": (("Sx",), (7, True)),
    "spec.template.spec.containers.0.env.2.valueFrom": ((), ("a", 7)),
    "spec.template.spec.containers.0.env.2.valueFrom.secretKeyRef": (
        (),
        ("a", [{"name": "s", "key": "k", "optional": True}]),
    ),
    "spec.template.spec.containers.0.env.2.valueFrom.secretKeyRef.name": (("sx",), (7, True)),
    "spec.template.spec.containers.0.env.2.valueFrom.secretKeyRef.key": (("kx",), (7, True)),
    "spec.template.spec.containers.0.env.2.valueFrom.secretKeyRef.optional": ((), ("true", 1)),
    "spec.template.spec.containers.0.envFrom": ((), ("a", {"a": "b"})),
    "spec.template.spec.containers.0.envFrom.0": ((), ("a", [{"configMapRef": {"name": "web"}}])),
    "spec.template.spec.containers.0.envFrom.0.configMapRef": ((), ("a", [{"name": "web"}])),
    "spec.template.spec.containers.0.envFrom.0.configMapRef.name": (("webx",), (7, True)),
    "spec.template.spec.containers.0.ports": ((), ("a", {"a": "b"})),
    "spec.template.spec.containers.0.ports.0": ((), ("a", 7)),
    "spec.template.spec.containers.0.ports.0.name": (("httpx",), (7, True)),
    "spec.template.spec.containers.0.ports.0.containerPort": ((), ("8080", -1)),
    "spec.template.spec.containers.0.ports.0.protocol": (("TCP",), (7, True)),
    "spec.template.spec.containers.0.ports.0.hostPort": ((0,), ("8080", -1)),
    "spec.template.spec.containers.0.resources": ((), ("a", 7)),
    "spec.template.spec.containers.0.resources.requests": ((), ("a", [{"cpu": "100m", "memory": "64Mi"}])),
    "spec.template.spec.containers.0.resources.requests.cpu": (("100m ",), (7, True)),
    "spec.template.spec.containers.0.resources.requests.memory": ((7,), (True, "64Mix")),
    "spec.template.spec.containers.0.resources.limits": ((), ("a", [{"cpu": "1", "memory": "128Mi"}])),
    "spec.template.spec.containers.0.resources.limits.cpu": ((7,), (True, "1x")),
    "spec.template.spec.containers.0.resources.limits.memory": (("128Mi ",), (7, True)),
    "spec.template.spec.containers.0.readinessProbe": ((), ("a", 7)),
    "spec.template.spec.containers.0.readinessProbe.periodSeconds": ((0,), ("5", -1)),
    "spec.template.spec.containers.0.readinessProbe.failureThreshold": ((0,), ("3", -1)),
    "spec.template.spec.containers.0.readinessProbe.successThreshold": ((0,), ("1", -1)),
    "spec.template.spec.containers.0.readinessProbe.timeoutSeconds": ((0,), ("1", -1)),
    "spec.template.spec.containers.0.readinessProbe.initialDelaySeconds": ((0,), ("2", -1)),
    "spec.template.spec.containers.0.readinessProbe.httpGet": ((), ("a", 7)),
    "spec.template.spec.containers.0.readinessProbe.httpGet.path": (("/healthzx",), (7, True)),
    "spec.template.spec.containers.0.readinessProbe.httpGet.port": ((7,), (True, "HTTP")),
    "spec.template.spec.containers.0.readinessProbe.httpGet.scheme": (("HTTP",), (7, True)),
    "spec.template.spec.containers.0.readinessProbe.httpGet.httpHeaders": (
        ([{"name": "X", "value": "y"}, {"name": "X", "value": "y"}],),
        ("a", {"a": "b"}),
    ),
    "spec.template.spec.containers.0.readinessProbe.httpGet.httpHeaders.0": ((), ("a", [{"name": "X", "value": "y"}])),
    "spec.template.spec.containers.0.readinessProbe.httpGet.httpHeaders.0.name": (("Xx",), (7, True)),
    "spec.template.spec.containers.0.readinessProbe.httpGet.httpHeaders.0.value": (("yx",), (7, True)),
    "spec.template.spec.containers.0.livenessProbe": ((), ("a", 7)),
    "spec.template.spec.containers.0.livenessProbe.successThreshold": ((0,), ("1", -1)),
    "spec.template.spec.containers.0.livenessProbe.tcpSocket": ((), ("a", [{"port": 8080}])),
    "spec.template.spec.containers.0.livenessProbe.tcpSocket.port": ((), ("8080", -1)),
    "spec.template.spec.containers.0.startupProbe": ((), ("a", 7)),
    "spec.template.spec.containers.0.startupProbe.successThreshold": ((0,), ("1", -1)),
    "spec.template.spec.containers.0.startupProbe.exec": ((), ("a", [{"command": ["true"]}])),
    "spec.template.spec.containers.0.startupProbe.exec.command": ((["true", "true"],), ("a", {"a": "b"})),
    "spec.template.spec.containers.0.startupProbe.exec.command.0": (("truex",), (7, True)),
    "spec.template.spec.containers.0.lifecycle": ((), ("a", [{"preStop": {"exec": {"command": ["sleep", "5"]}}}])),
    "spec.template.spec.containers.0.lifecycle.preStop": ((), ("a", [{"exec": {"command": ["sleep", "5"]}}])),
    "spec.template.spec.containers.0.lifecycle.preStop.exec": ((), ("a", [{"command": ["sleep", "5"]}])),
    "spec.template.spec.containers.0.lifecycle.preStop.exec.command": (
        (["sleep", "5", "sleep", "5"],),
        ("a", {"a": "b"}),
    ),
    "spec.template.spec.containers.0.lifecycle.preStop.exec.command.0": (("sleepx",), (7, True)),
    "spec.template.spec.containers.0.lifecycle.preStop.exec.command.1": (("5x",), (7, True)),
    "spec.template.spec.containers.0.volumeMounts": ((), ("a", {"a": "b"})),
    "spec.template.spec.containers.0.volumeMounts.0": ((), ("a", 7)),
    "spec.template.spec.containers.0.volumeMounts.0.name": ((), (7, True)),
    "spec.template.spec.containers.0.volumeMounts.0.mountPath": (("/etc/webx",), (7, True)),
    "spec.template.spec.containers.0.volumeMounts.0.readOnly": ((), ("true", 1)),
    "spec.template.spec.containers.0.volumeMounts.0.subPath": (("ax",), (7, True)),
    "spec.template.spec.containers.0.securityContext": ((), ("a", 7)),
    "spec.template.spec.containers.0.securityContext.allowPrivilegeEscalation": ((), ("false", 1)),
    "spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem": ((), ("true", 1)),
    "spec.template.spec.containers.0.securityContext.runAsNonRoot": ((), ("true", 1)),
    "spec.template.spec.containers.0.securityContext.runAsUser": ((0,), ("1000", -1)),
    "spec.template.spec.containers.0.securityContext.privileged": ((), ("false", 1)),
    "spec.template.spec.containers.0.securityContext.capabilities": (
        (),
        ("a", [{"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}]),
    ),
    "spec.template.spec.containers.0.securityContext.capabilities.drop": ((["ALL", "ALL"],), ("a", {"a": "b"})),
    "spec.template.spec.containers.0.securityContext.capabilities.drop.0": (("ALLx",), (7, True)),
    "spec.template.spec.containers.0.securityContext.capabilities.add": (
        (["NET_BIND_SERVICE", "NET_BIND_SERVICE"],),
        ("a", {"a": "b"}),
    ),
    "spec.template.spec.containers.0.securityContext.capabilities.add.0": (("NET_BIND_SERVICEx",), (7, True)),
    "spec.template.spec.containers.1": ((), ("a", 7)),
    "spec.template.spec.containers.1.livenessProbe.grpc": ((), ("a", [{"port": 9090}])),
    "spec.template.spec.containers.1.livenessProbe.grpc.port": ((), ("9090", -1)),
    "spec.template.spec.volumes": ((), ("a", {"a": "b"})),
    "spec.template.spec.volumes.0": ((), ("a", 7)),
    "spec.template.spec.volumes.0.name": ((), (7, True)),
    "spec.template.spec.volumes.0.configMap": ((), ("a", 7)),
    "spec.template.spec.volumes.0.configMap.name": (("webx",), (7, True)),
    "spec.template.spec.volumes.0.configMap.defaultMode": ((0,), ("420", -1)),
    "spec.template.spec.volumes.1": ((), ("a", [{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}])),
    "spec.template.spec.volumes.1.name": (("tmpx",), (7, True)),
    "spec.template.spec.volumes.1.emptyDir": ((), ("a", [{"sizeLimit": "1Gi"}])),
    "spec.template.spec.volumes.1.emptyDir.sizeLimit": ((7,), (True, "1Gix")),
    "spec.template.spec.volumes.2": ((), ("a", [{"name": "sec", "secret": {"secretName": "s"}}])),
    "spec.template.spec.volumes.2.name": (("secx",), (7, True)),
    "spec.template.spec.volumes.2.secret": ((), ("a", [{"secretName": "s"}])),
    "spec.template.spec.volumes.2.secret.secretName": (("sx",), (7, True)),
    "spec.template.spec.volumes.3": ((), ("a", 7)),
    "spec.template.spec.volumes.3.name": (("pvcx",), (7, True)),
    "spec.template.spec.volumes.3.persistentVolumeClaim": ((), ("a", [{"claimName": "c"}])),
    "spec.template.spec.volumes.3.persistentVolumeClaim.claimName": (("cx",), (7, True)),
}
"""By field: values that are taken, and values that are refused."""


def with_value(path: str, value: object) -> dict[str, Any]:
    """The Deployment with *value* at *path*, whose steps are keys and indexes."""
    found = copy.deepcopy(dict(DEPLOYMENT))
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    at: Any = found
    for step in steps:
        at = at[step]
    at[last] = value
    return found


def cases() -> Iterator[tuple[str, object, bool]]:
    """Each path with each value, and whether it is taken."""
    for path, (taken, refused) in VALUES.items():
        yield from ((path, value, True) for value in taken)
        yield from ((path, value, False) for value in refused)
