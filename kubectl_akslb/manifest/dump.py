"""Plain data as YAML text, for output that people read; input is never written through here."""

from io import StringIO


def yaml_text(data: object) -> str:
    """*data* (mappings, lists, texts, numbers) as a YAML document in the order it has."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - only where somebody asks for YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.allow_unicode = True
    yaml.width = 4096
    yaml.representer.ignore_aliases = lambda _: True
    stream = StringIO()
    yaml.dump(_plain(data), stream)
    return stream.getvalue()


def _plain(data: object) -> object:
    """The same data with subclasses of str made into str, which is all a representer knows."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_plain(item) for item in data]
    return str(data) if isinstance(data, str) else data
