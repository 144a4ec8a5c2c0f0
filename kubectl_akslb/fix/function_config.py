"""The functionConfig of a KRM function: an AnnotationPolicy, or a ConfigMap whose keys are named as the flags are."""

from collections.abc import Mapping

from kubectl_akslb.errors import AkslbError, did_you_mean
from kubectl_akslb.lint.annotation_policy import Policy
from kubectl_akslb.lint.diagnostic import ERROR, SEVERITIES
from kubectl_akslb.lint.engine import NEVER, check_id
from kubectl_akslb.lint.policy_file import load_policy
from kubectl_akslb.manifest.block import block_text
from kubectl_akslb.named_tuple import NamedTuple
from kubectl_akslb.path.choice import KNOWN_CHOICES, PATH, TCP, UNKNOWN_CHOICES

FIX, LINT = "fix", "lint"
POLICY = "AnnotationPolicy"
CONFIG_MAP = "ConfigMap"
NAME = "functionConfig"

_WORDS: Mapping[str, tuple[str, ...]] = {
    "mode": (FIX, LINT),
    "fail-on": (*SEVERITIES, NEVER),
    "known": KNOWN_CHOICES,
    "unknown": UNKNOWN_CHOICES,
}
_RULES = ("select", "ignore")
#: What a ConfigMap may say about the cluster.
_CLUSTER = ("provider-version", "kubernetes-version", "probe-mode")
KEYS = (*_WORDS, *_RULES, *_CLUSTER)


class FunctionConfig(NamedTuple):
    """What a functionConfig asks for.

    *mode* is FIX or LINT, *fail_on* the least severity of what is left that makes the function fail. *policy* is None
    where nothing is said. *cluster* are flags of the command line with their values.
    """

    mode: str = FIX
    fail_on: str = NEVER
    policy: Policy | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    cluster: Mapping[str, str] = {}


def settings_of(config: object) -> FunctionConfig:
    """What *config* says; AkslbError where it is of another kind, or says what is not understood."""
    if config is None:
        return FunctionConfig()
    kind = config.get("kind") if isinstance(config, dict) else None
    if isinstance(config, dict) and kind == POLICY:
        return FunctionConfig(policy=_policy(config))
    if isinstance(config, dict) and kind == CONFIG_MAP:
        return _of_data(config.get("data") or {})
    hint = f"Write kind: {POLICY} with apiVersion: akslb.dev/v1alpha1, or kind: {CONFIG_MAP} with apiVersion: v1."
    raise AkslbError(f"the {NAME} is of kind {kind!r}", hint=hint)


def _policy(config: Mapping[str, object]) -> Policy:
    """The policy, without the metadata that a function runner needs or adds."""
    content = {key: value for key, value in config.items() if key != "metadata"}
    try:
        return load_policy(block_text(content).encode(), NAME)
    except AkslbError as error:
        raise AkslbError(f"the {NAME}: {error.message}", hint=error.hint) from None


def _of_data(data: object) -> FunctionConfig:
    if not isinstance(data, dict):
        raise AkslbError(f"data of the {NAME} is no mapping", hint=f"Write keys such as {', '.join(KEYS)}.")
    for key, value in data.items():
        _check(str(key), value)
    mode = data.get("mode", FIX)
    known, unknown = data.get("known"), data.get("unknown")
    policy = Policy(known=known or PATH, unknown=unknown or TCP, name=f"the {NAME}") if known or unknown else None
    return FunctionConfig(
        mode,
        data.get("fail-on", ERROR if mode == LINT else NEVER),
        policy,
        _ids(data.get("select", "")),
        _ids(data.get("ignore", "")),
        {key: data[key] for key in _CLUSTER if key in data},
    )


def _check(key: str, value: object) -> None:
    if key not in KEYS:
        hint = did_you_mean(key, KEYS) or f"Write one of: {', '.join(KEYS)}."
        raise AkslbError(f"data of the {NAME} has no key {key!r}", hint=hint)
    if not isinstance(value, str):
        raise AkslbError(f"data.{key} of the {NAME} must be a string", hint="Put it in quotes.")
    words = _WORDS.get(key)
    if words and value not in words:
        raise AkslbError(f"data.{key} of the {NAME} is {value!r}", hint=f"Write one of: {', '.join(words)}.")
    for rule in _ids(value) if key in _RULES else ():
        check_id(rule)


def _ids(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip() for one in text.replace("\n", ",").split(","))))
