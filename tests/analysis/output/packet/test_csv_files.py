"""The CSV files of a packet: every row, no formula, and DRAFT where it is one."""

import csv
import io

from analysis.output import files


def rows(snapshot, name):
    made = files.make(files.PacketContent(snapshot))[name]
    return list(csv.DictReader(io.StringIO(made.decode("utf-8"))))


def test_every_tool_finding_and_question_has_a_row(plain):
    assert [row["name"] for row in rows(plain, "tools.csv")] == [r.tool.name for r in plain.tools]
    assert [row["rule"] for row in rows(plain, "findings.csv")] == [f.rule for f in plain.findings]
    assert [row["id"] for row in rows(plain, "controls.csv")] == [c.id for c, _ in plain.controls]
    assert {row["disposition"] for row in rows(plain, "findings.csv")} == {"open", "accepted", "false-positive"}


def test_a_draft_says_so_in_every_row_and_allows_nothing(review_snapshots):
    draft = review_snapshots.plain(open_gates=("1 tool undecided",))
    for name in ("tools.csv", "findings.csv", "controls.csv"):
        assert {row["status"] for row in rows(draft, name)} == {"DRAFT"}
    tools = rows(draft, "tools.csv")
    assert {row["decision"] for row in tools} == {"blocked", "undecided"}
    assert {row["as_decided"] for row in tools} == {"approved", "conditional", "blocked", "undecided"}


def test_no_cell_is_a_formula(hostile):
    for name in ("tools.csv", "findings.csv", "controls.csv"):
        cells = [cell for row in rows(hostile, name) for cell in row.values()]
        assert any("HYPERLINK" in cell for cell in cells)
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
