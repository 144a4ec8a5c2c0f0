"""``kubectl akslb compare``."""

import os
from typing import TYPE_CHECKING

from kubectl_akslb.cli import cluster_options as on
from kubectl_akslb.cli import inputs, output
from kubectl_akslb.cli import options as opt
from kubectl_akslb.cli.plan_options import PlanForm, threshold
from kubectl_akslb.cli.progress import Progress
from kubectl_akslb.edge.files import names_file, names_service
from kubectl_akslb.errors import AkslbError, did_you_mean
from kubectl_akslb.plan.effect import at_least

if TYPE_CHECKING:
    from kubectl_akslb.arguments.compare import Arguments
    from kubectl_akslb.plan.compare import Comparison
    from kubectl_akslb.plan.compare_manifests import Chosen
    from kubectl_akslb.render.terminal import Terminal

_SERVICES = ("svc", "service", "services")
_GATEWAYS = ("gateway", "gateways", "gtw")
_LABEL = "gateway.networking.k8s.io/gateway-name"


def compare(given: "Arguments") -> int:
    """Say what differs between two Services; returns the exit code."""
    words = given.words or []
    if len(words) != 2:
        hint = "kubectl akslb compare svc/old svc/new, or old.yaml new.yaml:gateway/web"
        raise output.WrongUsageError("compare takes two: the old one and the new one", hint=hint)
    if words == ["-", "-"]:
        raise output.WrongUsageError("standard input cannot be both", hint="write one of the two to a file")
    with Progress("reading"):
        old, said = _side(words[0], given, given.old_profile or given.profile, given.old_context or given.context)
        new, also = _side(words[1], given, given.profile, given.context)
        from kubectl_akslb.plan.compare_manifests import compared, more_with_parameters

        found, new = compared(old, new)
        more = more_with_parameters(new, found)
        notices = tuple(dict.fromkeys((*((more,) if more else ()), *said, *also)))
        text = rendered(found, (old, new), notices, given.form, output.terminal(given.color))
    output.print_in(given.form, text)
    problems = (*old.problems, *new.problems)
    output.report_all(problems, given.color)
    if problems:
        return output.EXIT_INPUT
    least = threshold(given.fail_on)
    fails = least is not None and bool(found.differences) and at_least(found.effect, least)
    return output.EXIT_FINDING if fails else output.EXIT_OK


def _side(word: str, given: "Arguments", profile: str | None, context: str | None) -> "tuple[Chosen, tuple[str, ...]]":
    """What a word means: a Service or a Gateway of the cluster, or one of a file."""
    kind, slash, name = word.partition("/")
    live = slash and _is_kind(kind) and not names_file(name.rpartition("/")[2])
    described = opt.described_by(given)._replace(profile=profile)
    if live:
        return _of_cluster(kind.lower(), name, on.live_options(given._replace(context=context)), described)
    path, wanted = _split(word)
    if slash and not names_file(path) and not names_service(word) and not os.path.exists(path):  # noqa: PTH110 - as elsewhere
        near = did_you_mean(kind.lower(), (*_SERVICES, *_GATEWAYS))
        hint = near or "svc/NAME, gateway/NAME, or a file: web.yaml"
        raise output.WrongUsageError(f"{word[:80]!r} is no file, no Service and no Gateway", hint=hint)
    chosen = opt.cluster_of(described)
    data, problems = inputs.read(inputs.NamedInputs((), (path,)))
    from kubectl_akslb.cli.job import templates_of
    from kubectl_akslb.plan.compare_manifests import choose

    found = choose(data, wanted, chosen.cluster, given.namespace or "", templates_of((path,)))
    return found._replace(problems=(*problems, *found.problems)), chosen.notices


def _is_kind(word: str) -> bool:
    """Whether a Service of the cluster is meant, or an object of it that a controller makes Services of."""
    from kubectl_akslb.cluster.producers import kind_of

    return word.lower() in _SERVICES or bool(kind_of(word))


def _split(word: str) -> tuple[str, str]:
    """``file.yaml:svc/shop/web`` as the file and what is meant in it."""
    path, colon, wanted = word.rpartition(":")
    return (path, wanted) if colon and path and "/" in wanted and not names_file(wanted) else (word, "")


def _of_cluster(
    kind: str, name: str, live: on.LiveOptions, described: opt.ClusterOptions
) -> "tuple[Chosen, tuple[str, ...]]":
    from kubectl_akslb.plan.compare_manifests import Chosen, side_of

    namespace, slash, own = name.rpartition("/")
    if slash:
        live = live._replace(connection=live.connection._replace(namespace=namespace))
    service_name = _service_of_gateway(own, live) if kind in _GATEWAYS else own if kind in _SERVICES else ""
    named = service_name or f"{kind}/{own}"
    result = on.explain_cluster((named,), live, described)
    if len(result.services) != 1:
        names = ", ".join(f"svc/{one.derivation.service.name}" for one in result.services[:5])
        raise AkslbError(f"{len(result.services)} Services come of {kind}/{own}", hint=f"name one: {names}")
    one = result.services[0]
    service = one.derivation.service
    side = side_of(one.found, service, one.cluster, one.evidence)
    return Chosen(side, one.found, result.problems), result.notices


def _service_of_gateway(name: str, live: on.LiveOptions) -> str:
    """The name of the Service that a controller has made of a Gateway and says so in a label; "" where none does."""
    from kubectl_akslb.cluster import kubectl
    from kubectl_akslb.cluster.kubectl_errors import help_for
    from kubectl_akslb.model.command import is_subdomain

    if not is_subdomain(name):
        raise output.WrongUsageError(f"{name[:80]!r} cannot be the name of a Gateway", hint="gateway/NAME")
    (done,) = kubectl.run(kubectl.get(kubectl.SERVICES, live.connection, extra=("-l", f"{_LABEL}={name}")))
    if done.code:
        raise help_for(done)
    found = [str((one.get("metadata") or {}).get("name", "")) for one in kubectl.objects(done)]
    if len(found) > 1:
        raise AkslbError(f"{len(found)} Services have the label {_LABEL}={name}", hint="name the one: svc/NAME")
    return found[0] if found else ""


def rendered(
    found: "Comparison",
    sides: "tuple[Chosen, Chosen]",
    notices: tuple[str, ...],
    form: PlanForm,
    terminal: "Terminal",
) -> str:
    """The comparison in the format that was asked for."""
    from kubectl_akslb.render import compare_text as render

    if form == "text":
        return render.compare_text(found, sides, notices, terminal)
    if form == "markdown":
        return render.compare_markdown(found, sides, notices)
    if form == "sarif":
        return render.compare_sarif(found, sides)
    if form == "junit":
        return render.compare_junit(found, sides)
    from kubectl_akslb.render.json_text import in_form

    return in_form(render.compare_document(found, sides, notices), form)
