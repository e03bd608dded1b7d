"""Writes the generated parts of the documents, or checks that they are true: `python -m tests.docs [--check]`."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import click

from analysis.output import allowlist, files
from analysis.rules import rules
from tui.cli import clearance
from tui.desk.shell.keys import KEYS, spelled

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "ARCHITECTURE.md")


def commands() -> str:
    """Return every command with the sentence its help begins with."""
    context = click.Context(clearance, info_name="clearance")
    lines = []
    for name in clearance.list_commands(context):
        command = clearance.get_command(context, name)
        usage = command.get_usage(click.Context(command, info_name=f"clearance {name}"))
        usage = " ".join(usage.removeprefix("Usage: ").split()).replace(" [OPTIONS]", "")
        lines.append(f"| `{usage}` | {command.get_short_help_str(200)} |")
    return "\n".join(["| command | what it does |", "|---|---|", *lines])


def exit_codes() -> str:
    """Return the exit codes."""
    rows = [
        ("0", "fine"),
        ("1", "the answer is no: not verified, nothing to undo"),
        ("2", "usage: the call makes no sense"),
        ("3", "the source was refused"),
        ("4", "the review file was refused: damaged, foreign, newer, read-only"),
        ("70", "our fault; a report to send is written"),
    ]
    return "\n".join(["| exit code | meaning |", "|---|---|", *(f"| {code} | {meaning} |" for code, meaning in rows)])


def keys() -> str:
    """Return the keys of the desk."""
    lines = []
    for key in KEYS:
        where = ", ".join(key.areas) or "everywhere"
        shown = " ".join(f"`{part}`" for part in spelled(key.keys).split())
        lines.append(f"| {shown} | {key.help} | {where} |")
    return "\n".join(["| key | what it does | where |", "|---|---|---|", *lines])


def rule_table() -> str:
    """Return the rules."""
    lines = [f"| {r.id} | {r.title} | {r.severity.value} | {r.why} |" for r in rules()]
    return "\n".join(["| rule | finding | severity | why |", "|---|---|---|---|", *lines])


def rooms() -> str:
    """Return every module with the first sentence it says of itself."""
    lines = []
    for path in sorted([*ROOT.glob("analysis/**/*.py"), *ROOT.glob("tui/**/*.py")]):
        doc = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        first = doc.split("\n\n")[0].replace("\n", " ")
        name = path.relative_to(ROOT).as_posix().replace("__init__.py", "")
        lines.append(f"| `{name}` | {first.replace('|', chr(92) + '|')} |")
    return "\n".join(["| module | what it is for |", "|---|---|", *lines])


def packet_files() -> str:
    """Return the files of a packet."""
    lines = [f"| `{file.name}` | {file.title} |" for file in files.packet_files()]
    return "\n".join(["| file | what it is |", "|---|---|", *lines])


def targets() -> str:
    """Return the export targets."""
    lines = [f"| `{t.name}` | {t.title} | {t.note} |" for t in allowlist.TARGETS]
    return "\n".join(["| target | for | note |", "|---|---|---|", *lines])


PARTS = {
    "packet files": packet_files,
    "targets": targets,
    "commands": commands,
    "exit codes": exit_codes,
    "keys": keys,
    "rules": rule_table,
    "rooms": rooms,
}


def render(text: str) -> str:
    """Return a document with its generated parts written anew."""

    def fill(match: re.Match[str]) -> str:
        return f"<!-- generated: {match[1]} -->\n{PARTS[match[1]]()}\n<!-- end -->"

    return re.sub(r"<!-- generated: ([a-z ]+) -->\n.*?<!-- end -->", fill, text, flags=re.DOTALL)


def main(arguments: list[str]) -> int:
    """Write or check; return 1 when a check found a document that is not true."""
    stale = []
    for name in DOCUMENTS:
        path = ROOT / name
        now = path.read_text("utf-8")
        wanted = render(now)
        if now != wanted:
            stale.append(name)
            if "--check" not in arguments:
                path.write_text(wanted, "utf-8")
    if stale and "--check" in arguments:
        sys.stderr.write(f"not current: {', '.join(stale)}; run: make docs\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
