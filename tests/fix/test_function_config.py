"""What a functionConfig asks for."""

import pytest

from kubectl_akslb.errors import AkslbError
from kubectl_akslb.fix.function_config import FunctionConfig, settings_of
from kubectl_akslb.lint.annotation_policy import Policy
from kubectl_akslb.path.choice import PATH, TCP


def config(data: object, kind: str = "ConfigMap") -> dict[str, object]:
    return {"apiVersion": "v1", "kind": kind, "data": data}


POLICY = {
    "apiVersion": "akslb.dev/v1alpha1",
    "kind": "AnnotationPolicy",
    "metadata": {"name": "a"},
    "spec": {"unknown": "leave"},
}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, FunctionConfig()),
        (config({}), FunctionConfig("fix", "never")),
        (config(None), FunctionConfig("fix", "never")),
        (config({"mode": "lint"}), FunctionConfig("lint", "error")),
        (config({"mode": "lint", "fail-on": "never"}), FunctionConfig("lint", "never")),
        (config({"fail-on": "warning"}), FunctionConfig("fix", "warning")),
        (config({"known": "tcp"}), FunctionConfig(policy=Policy(known=TCP, unknown=TCP, name="the functionConfig"))),
        (
            config({"unknown": "leave"}),
            FunctionConfig(policy=Policy(known=PATH, unknown="leave", name="the functionConfig")),
        ),
        (
            config({"select": "open-*,\nno-node-ports ", "ignore": "open-to-the-internet"}),
            FunctionConfig(select=("open-*", "no-node-ports"), ignore=("open-to-the-internet",)),
        ),
        (
            config({"provider-version": "1.30.4", "probe-mode": "Shared"}),
            FunctionConfig(cluster={"provider-version": "1.30.4", "probe-mode": "Shared"}),
        ),
    ],
)
def test_what_it_asks_for(given: object, expected: FunctionConfig) -> None:
    assert expected == settings_of(given)


def test_a_policy_is_read_without_what_a_runner_adds() -> None:
    policy = settings_of(POLICY).policy
    assert policy is not None
    assert "leave" == policy.unknown


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        ([1], "the functionConfig is of kind None", "kind: AnnotationPolicy"),
        ({"kind": "Policy"}, "the functionConfig is of kind 'Policy'", "kind: ConfigMap"),
        (config("x"), "data of the functionConfig is no mapping", "Write keys such as mode,"),
        (config({"modd": "fix"}), "data of the functionConfig has no key 'modd'", "Did you mean mode?"),
        (config({"xyz": "fix"}), "data of the functionConfig has no key 'xyz'", "Write one of: mode,"),
        (config({"mode": True}), "data.mode of the functionConfig must be a string", "quotes"),
        (config({"fail-on": "all"}), "data.fail-on of the functionConfig is 'all'", "error, warning, info, never."),
        (config({"ignore": "no-node-ports,nothing"}), "there is no rule 'nothing'", ""),
        (
            {**POLICY, "spec": {"unknwn": "tcp"}},
            "the functionConfig: spec has no field 'unknwn'",
            "Did you mean unknown?",
        ),
    ],
)
def test_what_is_not_understood(given: object, message: str, hint: str) -> None:
    with pytest.raises(AkslbError) as caught:
        settings_of(given)
    assert message == caught.value.message
    assert hint in caught.value.hint
