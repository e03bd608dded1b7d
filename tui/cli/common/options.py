"""Options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

#: The review file of a command.
FILE = click.argument("file", type=click.Path(path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
ACTOR = click.option("--actor", help="Who is acting. Default: $CLEARANCE_ACTOR, else your login name.")


def recording(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of every command that records an event."""
    decorated: Callable[..., Any] = ACTOR(AS_JSON(command))
    return decorated
