"""What the desk is measured against: a bare Textual application, and one that does the desk's work with a DataTable.

python -m tests.benchmarks.peers hello | table ROWS.json
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.widgets import Static


class Hello(App):
    """As little as an application can be."""

    def compose(self):
        yield Static("RISK low hello")


def table_of(place):
    """Return an application that lists, filters, sorts and decides rows of a JSON file in a DataTable."""
    from textual.widgets import DataTable, Footer, Input

    rows = json.loads(Path(place).read_text())
    store = sqlite3.connect(f"{place}.sqlite", isolation_level=None)
    store.execute("CREATE TABLE IF NOT EXISTS decided (id TEXT, verdict TEXT)")

    class Table(App):
        BINDINGS: ClassVar = [
            ("slash", "search", "filter"),
            ("b", "block", "block"),
            ("o", "order", "sort"),
            ("B", "bulk", "bulk"),
        ]

        def compose(self):
            yield Input(id="filter")
            yield DataTable(cursor_type="row")
            yield Footer()

        def on_mount(self):
            table = self.query_one(DataTable)
            self.columns = table.add_columns("", "RISK", "TYPE", "TOOL", "CALL", "DATA")
            self.fill("")
            table.focus()

        def fill(self, words):
            table = self.query_one(DataTable)
            table.clear()
            wanted = words.lower().split()
            for identity, *cells in rows:
                if all(word in f"{cells[3]} {cells[4]}".lower() for word in wanted):
                    table.add_row(*cells, key=identity)

        def action_search(self):
            self.query_one(Input).focus()

        def on_input_changed(self, event):
            self.fill(event.value)

        def on_input_submitted(self):
            self.query_one(DataTable).focus()

        def decide(self, keys):
            table = self.query_one(DataTable)
            with store:
                store.executemany("INSERT INTO decided VALUES (?, 'blocked')", [(key.value,) for key in keys])
            for key in keys:
                table.update_cell(key, self.columns[0], " B ")

        def action_block(self):
            table = self.query_one(DataTable)
            self.decide([table.ordered_rows[table.cursor_row].key])
            table.move_cursor(row=table.cursor_row + 1)

        def action_bulk(self):
            self.decide([row.key for row in self.query_one(DataTable).ordered_rows[:1000]])

        def action_order(self):
            self.query_one(DataTable).sort(self.columns[1])

    return Table()


if __name__ == "__main__":
    (Hello() if sys.argv[1] == "hello" else table_of(sys.argv[2])).run()
