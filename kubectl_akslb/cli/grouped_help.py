"""Help whose options stand in groups: the command's own first, those of kubectl last."""

from typing import Any

from typer.core import TyperCommand

from kubectl_akslb.cli.declarations import KUBECTL

_LAST = f"Options: {KUBECTL}"


class GroupedCommand(TyperCommand):
    """A command whose help has a section for each ``rich_help_panel``, without Rich."""

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer exports no names for them
        """Write the arguments, then the options by group."""
        sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None:
                panel = getattr(param, "rich_help_panel", None)
                own = "Arguments" if param.param_type_name == "argument" else "Options"
                sections.setdefault(f"Options: {panel}" if panel else own, []).append(record)
        last = sections.pop(_LAST, [])
        for title, records in (*sections.items(), (_LAST, last)):
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)
