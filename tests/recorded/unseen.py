"""Behaviours that the recordings cannot show, each with the reason."""

_NO_1_23_0 = "needs 1.23.0 or 1.23.2: no release of the old probe code is recorded"
_NO_1_23_11 = "needs 1.23.11 or 1.24.0: no earlier release than 1.23.30 and 1.24.4 is recorded"

#: Nothing changes in the recorded answers if the releases that have the row lose it.
LOST_UNNOTICED: dict[str, str] = {
    "app-protocol-probe": "a sentence of explanations; what decides is probe-tcp-unless-path",
    "ipv6-suffix-everywhere": "needs 1.27.0 or 1.27.1, which are not recorded",
}

#: Nothing changes in the recorded answers if the releases that lack the row get it.
EARLY_UNNOTICED: dict[str, str] = {
    "app-protocol-probe": "a sentence of explanations; what decides is probe-tcp-unless-path",
    "conflict-event": "it came with access-control, and only where that holds is it asked for",
    "probe-code-of-1.23.4": _NO_1_23_0,
    "kept-private-address": _NO_1_23_0,
    "probe-protocol-fallback": _NO_1_23_0,
    "frontend-name-ending": _NO_1_23_0,
    "probe-path-root": _NO_1_23_0,
    "internal-ipv6-node-port": _NO_1_23_11,
    "private-link-service": _NO_1_23_11,
    "private-link-without-floating-ip": _NO_1_23_11,
    "public-ip-prefix": _NO_1_23_11,
    "disable-floating-ip": _NO_1_23_11,
    "public-ip-tagged-first": _NO_1_23_11,
}
