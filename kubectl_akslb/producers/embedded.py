"""Services that stand in a field of another object: known fields, those that a user names, and what any may be.

A known field is a row: whose it is, what the Service is called, and which ports its controller adds. Of an object that
has none, a mapping whose ``type`` or ``spec.type`` is LoadBalancer is taken for one; then nothing else is known of it.
"""

from collections.abc import Iterator, Sequence

from kubectl_akslb.evidence.objects import Objects, mapping, name_of, text
from kubectl_akslb.evidence.service_templates import ALL, ServiceTemplate
from kubectl_akslb.producers.draft import (
    METADATA_ANNOTATIONS,
    Draft,
    Field,
    Made,
    Object,
    Path,
    below,
    is_list,
)

_DEEPEST = 8
_MOST = 200
"""So many Services of one object are read: there is no operator that makes more."""
#: Copies of pods and schemas hold no Service of their own.
_PASSED = frozenset({"status", "template", "podTemplate", "versions", "openAPIV3Schema"})
_SPEC = (
    "type", "externalTrafficPolicy", "loadBalancerClass", "loadBalancerIP", "loadBalancerSourceRanges", "ipFamilies",
    "ipFamilyPolicy", "allocateLoadBalancerNodePorts", "healthCheckNodePort", "ports", "sessionAffinity",
)  # fmt: skip
_ECK = "ECK"
_HTTP = ("spec", "http", "service")
_CNPG = "CloudNativePG"
_ADDITIONAL = ("spec", "managed", "services", "additional", ALL, "serviceTemplate")
TEMPLATES: tuple[ServiceTemplate, ...] = (
    ServiceTemplate("elasticsearch.k8s.elastic.co", "Elasticsearch", _HTTP, "{name}-es-http", (("https", 9200),), _ECK),
    ServiceTemplate("elasticsearch.k8s.elastic.co", "Elasticsearch", ("spec", "transport", "service"),
                    "{name}-es-transport", (("tls-transport", 9300),), _ECK),
    ServiceTemplate("kibana.k8s.elastic.co", "Kibana", _HTTP, "{name}-kb-http", (("https", 5601),), _ECK),
    ServiceTemplate("apm.k8s.elastic.co", "ApmServer", _HTTP, "{name}-apm-http", (("https", 8200),), _ECK),
    ServiceTemplate("enterprisesearch.k8s.elastic.co", "EnterpriseSearch", _HTTP,
                    "{name}-ent-http", (("https", 3002),), _ECK),
    ServiceTemplate("maps.k8s.elastic.co", "ElasticMapsServer", _HTTP, "{name}-ems-http", (("https", 8080),), _ECK),
    ServiceTemplate("packageregistry.k8s.elastic.co", "PackageRegistry", _HTTP,
                    "{name}-epr-http", (("https", 8080),), _ECK),
    ServiceTemplate("agent.k8s.elastic.co", "Agent", _HTTP, "{name}-agent-http", (("https", 8220),), _ECK),
    ServiceTemplate("logstash.k8s.elastic.co", "Logstash", ("spec", "services", ALL, "service"),
                    "{name}-ls-{item}", (), _ECK),
    ServiceTemplate("postgresql.cnpg.io", "Cluster", _ADDITIONAL, "{own}", (("postgres", 5432),), _CNPG, adds=True),
    ServiceTemplate("postgresql.cnpg.io", "Pooler", ("spec", "serviceTemplate"),
                    "{name}", (("pgbouncer", 5432),), _CNPG, adds=True),
    ServiceTemplate("dragonflydb.io", "Dragonfly", ("spec", "serviceSpec"),
                    "{name}", (("redis", 6379),), "Dragonfly", ("annotations",)),
)  # fmt: skip


def of_templates(one: Object, objects: Objects, templates: Sequence[ServiceTemplate]) -> list[Made]:
    """The Services that known fields of *one* describe."""
    return [
        made
        for template in templates
        if template.has(one)
        for at, item in _at(one, template.path)
        for made in _made(one, at, mapping(below_any(one, at)), objects, template, item)
    ][:_MOST]


