"""`clearance inspect`: the classified inventory, without a review file."""

from __future__ import annotations

from typing import Any

import click

from analysis.errors import InputRefused
from analysis.review.queries import inspection
from analysis.review.sources.importing import ImportResult, no_operations
from analysis.text import visible
from tui.cli.common.output import columns, put_json, remark, say
from tui.cli.common.sources import SourceChoices, read_source, source_options
from tui.cli.explanations import explained

_SHOWN_PROBLEMS = 10


@click.command("inspect", epilog="Example: clearance inspect openapi.yaml --json | jq '.counts'")
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="Print the whole inventory as JSON.")
@click.option("--why", metavar="TOOL", help="Show how one tool came to its class: every signal, and what disagreed.")
@click.option("--csv", "as_csv", is_flag=True, help="Print one row per tool for a spreadsheet.")
@click.option("--conformance", is_flag=True, help="Validate the document against its specification too: slow, no gate.")
@source_options
def inspect_command(
    source: str, as_json: bool, why: str | None, as_csv: bool, conformance: bool, **choices: Any
) -> None:
    """Show every tool of SOURCE with its class, risk and data, without a review file.

    SOURCE is an OpenAPI document (JSON or YAML), the folder of one that spans several files, a saved MCP
    tools/list result, - for standard input, or a live MCP server (mcp:https://HOST/PATH, mcp:CONFIG#NAME), which is
    shown and asked about before it is started.
    """
    try:
        examined = read_source(source, SourceChoices(**choices), empty=True, conformance=conformance)
    except InputRefused as refused:
        if as_json:
            put_json(inspection.refused_report(source, refused.problems))
        raise
    if why is not None:
        _explain(examined, why, as_json=as_json)
        return
    data = inspection.report(examined)
    if not examined.tools and not as_json:
        raise no_operations(source, examined.info)
    if as_json:
        put_json(data)
    elif as_csv:
        say(inspection.table(data).rstrip("\n"))
    else:
        _show(examined, data)
    if not examined.tools:
        raise no_operations(source, examined.info)


def _explain(examined: ImportResult, wanted: str, *, as_json: bool) -> None:
    tool, said = inspection.find_tool(examined, wanted)
    derived = inspection.derivation(examined, tool, said)
    if as_json:
        put_json(derived)
    else:
        say("\n".join(explained(derived)))


def _show(examined: ImportResult, data: dict[str, Any]) -> None:
    info, counts = examined.info, data["counts"]
    say(f"{visible(info.title or info.uri)} {visible(info.version)} · {info.format} · sha256 {info.sha256[:16]}…")
    unclear = f" ({counts['unclear']} unclear, treated as side-effect)" if counts["unclear"] else ""
    say(
        f"{len(examined.tools)} tools: {counts['read-only']} read-only, {counts['side-effect']} side-effect{unclear}, "
        f"{counts['critical']} critical"
    )
    say()
    rows = [["RISK", "TYPE", "UNDO", "DATA", "TOOL", "CALL"]]
    for tool in data["tools"]:
        classes = ",".join(tool["data"])
        call = f"{tool['method']} {tool['path']}".strip() or "MCP tool"
        kind = f"{tool['type']}?" if tool["unclear"] else tool["type"]
        rows.append([tool["risk"], kind, tool["reversibility"], classes, visible(tool["name"]), visible(call)])
    for line in columns(rows, [6, 14, 21, 18, 36, 0]):
        say(line)
    if examined.problems:
        remark(f"\n{len(examined.problems)} problems of the input:")
        for problem in examined.problems[:_SHOWN_PROBLEMS]:
            place = f" (line {problem.line})" if problem.line else f" ({problem.pointer})" if problem.pointer else ""
            remark(f"  {problem.level.value}: {visible(problem.what)}{visible(place)}")
        if len(examined.problems) > _SHOWN_PROBLEMS:
            remark(f"  … and {len(examined.problems) - _SHOWN_PROBLEMS} more; all of them with --json")
    for skipped in examined.not_checked:
        remark(f"not checked: {skipped.check}: {skipped.reason}")
