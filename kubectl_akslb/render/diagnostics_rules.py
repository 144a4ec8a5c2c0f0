"""The rules as a reference: a table and pages for the terminal, and the same as Markdown for the documentation."""

import re

from kubectl_akslb.errors import AkslbError, did_you_mean
from kubectl_akslb.lint.diagnostic import ERROR, INFO, WARNING
from kubectl_akslb.lint.registry import ALL_RULES, by_group
from kubectl_akslb.lint.rule import Rule
from kubectl_akslb.render.terminal import Terminal, wrap

_COLOURS = {ERROR: "red", WARNING: "yellow", INFO: "cyan"}
_FENCE = "```"
_CODE = re.compile(r"`([^`]*)`")
_FIXES = {"": "", "safe": "safe fix", "unsafe": "unsafe fix"}
_FIX_WIDTH = max(map(len, _FIXES.values()))


def rule_table(terminal: Terminal) -> str:
    """All rules by what they are about; where there is room, one line each."""
    lines: list[str] = []
    widest = max(len(rule.id) for rule in ALL_RULES)
    for title, rules in by_group():
        lines += ["", terminal.paint(title, "bold")] if lines else [terminal.paint(title, "bold")]
        for rule in rules:
            head = f"  {rule.id.ljust(widest)}  {_severity(rule, terminal)}  {_FIXES[rule.fix].ljust(_FIX_WIDTH)}  "
            text = plain(rule.title)
            if 2 + widest + 2 + len(WARNING) + 2 + _FIX_WIDTH + 2 + len(text) <= terminal.width:
                lines.append(head + text)
            else:
                lines += [head.rstrip(), *(f"      {line}" for line in wrap(text, terminal.width - 6))]
    return "\n".join(lines) + "\n"


def _severity(rule: Rule, terminal: Terminal) -> str:
    return terminal.paint(rule.severity, _COLOURS[rule.severity]) + " " * (len(WARNING) - len(rule.severity))


def rule_page(rule: Rule, terminal: Terminal) -> str:
    """A rule's page."""
    head = f"{terminal.paint(rule.id, 'bold')}  {terminal.paint(rule.severity, _COLOURS[rule.severity])}"
    lines = [head + (f"  {_FIXES[rule.fix]}" if rule.fix else ""), *wrap(plain(rule.title), terminal.width), ""]
    for block in blocks(rule.page):
        if block.startswith(_FENCE):
            lines += [f"    {line}" for line in block.split("\n")[1:-1]]
        elif block.startswith("## "):
            lines.append(terminal.paint(block[3:], "bold"))
            continue
        else:
            lines += [f"  {line}" for line in wrap(plain(block.replace("\n", " ")), terminal.width - 2)]
        lines.append("")
    return "\n".join(lines)


def rule_named(name: str) -> Rule:
    """The rule of that id; AkslbError with the nearest one where there is none."""
    found = next((rule for rule in ALL_RULES if rule.id == name), None)
    if found is None:
        hint = did_you_mean(name, [rule.id for rule in ALL_RULES]) or "kubectl akslb rules lists all"
        raise AkslbError(f"there is no rule {name!r}", hint=hint)
    return found


def blocks(page: str) -> list[str]:
    """A page's headings, paragraphs and fenced examples."""
    found: list[str] = []
    inside = False
    for line in page.strip().split("\n"):
        if inside:
            found[-1] += "\n" + line
            inside = not line.startswith(_FENCE)
        elif line.startswith((_FENCE, "## ")) or not found or not found[-1] or found[-1].startswith("## "):
            found.append(line)
            inside = line.startswith(_FENCE)
        elif not line:
            found.append("")
        else:
            found[-1] += "\n" + line
    return [block for block in found if block]


def plain(text: str) -> str:
    """Text without Markdown's marks for code and emphasis."""
    return _CODE.sub(r"\1", text).replace("**", "").replace("*", "")


def markdown_pages(mark: str) -> dict[str, str]:
    """The pages of the documentation by file name, with *mark* as their first line."""
    pages = {"README.md": _index(mark)}
    for title, rules in by_group():
        for rule in rules:
            pages[f"{rule.id}.md"] = _page(rule, title, mark)
    return pages


def _index(mark: str) -> str:
    parts = [
        mark,
        "# Rules",
        "What `kubectl akslb lint` looks for. An *error* breaks traffic or is refused, a *warning* is probably not what"
        " was meant, an *info* is worth knowing. `kubectl akslb rules ID` prints a page in the terminal.",
        'To silence a rule on one Service, say why: `akslb.dev/ignore: "open-to-the-internet: this is our web site"`.',
    ]
    for title, rules in by_group():
        rows = ["| Rule | Severity | Fix | What |", "| --- | --- | --- | --- |"]
        rows += [f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {rule.fix} | {rule.title} |" for rule in rules]
        parts += [f"## {title}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def _page(rule: Rule, group: str, mark: str) -> str:
    fix = f", with {'a safe' if rule.fix == 'safe' else 'an unsafe'} fix" if rule.fix else ""
    anchor = group.lower().replace(" ", "-")
    head = f"*{rule.title}.* [{group}](README.md#{anchor}); {rule.severity}{fix}."
    return "\n\n".join([mark, f"# {rule.id}", head, rule.page.strip()]) + "\n"
