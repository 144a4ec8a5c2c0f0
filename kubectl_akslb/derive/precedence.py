"""Precedence, the engine of most derivations: the first source that is set wins, all of them are remembered."""

from functools import lru_cache

from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.model.provenance import ANNOTATION, CLUSTER_SETTING, DEFAULT, PROVIDER, SPEC, Derived, Origin
from kubectl_akslb.model.service import Service

#: Most Services say the same in most places, and nothing: one record stands for all of them.
_origin = lru_cache(maxsize=4096)(Origin)


def annotation(service: Service, key: str) -> Origin:
    """What the Service's annotation *key* says; raw is None where it is missing."""
    return _origin(ANNOTATION, key, service.annotations.get(key))


def spec(path: str, raw: str | None) -> Origin:
    """What the Service says at *path*, for example ``spec.ports[0].appProtocol``."""
    return _origin(SPEC, path, raw)


def setting(cluster: Cluster, field: str, name: str, raw: str) -> Origin:
    """A setting of the cluster under azure.json's *name*; a default where nobody gave the *field*."""
    return Origin(CLUSTER_SETTING if field in cluster.given else DEFAULT, name, raw)


def default(of: str, raw: str) -> Origin:
    """The provider's default for *of*."""
    return Origin(DEFAULT, of, raw)


def by_provider(of: str, raw: str | None) -> Origin:
    """A value that the provider's code gives to *of*, whatever the Service says."""
    return Origin(PROVIDER, of, raw)


def first_of(*sources: Origin) -> Derived[str]:
    """The first source that is set. The last one must be a default."""
    for source in sources:
        if source.raw is not None:
            return Derived(source.raw, source, considered=sources)
    message = "the last source must be a default"
    raise AssertionError(message)
