"""`clearance keys`: the keys of the desk."""

from __future__ import annotations

import click

from analysis.text import visible
from tui.cli.common.options import AS_JSON
from tui.cli.common.output import columns, put_json, say


@click.command("keys", epilog="Example: clearance keys --json | jq -r '.[].action'")
@AS_JSON
def keys_command(as_json: bool) -> None:
    """List the keys of the desk with the names of their actions."""
    from tui.desk.shell.keymap import keys_file, read_keymap  # noqa: PLC0415 - the table loads no terminal
    from tui.desk.shell.keys import spelled  # noqa: PLC0415

    entries = read_keymap().entries
    if as_json:
        put_json(
            [{"action": e.action, "keys": e.keys.split(","), "help": e.help, "areas": list(e.areas)} for e in entries]
        )
        return
    rows = [["KEYS", "ACTION", "WHAT IT DOES", "WHERE"]]
    rows += [[spelled(e.keys), e.action, e.help, ", ".join(e.areas) or "everywhere"] for e in entries]
    for line in columns(rows, [10, 20, 60, 0]):
        say(line)
    say(f'\nYour own keys: {visible(str(keys_file()))}, section [keys], lines of the form: action = "key".')
