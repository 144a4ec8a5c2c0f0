"""Nothing but ``Command`` writes a command with a value in it: the tree is read for text that looks like one."""

import ast
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "kubectl_akslb"
#: Of its own: it makes the text of a command of its arguments.
MAKER = PACKAGE / "model" / "command.py"
PROGRAMS = (
    "kubectl",
    "az",
    "helm",
    "curl",
    "nc",
    "dig",
    "kubelogin",
    "krew",
    "pip",
    "pipx",
    "uv",
    "chmod",
    "rm",
    "ln",
    "bash",
    "sh",
)
_STARTS = re.compile(rf"(?:^|[\s'\"`(&|;:])(?:{'|'.join(PROGRAMS)}) (?:[a-z-]+(?=[\s:=]|$)|$)")
#: Sentences that begin as a command does, and are none.
SENTENCES = frozenset({
    "kubectl kustomize ",
    "none of the … clusters that az aks list shows has its nodes in ",
    "az failed",
    "… has its nodes in …, but kubectl talks to a cluster that has them in ",
    "kubectl ",
})  # fmt: skip
TEXT_METHODS = frozenset({"format", "replace", "join"})
#: Functions that quote a word for the shell that it is written for.
QUOTING = frozenset({"quoted", "_quoted"})


def written(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Texts in which a value stands behind the beginning of a command: the line, and the text in front of the value."""
    nodes = list(ast.walk(tree))
    quoted = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign) and _is_safe(node.value, frozenset())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in nodes:
        for text, value in _values(node):
            if _STARTS.search(text) and not text.endswith(": ") and not _is_safe(value, quoted):
                yield value.lineno, text


def _values(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The values in a text, each with what stands in front of it."""
    text = ""
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield text, part.value
            text += str(part.value) if isinstance(part, ast.Constant) else "…"
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
        yield _text(node.left), node.right
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TEXT_METHODS:
        yield from ((_text(node.func.value), one) for one in node.args)


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_safe(value: ast.expr, quoted: AbstractSet[str]) -> bool:
    """A constant of the module, a word that is quoted, or a number of things."""
    if isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id in quoted):
        return True
    if isinstance(value, ast.Call):
        name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        return name in QUOTING or name == "len"
    name = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
    return name.isupper()


def test_no_command_is_put_together_as_text() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {text}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != MAKER
        for line, text in written(ast.parse(path.read_text()))
        if text not in SENTENCES
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        'f"kubectl get svc {name}"', 'f"see: az network lb show -n {name}"', '"kubectl get svc " + name', '"kubectl get %s" % name',
        '"kubectl get {}".format(name)', 'f"{a} && helm plugin install {b}"', 'f"az {words}"',
    ],
)  # fmt: skip
def test_it_is_found(code: str) -> None:
    assert list(written(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        'f"helm plugin uninstall {PLUGIN}"', 'f"{count} nodes: kubectl get nodes"', 'f"chmod +x {shell.quoted(file)}"', 'f"kubectl: {said}"',
        '"kubectl get nodes"', 'f"see what it says: {command(words)}"',
    ],
)  # fmt: skip
def test_what_has_no_value_in_it_is_not(code: str) -> None:
    assert not list(written(ast.parse(code)))


# What makes a Command: each function, and why none of its words can be taken for an option

