"""Rules that ask a hop of the path and add nothing of their own: a row for the causes that each is about."""

from functools import partial

from kubectl_akslb.lint.asked import clients_found, pods_found, probes_found, target_ports_found
from kubectl_akslb.lint.diagnostic import ERROR, INFO, SAFE, WARNING, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.cause import Cause
from kubectl_akslb.path.hop import Outcome

_NOT_PROVEN = frozenset({Cause.READINESS_ASKS_THE_SAME, Cause.MAY_SPEAK_OTHERWISE})
_INGRESS = frozenset({Cause.INGRESS_CAPTURES_PROBE})
_SETTING = frozenset({Cause.SETTING_STOPS_PROBE, Cause.SETTING_MAY_STOP_PROBE})
_NOT_DECLARED = frozenset({Cause.PORT_NOT_DECLARED})
_NEVER = frozenset({
    Cause.WORKLOAD_REFUSED, Cause.NEVER_STARTS, Cause.NEVER_READY, Cause.PODS_OUTSIDE_POOL, Cause.LISTENS_ELSEWHERE,
    Cause.BOUND_TO_LOOPBACK, Cause.OPENED_WHEN_TOLD, Cause.RUNS_NO_SERVER, Cause.IMAGE_NOT_PULLED, Cause.ROLLOUT_PAUSED,
    Cause.WANTS_PROXY_PROTOCOL,
})  # fmt: skip
_NO_CLIENT = frozenset({Cause.NO_SECURITY_RULE, Cause.PRIVATE_TO_PUBLIC})
_NOT_THERE = frozenset({Cause.NO_SUCH_PORT_NAME, Cause.NO_SUCH_PORT_NAME_IN_SOME})

RULES = (
    Rule(
        "http-probe-not-proven", "Http probe of a readiness path, which is no proof of 200",
        Group.PROBES, INFO, RuleEffect.STOPS, check=partial(probes_found, causes=_NOT_PROVEN, chosen=True),
    ),
    Rule(
        "ingress-captures-probe-path", "Ingress that captures the probe path of ingress-nginx",
        Group.PROBES, WARNING, RuleEffect.STOPS, SAFE, partial(probes_found, causes=_INGRESS), probes_of="Service",
    ),
    Rule(
        "nginx-setting-blocks-probe", "Setting of ingress-nginx that keeps its probe from passing",
        Group.PROBES, WARNING, RuleEffect.STOPS, SAFE, partial(probes_found, causes=_SETTING), probes_of="Service",
    ),
    Rule(
        "pods-never-serve", "Pods that never start, never get ready, or listen elsewhere",
        Group.PODS, ERROR, RuleEffect.STOPS, check=partial(pods_found, causes=_NEVER, outcome=Outcome.DROP),
    ),
    Rule(
        "pods-may-not-serve", "Pods that may not start, or may not listen on the port",
        Group.PODS, WARNING, RuleEffect.STOPS, check=partial(pods_found, causes=_NEVER, outcome=Outcome.DEPENDS),
    ),
    Rule(
        "ranges-hold-no-client", "Ranges and service tags that hold no client of the address",
        Group.ACCESS, WARNING, RuleEffect.STOPS, check=partial(clients_found, causes=_NO_CLIENT),
    ),
    Rule(
        "target-port-not-declared", "Target port that the pods do not declare",
        Group.PODS, WARNING, RuleEffect.STOPS, check=partial(target_ports_found, causes=_NOT_DECLARED),
    ),
    Rule(
        "target-port-not-in-pods", "Target port that the pods do not have",
        Group.PODS, ERROR, RuleEffect.STOPS, check=partial(target_ports_found, causes=_NOT_THERE),
    ),
)  # fmt: skip
