"""How the engine came to what it says of one tool, as lines for a person: `clearance inspect --why`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator


def explained(tool: dict[str, Any]) -> Iterator[str]:
    """Yield the derivation of a tool line by line: what was concluded, from what, and what spoke against it."""
    yield visible(tool["name"]) + (" · deprecated" if tool["deprecated"] else "")
    yield f"{visible(tool['method'])} {visible(tool['path'])}".strip() or "MCP tool"
    yield f"{visible(tool['pointer'])}" + (f", line {tool['line']}" if tool["line"] else "")
    yield ""
    unclear = " · unclear, treated as a side effect" if tool["unclear"] else ""
    yield f"{tool['risk']} risk · {', '.join(tool['types'])} · {tool['reversibility']}{unclear}"
    yield f"confidence {tool['confidence']:.2f}; {tool['tokens']:,} tokens"
    yield ""
    yield "what says so"
    yield from _reasons(tool["reasons"], against=False)
    disagreed = list(_reasons(tool["reasons"], against=True))
    yield from ("", "what disagrees", *disagreed) if disagreed else ()
    yield from _listed("data", (f"{h['direction']:9} {h['data']}: {_some(h['fields'])}" for h in tool["data_hits"]))
    yield from _listed(
        "flow",
        (
            f"{signal['role']}: {signal['where']} {_word(signal['matched'])}: {signal['says']}"
            for signal in tool["role_signals"]
        ),
    )
    yield from _listed("pages", [f"goes on by {_some(tool['page_parameters'])}"] if tool["paginated"] else [])
    yield from _listed("filters", [_some(tool["filter_parameters"])] if tool["filter_parameters"] else [])
    yield from _listed(
        "findings", (f"{f['rule']} {f['severity']}: {f['title']} {_matched(f)}" for f in tool["findings"])
    )


def _reasons(reasons: list[dict[str, Any]], *, against: bool) -> Iterator[str]:
    for reason in reasons:
        if reason["against"] is against:
            yield f"  {reason['where']:11} {_word(reason['matched'])}: {visible(reason['says'])}"


def _listed(title: str, lines: Any) -> Iterator[str]:
    for number, text in enumerate(lines):
        yield from () if number else ("", title)
        yield f"  {text}"


def _word(text: str) -> str:
    return visible(text, 80)


def _some(names: list[str]) -> str:
    return visible(", ".join(names), 160)


def _matched(finding: dict[str, Any]) -> str:
    return f"({visible(finding['matched'], 160)})" if finding["matched"] else ""
