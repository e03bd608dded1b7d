"""A first start: no review is open, and three ways lead to one."""

from __future__ import annotations

import pytest

from analysis.model import Intake
from analysis.review import queries
from analysis.review.sources.sample import PLACE, sample_folder


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("size", [(80, 24), pytest.param((120, 40), marks=pytest.mark.e2e), (200, 60)])
async def test_the_sample(size, at_desk):
    async with at_desk(None, size=size) as hand:
        await hand.shows("which tools may the agent call?")
        await hand.types("d")
        await hand.shows("score 85   ✕ BLOCKED")
        assert hand.desk.area == "tools"
        assert hand.tool == "listCustomers"
        assert PLACE.is_file()
        await hand.types("a enter")
        assert hand.review.summary().progress.decided == 47


async def test_the_sample_is_opened_again_as_it_was_left(at_desk):
    async with at_desk(None) as hand:
        await hand.types('d ] b "not needed" enter q')
    async with at_desk(None) as hand:
        await hand.types("d")
        assert hand.review.summary().progress.decided == 48
        assert hand.recorded()[-1] == "tool.decided deleteCustomer blocked because 'not needed'"


async def test_begin_a_review(at_desk, tmp_path):
    async with at_desk(None) as hand:
        await hand.types(f'i "{sample_folder() / "customer-management.yaml"}" enter')
        await hand.shows("0/48 decided")
        assert (tmp_path / "customer-management.clearance").is_file()
        await hand.types("b enter")
        assert [line.split()[0] for line in hand.recorded()] == ["review.created", "source.imported", "tool.decided"]
        assert {event.actor for event in hand.events()} == {"rev"}


async def test_a_new_review_offers_the_access_request_and_does_not_wait(at_desk):
    async with at_desk(None, size=(120, 50)) as hand:
        await hand.types(f'i "{sample_folder() / "customer-management.yaml"}" enter')
        assert hand.said[-1] == "new review: press i to fill in the access request, at any time"
        await hand.types("a enter i escape 1")
        await hand.shows("not filled in; press i")
        assert queries.intake(hand.review) is None
        await hand.types('i enter enter enter "support" enter enter enter "persnal" enter "no" enter enter enter enter')
        await hand.shows("persnal is not a data class")
        named = (
            '"desk bot" enter "crm" enter "Sales, M. Roe" enter "support" enter down enter "support, partners" enter'
        )
        await hand.types(
            f'escape i {named} "personal" enter "maybe" enter "another model" enter "iam" enter "read" enter'
        )
        await hand.shows("whether the agent changes anything is yes, no or empty")
        await hand.types("shift+tab shift+tab shift+tab ctrl+u down down enter enter enter enter")
        request = queries.intake(hand.review)
        assert request == Intake(
            "crm", "Sales, M. Roe", "support", ("personal",), "no", "desk bot", "production", ("support", "partners"),
            ("another model",), ("iam",), ("read",),
        )  # fmt: skip
        assert hand.events()[-1].kind == "intake.given"
        assert any("the request says no writes" in text for text in hand.said)
        for label, value in (("agent", "desk bot"), ("environment", "production"), ("audience", "support, partners")):
            await hand.shows(f"{label:<12} {value}")


async def test_begin_does_not_overwrite(at_desk, tmp_path):
    (tmp_path / "customer-management.clearance").write_bytes(b"mine")
    async with at_desk(None) as hand:
        await hand.types(f'i "{sample_folder() / "customer-management.yaml"}" enter')
        assert "exists already" in hand.said[-1]
        assert hand.desk.area == "welcome"
    assert (tmp_path / "customer-management.clearance").read_bytes() == b"mine"


async def test_begin_without_a_name_records_nothing(at_desk, tmp_path):
    """No event without an actor: the command line refuses this too."""
    async with at_desk(None, actor="") as hand:
        await hand.types(f'i "{sample_folder() / "customer-management.yaml"}" enter')
        assert hand.desk.area == "welcome"
        assert "the actor is not known" in hand.said[-1]
        assert not list(tmp_path.glob("*.clearance"))


async def test_open_a_review(at_desk, review_file):
    path = review_file("sample")
    async with at_desk(None) as hand:
        await hand.types(f'o "{path}" enter')
        await hand.shows("score 85   ✕ BLOCKED")
        assert hand.review.path == path


@pytest.mark.parametrize("key", ["i", "o"])
async def test_a_bad_path_is_told_and_the_welcome_stays(key, at_desk, tmp_path, subtests):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.json").write_text("")
    (tmp_path / "text.yaml").write_text("just a sentence")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00\x80")
    before = {path.name for path in tmp_path.iterdir()}
    async with at_desk(None) as hand:
        for typed in ("nowhere.yaml", "folder", "empty.json", "text.yaml", "bytes.json"):
            with subtests.test(typed):
                hand.said.clear()
                await hand.types(f'{key} "{typed}" enter')
                if typed == "nowhere.yaml":  # a typo keeps the question, and what was typed
                    await hand.shows("there is no nowhere.yaml")
                    await hand.types("escape")
                else:
                    assert len(hand.said) == 1
                assert hand.desk.area == "welcome"
                assert not hand.over
        await hand.types("d")  # and another way still works
        await hand.shows("score 85   ✕ BLOCKED")
    assert {path.name for path in tmp_path.iterdir()} - before == {"clearance-demo"}


@pytest.mark.parametrize("key", ["i", "o"])
async def test_escape_leaves_the_question(key, at_desk):
    async with at_desk(None) as hand:
        await hand.types(f'{key} "somewhere" escape')
        await hand.shows("open the sample review")
        assert hand.said == []


async def test_keys_of_other_areas_do_nothing_here(at_desk):
    async with at_desk(None) as hand:
        await hand.types("a enter b enter c 3 4 7 H u j k / * space E I escape escape")
        assert hand.desk.area == "welcome"
        assert hand.said == []
        assert not hand.over


async def test_help_and_leaving(at_desk):
    async with at_desk(None) as hand:
        await hand.types("?")
        await hand.shows("Start a review of a document.")
        await hand.types("escape q")
        assert hand.over


async def test_the_form_of_the_access_request_opens_at_its_top(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("i")
        seen = await hand.look()
        assert "Access request" in seen
        assert "Agent, and who runs it" in seen
        await hand.types("enter " * 10)
        await hand.shows("Scopes of the credential as deployed")
