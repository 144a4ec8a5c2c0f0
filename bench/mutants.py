"""Does a test fail for each small change of the source? Changes are made in a copy of what is committed.

    python bench/mutants.py [--minutes 30] [MODULE=TESTS ...]

Without modules: all of derive/, path/ and fix/, each against the tests of its folder. It prints for each how many of
the changes that were tried a test noticed, and each one that none did.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parents[1]
FOLDERS = {"kubectl_akslb/derive": "tests/derive", "kubectl_akslb/path": "tests/path", "kubectl_akslb/fix": "tests/fix"}
CONFIG = """
[cosmic-ray]
module-path = "{module}"
timeout = 120.0
excluded-modules = []
test-command = "{python} -m pytest -q -x -p no:cacheprovider -m 'not e2e' {tests}"
[cosmic-ray.distributor]
name = "local"
"""


def modules() -> Iterator[tuple[str, str]]:
    """All modules with the tests that ought to notice a change."""
    for folder, tests in FOLDERS.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.name != "__init__.py":
                yield str(path.relative_to(ROOT)), tests


def cosmic_ray(*arguments: str, folder: Path, seconds: float | None = None) -> str:
    """Run the tool in the copy; what is not tried when the time is over stays pending."""
    command = (sys.executable, "-m", "cosmic_ray.cli", *arguments)
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=True).stdout
    except subprocess.TimeoutExpired:
        return ""


def tried(folder: Path, module: str, tests: str, seconds: float) -> tuple[int, list[str]]:
    """How many changes of a module were tried, and where those are that no test noticed."""
    (folder / "mutants.toml").write_text(CONFIG.format(module=module, tests=tests, python=sys.executable))
    cosmic_ray("init", "mutants.toml", "mutants.sqlite", "--force", folder=folder)
    before = (folder / module).read_bytes()
    cosmic_ray("exec", "mutants.toml", "mutants.sqlite", folder=folder, seconds=seconds)
    (folder / module).write_bytes(before)
    lines = cosmic_ray("dump", "mutants.sqlite", folder=folder).splitlines()
    found = [(item, result) for item, result in map(json.loads, lines) if result is not None]
    alive = [item["mutations"][0] for item, result in found if result["test_outcome"] == "survived"]
    return len(found), [f"{module}:{one['start_pos'][0]} {one['operator_name'].partition('/')[2]}" for one in alive]


def main() -> None:
    """Try the modules that were named, each for its share of the time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("modules", nargs="*", metavar="MODULE=TESTS")
    parser.add_argument("--minutes", type=float, default=600)
    given = parser.parse_args()
    left = [tuple(one.split("=")) for one in given.modules] or list(modules())
    end = monotonic() + 60 * given.minutes
    with tempfile.TemporaryDirectory() as copy:
        archive = subprocess.run(("git", "archive", "HEAD"), cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(("tar", "-x", "-C", copy), input=archive, check=True)
        while left:
            module, tests = left.pop(0)
            count, alive = tried(Path(copy), module, tests, (end - monotonic()) / (len(left) + 1))
            print(f"{module}: {count - len(alive)} of {count} noticed", *alive, sep="\n  ", flush=True)


if __name__ == "__main__":
    main()
