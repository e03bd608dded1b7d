"""Writes REFERENCE.md and the generated parts of README.md, or checks them: `python -m tests.docs [--check]`."""

from __future__ import annotations

import json
import re
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from analysis.rules import rules
from tui.cli import clearance
from tui.desk.shell.keys import KEYS, spelled

ROOT = Path(__file__).resolve().parent.parent
#: Columns of the help texts.
WIDTH = 100
EXIT_CODES = {
    0: "fine",
    1: "the answer is no: not verified, gates open, drift, nothing to undo",
    2: "usage: the call makes no sense",
    3: "a source or another input file was refused",
    4: "the review file was refused: damaged, newer, read-only, of another program",
    70: "internal error; a report to send is written",
}


def table(*rows: tuple[object, ...]) -> str:
    """Return rows as a Markdown table, the first one as its head."""
    head, *body = [" | ".join(str(cell).replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in [head, " | ".join("---" for _ in rows[0]), *body])


def optional(module: str, name: str) -> Any:
    """Return a table of the product, or None before the product has it."""
    return getattr(import_module(module), name, None) if find_spec(module) else None


def commands() -> str:
    """Return the table of commands, then the full help of each."""
    context = click.Context(clearance, info_name="clearance", **clearance.context_settings)
    found = {
        name: command
        for name in clearance.list_commands(context)
        if (command := clearance.get_command(context, name)) is not None
    }
    rows = [(f"[`{name}`](#clearance-{name})", found[name].get_short_help_str(200)) for name in found]
    parts = [table(("command", "what it does"), *rows)]
    for name, command in found.items():
        inner = click.Context(command, info_name=name, parent=context, max_content_width=WIDTH, terminal_width=WIDTH)
        parts.append(f"### clearance {name}\n\n```text\n{command.get_help(inner).strip()}\n```")
    return "\n\n".join(parts)


def exit_codes() -> str:
    """Return the exit codes."""
    return table(("exit code", "meaning"), *EXIT_CODES.items())


def keys() -> str:
    """Return the keys of the desk."""
    most = max(len(key.areas) for key in KEYS)
    rows = []
    for key in KEYS:
        where = "every area" if len(key.areas) == most else ", ".join(key.areas) or "everywhere"
        rows.append((" ".join(f"`{part}`" for part in spelled(key.keys).split()), key.help, where))
    return table(("key", "what it does", "where"), *rows)


def rule_table() -> str:
    """Return the rules."""
    rows = [(rule.id, rule.title, rule.severity.value, rule.why) for rule in rules()]
    return table(("rule", "finding", "severity", "why"), *rows)


def targets() -> str:
    """Return the export targets of the allowlist."""
    found = optional("analysis.output.allowlist", "TARGETS") or ()
    rows = [(f"`{t.name}`", t.title, t.tested, t.carries, t.cannot) for t in found]
    return table(("target", "consumer", "proved with", "carries", "cannot"), *rows) if rows else ""


def packet_files() -> str:
    """Return the files of a packet."""
    found = optional("analysis.output.files", "packet_files")
    return table(("file", "what it is"), *[(f"`{each.name}`", each.title) for each in found()]) if found else ""


def schemas() -> str:
    """Return the published schemas."""
    found = optional("analysis.review.queries.published_schemas", "schema_titles")
    return table(("schema", "what it describes"), *found().items()) if found else ""


def policy_settings() -> str:
    """Return the settings of a policy file, from its published schema."""
    path = ROOT / "analysis" / "policy" / "policy.schema.json"
    if not path.exists():
        return ""
    properties = json.loads(path.read_text("utf-8"))["properties"]
    rows = [
        (f"`{section}{inner}`", setting.get("description", setting.get("title", "")))
        for section, outer in properties.items()
        for inner, setting in [
            ("", outer),
            *((f": {name}", each) for name, each in outer.get("properties", {}).items()),
        ]
        if setting.get("description") or setting.get("title")
    ]
    return table(("setting", "meaning"), *rows)


SECTIONS = {
    "Commands": commands,
    "Exit codes": exit_codes,
    "Keys of the desk": keys,
    "Rules": rule_table,
    "Files of a packet": packet_files,
    "Export targets": targets,
    "Settings of a policy": policy_settings,
    "Schemas": schemas,
}


def reference() -> str:
    """Return REFERENCE.md."""
    parts = {title: text for title, make in SECTIONS.items() if (text := make())}
    contents = " · ".join(f"[{title}](#{title.lower().replace(' ', '-')})" for title in parts)
    head = f"# Reference\n\nGenerated from the code by `make docs`; do not edit.\n\n{contents}"
    return "\n\n".join([head, *(f"## {title}\n\n{text}" for title, text in parts.items())]) + "\n"


def readme(text: str) -> str:
    """Return README.md with its generated parts written anew."""
    parts = {"exit codes": exit_codes}

    def fill(match: re.Match[str]) -> str:
        return f"<!-- generated: {match[1]} -->\n{parts[match[1]]()}\n<!-- end -->"

    return re.sub(r"<!-- generated: ([a-z ]+) -->\n.*?<!-- end -->", fill, text, flags=re.DOTALL)


def main(arguments: list[str]) -> int:
    """Write or check the documents; return 1 when a check found one that is not current."""
    read_me, reference_page = ROOT / "README.md", ROOT / "REFERENCE.md"
    wanted = {read_me: readme(read_me.read_text("utf-8")), reference_page: reference()}
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in arguments:
        if stale:
            sys.stderr.write(f"not current: {', '.join(path.name for path in stale)}; run: make docs\n")
        return 1 if stale else 0
    for path in stale:
        path.write_text(wanted[path], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
