"""One review file: reopened, read-only, and shared by two desks."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from analysis.model import DecisionState
from analysis.review import commands
from analysis.review.session import Review

AT = "2026-03-05T12:00:00Z"
DECIDED = "tool.decided"
#: A second between two looks at the file, and as much again for a busy machine.
_SEEN_SECONDS = 2


def decide(path, name, decision_state, actor="other"):
    """Decide a tool from another desk, as another person."""
    other = Review.open(path)
    tool = next(state.row.id for state in other.tools() if state.row.name == name)
    commands.decide(other, [tool], decision_state, reason="elsewhere", actor=actor, at=AT)
    other.close()


# after a restart -----------------------------------------------------------------------------------------


async def test_undo_after_reopening(review_file, at_desk):
    path = review_file("fresh")
    async with at_desk(Review.open(path)) as hand:
        await hand.types('a enter / "tag" enter * b "no use" enter q')
    async with at_desk(Review.open(path)) as hand:
        await hand.types("u")
        assert hand.recorded() == [f"undoing {DECIDED} {name} nothing" for name in ("listTags", "addCustomerTag")]
        assert hand.tool == "listTags"
        await hand.types("u q")
        assert hand.recorded()[2:] == [f"undoing {DECIDED} listCustomers nothing"]
    async with at_desk(Review.open(path)) as hand:
        await hand.types("ctrl+r ctrl+r")
        assert hand.recorded()[0] == f"undoing {DECIDED} listCustomers approved on the assessment"
        assert hand.recorded()[1:] == [
            f"undoing {DECIDED} {name} blocked because 'no use'" for name in ("listTags", "addCustomerTag")
        ]


async def test_undo_does_not_reach_what_another_person_did(review_file, at_desk):
    path = review_file("fresh")
    async with at_desk(Review.open(path), actor="ann") as hand:
        await hand.types("a enter q")
    async with at_desk(Review.open(path), actor="bob") as hand:
        await hand.types("u")
        assert hand.recorded() == []
        assert "there is nothing to undo" in hand.said[-1]


async def test_undo_of_what_another_person_changed_since(review_file, at_desk):
    path = review_file("fresh")
    async with at_desk(Review.open(path)) as hand:
        await hand.types("a enter")
        decide(path, "listCustomers", DecisionState.BLOCKED)
        await hand.types("u")
        assert "it was changed since" in hand.said[-1]
        assert [event.actor for event in hand.events()] == ["rev", "other"]


# read-only -----------------------------------------------------------------------------------------------

WRITES = ("a enter", "b enter", "c enter", 'n "x" enter', "r h enter", 't b "x" enter', '* b "x" enter', "u",
          '4 d n "x" enter enter', '7 a c "x" enter')  # fmt: skip


async def test_a_read_only_review_says_that_nothing_can_be_recorded(review_file, at_desk, subtests):
    path = review_file("sample")
    before = path.read_bytes()
    async with at_desk(Review.open(path, writable=False), size=(120, 40)) as hand:
        await hand.shows("[read-only]")
        for keys in WRITES:
            with subtests.test(keys):
                hand.said.clear()
                await hand.types(keys)
                assert hand.said
                assert hand.said[-1].startswith("the review file is read-only")
                assert hand.recorded() == []
            await hand.types("escape escape 3 g")
    assert path.read_bytes() == before


async def test_a_read_only_review_can_be_read_and_exported(review_file, at_desk, tmp_path):
    async with at_desk(Review.open(review_file("sample"), writable=False)) as hand:
        await hand.types('j / "tag" enter escape 4 j 7 j H j 3 E enter enter')
        assert (tmp_path / "sample-packet" / "allowlist.json").is_file()


# two desks -----------------------------------------------------------------------------------------------


async def test_a_decision_made_elsewhere_appears(review_file, at_desk):
    path = review_file("fresh")
    async with at_desk(Review.open(path)) as hand:
        decide(path, "listCustomers", DecisionState.BLOCKED)
        hand.desk.sync.check_file()
        await hand.shows(" ✕  ▂▄▁ med  read        listCustomers")
        await hand.shows("1/48 decided")
        assert hand.said == ["the review was changed by another reviewer; the screen is up to date"]
        hand.desk.sync.check_file()
        await hand.settle()
        assert len(hand.said) == 1


async def test_the_desk_follows_by_itself(review_file, at_desk):
    path = review_file("fresh")
    async with at_desk(Review.open(path)) as hand:
        decide(path, "listCustomers", DecisionState.BLOCKED)
        await hand.until(lambda: hand.said)
        await hand.shows("1/48 decided")


async def test_own_changes_are_not_announced(review_file, at_desk):
    async with at_desk(Review.open(review_file("fresh"))) as hand:
        await hand.types("a enter b enter")
        hand.desk.sync.check_file()
        await hand.settle()
        assert hand.said == []


async def test_a_decision_made_elsewhere_appears_in_the_area_that_is_shown(review_file, at_desk):
    path = review_file("sample")
    async with at_desk(Review.open(path), size=(120, 40)) as hand:
        await hand.types("4")
        await hand.shows("deleteCustomer")
        decide(path, "deleteCustomer", DecisionState.BLOCKED)
        hand.desk.sync.check_file()
        await hand.settle()
        assert "deleteCustomer" not in [line.split()[-1] for line in (await hand.look()).split("\n") if "EXP" in line]
        await hand.types("H")
        await hand.shows("blocked deleteCustomer (elsewhere)")


async def test_a_decision_made_elsewhere_does_not_move_the_cursor(review_file, at_desk):
    path = review_file("fresh")
    async with at_desk(Review.open(path)) as hand:
        await hand.types('/ "is:undecided" enter j j j')
        assert hand.tool == "getCustomer"
        decide(path, "createCustomer", DecisionState.BLOCKED)
        hand.desk.sync.check_file()
        await hand.settle()
        assert "createCustomer" not in hand.shown
        assert hand.tool == "getCustomer"


async def test_both_desks_record(review_file, at_desk):
    """Concurrent decisions are both kept, and neither desk is refused."""
    path = review_file("fresh")
    async with at_desk(Review.open(path)) as hand:
        decide(path, "createCustomer", DecisionState.BLOCKED)
        await hand.types("a enter")
        names = [event.actor for event in hand.events()]
        assert names == ["other", "rev"]
        assert hand.review.summary().progress.decided == 2
        await hand.shows("2/48 decided")
        await hand.shows(" ✕  ▂▄▁ med  side-effect createCustomer")


async def test_a_source_added_elsewhere_appears(review_file, at_desk, tmp_path):
    path = review_file("fresh")
    (tmp_path / "fax.json").write_text(json.dumps({"tools": [{"name": "send_fax", "inputSchema": {"type": "object"}}]}))
    async with at_desk(Review.open(path)) as hand:
        other = Review.open(path)
        commands.import_source(other, str(tmp_path / "fax.json"), actor="other", at=AT)
        other.close()
        hand.desk.sync.check_file()
        await hand.shows("49 tools")
        await hand.types("G")
        assert hand.tool == "send_fax"


async def test_a_source_added_elsewhere_appears_after_an_own_decision(review_file, at_desk, tmp_path):
    """An own decision reads the events and tools of others, too."""
    path = review_file("fresh")
    (tmp_path / "fax.json").write_text(json.dumps({"tools": [{"name": "send_fax", "inputSchema": {"type": "object"}}]}))
    async with at_desk(Review.open(path)) as hand:
        other = Review.open(path)
        commands.import_source(other, str(tmp_path / "fax.json"), actor="other", at=AT)
        other.close()
        await hand.types("a enter")
        hand.desk.sync.check_file()
        await hand.shows("49 tools")


async def test_a_question_that_is_open_stays_open_when_the_file_changes(review_file, at_desk):
    path = review_file("fresh")
    async with at_desk(Review.open(path)) as hand:
        await hand.types('n "half a sen"')
        decide(path, "createCustomer", DecisionState.BLOCKED)
        hand.desk.sync.check_file()
        await hand.settle()
        await hand.types('"tence" enter')
        assert hand.recorded() == [
            f"{DECIDED} createCustomer blocked because 'elsewhere'",
            "note.written listCustomers 'half a sentence'",
        ]


async def test_a_filter_that_is_typed_stays_when_the_file_changes(review_file, at_desk):
    path = review_file("fresh")
    async with at_desk(Review.open(path)) as hand:
        await hand.types('/ "ta"')
        decide(path, "createCustomer", DecisionState.BLOCKED)
        hand.desk.sync.check_file()
        await hand.settle()
        await hand.types('"g" enter')
        assert hand.shown == ["listTags", "addCustomerTag"]


# several people ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("everyone_signs")
async def test_a_conflict_shows_both_sides_and_one_key_settles_it(review_file, at_desk, tmp_path):
    path = review_file("fresh")
    copy = Path(shutil.copy(path, tmp_path / "bob.clearance"))
    decide(path, "listCustomers", DecisionState.BLOCKED, actor="ann")
    decide(copy, "listCustomers", DecisionState.APPROVED, actor="bob")
    review = Review.open(path)
    commands.merge(review, [copy], at=AT)
    async with at_desk(review, actor="cleo", size=(100, 40)) as hand:
        for part in ("Reviewers differ", "blocked by ann", "approved by bob", "elsewhere"):
            await hand.shows(part)
        before = len(hand.events())
        await hand.types("a enter")
        assert len(hand.events()) == before + 1
        assert hand.recorded() == [f"{DECIDED} listCustomers approved on the assessment"]
        await hand.shows("1/48 decided")


async def test_a_desk_shows_within_a_second_what_another_one_decided(review_file, at_desk):
    path = review_file("fresh")
    async with at_desk(Review.open(path)) as hand:
        decide(path, "listCustomers", DecisionState.BLOCKED)
        began = time.monotonic()
        await hand.until(lambda: len(hand.events()) == 1)
        assert time.monotonic() - began < _SEEN_SECONDS
        await hand.shows("blocked by other")
