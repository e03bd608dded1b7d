"""review.md: what it says, and that nothing from a source means anything in it."""

from __future__ import annotations

import ast
import dataclasses
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import analysis.output.packet
from analysis.model import DecisionState, GroupedFinding, Profile
from analysis.output import files
from analysis.output.packet.document.review_document import document
from analysis.output.packet.render import markdown
from tests.fixtures.examples import share
from tests.goldens import check_golden

PACKAGE = Path(analysis.output.packet.__file__).parent
ACTIVE = {"html_inline", "html_block", "link_open", "image", "hr", "blockquote_open"}
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def parser():
    return MarkdownIt("gfm-like", {"html": True, "linkify": True})


def tokens(page):
    for token in parser().parse(page):
        yield token
        yield from token.children or ()


def shape(page):
    """The skeleton of a page: its blocks without their words."""
    return [(t.type, t.tag) for t in parser().parse(page)]


def seen(page):
    return all(c == "\n" or unicodedata.category(c) not in UNSEEN for c in page)


def test_the_page_of_a_small_review(plain):
    check_golden("review.md", markdown.render(files.PacketContent(plain).document))


def test_a_hostile_review_has_no_active_token(hostile):
    page = markdown.render(document(hostile))
    assert not {t.type for t in tokens(page)} & ACTIVE
    assert seen(page)


def shape_of(review_snapshots, word):
    page = markdown.render(document(review_snapshots.hostile((word,))))
    assert not {t.type for t in tokens(page)} & ACTIVE
    assert seen(page)
    return shape(page)


@pytest.fixture(scope="module")
def calm(review_snapshots):
    """The skeleton of the page when every word is harmless."""
    return shape_of(review_snapshots, "calm")


def test_hostile_text_changes_no_block(review_snapshots, calm):
    """Every heading, list and table stays what it was, cell for cell, whatever the words are."""
    for word in review_snapshots.HOSTILE:
        assert shape_of(review_snapshots, word) == calm, repr(word)


SPICE = st.lists(
    st.sampled_from(["|", "`", "``", "[", "](", ")", "<", ">", "\\", "*", "_", "#", "\n", "&lt;", "http://e.example", "www.e.example",
                     "a@e.example", "-", "1.", "!", "~~", "\u202e", "\x1b", " ", "x", "é", "$", "://", "\t", "=", "\u00a0"]), max_size=12,
).map("".join)  # fmt: skip


@share(1 / 2)
@given(word=st.one_of(SPICE, st.text(max_size=30)))
def test_any_text_is_inert(review_snapshots, calm, word):
    assert shape_of(review_snapshots, f"a{word}") == calm


def test_a_draft_says_so_before_anything_else(review_snapshots):
    page = markdown.render(document(review_snapshots.plain(open_gates=("2 of 5 tools undecided", "no [owner](x)"))))
    first, *_ = page.split("\n")
    assert "**DRAFT · allows nothing**" in first
    gates = page.partition("**DRAFT.")[2].partition("\n\n**")[0]
    assert "- 2 of 5 tools undecided" in gates
    assert r"- no \[owner\]\(x\)" in gates
    assert "DRAFT" not in markdown.render(document(review_snapshots.plain()))


def test_the_first_page_has_the_facts_for_a_decision(plain):
    page = markdown.render(document(plain)).partition("## 1 Five questions")[0]
    for fact in (
        "# The agent must not be given Customer Management API: one critical finding is open and one question has no answer.",
        "- **Agent:** ▲ not stated",
        "- **Valid until:** 31\u00a0Jan\u00a02027",
        "- **3** of 5 tools allowed: 2 approved, 1 with conditions; 1 blocked, 1 undecided",
        "- **89** of 100 score; 87 without accepted risks",
        "| billing | \u2013 | \u2013 | **1** of 1 | **1** of 1 |",
        "refundPayment",
        "cfo\\@corp",
        "1\u00a0Feb\u00a02027",
        "No role is required at profile L1.",
        "Profile L1: one person may request, decide and sign. Here one person made every decision: alice\\@corp.",
    ):
        assert fact in page, fact


def test_an_approval_is_a_sentence_that_says_until_when(review_snapshots):
    page = markdown.render(document(review_snapshots.approvable()))
    assert "# The agent may use 3 of the 5 tools of Customer Management API until 31\u00a0Jan\u00a02027." in page
    assert "set by the approval of updateCustomer" in page  # what sets the date


def test_a_sentence_that_accepts_hundreds_is_on_the_first_page(plain):
    accepted = plain.findings[1]
    singles = tuple(dataclasses.replace(accepted, id=f"{accepted.id}{n}") for n in range(120))
    shared = {field.name: getattr(accepted, field.name) for field in dataclasses.fields(accepted)}
    many = GroupedFinding(**shared, singles=singles)
    page = markdown.render(document(dataclasses.replace(plain, findings=(many,))))
    first = page.partition("## 1 Five questions")[0]
    assert "One sentence accepts 120 findings: “Replaced in Q1” (dan\\@corp)" in first
    assert "One sentence accepts" not in markdown.render(document(plain))


