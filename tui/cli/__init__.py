"""The `clearance` command: the table of commands, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys

import click

from analysis.errors import EXIT_OK, EXIT_USAGE, ClearanceError, UsageError
from analysis.model import PRODUCT
from analysis.text import visible
from analysis.words import nearest
from tui.cli.common import output

#: Every command and the module that defines it, in the order of the help.
_COMMANDS = {
    "demo": "tui.cli.reviews",
    "review": "tui.cli.reviews",
    "open": "tui.cli.reviews",
    "serve": "tui.cli.browser.serve",
    "import": "tui.cli.reviews",
    "inspect": "tui.cli.inventory",
    "status": "tui.cli.status",
    "gates": "tui.cli.status",
    "tools": "tui.cli.tools.tools",
    "show": "tui.cli.tools.tools",
    "groups": "tui.cli.tools.queue",
    "propose": "tui.cli.tools.queue",
    "decide": "tui.cli.tools.decisions",
    "retag": "tui.cli.tools.overrides",
    "misread": "tui.cli.tools.overrides",
    "flows": "tui.cli.tools.flows",
    "duplicates": "tui.cli.tools.duplicates",
    "names": "tui.cli.tools.generator_names",
    "changes": "tui.cli.tools.changes",
    "hints": "tui.cli.tools.hints",
    "findings": "tui.cli.findings",
    "dispose": "tui.cli.findings",
    "note": "tui.cli.notes",
    "views": "tui.cli.views",
    "view": "tui.cli.views",
    "merge": "tui.cli.teams.copies",
    "conflicts": "tui.cli.teams.copies",
    "settle": "tui.cli.teams.copies",
    "share": "tui.cli.teams.copies",
    "sync": "tui.cli.teams.sync",
    "team": "tui.cli.teams.copies",
    "assign": "tui.cli.teams.assignments",
    "log": "tui.cli.history",
    "undo": "tui.cli.history",
    "redo": "tui.cli.history",
    "controls": "tui.cli.governance.controls",
    "answer": "tui.cli.governance.answers",
    "evidence": "tui.cli.governance.answers",
    "intake": "tui.cli.governance.policies",
    "profile": "tui.cli.governance.policies",
    "policy": "tui.cli.governance.policies",
    "traffic": "tui.cli.traffic",
    "schema": "tui.cli.rules",
    "export": "tui.cli.packets",
    "withdraw": "tui.cli.packets",
    "targets": "tui.cli.packets",
    "diff": "tui.cli.packets",
    "check": "tui.cli.packets",
    "sign": "tui.cli.signoffs",
    "verify": "tui.cli.signoffs",
    "enforce": "tui.cli.gateway.enforce",
    "approve": "tui.cli.gateway.approve",
    "rules": "tui.cli.rules",
    "keys": "tui.cli.keys",
}


class _Commands(click.Group):
    """Group that imports the module of a command when it is called; a review file alone means `open`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        from importlib import import_module  # noqa: PLC0415

        if cmd_name not in _COMMANDS:
            return None
        module = import_module(_COMMANDS[cmd_name])
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and args[0].endswith(".clearance"):
            args = ["open", *args]
        elif args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            near = nearest(args[0], list(_COMMANDS))
            remedy = f"did you mean {near}?" if near else "list them: clearance --help"
            raise UsageError("there is no such command", place=visible(args[0], 80), remedy=remedy)
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine, 1 the answer is no, 2 usage, 3 input refused, 4 review file refused, 70 our fault.",
)
@click.version_option(PRODUCT.version, message=str(PRODUCT))
@click.pass_context
def clearance(ctx: click.Context) -> None:
    """Decide which tools an AI agent may call, and produce a signed record of the decision.

    Without arguments the desk opens on its start screen.
    """
    if ctx.invoked_subcommand is None:
        from tui.cli.reviews import open_desk  # noqa: PLC0415

        open_desk(None)


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code. Raises nothing."""
    output.escape_unencodable()
    try:
        clearance.main(args=arguments, prog_name="clearance", standalone_mode=False)
    except ClearanceError as error:
        return output.show_error(error)
    except click.ClickException as error:
        output.remark("\n".join([f"error: {visible(error.format_message())}", *_usage_lines(error)]))
        return EXIT_USAGE
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        output.remark("stopped")
        return 130
    except (BrokenPipeError, SystemExit):
        # The reader of our output has closed it; click turns that into an exit of its own.
        _drop_stdout()
        return EXIT_OK
    except Exception:  # noqa: BLE001 - users never see a traceback
        return output.show_fault(arguments)
    return EXIT_OK


def _usage_lines(error: click.ClickException) -> list[str]:
    """Return the usage line, and what to do next."""
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    return [ctx.get_usage(), f"next: {ctx.command_path} --help"] if ctx else []


def _drop_stdout() -> None:
    """Keep the interpreter from reporting the closed pipe when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
