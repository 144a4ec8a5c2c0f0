"""ArgoCD of the Argo CD operator. Upstream: controllers/argocd/service.go of argoproj-labs/argocd-operator."""

from kubectl_akslb.evidence.objects import Objects, name_of
from kubectl_akslb.producers.draft import Draft, Field, Made, Object, Path, below
from kubectl_akslb.producers.producer import Producer

_SERVICE: Path = ("spec", "server", "service")


def _make(one: Object, objects: Objects) -> list[Made]:
    """The Service of the server: the object names its type, and the operator leaves annotations on it alone."""
    draft = Draft(f"{name_of(one)}-server", objects.namespace_of(one))
    draft.put("type", "ClusterIP")
    draft.copy(below(one, *_SERVICE), Field(_SERVICE), "type")
    draft.port("http", 80, _SERVICE, target=8080)
    draft.port("https", 443, _SERVICE, target=8080)
    return draft.made("the Argo CD operator")


PRODUCER = Producer("ArgoCD", "argoproj.io", _make, word="LoadBalancer")
