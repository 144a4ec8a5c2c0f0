"""The published JSON Schema of a cluster profile. It is also what the loader checks by, so the two cannot differ."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

FILE = "profile.schema.json"
PROFILE = ""
MANAGED_CLUSTER = "managedCluster"
CLOUD_CONFIG = "cloudConfig"


@lru_cache(maxsize=1)
def _whole() -> Schema:
    import json
    from pkgutil import get_data

    schema: Schema = json.loads(get_data(__package__, FILE) or b"{}")
    return schema


def schema_of(definition: str) -> Schema:
    """The schema of a whole profile (PROFILE), or of one of its definitions."""
    whole = _whole()
    return resolved(whole["$defs"][definition] if definition else whole)


def resolved(schema: Schema) -> Schema:
    """*schema*, with the definition that it refers to below its own keywords."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    return {**_whole()["$defs"][str(reference).rpartition("/")[2]], **schema}


def properties_of(schema: Schema) -> Mapping[str, Schema]:
    """The fields that an object may have by its schema."""
    properties: Mapping[str, Schema] = schema.get("properties", {})
    return properties


def allowed(definition: str, *steps: str) -> tuple[str, ...]:
    """The values that the field at *steps* of a definition may have."""
    schema = schema_of(definition)
    for step in steps:
        schema = resolved(properties_of(schema)[step])
    return tuple(schema["enum"])


def where(key: str) -> str:
    """The path of the first field of a profile with the name *key*, without regard to case; "" where there is none."""
    return _search(key.lower(), schema_of(PROFILE), ())


def _search(key: str, schema: Schema, path: tuple[str, ...]) -> str:
    below = [(name, resolved(part)) for name, part in properties_of(schema).items()]
    for name, _ in below:
        if name.lower() == key:
            return ".".join((*path, name))
    for name, part in below:
        listed = "items" in part
        found = _search(key, resolved(part["items"]) if listed else part, (*path, f"{name}[]" if listed else name))
        if found:
            return found
    return ""
