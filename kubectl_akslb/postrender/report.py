"""What a run tells people: errors and warnings, a report in JSON, a difference, and the error document for Helm 4."""

from collections.abc import Sequence

from kubectl_akslb.edge.escape import clean
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.count import counted
from kubectl_akslb.postrender.render import ChangedAnnotation, Notice, PostRendered

NAME = "kubectl-akslb post-render"


def error_text(errors: Sequence[Notice], *, strict: bool) -> str:
    """All errors, for a person."""
    count = counted(len(errors), "error")
    head = f"{NAME}: {count}, so nothing is passed on{' (warnings count, by --strict)' if strict else ''}\n"
    return head + "".join(finding_text(one) for one in errors)


def finding_text(finding: Notice) -> str:
    """One finding with its place, indented; the hint stands on a line of its own."""
    places = [finding.source] if finding.source else []
    places.append(f"line {finding.line} of the stream")
    where = f"{finding.target} ({', '.join(places)})" if finding.target else ", ".join(places)
    hint = f"    hint: {clean(finding.hint)}\n" if finding.hint else ""
    return f"  {clean(f'{where}: {finding.message}')}\n{hint}"


def report(done: PostRendered, cluster: Cluster | None, notices: Sequence[str]) -> str:
    """What was done and why, as JSON."""
    import json

    content = {
        "apiVersion": "akslb.dev/v1alpha1",
        "kind": "PostRenderReport",
        "providerVersion": str(cluster.provider_version) if cluster else None,
        "notices": list(notices),
        "changes": [_change(one) for one in done.changes] if not done.errors else [],
        "left": [one._asdict() for one in done.left],
        "warnings": [one._asdict() for one in done.warnings],
        "errors": [one._asdict() for one in done.errors],
    }
    return json.dumps(content, indent=2) + "\n"


def _change(one: ChangedAnnotation) -> "dict[str, object]":
    fields = one._asdict()
    del fields["because"]
    return {**fields, "reason": one.reason}


def difference(done: PostRendered) -> str:
    """A unified diff of the stream, with the line numbers of the stream."""
    from difflib import SequenceMatcher

    parts = ["--- input\n", "+++ output\n"] if done.edited else []
    added = 0
    for document, text in done.edited:
        old, new = document.text.splitlines(keepends=True), text.splitlines(keepends=True)
        first = document.line - 1
        for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes():
            (_, old_start, _, new_start, _), (_, _, old_end, _, new_end) = group[0], group[-1]
            before = f"-{first + old_start + 1},{old_end - old_start}"
            after = f"+{first + added + new_start + 1},{new_end - new_start}"
            parts.append(f"@@ {before} {after} @@\n")
            for tag, i1, i2, j1, j2 in group:
                if tag == "equal":
                    parts += [_line(" ", line) for line in old[i1:i2]]
                else:
                    parts += [_line("-", line) for line in old[i1:i2]] + [_line("+", line) for line in new[j1:j2]]
        added += len(new) - len(old)
    return "".join(parts)


def _line(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"
