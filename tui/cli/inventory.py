"""`clearance inspect`: the classified inventory of a source, without a review file."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from analysis.errors import CheckFailed, InputRefused
from analysis.model import CapabilityKind, Severity, call_label, kinds_in_words
from analysis.review.queries import inspection
from analysis.review.sources.importing import ImportResult, no_operations
from analysis.text import visible
from tui.cli.common.output import columns, put_json, remark, say
from tui.cli.common.sources import SourceOptions, read_source, source_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.model import Finding, ToolId

#: Maximum number of problems of the source printed.
_MAX_PROBLEMS = 10
#: Findings printed: rows, tools named in a row, and the lowest severity that is listed and not only counted.
_MAX_FINDINGS = 20
_MAX_NAMED = 3
_LISTED = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)
#: Rules whose evidence is printed with each finding: what a text orders has to be read.
_QUOTED = "INJ"


@click.command("inspect", epilog="Example: clearance inspect openapi.yaml --json | jq '.counts'")
@click.argument("source")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the whole inventory as JSON. A set of fields is slices of the names in `field_sets`.",
)
@click.option("--why", metavar="TOOL", help="Show how one tool was classified: every signal, for and against.")
@click.option("--csv", "as_csv", is_flag=True, help="Print one row per tool for a spreadsheet.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Print the findings as SARIF 2.1.0, for code scanning.")
@click.option(
    "--conformance", is_flag=True, help="Also validate the document against its specification. Slow; not a gate."
)
@click.option(
    "--fail-on",
    type=click.Choice([each.value for each in _LISTED]),
    help="End with exit code 1 if there is a finding of this severity or a worse one.",
)
@source_options
def inspect_command(
    source: str,
    as_json: bool,
    why: str | None,
    as_csv: bool,
    as_sarif: bool,
    conformance: bool,
    fail_on: str | None,
    **options: Any,
) -> None:
    """Show all that SOURCE offers an agent with type, risk and data, and the findings, without a review file.

    SOURCE is an OpenAPI document (JSON or YAML), the folder of one that spans several files, a Google discovery
    document, a Postman collection, a saved MCP tools/list result, - for standard input, or a live MCP server (mcp:https://HOST/PATH, mcp:CONFIG#NAME). The
    command of a server is shown, and started only after you confirm.
    """
    try:
        read = read_source(source, SourceOptions(**options), empty=True, conformance=conformance)
    except InputRefused as refused:
        if as_json:
            put_json(inspection.refused_report(source, refused.problems))
        raise
    imported = inspection.with_flow_findings(read)
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
    elif as_sarif:
        put_json(inspection.code_scanning(imported))
    else:
        _show(imported, data)
    if not imported.tools:
        raise no_operations(source, imported.info)
    if fail_on and (count := inspection.reaches(imported, Severity(fail_on))):
        raise CheckFailed(
            f"{count:,} {'finding' if count == 1 else 'findings'} of severity {fail_on} or worse",
            place=source,
            remedy="read them in the list above, or with --json",
        )


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
        classes = ",".join(tool["data_classes"])
        call = call_label(CapabilityKind(tool["kind"]), tool["method"], tool["path"])
        tool_type = f"{tool['type']}?" if tool["unclear"] else tool["type"]
        rows.append([tool["risk"], tool_type, tool["reversibility"], classes, visible(tool["name"]), visible(call)])
    for line in columns(rows, [6, 14, 21, 18, 36, 0]):
        say(line)
    _show_findings(imported)
    if imported.problems:
        remark(f"\n{len(imported.problems)} problems of the input:")
        for problem in imported.problems[:_MAX_PROBLEMS]:
            place = f" (line {problem.line})" if problem.line else f" ({problem.pointer})" if problem.pointer else ""
            remark(f"  {problem.level.value}: {visible(problem.what)}{visible(place)}")
        if len(imported.problems) > _MAX_PROBLEMS:
            remark(f"  … and {len(imported.problems) - _MAX_PROBLEMS} more; all of them with --json")
    for skipped in imported.not_checked:
        remark(f"not checked: {skipped.check}: {skipped.reason}")


def _show_findings(imported: ImportResult) -> None:
    """Print the findings, the worst first: one row for a rule and severity, and the evidence of planted text."""
    groups = inspection.findings_by_rule(imported)
    counts = Counter(finding.severity for finding in imported.findings)
    counted = ", ".join(f"{counts[each]:,} {each.value}" for each in Severity if counts[each])
    say(f"\n{len(imported.findings):,} findings{': ' if counted else ''}{counted}")
    listed = [group for group in groups if group[0].severity in _LISTED]
    if not listed:
        return
    names = {tool.id: tool.name for tool, _ in imported.tools}
    rows = [["SEVERITY", "RULE", "COUNT", "FINDING", "TOOLS"]]
    for group in listed[:_MAX_FINDINGS]:
        first = group[0]
        rows.append([first.severity.value, first.rule, f"{len(group):,}", first.title, _named(group, names)])
    head, *lines = columns(rows, [8, 8, 6, 48, 0])
    say(head)
    for group, line in zip(listed, lines, strict=False):
        say(line)
        if group[0].rule.startswith(_QUOTED):
            for finding in group[:_MAX_NAMED]:
                say(
                    f"           {_short(names.get(finding.tool, '') if finding.tool else '')}: {visible(finding.matched, 240)}"
                )
    if len(listed) < len(groups) or len(listed) > _MAX_FINDINGS or any(len(group) > _MAX_NAMED for group in listed):
        remark("all findings with their evidence: --json, or of one tool: --why TOOL")


def _named(group: list[Finding], names: Mapping[ToolId, str]) -> str:
    """Return the tools of findings: the first few names, and how many more."""
    tools = list(dict.fromkeys(names[each.tool] for each in group if each.tool is not None and each.tool in names))
    more = f" and {len(tools) - _MAX_NAMED:,} more" if len(tools) > _MAX_NAMED else ""
    return f"{visible(', '.join(tools[:_MAX_NAMED]), 120)}{more}" if tools else "the source"


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
    yield from _listed("data", (f"{h['direction']:9} {h['data']}: {_joined(h['fields'])}" for h in tool["data"]))
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