MAKERS = frozenset({"command", "kubectl", "on_object", "Command"})
CONSTANT = "nothing in it is from outside"
CHECKED = "on_object and name_fault give no command for a name that no cluster has"
OURS = "a command that this program has run, whose words it made itself"
PRODUCERS = {
    "cli/diff.py:diff": "behind --, and of the words of the command line itself",
    "cluster/az.py:_help": OURS,
    "cluster/az_standing.py:_answers": "the words of a fixed list; what the nodes name stands behind a flag and is left out",
    "cluster/kubectl.py:objects": OURS,
    "cluster/kubectl_errors.py:help_for": OURS,
    "cluster/pod_run.py:remove": "names that verify has made, and a namespace that is_label has let through",
    "cluster/rbac.py:_grant_to_verify": "values stand behind a flag",
    "cluster/rbac.py:grant": "names begin with akslb-, and are checked; all else stands behind a flag",
    "cluster/suggestions.py:near_services": "the value of -n",
    "derive/outbound/outbound.py:<module>": CONSTANT,
    "derive/outbound/snat_plan.py:command_for": "values stand behind a flag",
    "path/accepted.py:_expected": "the value of --namespace",
    "path/gateway_listeners.py:closed_hop": CONSTANT,
    "path/client.py:_pod": "the value of --namespace",
    "path/egress.py:egress_hop": "the value of --namespace",
    "path/confirm.py:confirm_command": "words of the table of events; names are checked, and a group is one word behind -g",
    "path/confirm.py:_of_service": "a name behind svc/ and a namespace that a cluster can have",
    "path/pod.py:_asking": "an address and a number, behind --",
    "path/pod.py:_forward": "behind service/",
    "path/pod.py:_no_endpoints": "behind a flag",
    "path/pod.py:_pods": "behind a flag",
    "path/policy.py:_show": CHECKED,
    "path/policy.py:policy_hop": "behind a flag",
    "path/policy_remedy.py:_added": "on_object, and JSON behind a flag",
    "path/pool.py:_of_family": CONSTANT,
    "path/reconciled.py:_describe": CHECKED,
    "path/reconciled.py:_pending": CHECKED,
    "path/remedy_command.py:_internal": CHECKED,
    "path/remedy_command.py:_kube_proxy_anew": "behind a flag",
    "path/remedy_command.py:_patched": "on_object, and JSON behind a flag",
    "path/remedy_command.py:_started": "behind a flag, and of the form that Azure gives it",
    "path/remedy_command.py:_touched": CHECKED,
    "path/remedy_command.py:_with_rules": "on_object, and keys of a form that holds nothing but a number",
    "path/remedy_command.py:made": "the name of a node that is_subdomain has let through",
    "path/security_group.py:<module>": CONSTANT,
    "path/security_group.py:_tag": CONSTANT,
    "path/security_rules.py:<module>": CONSTANT,
    "path/security_rules.py:_settles": CONSTANT,
    "path/trace.py:<module>": CONSTANT,
    "path/settle.py:_instance": "behind a flag, and of the form that Azure gives it",
    "path/settle.py:_usages": "behind a flag",
    "path/in_azure.py:shown": "behind a flag",
    "path/rules_in_azure.py:_created": "behind a flag; the ports are numbers",
    "path/rules_in_azure.py:_listed": "behind a flag",
    "path/settle.py:_about_node": "behind node/",
    "path/settle.py:_labels": CONSTANT,
    "path/settle.py:_links": "behind flags",
    "path/settle.py:show": CONSTANT,
    "path/settle.py:_mode": CONSTANT,
    "path/settle.py:_on_nodes": "behind a flag",
    "path/settle.py:_pools": CONSTANT,
    "path/settle.py:_provider_ids": CONSTANT,
    "path/settle.py:_proxies": CONSTANT,
    "path/settle.py:made": "behind a flag",
    "path/settle.py:_daemon_sets": CONSTANT,
    "path/settle.py:_sidecars": CONSTANT,
    "path/settle.py:_slices": "behind a flag",
    "path/settle.py:_status": CHECKED,
    "path/trace_outbound.py:<module>": CONSTANT,
    "path/trace_outbound.py:trace_outbound": "a host that parse_target has checked: it begins with a letter, a digit or _",
    "path/routes.py:<module>": CONSTANT,
    "pipeline.py:_assumed": "behind a flag",
    "render/capacity.py:<module>": CONSTANT,
    "render/drift_removal.py:_of_security_rule": "an id behind a flag; all else are addresses",
    "render/drift_removal.py:removal": "an id or a name behind a flag",
    "render/drift_words.py:touch": "on_object, and a constant that is the output of date",
    "render/reach.py:<module>": CONSTANT,
    "render/patches.py:commands": "behind its kind, and name_fault gives no command for a name that no cluster has",
    "render/plan_words.py:<module>": CONSTANT,
    "render/plan_words.py:command": "on_object, with keys of annotations that a cluster has taken",
    "render/verdict.py:applied_by": "a path that does not begin with a dash or stands behind a flag; on_object",
    "cluster/producers.py:_not_read": "kinds and groups of the table",
    "render/verdict.py:_patch": "a kind of the table; on_object; JSON behind a flag",
    "render/verdict.py:lint_command": "a path that does not begin with a dash or stands behind a flag; a name behind svc/",
}


def makers(tree: ast.AST, function: str = "<module>") -> Iterator[str]:
    """The functions in which a ``Command`` is made."""
    for node in ast.iter_child_nodes(tree):
        inner = node.name if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else function
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS:
            yield function
        yield from makers(node, inner)


def test_every_maker_of_commands_is_known() -> None:
    found = {
        f"{path.relative_to(PACKAGE).as_posix()}:{function}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != MAKER and "model.command import" in path.read_text()
        for function in makers(ast.parse(path.read_text()))
    }
    assert found == set(PRODUCERS), "look at its words as somebody who chooses the names, then add it"
