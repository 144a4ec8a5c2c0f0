"""Rules that ask a hop of the path and add nothing of their own: a row for the causes that each is about."""

from functools import partial

from kubectl_akslb.lint.asked import probes_found, target_ports_found
from kubectl_akslb.lint.diagnostic import ERROR, INFO, SAFE, WARNING, RuleEffect
from kubectl_akslb.lint.rule import Group, Rule
from kubectl_akslb.path.cause import Cause

_NOT_PROVEN = frozenset({Cause.READINESS_ASKS_THE_SAME, Cause.MAY_SPEAK_OTHERWISE})
_INGRESS = frozenset({Cause.INGRESS_CAPTURES_PROBE})
_SETTING = frozenset({Cause.SETTING_STOPS_PROBE, Cause.SETTING_MAY_STOP_PROBE})
_NOT_DECLARED = frozenset({Cause.PORT_NOT_DECLARED})
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
        "target-port-not-declared", "Target port that the pods do not declare",
        Group.PODS, WARNING, RuleEffect.STOPS, check=partial(target_ports_found, causes=_NOT_DECLARED),
    ),
    Rule(
        "target-port-not-in-pods", "Target port that the pods do not have",
        Group.PODS, ERROR, RuleEffect.STOPS, check=partial(target_ports_found, causes=_NOT_THERE),
    ),
)  # fmt: skip
