"""The options that several commands share, as typer takes them; a group is a class, and each option a field of it."""

from collections.abc import Callable, Iterable
from inspect import Parameter, Signature
from typing import Annotated, Any

import typer

from kubectl_akslb.cli.output import Colours
from kubectl_akslb.named_tuple import NamedTuple

CLUSTER = "Cluster"
KUBECTL = "kubectl"
FINDINGS = "Findings"
POLICY = "Policy"
"""The headings under which options stand in the reference, and some are one value to what works with them."""

Color = Annotated[Colours, typer.Option("--color", help="Colours: auto is on a terminal, unless NO_COLOR is set.")]


class Named:
    """What is read: Services of a cluster, or files, folders, patterns, standard input."""

    service: Annotated[
        list[str] | None,
        typer.Argument(metavar="[svc/NAME|FILE|DIR|-]...",
                       help="Services of the cluster, without any all that are LoadBalancers; or manifests: a"
                            " path, a pattern, - for standard input."),
    ] = None  # fmt: skip


class Files:
    """Which manifests are read: files, folders, patterns, standard input, a kustomization."""

    filename: Annotated[
        list[str] | None,
        typer.Option("--filename", "-f", metavar="FILE", help="A manifest, or - for standard input. Repeatable."),
    ] = None
    recursive: Annotated[bool, typer.Option("--recursive", "-R", help="Read the folders in a folder, too.")] = False
    kustomize: Annotated[
        str | None,
        typer.Option("--kustomize", "-k", metavar="DIR", help="A kustomization, as 'kubectl kustomize' builds it."),
    ] = None


class Standing:
    """What really stands in Azure, as az told it."""

    azure: Annotated[
        list[str] | None,
        typer.Option("--azure", metavar="FILE", rich_help_panel=CLUSTER,
                     help="What really stands: output of 'az network … -o json' (lb, nsg, public-ip, …). Repeatable."),
    ] = None  # fmt: skip


class Rules:
    """Which rules of lint are asked, and where their configuration is."""

    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="RULE", rich_help_panel=FINDINGS,
                     help="Only these rules; * stands for any part of an id. Repeatable, or with commas."),
    ] = None  # fmt: skip
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="RULE", rich_help_panel=FINDINGS,
                     help="Not these rules. Repeatable, or with commas."),
    ] = None  # fmt: skip
    config: Annotated[
        str | None,
        typer.Option("--config", metavar="FILE", rich_help_panel=FINDINGS,
                     help="The configuration; without it, .akslb.yaml beside the first file or above it."),
    ] = None  # fmt: skip


Profile = Annotated[
    str | None,
    typer.Option("--profile", metavar="FILE", rich_help_panel=CLUSTER,
                 help="A cluster profile, or the output of 'az aks show -o json'."),
]  # fmt: skip


class Described:
    """What the command line says about the cluster."""

    profile: Profile = None
    kubernetes_version: Annotated[
        str | None,
        typer.Option("--kubernetes-version", metavar="VERSION", rich_help_panel=CLUSTER,
                     help="Kubernetes version; means the newest known provider of that minor."),
    ] = None  # fmt: skip
    provider_version: Annotated[
        str | None,
        typer.Option("--provider-version", metavar="VERSION", rich_help_panel=CLUSTER,
                     help="Version of cloud-provider-azure, 1.23.0 or later."),
    ] = None  # fmt: skip
    aks_release: Annotated[
        str | None,
        typer.Option("--aks-release", metavar="DATE", rich_help_panel=CLUSTER,
                     help="AKS release, such as 2026-01-04; means the provider that was announced by then."),
    ] = None  # fmt: skip
    sku: Annotated[
        str | None,
        typer.Option("--sku", metavar="SKU", rich_help_panel=CLUSTER, help="Load balancer SKU: standard or basic."),
    ] = None
    probe_mode: Annotated[
        str | None,
        typer.Option("--probe-mode", metavar="MODE", rich_help_panel=CLUSTER,
                     help="Health probe mode of the cluster: servicenodeport or shared."),
    ] = None  # fmt: skip
    backend_pool_type: Annotated[
        str | None,
        typer.Option("--backend-pool-type", metavar="TYPE", rich_help_panel=CLUSTER,
                     help="nodeIPConfiguration or nodeIP."),
    ] = None  # fmt: skip
    outbound_type: Annotated[
        str | None,
        typer.Option("--outbound-type", metavar="TYPE", rich_help_panel=CLUSTER,
                     help="AKS outbound type, such as loadBalancer or userDefinedRouting."),
    ] = None  # fmt: skip
    nodes: Annotated[
        int | None, typer.Option("--nodes", metavar="N", rich_help_panel=CLUSTER, help="Number of nodes.")
    ] = None
    zones: Annotated[
        str | None,
        typer.Option("--zones", metavar="1,2,3", rich_help_panel=CLUSTER, help="Zones of the region, '' for none."),
    ] = None


