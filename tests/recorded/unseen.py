"""Behaviours that the recordings cannot show, each with the reason."""

_NO_1_23_8 = "needs 1.23.4 to 1.23.8, which are not recorded: it changed the probe code of those"

_NO_FAMILIES = "needs a frontend from before dual stack: the recorded upgrade from 1.26.22 to 1.27.11 shows it"

#: Nothing changes in the recorded answers if the releases that have the row lose it.
LOST_UNNOTICED: dict[str, str] = {
    "app-protocol-probe": "a sentence of explanations; what decides is probe-tcp-unless-path",
    "family-of-empty-families": _NO_FAMILIES,
    "ipv6-suffix-everywhere": "needs 1.27.0 or 1.27.1, which are not recorded",
}

#: Nothing changes in the recorded answers if the releases that lack the row get it.
EARLY_UNNOTICED: dict[str, str] = {
    "app-protocol-probe": "a sentence of explanations; what decides is probe-tcp-unless-path",
    "family-of-empty-families": _NO_FAMILIES,
    "conflict-event": "it came with access-control, and only where that holds is it asked for",
    "probe-protocol-fallback": _NO_1_23_8,
    "probe-path-root": _NO_1_23_8,
}
