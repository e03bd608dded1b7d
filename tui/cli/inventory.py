"""`clearance inspect`: the classified inventory of a source, without a review file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from analysis.errors import InputRefused
from analysis.model import CapabilityKind, call_label, kinds_in_words
from analysis.review.queries import inspection
from analysis.review.sources.importing import ImportResult, no_operations
from analysis.text import visible
from tui.cli.common.output import columns, put_json, remark, say
from tui.cli.common.sources import SourceOptions, read_source, source_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Maximum number of problems of the source printed.
_MAX_PROBLEMS = 10


@click.command("inspect", epilog="Example: clearance inspect openapi.yaml --json | jq '.counts'")
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="Print the whole inventory as JSON.")
@click.option("--why", metavar="TOOL", help="Show how one tool was classified: every signal, for and against.")
@click.option("--csv", "as_csv", is_flag=True, help="Print one row per tool for a spreadsheet.")
@click.option(
    "--conformance", is_flag=True, help="Also validate the document against its specification. Slow; not a gate."
)
@source_options
def inspect_command(
    source: str, as_json: bool, why: str | None, as_csv: bool, conformance: bool, **options: Any
) -> None:
    """Show all that SOURCE offers an agent with type, risk and data, without a review file.

    SOURCE is an OpenAPI document (JSON or YAML), the folder of one that spans several files, a Google discovery
    document, a Postman collection, a saved MCP tools/list result, - for standard input, or a live MCP server (mcp:https://HOST/PATH, mcp:CONFIG#NAME). The
    command of a server is shown, and started only after you confirm.
    """
    try:
        imported = read_source(source, SourceOptions(**options), empty=True, conformance=conformance)
    except InputRefused as refused:
        if as_json:
            put_json(inspection.refused_report(source, refused.problems))
        raise
    if why is not None:
        _explain(imported, why, as_json=as_json)
        return
    data = inspection.report(imported)
    if not imported.tools and not as_json:
        raise no_operations(source, imported.info)
    if as_json:
        put_json(data)
    elif as_csv:
        say(inspection.table(data).rstrip("\n"))
    else:
        _show(imported, data)
    if not imported.tools:
        raise no_operations(source, imported.info)


def _explain(imported: ImportResult, wanted: str, *, as_json: bool) -> None:
    tool, assessment = inspection.find_tool(imported, wanted)
    derivation = inspection.derivation(imported, tool, assessment)
    if as_json:
        put_json(derivation)
    else:
        say("\n".join(_explanation(derivation)))


def _show(imported: ImportResult, data: dict[str, Any]) -> None:
    info, counts = imported.info, data["counts"]
    say(f"{visible(info.title or info.uri)} {visible(info.version)} · {info.format} · sha256 {info.sha256[:16]}…")
    unclear = f" ({counts['unclear']} unclear, treated as side-effect)" if counts["unclear"] else ""
    say(
        f"{counts['tool']} tools: {counts['read-only']} read-only, {counts['side-effect']} side-effect{unclear}, "
        f"{counts['critical']} critical"
    )
    others: dict[CapabilityKind, int] = {
        kind: counts[kind.value] for kind in CapabilityKind if kind is not CapabilityKind.TOOL
    }
    if any(others.values()):
        say(f"also: {kinds_in_words(others)}")
    say()
    rows = [["RISK", "TYPE", "UNDO", "DATA", "TOOL", "CALL"]]
    for tool in inspection.capabilities(data):
        classes = ",".join(tool["data"])
        call = call_label(CapabilityKind(tool["kind"]), tool["method"], tool["path"])
        tool_type = f"{tool['type']}?" if tool["unclear"] else tool["type"]
        rows.append([tool["risk"], tool_type, tool["reversibility"], classes, visible(tool["name"]), visible(call)])
    for line in columns(rows, [6, 14, 21, 18, 36, 0]):
        say(line)
    if imported.problems:
        remark(f"\n{len(imported.problems)} problems of the input:")
        for problem in imported.problems[:_MAX_PROBLEMS]:
            place = f" (line {problem.line})" if problem.line else f" ({problem.pointer})" if problem.pointer else ""
            remark(f"  {problem.level.value}: {visible(problem.what)}{visible(place)}")
        if len(imported.problems) > _MAX_PROBLEMS:
            remark(f"  … and {len(imported.problems) - _MAX_PROBLEMS} more; all of them with --json")
    for skipped in imported.not_checked:
        remark(f"not checked: {skipped.check}: {skipped.reason}")


def _explanation(tool: dict[str, Any]) -> Iterator[str]:
    """Yield the derivation of an assessment line by line: the result, the signals for it, and those against it."""
    yield visible(tool["name"]) + (" · deprecated" if tool["deprecated"] else "")
    yield visible(call_label(CapabilityKind(tool["kind"]), tool["method"], tool["path"]))
    yield f"{visible(tool['pointer'])}" + (f", line {tool['line']}" if tool["line"] else "")
    yield ""
    unclear = " · unclear, treated as side-effect" if tool["unclear"] else ""
    yield f"{tool['risk']} risk · {', '.join(tool['types'])} · {tool['reversibility']}{unclear}"
    yield f"confidence {tool['confidence']:.2f}; {tool['tokens']:,} tokens"
    yield ""
    yield "signals for"
    yield from _reasons(tool["reasons"], against=False)
    against = list(_reasons(tool["reasons"], against=True))
    yield from ("", "signals against", *against) if against else ()
    yield from _listed(
        f"returns {tool['confidentiality']} content",
        (f"{found['kind']}: {found['where']} {_short(found['matched'])}" for found in tool["confidential_signals"]),
    )
    yield from _listed("data", (f"{h['direction']:9} {h['data']}: {_joined(h['fields'])}" for h in tool["data_hits"]))
    yield from _listed(
        "flow roles",
        (
            f"{signal['role']}: {signal['where']} {_short(signal['matched'])}: {signal['says']}"
            for signal in tool["role_signals"]
        ),
    )
    yield from _listed("paging", [f"continues by {_joined(tool['page_parameters'])}"] if tool["paginated"] else [])
    yield from _listed("filters", [_joined(tool["filter_parameters"])] if tool["filter_parameters"] else [])
    yield from _listed(
        "findings", (f"{f['rule']} {f['severity']}: {f['title']} {_matched(f)}" for f in tool["findings"])
    )


def _reasons(reasons: list[dict[str, Any]], *, against: bool) -> Iterator[str]:
    for reason in reasons:
        if reason["against"] is against:
            yield f"  {reason['where']:11} {_short(reason['matched'])}: {visible(reason['says'])}"


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(lines):
        yield from () if number else ("", title)
        yield f"  {text}"


def _short(text: str) -> str:
    return visible(text, 80)


def _joined(names: list[str]) -> str:
    return visible(", ".join(names), 160)


def _matched(finding: dict[str, Any]) -> str:
    return f"({visible(finding['matched'], 160)})" if finding["matched"] else ""