def test_an_empty_review_has_a_page(review_snapshots):
    score = dataclasses.replace(
        review_snapshots.plain().score, value=None, without_acceptances=None, quality=None, ledger=(), caps=()
    )
    empty = review_snapshots.plain(tools=(), findings=(), dispositions={}, controls=(), sources=(), log=(), heads={}, score=score,
                           notes=(), problems=(), not_checked=(), rules_not_run=())  # fmt: skip
    page = markdown.render(document(empty))
    assert "# No decision: this review has nothing to decide." in page
    assert "There is no score: no tool is left to call." in page


def test_the_document_is_plain_data(plain, hostile):
    def unexpected(value, key=""):
        """Yield what is no plain value; the one number that is not an integer is a confidence of two decimals."""
        if isinstance(value, dict):
            yield from (name for name in value if not isinstance(name, str))
            yield from (found for name, each in value.items() for found in unexpected(each, name))
        elif isinstance(value, list):
            yield from (found for each in value for found in unexpected(each))
        elif isinstance(value, float):
            yield from () if key == "confidence" and value == round(value, 2) else (value,)
        elif not (value is None or isinstance(value, str | int | bool)):
            yield value

    assert list(unexpected(document(plain))) == []
    assert list(unexpected(document(hostile))) == []


def test_every_state_of_a_decision_is_shown(plain):
    states = {tool["name"]: tool["decision"] for tool in document(plain)["tools"]}
    assert states == {
        "getCustomer": "approved",
        "listInvoices": "undecided",
        "updateCustomer": "conditional",
        "deleteCustomer": "blocked",
        "refundPayment": "approved",
    }


def test_a_grouped_finding_names_its_evidence_and_tools(plain):
    first, *rest = plain.findings
    tools = tuple(review.tool.id for review in plain.tools[:3])
    singles = tuple(dataclasses.replace(first, tool=tool) for tool in tools)
    shared = {field.name: getattr(first, field.name) for field in dataclasses.fields(first)}
    grouped = GroupedFinding(**shared | {"tool": None, "matched": "critical, undecided"}, singles=singles)
    page = markdown.render(document(dataclasses.replace(plain, findings=(grouped, *rest))))
    row = next(line for line in page.split("\n") if "`EXP-002`" in line and line.startswith("| **ref"))
    assert "| 3 tools | 3 | open | +5 |" in row


def test_a_tool_that_lacks_a_second_approver_is_not_allowed(plain):
    alone = tuple(
        dataclasses.replace(each, state=dataclasses.replace(each.state, decision_state=DecisionState.AWAITING_SECOND))
        if each.state.decision_state.allowed
        else each
        for each in plain.tools
    )
    doc = document(dataclasses.replace(plain, tools=alone))
    assert {tool["name"]: tool["decision"] for tool in doc["tools"]}["getCustomer"] == "awaiting-second"
    assert {tool["name"]: tool["decision"] for tool in doc["tools"]}["deleteCustomer"] == "blocked"
    assert "- **0** of 5 tools allowed: 0 approved, 0 with conditions; 1 blocked, 4 undecided" in markdown.render(doc)


def test_overrides_are_counted(plain):
    assert document(plain)["overrides"]["count"] == 2  # a lowered risk and a false positive


def test_safe_text_is_made_from_literals():
    """`SafeText` is written unescaped: it may be made from literals only, or where inline.py vouches for the text."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"SafeText", "Badge", "Timestamp"}):
                continue
            literal = all(isinstance(a, ast.Constant) for a in node.args)
            assert literal or path.name == "inline.py", f"{path.name}:{node.lineno}: {ast.unparse(node)}"


def test_a_policy_has_a_chapter_and_the_lowest_profile_is_not_mentioned(review_snapshots):
    page = markdown.render(document(review_snapshots.plain(policy=review_snapshots.POLICY, profile=Profile.L3)))
    assert "Policy\n" in page
    assert review_snapshots.POLICY.sha256 in page
    assert "| `QLT-002` | switched off | the gateway does it |" in page
    assert "questions at profile L3" in page
    assert "2 sign-offs required: iam, risk." in page
    assert "**iam** · see the folder `signoffs`" in page.partition("Five questions")[0]
    calm = markdown.render(document(review_snapshots.plain()))
    assert "Policy\n" not in calm


def test_one_person_may_not_do_all_where_two_have_to_sign(review_snapshots):
    page = markdown.render(document(review_snapshots.plain(policy=review_snapshots.POLICY)))
    assert "one person may request" not in page
