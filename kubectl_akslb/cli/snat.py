"""``kubectl akslb snat``."""

from typing import Annotated, Literal

import typer

from kubectl_akslb.cli import declarations as declared
from kubectl_akslb.cli import output
from kubectl_akslb.derive.outbound.snat_plan import plan
from kubectl_akslb.errors import AkslbError, assert_never
from kubectl_akslb.model.outbound import ERROR
from kubectl_akslb.render.snat import snat_document, snat_text

Format = Literal["text", "json"]
"""What ``-o`` takes."""


def snat(
    nodes: Annotated[int, typer.Option("--nodes", min=1, metavar="N", help="Nodes of the cluster now.")],
    ips: Annotated[int, typer.Option("--ips", min=1, metavar="N", help="Outbound IPs of the cluster.")] = 1,
    ports: Annotated[
        int | None,
        typer.Option("--ports", min=0, metavar="N", help="SNAT ports per node to check; 0 is Azure's table."),
    ] = None,
    max_nodes: Annotated[
        int | None,
        typer.Option("--max-nodes", min=1, metavar="N", help="The autoscaler's upper bound."),
    ] = None,
    max_surge: Annotated[
        str,
        typer.Option("--max-surge", metavar="N|N%", help="Extra nodes while AKS upgrades, as in AKS."),
    ] = "",
    form: Annotated[Format, typer.Option("--output", "-o", help="How to print it.")] = "text",
    *,
    color: declared.Color = "auto",
) -> None:
    """Calculate SNAT ports: whether a number fits, what AKS would refuse, and what to set instead.

    Exits with 1 where AKS would refuse the numbers.
    """
    try:
        found = plan(nodes=nodes, ips=ips, ports=ports, max_surge=max_surge, max_nodes=max_nodes)
    except AkslbError as error:
        raise output.WrongUsageError(error.message, error.hint) from None
    if form == "json":
        from json import dumps

        output.write(dumps(snat_document(found), indent=2) + "\n")
    elif form == "text":
        output.write(snat_text(found, output.terminal(color)))
    else:
        assert_never(form)
    if any(finding.severity == ERROR for finding in found.findings):
        raise typer.Exit(output.EXIT_FINDING)
