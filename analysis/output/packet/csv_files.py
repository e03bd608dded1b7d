"""The inventory, the findings and the governance answers as CSV, for spreadsheets. The JSON is the record.

The first column says whether the packet is FINAL or a DRAFT. No cell is evaluated by a spreadsheet, and every line break inside a text is folded.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from analysis.text import csv_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: Names of the files in a packet.
TOOLS_CSV: Final = "tools.csv"
FINDINGS_CSV: Final = "findings.csv"
CONTROLS_CSV: Final = "controls.csv"

_TOOLS: Final = (
    "status", "id", "source", "kind", "name", "method", "path", "operation_id", "summary", "type", "effect", "reversibility", "risk", "data",
    "confidentiality", "roles", "unclear", "confidence", "scopes", "decision", "as_decided", "by", "at", "reason", "conditions", "findings",
    "digest",
)  # fmt: skip
_FINDINGS: Final = (
    "status", "id", "rule", "title", "severity", "confidence", "tool", "tools", "control", "matched", "pointer", "line", "disposition",
    "disposition_by", "disposition_at", "reason", "owner", "until", "evidence", "why", "remedy",
)  # fmt: skip
_CONTROLS: Final = (
    "status", "id", "title", "question", "lists", "profile", "who", "state", "level", "min_level", "answer", "by", "at", "evidence",
    "valid_until", "maps_to",
)  # fmt: skip
_LIST: Final = "; "
#: Characters after which the rows made so far are passed on.
_PIECE: Final = 1 << 16
#: Maximum number of texts whose cells are kept: a bound for large reviews, of which most texts are in one cell alone.
_MAX_CELLS: Final = 4_096


def tools_csv(doc: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield one row for each tool: class, risk, decision in effect (a draft allows nothing), reason, conditions."""
    rules = {finding["id"]: finding["rule"] for finding in doc["findings"]}
    draft = doc["status"] != "FINAL"
    return _table(doc, _TOOLS, (_tool(tool, rules, draft=draft) for tool in doc["tools"]))


def _tool(tool: Mapping[str, Any], rules: Mapping[str, str], *, draft: bool) -> dict[str, Any]:
    allowed = tool["decision"] in {"approved", "conditional"}
    return {
        **tool,
        "decision": "blocked" if draft and allowed else tool["decision"],
        "as_decided": tool["decision"],
        "data": _LIST.join(tool["data_classes"]),
        "roles": _LIST.join(tool["roles"]),
        "scopes": _LIST.join(tool["scopes"]),
        "conditions": _LIST.join(
            f"{c['kind']}={c['value']}{' (proven)' if c['evidence'] else ''}" for c in tool["conditions"]
        ),
        "findings": _LIST.join(sorted({rules[i] for i in tool["finding_ids"] if i in rules})),
    }


def findings_csv(doc: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield one row for each finding with its disposition; a grouped one names its tools."""
    names = {tool["id"]: tool["name"] for tool in doc["tools"]}
    return _table(doc, _FINDINGS, (_finding(finding, names) for finding in doc["findings"]))


def _finding(finding: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    made = finding["disposition"] or {}
    return {
        **finding,
        "disposition": finding["status"],
        "tool": finding["tool"] or "",
        "tools": _LIST.join(names.get(tool, tool) for tool in finding["tools"]),
        "line": "" if finding["line"] is None else finding["line"],
        "disposition_by": made.get("by", ""),
        "disposition_at": made.get("at", ""),
    } | {key: made.get(key, "") for key in ("reason", "owner", "until", "evidence")}


def controls_csv(doc: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield one row for each governance question that was asked, with its answer and evidence."""
    return _table(doc, _CONTROLS, map(_control, doc["controls"]))


def _control(control: Mapping[str, Any]) -> dict[str, Any]:
    proofs = control["evidence"]
    return {
        **control,
        "lists": _LIST.join(control["lists"]),
        "level": max((proof["level"] for proof in proofs), default=""),
        "answer": control["text"],
        "evidence": _LIST.join(" ".join(filter(None, (p["title"], p["where"], p["sha256"]))) for p in proofs),
        "valid_until": min((proof["valid_until"] for proof in proofs if proof["valid_until"]), default=""),
        "maps_to": _LIST.join(control["maps_to"]),
    }


def _table(doc: Mapping[str, Any], columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield a table in pieces of some rows; a text that is in many cells, such as a state, is escaped once."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(columns)
    shown = _Cells()
    for row in rows:
        stated = {**row, "status": doc["status"]}
        writer.writerow([shown[str(stated[column])] for column in columns])
        if out.tell() >= _PIECE:
            yield out.getvalue().encode("utf-8", "replace")
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode("utf-8", "replace")


class _Cells(dict[str, str]):
    """The cell of each text."""

    def __missing__(self, text: str) -> str:
        if len(self) >= _MAX_CELLS:
            self.clear()
        self[text] = shown = csv_cell(text)
        return shown
