"""A rule or a signal that is wrong here: one key, all alike, one step."""

from __future__ import annotations

import pytest

from analysis.review.session import Review
from analysis.review.sources.importing import examine_source


def api(paths):
    """Return an OpenAPI document of some operations."""
    text = "openapi: 3.0.3\ninfo: {title: Ledger, version: '1'}\nservers: [{url: 'https://ledger.example'}]\npaths:\n"
    for path, name, summary in paths:
        text += f"  {path}:\n    post:\n      operationId: {name}\n      summary: {summary}\n"
        text += "      responses: {'200': {description: Done.}}\n"
    return text


@pytest.fixture
def ledger(tmp_path):
    """A review in which three tools purge something, and one closes."""
    file = tmp_path / "ledger.yaml"
    purges = [(f"/buffers/{n}/purge", f"purgeBuffer{n}", "Purges a buffer.") for n in "ABC"]
    file.write_text(api([*purges, ("/gates/close", "closeGate", "Closes a gate.")]))
    return Review.create(tmp_path / "l.clearance", [examine_source(str(file))], actor="rev", at="2026-03-05T09:00:00Z")


def letter_of(hand, words):
    """Return the letter of the choice with some words on the screen."""
    return next(letter for letter, label in hand.desk.prompts.question._choices if words in label)


async def test_a_signal_is_wrong_on_all_tools_that_carry_it(ledger, at_desk):
    async with at_desk(ledger, size=(120, 40)) as hand:
        await hand.types("~ j ~ j ~ g m")
        await hand.types(letter_of(hand, "name       purge: destructive"))
        await hand.types("s")
        await hand.shows("3 tools, 3 HIGH")
        await hand.types('enter "buffers fill again by themselves" enter')
        kinds = {s.row.name: (s.type.value, s.risk.value) for s in hand.review.tools()}
        assert {kinds[f"purgeBuffer{n}"] for n in "ABC"} == {("side-effect", "medium")}
        assert hand.actions() == 1
        await hand.types("u")
        assert {s.type.value for s in hand.review.tools() if s.row.name != "closeGate"} == {"critical"}


async def test_tools_of_high_risk_that_were_not_opened_keep_their_label(ledger, at_desk):
    async with at_desk(ledger, size=(120, 40)) as hand:
        await hand.types("~ m")
        await hand.types(letter_of(hand, "name       purge: destructive"))
        await hand.types("s")
        await hand.shows("left out, of high risk and not opened: 2")
        await hand.types('"they fill again" enter')
        assert "left out, of high risk and not opened: 2" in hand.said[-1]
        retagged = [s.row.name for s in hand.review.tools() if s.type_override]
        assert retagged == ["purgeBufferA"]


async def test_a_flow_role_is_wrong_only_where_nothing_else_shows_it(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "name:sendCustomerMessage" enter ~ m')
        await hand.types(letter_of(hand, "exfiltration sink"))
        await hand.types('"internal mail only" enter')
        assert hand.recorded() == ["tool.retagged sendCustomerMessage leg-way-out absent because 'internal mail only'"]


async def test_a_rule_is_wrong_here_by_one_key_in_the_findings(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("4")
        area = hand.desk.list_area
        key = next(key for key, found in area._found.items() if found.rule == "DAT-001")
        area.table.go(key)
        await hand.types("m")
        await hand.shows("DAT-001 is wrong here: closes")
        await hand.types("enter")
        await hand.shows("Reason is required")
        await hand.types('"test data only" enter')
        assert hand.recorded()
        assert all(
            "false-positive because 'test data only'" in each or "code 'misread'" in each for each in hand.recorded()
        )
        assert hand.actions() == 1
        await hand.types("u")
        assert hand.recorded()[-1].startswith("undoing")


async def test_a_finding_that_reads_decisions_cannot_be_misread(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("4 m")
        assert "cannot have misread" in hand.said[-1]
        assert hand.recorded() == []


async def test_esc_leaves_the_signal_as_it_is(ledger, at_desk):
    async with at_desk(ledger) as hand:
        for keys in ("m escape", "m 1 escape", 'm 1 h "x" escape'):
            await hand.types(keys)
            assert hand.recorded() == []