class SelectedServices:
    """Which Services of a cluster are meant."""

    all_namespaces: Annotated[
        bool, typer.Option("--all-namespaces", "-A", rich_help_panel=KUBECTL, help="Services of all namespaces.")
    ] = False
    selector: Annotated[
        str | None,
        typer.Option("--selector", "-l", rich_help_panel=KUBECTL, metavar="LABELS", help="Services with these labels."),
    ] = None


class WhatIf:
    """What is tried on the cluster as it is described."""

    what_if: Annotated[
        str | None,
        typer.Option("--what-if", metavar="FEATURE", rich_help_panel=CLUSTER,
            help="As if the cluster had service-gateway: a container load balancer for each Service."),
    ] = None  # fmt: skip


class Namespace:
    """Which namespace is meant."""

    namespace: Annotated[
        str | None,
        typer.Option("--namespace", "-n", rich_help_panel=KUBECTL, metavar="NAME",
                     help="The namespace, of the context without it; with files, that of objects that name none."),
    ] = None  # fmt: skip


class Connected:
    """Which API server is asked, and as whom."""

    context: Annotated[
        str | None,
        typer.Option("--context", rich_help_panel=KUBECTL, metavar="NAME", help="The kubeconfig's context."),
    ] = None
    kubeconfig: Annotated[
        str | None, typer.Option("--kubeconfig", rich_help_panel=KUBECTL, help="The kubeconfig file.", metavar="FILE")
    ] = None
    cluster: Annotated[
        str | None, typer.Option("--cluster", rich_help_panel=KUBECTL, metavar="NAME", help="Its cluster.")
    ] = None
    user: Annotated[str | None, typer.Option("--user", rich_help_panel=KUBECTL, metavar="NAME", help="Its user.")] = (
        None
    )
    as_user: Annotated[
        str | None, typer.Option("--as", rich_help_panel=KUBECTL, metavar="USER", help="The user to impersonate.")
    ] = None
    as_group: Annotated[
        list[str] | None,
        typer.Option(
            "--as-group", rich_help_panel=KUBECTL, metavar="GROUP", help="The group to impersonate. Repeatable."
        ),
    ] = None
    as_uid: Annotated[
        str | None, typer.Option("--as-uid", rich_help_panel=KUBECTL, metavar="UID", help="The UID to impersonate.")
    ] = None
    as_user_extra: Annotated[
        list[str] | None,
        typer.Option("--as-user-extra", rich_help_panel=KUBECTL, metavar="KEY=VALUE",
                     help="What else is known of that user. Repeatable."),
    ] = None  # fmt: skip
    server: Annotated[
        str | None,
        typer.Option("--server", "-s", rich_help_panel=KUBECTL, metavar="URL", help="The API server's address."),
    ] = None
    token: Annotated[
        str | None,
        typer.Option("--token", rich_help_panel=KUBECTL, metavar="TOKEN",
                     help="The token to log in with; commands that are printed leave it out."),
    ] = None  # fmt: skip
    certificate_authority: Annotated[
        str | None,
        typer.Option("--certificate-authority", rich_help_panel=KUBECTL, metavar="FILE",
                     help="Who has signed the API server's certificate."),
    ] = None  # fmt: skip
    client_certificate: Annotated[
        str | None,
        typer.Option("--client-certificate", rich_help_panel=KUBECTL, metavar="FILE",
                     help="The certificate to log in with."),
    ] = None  # fmt: skip
    client_key: Annotated[
        str | None, typer.Option("--client-key", rich_help_panel=KUBECTL, metavar="FILE", help="Its key.")
    ] = None
    tls_server_name: Annotated[
        str | None,
        typer.Option("--tls-server-name", rich_help_panel=KUBECTL, metavar="NAME",
                     help="The name in the API server's certificate."),
    ] = None  # fmt: skip
    insecure_skip_tls_verify: Annotated[
        bool,
        typer.Option("--insecure-skip-tls-verify", rich_help_panel=KUBECTL,
                     help="Do not check the API server's certificate."),
    ] = False  # fmt: skip
    disable_compression: Annotated[
        bool,
        typer.Option("--disable-compression", rich_help_panel=KUBECTL, help="Have answers sent as they are."),
    ] = False
    cache_dir: Annotated[
        str | None,
        typer.Option("--cache-dir", rich_help_panel=KUBECTL, metavar="DIR", help="Where kubectl keeps its cache."),
    ] = None
    request_timeout: Annotated[
        str | None,
        typer.Option("--request-timeout", rich_help_panel=KUBECTL, metavar="5s", help="Time for each request."),
    ] = None


