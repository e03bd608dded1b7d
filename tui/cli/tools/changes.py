"""`clearance changes`: differences that re-imports made to the tools of a review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from analysis.review.queries.changes import changes_of
from analysis.review.queries.status import json_data
from analysis.text import visible
from tui.cli.common.options import AS_JSON, FILE
from tui.cli.common.output import put_json, say
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from pathlib import Path


@click.command("changes", epilog="Example: clearance changes payments.clearance --json")
@FILE
@AS_JSON
def changes_command(file: Path, as_json: bool) -> None:
    """Show which tools a re-import changed, added or removed, field by field."""
    found = changes_of(opened(file))
    if as_json:
        put_json([json_data(each) for each in found])
        return
    for each in found:
        say(f"{each.kind:8}{visible(each.name)}  ({visible(each.source)}, {each.at})")
        for name, before, after in each.fields:
            say(f"  {name}: {visible(before, 200)} -> {visible(after, 200)}")
    say(f"{len(found)} tools differ")
