"""A JUnit report: suites of tests, each passed, or with what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal
from xml.etree import ElementTree as ET

from kubectl_akslb.edge.escape import xml as fit
from kubectl_akslb.named_tuple import NamedTuple

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Case(NamedTuple):
    """A test: *came* is what came of it, None where it has passed; *attributes* are more than its name."""

    name: str
    attributes: Mapping[str, str]
    came: Literal["failure", "error", "skipped"] | None = None
    message: str = ""
    type: str = ""
    text: str = ""


def junit(suites: Iterable[tuple[str, Sequence[Case]]]) -> str:
    """The report of suites by their names."""
    root = ET.Element("testsuites")
    for name, cases in suites:
        suite = ET.SubElement(root, "testsuite", {"name": fit(name), "tests": str(len(cases))})
        for attribute, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            suite.set(attribute, str(sum(case.came == kind for case in cases)))
        for case in cases:
            _add(suite, case)
    ET.indent(root)
    return f"{HEAD}{ET.tostring(root, 'unicode')}\n"


def _add(suite: ET.Element, case: Case) -> None:
    more = {name: fit(value) for name, value in case.attributes.items()}
    element = ET.SubElement(suite, "testcase", {"name": fit(case.name), **more})
    if case.came is not None:
        about = {"type": case.type} if case.type else {}
        came = ET.SubElement(element, case.came, {**about, "message": fit(case.message)})
        came.text = fit(case.text) or None