class Az:
    """Whether az is asked, too."""

    az: Annotated[
        bool, typer.Option("--az", rich_help_panel=CLUSTER, help="Ask az for what the API does not show.")
    ] = False
    aks: Annotated[
        str | None,
        typer.Option("--aks", rich_help_panel=CLUSTER, metavar="GROUP/NAME", help="Ask az for this cluster."),
    ] = None


CLUSTER_OPTIONS = (Described, WhatIf)
CONNECTION_OPTIONS = (Namespace, SelectedServices, Connected)
"""The groups that are one value each to what works with them; docs/generate.py makes its type."""


class Option(NamedTuple):
    """A parameter of a command: its name, its type with what typer says of it, and its default."""

    name: str
    annotation: Any
    default: Any

    @property
    def type(self) -> Any:  # noqa: ANN401 - any type that typer takes
        """What the command gets."""
        return self.annotation.__origin__

    @property
    def flags(self) -> tuple[str, ...]:
        """Its flags; none for an argument."""
        told = self.annotation.__metadata__[0]  # what is given first stands where a default may stand
        return tuple(one for one in (told.default, *(told.param_decls or ())) if isinstance(one, str))

    @property
    def may_be_bare(self) -> bool:
        """Whether its value may be left out, which the metavar in brackets tells."""
        return bool(self.flags) and (self.annotation.__metadata__[0].metavar or "").startswith("[")


def options_of(groups: Iterable[type]) -> list[Option]:
    """The options of *groups*, in this order."""
    return [
        Option(name, annotation, getattr(group, name))
        for group in groups
        for name, annotation in group.__annotations__.items()
    ]


class Declared(NamedTuple):
    """A command whose options are those of *groups*, in this order; the docstring of *own* is its help."""

    name: str
    short_help: str
    own: type
    groups: tuple[type, ...]

    @property
    def options(self) -> list[Option]:
        """All parameters."""
        return options_of(self.groups)

    def function(self, run: Callable[[dict[str, Any]], int]) -> Callable[..., int]:
        """What typer makes a command of: it gives *run* the values by their names."""

        def call(**given: Any) -> int:  # noqa: ANN401 - the parameters of the signature
            return run(given)

        call.__name__ = self.name.replace("-", "_")
        call.__doc__ = self.own.__doc__
        signature = Signature(
            [
                Parameter(one.name, Parameter.KEYWORD_ONLY, default=one.default, annotation=one.annotation)
                for one in self.options
            ]
        )
        call.__signature__ = signature  # type: ignore[attr-defined] # inspect reads it
        return call
