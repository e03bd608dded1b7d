"""Small things of every day: paths that complete, a typo that loses nothing, the clipboard, the source in an editor."""

from __future__ import annotations

import stat
import sys

import pytest


@pytest.fixture
def documents(tmp_path, monkeypatch):
    """A folder with some documents, which is the current one."""
    folder = tmp_path / "documents"
    (folder / "apis" / "payments").mkdir(parents=True)
    (folder / "apis" / "payments" / "tools.json").write_text(
        '{"tools": [{"name": "list_faxes", "inputSchema": {"type": "object"}}]}'
    )
    (folder / "apis" / ".hidden").mkdir()
    monkeypatch.chdir(folder)
    return folder


async def test_a_path_is_completed_and_imported(documents, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('I "ap" tab tab tab enter')
        await hand.job_ends()
        assert any(state.row.name == "list_faxes" for state in hand.review.tools())


async def test_a_typo_keeps_the_form_and_what_was_typed(documents, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('I "apis/payments/tools.jsn" enter')
        await hand.shows("there is no apis/payments/tools.jsn; did you mean")
        await hand.types("backspace backspace backspace tab enter")
        await hand.job_ends()
        assert hand.recorded()[0].startswith("source.imported")


async def test_a_file_that_is_no_source_is_offered_again(documents, open_review, at_desk):
    (documents / "notes.txt").write_text("no API")
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('I "notes.txt" enter')
        await hand.job_ends()
        assert hand.recorded() == []
        await hand.types("I")
        await hand.shows("notes.txt")


async def test_name_and_call_are_copied_whole(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("ctrl+y")
        assert hand.desk.clipboard == "listCustomers  GET /customers"
        await hand.types("4 ctrl+y")
        assert "EXP-" in hand.desk.clipboard


async def test_the_source_is_opened_at_the_line_of_the_tool(open_review, at_desk, tmp_path, monkeypatch):
    seen = tmp_path / "seen"
    editor = tmp_path / "editor"
    editor.write_text(
        f'#!{sys.executable}\nimport sys\nopen({str(seen)!r}, "w").write(sys.argv[1] + " " + open(sys.argv[2]).readlines()[int(sys.argv[1]) - 1])\n'
    )
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(editor))
    async with at_desk(open_review("fresh")) as hand:
        monkeypatch.setattr(
            hand.desk, "suspend_for", lambda work, _remedy="": work()
        )  # a test has no terminal to give away
        await hand.types("ctrl+o")
        line, _, text = seen.read_text().partition(" ")
        assert int(line) == hand.review.tools()[0].row.line
        assert text.strip() == "tags:"  # the first line of what is below `get`
        assert hand.recorded() == []


async def test_without_an_editor_the_other_key_is_named(open_review, at_desk, monkeypatch):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with at_desk(open_review("fresh")) as hand:
        await hand.types("ctrl+o")
        assert "press x for the lines" in hand.said[-1]


async def test_tools_are_sorted_by_a_chosen_column(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('/ "name:getSegment" enter @ "ben" enter enter escape O')
        letter = next(letter for letter, label in hand.desk.prompts.question._choices if label.endswith("assigned"))
        await hand.types(letter)
        assert hand.shown[0] == "getSegment"  # those without a value come last
        await hand.types("O")
        letter = next(letter for letter, label in hand.desk.prompts.question._choices if label.endswith("call"))
        await hand.types(letter)
        paths = [state.row.path for state in map(hand.review.tool, hand.desk.session.shown)]
        assert paths == sorted(paths)
        await hand.types("o")
        assert hand.desk.session.order == "document"
