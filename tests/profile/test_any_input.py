"""Damaged files: each is either a cluster or an error with a hint, and nothing else."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kubectl_akslb.derive.context import Context
from kubectl_akslb.derive.outbound.outbound import derive_outbound, how_pods_leave
from kubectl_akslb.derive.outbound.snat_plan import plan_for
from kubectl_akslb.errors import AkslbError
from kubectl_akslb.manifest.nodes import Source
from kubectl_akslb.manifest.parse import parse_data
from kubectl_akslb.model.service import Service
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import load_profile

ROOT = Path(__file__).parents[2]
FILES: list[Any] = [json.loads(path.read_text()) for path in sorted((Path(__file__).parent / "data").glob("*.json"))]
FILES.append(parse_data(Source((ROOT / "examples/cluster.yaml").read_text()))[1])
SERVICE = Service("web", "shop", None, "LoadBalancer", {}, ())
WRONG = st.sampled_from([None, "", 0, -1, True, 1.5, "x", [], {}, [None], {"a": 1}, 10**30, "10%", "1.30", ["1"]])


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all values in *data*."""
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [*([path] if path else []), *(found for step, value in below for found in paths(value, (*path, step)))]


def replaced(data: Any, path: tuple[Any, ...], value: object) -> Any:
    """*data* with *value* at *path*."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = replaced(data[path[0]], path[1:], value)
    return copy


def outcome(data: bytes) -> str:
    """What loading, explaining and planning come to: "read", or the hint of the error."""
    try:
        loaded = load_profile(data, "cluster.yaml")
        assert loaded == with_flags(loaded)
        assert loaded.cluster.given == set(loaded.sources)
        how_pods_leave(Context(SERVICE, loaded.cluster), derive_outbound(loaded.cluster))
        plan_for(loaded.cluster)
    except AkslbError as error:
        return error.hint
    return "read"


@given(st.data())
def test_a_wrong_value_is_read_or_refused(data: st.DataObject) -> None:
    content = data.draw(st.sampled_from(FILES))
    path = data.draw(st.sampled_from(paths(content)))
    text = json.dumps(replaced(content, path, data.draw(WRONG)))
    assert outcome(text.encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert outcome(data)
