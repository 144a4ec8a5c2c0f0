"""Options that name the cluster or a policy, as values."""

from collections.abc import Callable, Mapping

from kubectl_akslb.arguments import post_render as flags
from kubectl_akslb.lint.annotation_policy import Policy
from kubectl_akslb.model.cluster import Cluster
from kubectl_akslb.path.choice import KNOWN_CHOICES, UNKNOWN_CHOICES
from kubectl_akslb.profile.flags import with_flags
from kubectl_akslb.profile.load import default_profile, load_profile

Reader = Callable[[str], bytes]


def cluster(given: Mapping[str, str], read: Reader) -> tuple[Cluster, tuple[str, ...]]:
    """The cluster that the options describe, and notices about it; AkslbError for what cannot be understood."""
    path = given.get(flags.PROFILE, "")
    loaded = load_profile(read(path), path) if path else default_profile()
    loaded = with_flags(
        loaded,
        provider_version=given.get(flags.PROVIDER_VERSION),
        kubernetes_version=given.get(flags.KUBERNETES_VERSION),
        probe_mode=given.get(flags.PROBE_MODE),
    )
    return loaded.cluster, loaded.notices


def policy(given: Mapping[str, str], read: Reader) -> Policy:
    """The policy of the options: the file's, with what single flags say; AkslbError for a file that is none."""
    found = Policy()
    path = given.get(flags.POLICY, "")
    if path:
        from kubectl_akslb.lint.policy_file import load_policy

        found = load_policy(read(path), path)
    if flags.KNOWN in given or flags.UNKNOWN in given:
        name = f"{path}, {flags.KNOWN} and {flags.UNKNOWN}" if path else "the command line"
        known = next((one for one in KNOWN_CHOICES if one == given.get(flags.KNOWN)), found.known)
        unknown = next((one for one in UNKNOWN_CHOICES if one == given.get(flags.UNKNOWN)), found.unknown)
        found = found._replace(known=known, unknown=unknown, name=name)
    return found
