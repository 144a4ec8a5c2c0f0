"""Read a policy file and check it against its published schema."""

from collections.abc import Mapping
from typing import Any

from kubectl_akslb.errors import InputError
from kubectl_akslb.lint.annotation_policy import Policy, policy_of
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.profile.check import Text, conform

FILE = "policy.schema.json"
MAX_BYTES = 1024 * 1024


def load_policy(data: bytes, path: str = "") -> Policy:
    """The policy in a file; InputError with the place of what is wrong."""
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes; more than {MAX_BYTES:,} are not read"
        raise InputError(message, path=path, hint="Give a policy file, as docs/policy.schema.json describes it.")
    try:
        source = Source(data.decode("utf-8-sig"), path, 1)
    except UnicodeDecodeError as error:
        raise InputError("the file is not UTF-8", path=path, line=1, column=1, hint="Save it as UTF-8.") from error
    root, content = parse_data(source)
    conform(content, schema(), Text(root, source, "policy"))
    return policy_of(content if isinstance(content, dict) else {}, path or "the policy")


def schema() -> Mapping[str, Any]:
    """The published JSON Schema of a policy file."""
    import json
    from pkgutil import get_data

    loaded: Mapping[str, Any] = json.loads(get_data(__package__, FILE) or b"{}")
    return loaded
