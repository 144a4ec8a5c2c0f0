"""One annotation, as the editor sets several."""

from kubectl_akslb.manifest.edit import Edit, set_annotations
from kubectl_akslb.manifest.nodes import Node
from kubectl_akslb.manifest.splice import Declined


def set_annotation(text: str, root: Node, key: str, value: str) -> tuple[Edit, ...] | Declined:
    """Give the object *root* one annotation."""
    return set_annotations(text, root, ((key, value),))