def of_any(one: Object, objects: Objects) -> list[Made]:
    """The Services that fields of *one* describe by their looks.

    Who makes them is not known here, and neither is their name; ports only where they are given.
    """
    found = _found(one.get("spec"), ("spec",))
    return [made for at, fields in found for made in _made(one, at, fields, objects, None, "")][:_MOST]


def below_any(value: object, path: Path) -> object:
    """What stands at *path*, through lists too."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if is_list(value) and step < len(value) else None
        else:
            value = mapping(value).get(step)
    return value


def _at(one: Object, path: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    """The places that a path means, each with the name of the item of the list on the way."""
    found: list[tuple[Path, str]] = [((), "")]
    for step in path:
        if step == ALL:
            found = [
                ((*at, index), text(mapping(item).get("name")))
                for at, _ in found
                if is_list(items := below_any(one, at))
                for index, item in enumerate(items[:_MOST])
            ]
        else:
            found = [((*at, step), item) for at, item in found]
    return iter(found)


def _found(value: object, at: Path) -> Iterator[tuple[Path, Object]]:
    if len(at) > _DEEPEST:
        return
    if is_list(value):
        for index, item in enumerate(value):
            yield from _found(item, (*at, index))
        return
    fields = mapping(value)
    if len(at) > 1 and "LoadBalancer" in (fields.get("type"), below(fields, "spec", "type")):
        yield at, fields
        return
    for key, below_it in fields.items():
        if key not in _PASSED and isinstance(key, str):
            yield from _found(below_it, (*at, key))


def _made(
    one: Object, at: Path, fields: Object, objects: Objects, template: ServiceTemplate | None, item: str
) -> list[Made]:
    """The Service of a mapping: ``{metadata, spec}``, ``{type, annotations}`` or ``{type, metadata}``."""
    nested = below(fields, "spec", "type") is not None
    spec, where = (mapping(fields.get("spec")), Field((*at, "spec"))) if nested else (fields, Field(at))
    if spec.get("type") != "LoadBalancer":
        return []
    has_metadata = nested or isinstance(fields.get("metadata"), dict)
    metadata = mapping(fields.get("metadata")) if has_metadata else fields
    place = Field((*at, *METADATA_ANNOTATIONS) if has_metadata else (*at, "annotations"))
    annotations = metadata.get("annotations")
    if template is not None and template.annotations:
        place = Field((*at, *template.annotations))
        annotations = below(fields, *template.annotations)
    draft = Draft(_name(one, metadata, template, item), objects.namespace_of(one))
    draft.label(metadata.get("labels"))
    draft.annotate(annotations, place)
    draft.copy({}, where, *(name for name in _SPEC if name not in ("ports", "type")))
    draft.merge_spec({key: spec[key] for key in _SPEC if key in spec}, where)
    given = spec.get("ports")
    if template is not None and template.ports and (template.adds or not is_list(given) or not given):
        names = {mapping(port).get("name") for port in given} if is_list(given) else set()
        for name, number in template.ports:
            if name not in names:
                draft.add_port(name, number, at)
    kind = text(one.get("kind"))
    if template is None:
        draft.unknown.append(f"what the controller of {kind} adds is not known here: the name, ports, defaults")
    elif not template.ports and not (is_list(given) and given):
        draft.unknown.append(f"which ports the controller of {kind} adds is not known here")
    return draft.made((template.controller if template else "") or f"the controller of {kind}", place)


def _name(one: Object, metadata: Object, template: ServiceTemplate | None, item: str) -> str:
    own = text(metadata.get("name"))
    if template is None:
        return own or name_of(one)
    words = {"{name}": name_of(one), "{item}": item, "{own}": own or name_of(one)}
    name = template.name
    for word, value in words.items():
        name = name.replace(word, value)
    return name
