"""The document of explain against its schema."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]

PUBLISHED = Path(__file__).parents[2] / "kubectl_akslb/render/explanation.schema.json"
SCHEMA = json.loads(PUBLISHED.read_text())
#: Lists of resources, which may be empty; other empty lists are values.
RESOURCES = re.compile(
    r"publicIPAddresses|securityRules|loadBalancer\.(frontendIP|backendAddr|loadBalancing|probes)\w*"
)
#: Fields of ARM that are the same for every security rule, and so need no reason.
FIXED = re.compile(r"securityRules\[\d+\]\.(direction|sourcePortRange)")
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def check(body: Any) -> None:
    error = jsonschema.exceptions.best_match(VALIDATOR.iter_errors(body))
    assert error is None, f"{error.json_path}: {error.message}"
    for service in body["services"]:
        if "azure" in service:
            assert set(service["reasons"]) == set(leaves(service["azure"], "")), service["name"]


def leaves(value: Any, path: str) -> Iterator[str]:
    """The path of every value; a list of texts, a reference and IP tags are one value."""
    if isinstance(value, dict) and set(value) != {"id"}:
        for key, below in value.items():
            yield from leaves(below, f"{path}.{key}" if path else key)
    elif isinstance(value, dict) and path.endswith("publicIPPrefix"):
        yield f"{path}.id"
    elif isinstance(value, list) and value and isinstance(value[0], dict) and not path.endswith("ipTags"):
        for index, below in enumerate(value):
            yield from leaves(below, f"{path}[{index}]")
    elif not (value == [] and RESOURCES.fullmatch(path)) and not FIXED.fullmatch(path):
        yield path
