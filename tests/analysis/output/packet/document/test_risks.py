"""Residual risks: one row for a cause, worst first."""

from analysis.output.packet.document.risks import MANY, by_rule, residual_rows, settled_at_once


def finding(rule="EXP-001", severity="high", status="open", tool="t1", control="", reason="", **more):
    made = {"owner": "o", "until": "2027-01-01", "reason": reason, "by": "ann", "voids": []} if reason else None
    base = {
        "rule": rule, "title": rule, "why": "w", "remedy": "r", "severity": severity, "status": status,
        "control": control, "members": ["m"], "tools": [], "tool": tool, "tool_name": tool, "points": 1, "gain": 1,
        "residual": status in {"open", "accepted"}, "disposition": made, "claimed": False,
    }  # fmt: skip
    return base | more


def test_the_same_cause_is_one_row():
    (row,) = residual_rows([finding(tool="a"), finding(tool="b")])
    assert (row["tools"], row["findings"], row["points"], row["name"]) == (["a", "b"], 2, 2, "")


def test_worst_first_and_open_before_accepted():
    rows = residual_rows(
        [
            finding("A-1", "medium"),
            finding("B-1", "critical", "accepted", reason="known"),
            finding("C-1", "critical"),
            finding("QLT-001", "critical"),
            finding("D-1", "high", "fixed"),
        ]
    )
    assert [row["rule"] for row in rows] == ["C-1", "B-1", "A-1"]


def test_questions_without_an_answer_are_one_row_of_the_findings():
    rows = by_rule([finding("GOV-a", control="a", tool=None), finding("GOV-b", control="b", tool=None)])
    assert [row["controls"] for row in rows] == [["a", "b"]]


def test_only_a_sentence_that_settles_many_is_named():
    many = finding(status="accepted", reason="one sentence", members=["m"] * MANY)
    few = finding(status="accepted", reason="another", members=["m"] * (MANY - 1))
    assert [(row["findings"], row["reason"]) for row in settled_at_once([few, many])] == [(MANY, "one sentence")]
