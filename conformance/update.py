"""What a new release of the provider changes: python -m conformance.update v1.37.0.

Builds and records the release, makes it the newest known one, also in the generated pages, compares it with the newest
recorded one before, and lists what our tables need. With --since two releases that are recorded already are compared
and nothing is recorded.
"""

import argparse
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from conformance import vectors
from conformance.cases import all_cases
from conformance.outcome import differences, field_of
from conformance.record import answers_of, built, merged, settled, tag
from conformance.vectors import Vector
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.model.version import ProviderVersion
from kubectl_akslb.provider.behaviours import BEHAVIOURS, behaviours_of
from kubectl_akslb.provider.version import NEWEST_PATCH
from tests.recorded.play import Answers

Json = dict[str, Any]

_EXAMPLES = 4
ROOT = Path(__file__).parents[1]
VERSIONS = ROOT / "kubectl_akslb" / "provider" / "version.py"


def bumped(text: str, version: str) -> str:
    """The table of known releases with *version* in it, where it is newer than those of its minor."""
    new = ProviderVersion.parse(version)
    if new.patch <= NEWEST_PATCH.get(new.minor, -1):
        return text
    known = {**NEWEST_PATCH, new.minor: new.patch}
    row = "    " + "".join(f"{minor}: {patch}, " for minor, patch in sorted(known.items())).rstrip()
    return re.sub(r"(NEWEST_PATCH = \{\n).*?(\n\}  # fmt: skip)", lambda m: m[1] + row + m[2], text, flags=re.DOTALL)


class Change(NamedTuple):
    """One way in which outcomes differ: the fields, what stood in one of them before and after, and the cases."""

    fields: tuple[str, ...]
    before: object
    after: object
    cases: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Record a release and report; 1 where our tables need work."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("version", help="the new release, such as v1.37.0")
    parser.add_argument("--since", default="", help="compare with this release; both are recorded already")
    parser.add_argument("--into", type=Path, default=vectors.FOLDER, help="the folder of the recordings")
    options = parser.parse_args(arguments)
    known = vectors.read(options.into)
    try:
        version = tag(options.version)
        since = tag(options.since) if options.since else _newest_before(known, version)
        if not options.since:
            cases = [case.as_json() for case in all_cases()]
            known = merged(known, version, cases, answers_of(built(version), version, cases))
            vectors.write(known.values(), options.into)
            if options.into == vectors.FOLDER:
                VERSIONS.write_text(bumped(VERSIONS.read_text(encoding="utf-8"), version), encoding="utf-8")
                # Pages show commands as they run, and name the newest release where none is given.
                subprocess.run([sys.executable, ROOT / "docs" / "generate.py"], stdout=sys.stderr, check=True)
        text, work = report(known, since, version)
    except AkslbError as error:
        print(f"error: {error.message}\nhint: {error.hint}", file=sys.stderr)
        return 1
    print(text)
    return 1 if work else 0


def _newest_before(known: Mapping[str, Vector], version: str) -> str:
    older = [one for one in vectors.versions_of(known) if ProviderVersion.parse(one) < ProviderVersion.parse(version)]
    if not older:
        message = f"no release before {version} is recorded"
        raise AkslbError(message, hint="record one first: make record VERSION=…")
    return older[-1]


def report(known: Mapping[str, Vector], since: str, version: str) -> tuple[str, bool]:
    """The report in Markdown, and whether our tables need work."""
    for one in (since, version):
        if one not in vectors.versions_of(known):
            raise AkslbError(f"{one} is not recorded", hint=f"make record VERSION={one}")
    changed = changes(known.values(), since, version)
    wrong = _ours(known.values(), version)
    needed = _needed(version, wrong)
    lines = [f"# cloud-provider-azure {version}, compared with {since}", ""]
    lines += [f"{len(known)} cases, {sum(len(change.cases) for change in changed)} with another outcome.", ""]
    lines += ["## What the provider does otherwise", "", *_listed(changed, "Nothing that a case shows.")]
    lines += ["## Where our derivation differs", "", *_listed(wrong, "Nowhere: it says what the new release does.")]
    lines += ["## What is to do", "", *(needed or ["Nothing."]), ""]
    return "\n".join(lines).rstrip(), bool(needed)


def changes(found: Iterable[Vector], since: str, version: str) -> list[Change]:
    """How the outcomes of two releases differ, the most frequent way first."""
    pairs = ((vector.id, vector.outcome_of(since), vector.outcome_of(version)) for vector in found)
    return _grouped((name, before, after) for name, before, after in pairs if before is not None and after is not None)


def _ours(found: Iterable[Vector], version: str) -> list[Change]:
    """Where our answers differ from the recorded ones: what the provider does, and what we say."""
    answers = []
    for vector in found:
        outcome = vector.outcome_of(version)
        if outcome is not None:
            answers.append((vector.id, outcome, settled(Answers(vector.case).answer(version), version)))
    return _grouped(answers)


def _grouped(pairs: Iterable[tuple[str, Json, Json]]) -> list[Change]:
    """Cases that differ in the same fields show the same behaviour, most likely."""
    groups: dict[tuple[str, ...], list[tuple[str, object, object]]] = defaultdict(list)
    for name, before, after in pairs:
        places = list(differences(before, after))
        if places:
            fields = tuple(sorted({field_of(path) for path, _, _ in places}))
            groups[fields].append((name, places[0][1], places[0][2]))
    found = [
        Change(fields, members[0][1], members[0][2], tuple(name for name, _, _ in members))
        for fields, members in groups.items()
    ]
    return sorted(found, key=lambda change: (-len(change.cases), change.fields))


def _listed(changed: Sequence[Change], nothing: str) -> list[str]:
    if not changed:
        return [nothing, ""]
    lines = []
    for change in changed:
        examples = ", ".join(change.cases[:_EXAMPLES])
        more = f" and {len(change.cases) - _EXAMPLES} more" if len(change.cases) > _EXAMPLES else ""
        lines += [f"- {', '.join(f'`{field}`' for field in change.fields)}: {examples}{more}"]
        lines += [f"  - `{_short(change.before)}` became `{_short(change.after)}`"]
    return [*lines, ""]


def _short(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 160 else f"{text[:160]}…"


def _needed(version: str, wrong: Sequence[Change]) -> list[str]:
    """What the tables lack for this release."""
    parsed = ProviderVersion.parse(version)
    known = NEWEST_PATCH.get(parsed.minor, -1)
    needed = []
    if parsed.patch > known:
        needed.append(
            f"- `kubectl_akslb/provider/version.py`: `NEWEST_PATCH[{parsed.minor}]` is {known if known >= 0 else 'not there'}, make it {parsed.patch}"
        )
    if wrong:
        rows = len(BEHAVIOURS)
        needed.append(
            f"- `kubectl_akslb/provider/behaviours.py`: a row, or another date, for each of the {len(wrong)} groups above"
            f" ({len(behaviours_of(parsed))} of {rows} behaviours hold in {version} as the table stands)"
        )
    return needed


if __name__ == "__main__":
    sys.exit(main())
