"""Findings, questions, history, packet and sources: keys typed, events recorded."""

from __future__ import annotations

import json
import re

import pytest

from analysis.model import DecisionState
from analysis.review import commands, queries
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from tui.desk.areas import AREAS as TABLE
from tui.desk.shell.keymap import Keymap
from tui.desk.shell.keys import spelled
from tui.desk.widgets.layout import covered

DISPOSED = "finding.disposed"
ANSWERED = "control.answered"
FIRST = "EXP-001 deleteCustomer"


@pytest.mark.parametrize("size", [(80, 24), pytest.param((120, 40), marks=pytest.mark.e2e), (200, 60)])
async def test_areas_by_number(size, open_review, at_desk):
    async with at_desk(open_review("sample"), size=size) as hand:
        for key, area, seen in (("4", "findings", "EXP-001"), ("7", "governance", "Complete list of tools"),
                                ("H", "trail", "t.moreau"), ("3", "tools", "listCustomers")):  # fmt: skip
            await hand.types(key)
            assert hand.desk.area == area
            await hand.shows(seen)
        assert hand.recorded() == []


# findings ------------------------------------------------------------------------------------------------

FINDINGS = (
    # keys, events, part of the screen
    ('4 d f 4 "the gateway forbids it" enter enter',
     [f"{DISPOSED} {FIRST} false-positive code 'inline-control' because 'the gateway forbids it'"],
     "code: inline-control: an existing control"),
    ('4 d f 1 "the gateway forbids it" enter "GW-7" enter',
     [f"{DISPOSED} {FIRST} false-positive code 'not-present' evidence 'GW-7' because 'the gateway forbids it'"], ""),
    ("4 d f 4 enter enter", [], "Reason is required"),
    ("4 d f 9", [], "this audience cannot reach it"),
    ("4 d f escape", [], ""),
    ('4 d x "route withdrawn" enter "REC-9" enter',
     [f"{DISPOSED} {FIRST} fixed evidence 'REC-9' because 'route withdrawn'"], "evidence: REC-9"),
    ('4 d x "route withdrawn" enter enter', [], "Evidence is required"),
    ('4 d w "small amounts" enter "H. Field" enter "2030-01-31" enter enter',
     [f"{DISPOSED} {FIRST} accepted owner 'H. Field' until '2030-01-31' because 'small amounts'"], "until: 2030-01-31"),
    ('4 d w "small amounts" enter "H. Field" enter "2030-01-31" enter down down enter',
     [f"{DISPOSED} {FIRST} accepted owner 'H. Field' until '2030-01-31' void if definition, risk because 'small amounts'"],
     "ends early if: the definition of the tool"),
    ('4 d w "small amounts" enter "H. Field" enter "2030-01-31" enter "risk, new use" enter',
     [f"{DISPOSED} {FIRST} accepted owner 'H. Field' until '2030-01-31' void if risk, new use because 'small amounts'"], "new use"),
    ('4 d w "small amounts" enter enter "2030-01-31" enter enter', [], "Business owner of the risk is required"),
    ('4 d w "small amounts" enter "H. Field" enter enter enter', [], "Until (YYYY-MM-DD) is required"),
    ('4 d w "small amounts" enter "H. Field" enter "31.1.2030" enter enter', [], "the date format is YYYY-MM-DD"),
    ('4 d i "ticket 12" enter "2030-01-31" enter',
     [f"{DISPOSED} {FIRST} fixing until '2030-01-31' because 'ticket 12'"], "until: 2030-01-31"),
    ('4 d i "ticket 12" enter enter', [], "Fixed by (YYYY-MM-DD) is required"),
    ('4 d i "ticket 12" enter "soon" enter', [], "the date format is YYYY-MM-DD"),
    ('4 d n "no agent calls it" enter enter', [f"{DISPOSED} {FIRST} not-applicable because 'no agent calls it'"], ""),
    ('4 d n "never called" enter enter d o',
     [f"{DISPOSED} {FIRST} not-applicable because 'never called'", f"{DISPOSED} {FIRST} nothing"], ""),
    ("4 d escape", [], ""),
    ('4 d x "route" escape', [], ""),
    ("4 d z", [], "fixing, by a date"),
    ('4 d n "t" enter enter u',
     [f"{DISPOSED} {FIRST} not-applicable because 't'", f"undoing {DISPOSED} {FIRST} nothing"], ""),
    ('4 n "who owns it?" enter', [f"note.written {FIRST} 'who owns it?'"], "who owns it?"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "events", "sees"), [row for row in FINDINGS if row[1]], ids=lambda value: str(value)[:60]
)
async def test_findings(keys, events, sees, open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types(keys)
        assert hand.recorded() == events
        await hand.shows(sees)


async def test_keys_that_change_no_finding_and_no_answer(open_review, at_desk, subtests):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        for keys, events, sees in (*FINDINGS, *GOVERNANCE):
            if not events:
                with subtests.test(keys):
                    await hand.types(keys)
                    assert hand.recorded() == []
                    await hand.shows(sees)
                await hand.types("escape escape escape 4 g 7 g")


async def test_a_disposition_reports_the_change_of_the_score(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types('4 d n "no agent calls it" enter enter')
        assert hand.said[-1] == "1 finding: not-applicable; score 85 → 89"
        assert "score 89 (+4)   ✕ BLOCKED" in (await hand.look()).split("\n")[0]
        await hand.types('d n "still" enter enter')
        assert hand.said[-1] == "1 finding: not-applicable; score stays 89"


async def test_a_grouped_finding_is_disposed_as_one_step(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("4")
        grouped = next(f for f in hand.review.summary().findings if f.rule == "DAT-001")
        hand.desk.list_area.table.go(grouped.id)
        await hand.types("d")
        await hand.shows(f"all {len(grouped.members)} as one step")
        await hand.types('n "a sandbox" enter enter')
        assert (len(hand.recorded()), hand.actions()) == (len(grouped.members), 1)
        await hand.types("u")
        assert not any(f.status == "not-applicable" for f in hand.review.summary().findings)


def many_grave(folder):
    """Return a review with two groups of critical findings of one rule, each with a cause of its own."""
    paths = {
        f"/{kind}s/{{id}}/a{n}": {"delete": {"operationId": f"delete{kind}{n}"}} for kind in ("File",) for n in range(7)
    }
    paths |= {f"/admin/users/{{id}}/roles{n}": {"put": {"operationId": f"setUserRole{n}"}} for n in range(8)}
    paths |= {f"/rooms{n}": {"get": {"operationId": f"getRoom{n}"}} for n in range(20)}
    text = json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}).encode()
    at = "2026-03-02T09:00:00Z"
    review = Review.create(folder / "grave.clearance", [examine_source(text)], actor="ann", at=at)
    reads = queries.select(review, "method:GET", actor="ann")
    commands.decide(review, reads, DecisionState.APPROVED, reason="read", actor="ann", at=at)
    return review


async def test_rows_of_one_rule_show_how_they_differ(at_desk, tmp_path):
    async with at_desk(many_grave(tmp_path), size=(80, 24)) as hand:
        await hand.types("4")
        rows = [row for row in (await hand.look()).split("\n") if "critical EXP-001 " in row]
        assert len(rows) > 1
        assert len({row[22:48] for row in rows}) == len(rows)
        assert all("tools" in row[48:] for row in rows)


VIEWS = (("o", "open", 4), ("s", "closed", 6), ("m", "mine", 0), ("a", "", 10))


async def test_views_of_findings(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types("4")
        for letter, name, count in VIEWS:
            await hand.types(f"V {letter}")
            assert len(hand.desk.list_area.table.keys) == count
            if name:
                await hand.shows(f"only: {name}")
        await hand.types("V s escape")
        assert (hand.desk.area, len(hand.desk.list_area.table.keys)) == ("findings", 10)
        await hand.types('d n "no agent calls it" enter enter V m')
        assert len(hand.desk.list_area.table.keys) == 1


async def test_findings_that_are_not_in_an_earlier_packet(open_review, at_desk, tmp_path):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types(f'E shift+tab ctrl+u "{tmp_path / "packet"}" enter enter enter')
        await hand.types(f'/ "name:purgeCustomerHistory" enter ~ - enter 4 V n ctrl+u "{tmp_path / "packet"}" enter')
        new = [hand.desk.list_area._found[key] for key in hand.desk.list_area.table.keys]
        assert ("EXP-001", "purgeCustomerHistory") in [
            (f.rule, hand.review.tool(f.tool).row.name) for f in new if f.tool
        ]
        await hand.types(f'V n ctrl+u "{tmp_path / "nowhere"}" enter')
        assert "cannot be read" in hand.said[-1]


async def test_a_finding_leads_to_its_tool(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("4 j enter")
        assert hand.desk.area == "tools"
        assert hand.tool == "refundPayment"
        assert hand.desk.focused is hand.desk.tools_area.table


async def test_a_finding_leads_to_its_tool_even_if_the_filter_hides_it(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types('/ "tag" enter 4 enter')
        assert hand.tool == "deleteCustomer"
        assert len(hand.shown) == 48


async def test_a_finding_on_a_question_leads_there(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("4 j j enter")
        assert hand.desk.area == "governance"
        assert hand.desk.list_area.table.key == "log-config"
        await hand.types("4 d")
        assert hand.recorded() == []
        assert "this finding closes when its question is answered" in hand.said[-1]


# governance ----------------------------------------------------------------------------------------------

ROUTES = """E3 'Route table export' 'REC-2201' saying "48 operations, counted against the gateway's route table.\""""
TO_CREDENTIALS = "7 j j j "
GOVERNANCE = (
    (TO_CREDENTIALS + 'a e "in the vault" enter "vault policy 4" enter enter "REC-3001" enter enter enter',
     [f"{ANSWERED} cred-store evidenced E3 'vault policy 4' 'REC-3001' saying 'in the vault'"], "vault policy 4"),
    (TO_CREDENTIALS + 'enter e "in the vault" enter "vault policy 4" enter ctrl+u "e4" enter enter enter enter',
     [f"{ANSWERED} cred-store evidenced E4 'vault policy 4' '' saying 'in the vault'"], "E4 vault policy 4"),
    (TO_CREDENTIALS + 'a e "in the vault" enter "vault policy 4" enter ctrl+u "E9" enter enter enter enter', [],
     "the level is one of E1, E2, E3, E4"),
    (TO_CREDENTIALS + 'a e "in the vault" enter enter enter enter enter enter', [], "Record is required"),
    (TO_CREDENTIALS + 'a c "in the vault, they say" enter',
     [f"{ANSWERED} cred-store claimed saying 'in the vault, they say'"], "claimed"),
    (TO_CREDENTIALS + 'a n "no secrets here" enter', [f"{ANSWERED} cred-store not-applicable saying 'no secrets here'"],
     ""),
    (TO_CREDENTIALS + "a n enter", [], "Answer in a sentence is required"),
    ("7 a u", [f"{ANSWERED} inv-tools nothing"], "not answered"),
    ("7 a u u", [f"{ANSWERED} inv-tools nothing", f"undoing {ANSWERED} inv-tools evidenced {ROUTES}"],
     "Route table export"),
    ("7 a escape", [], "Route table export"),
    ('7 a c "x" escape', [], "Route table export"),
    ('7 n "asked again" enter', ["note.written inv-tools 'asked again'"], "asked again"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "events", "sees"), [row for row in GOVERNANCE if row[1]], ids=lambda value: str(value)[:60]
)
async def test_governance(keys, events, sees, open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types(keys)
        assert hand.recorded() == events
        await hand.shows(sees)


async def test_an_answer_moves_the_score(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.shows("score 85")
        await hand.types(TO_CREDENTIALS + 'a e "in the vault" enter "vault policy 4" enter enter enter enter enter')
        await hand.shows("score 87")


# history -------------------------------------------------------------------------------------------------


async def test_history_shows_the_newest_first(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types('] b "not needed" enter H')
        rows = (await hand.look()).split("\n")
        assert "rev" in rows[5]
        assert "blocked deleteCustomer" in rows[5]
        await hand.types("j G g u")
        assert hand.recorded()[-1] == "undoing tool.decided deleteCustomer nothing"
        await hand.shows("undid")


@pytest.mark.parametrize(("area", "last"), [("7", "owasp-mcp:2025/MCP09"), ("H", '"v":1')])
async def test_the_page_under_a_list_scrolls(area, last, open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types(area)
        assert last not in await hand.look()
        await hand.types("J J J ctrl+d")
        await hand.shows(last)
        await hand.types("K K K ctrl+u")
        assert last not in await hand.look()


# the packet and the sources ------------------------------------------------------------------------------


async def test_export_writes_the_packet(open_review, at_desk, tmp_path):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("E")
        assert "DRAFT: 1 of 48 tools undecided" in " ".join((await hand.look()).replace("│", " ").split())
        await hand.types("enter enter")
        folder = tmp_path / "sample-packet"
        assert hand.said[-1].startswith(f"DRAFT packet, which allows nothing, written to {folder}")
        allowlist = json.loads((folder / "allowlist.json").read_text())
        assert {tool["decision"] for tool in allowlist["tools"]} == {"block"}
        assert sum(tool["as_decided"] != "block" for tool in allowlist["tools"]) == 39
        assert (folder / "review.md").is_file()
        assert hand.recorded() == []


async def test_export_to_a_named_folder(open_review, at_desk, tmp_path):
    async with at_desk(open_review("sample")) as hand:
        await hand.types(f'E shift+tab ctrl+u "{tmp_path / "out"}" enter enter enter')
        assert (tmp_path / "out" / "manifest.json").is_file() or (tmp_path / "out" / "SHA256SUMS").is_file()


async def test_export_does_not_touch_a_strangers_folder(open_review, at_desk, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear diary")
    async with at_desk(open_review("sample")) as hand:
        await hand.types(f'E shift+tab ctrl+u "{tmp_path / "mine"}" enter enter enter')
        assert "the folder holds other files: diary.txt" in hand.said[-1]
        assert [path.name for path in (tmp_path / "mine").iterdir()] == ["diary.txt"]


TOOLS = {"tools": [
    {"name": "send_fax", "description": "Sends a fax.", "inputSchema": {"type": "object", "properties": {}}},
    {"name": "list_faxes", "description": "Lists faxes.", "inputSchema": {"type": "object", "properties": {}}},
]}  # fmt: skip


async def test_import_adds_a_source(open_review, at_desk, tmp_path):
    (tmp_path / "fax.json").write_text(json.dumps(TOOLS))
    async with at_desk(open_review("sample")) as hand:
        await hand.types(f'I "{tmp_path / "fax.json"}" enter')
        assert len(hand.recorded()) == 1
        assert hand.recorded()[0].startswith("source.imported fax")
        assert hand.said == ["imported fax: 2 tools"]
        await hand.shows("50 tools")
        await hand.types("G a enter")
        assert hand.recorded()[1] == "tool.decided list_faxes approved on the assessment"


async def test_import_refreshes_a_source(open_review, at_desk, tmp_path):
    """A changed definition makes its decision stale; the others stay."""
    path = tmp_path / "fax.json"
    path.write_text(json.dumps(TOOLS))
    async with at_desk(open_review("sample")) as hand:
        await hand.types(f'I "{path}" enter / "fax" enter ~ b enter b enter')
        changed = json.loads(path.read_text())
        changed["tools"][0]["description"] = "Sends a fax to anybody."
        path.write_text(json.dumps(changed))
        await hand.types(f'I "{path}" enter')
        assert hand.said[-1] == "refreshed fax: 1 changed, 0 new, 0 gone"
        stale = [state.row.name for state in hand.review.tools() if state.stale]
        assert stale == ["send_fax"]
        await hand.types('/ ctrl+u "is:stale" enter')
        assert hand.shown == ["send_fax"]


async def test_import_refuses_what_it_cannot_read(open_review, at_desk, tmp_path, subtests):
    path = tmp_path / "bad.json"
    async with at_desk(open_review("sample")) as hand:
        for content in (None, "", "{}", '{"tools": []}', "\x00\x01", "openapi: 3.1.0\ninfo: {title: x}"):
            with subtests.test(repr(content)):
                if content is not None:
                    path.write_text(content)
                hand.said.clear()
                await hand.types(f'I "{path}" enter')
                assert hand.recorded() == []
                if content is None:  # a path that leads nowhere keeps the question
                    await hand.shows("there is no")
                    await hand.types("escape")
                else:
                    assert len(hand.said) == 1
                assert not hand.over


# help and palette ----------------------------------------------------------------------------------------


AREAS = {
    "3": "tools", "4": "findings", "7": "governance", "H": "trail", "5": "flows", "D": "duplicates", "6": "changes",
    "9": "signoff",
}  # fmt: skip


async def test_help_lists_every_key_of_the_area(open_review, at_desk, subtests):
    async with at_desk(open_review("sample"), size=(120, 110)) as hand:
        for number, area in AREAS.items():
            with subtests.test(area):
                await hand.types(f"{number} ?")
                await hand.shows(f"Keys: {TABLE[area].title}")
                shown = await hand.look()
                for key in Keymap().of(area):
                    words = " ".join(key.help.split()[:4])
                    assert re.search(rf"{re.escape(spelled(key.keys))} +{re.escape(words)}", shown), key
                await hand.types("?")
                assert not covered(hand.desk)


async def test_help_scrolls_on_a_small_screen(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("?")
        assert "Leave. Everything is saved already." not in await hand.look()
        for _ in range(10):  # a scroll that is not drawn yet swallows the next one
            await hand.types("pagedown")
            await hand.look()
        await hand.shows("Leave. Everything is saved already.")
        await hand.types("g")
        await hand.shows("Keys: Tools")
        await hand.types("q")
        assert not hand.over


async def test_the_palette_offers_every_action_of_the_area(open_review, at_desk, subtests):
    async with at_desk(open_review("sample")) as hand:
        for number, area in AREAS.items():
            with subtests.test(area):
                await hand.types(number)
                titles = {command.title for command in hand.desk.get_system_commands(hand.desk.screen)}
                for key in Keymap().of(area):
                    if not key.action.startswith(("move", "page", "edge", "escape", "palette")):
                        assert key.title in titles


async def test_the_palette_runs_what_is_chosen(open_review, at_desk):
    async with at_desk(open_review("fresh")) as hand:
        await hand.types('ctrl+p "block"')
        await hand.shows("Block the tool")
        await hand.types("enter enter")
        await hand.until(hand.recorded)
        assert hand.recorded() == ["tool.decided listCustomers blocked on the assessment"]


# limits --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(39, 24), (80, 11), (30, 10)])
async def test_on_a_screen_that_shows_no_tool_nothing_is_decided(size, open_review, at_desk):
    async with at_desk(open_review("fresh"), size=size) as hand:
        assert "at least 40 columns" in " ".join((await hand.look()).split())
        assert "listCustomers" not in await hand.look()
        await hand.types("a enter b enter")
        assert hand.recorded() == []
        await hand.resize(80, 24)
        await hand.settle()
        assert "listCustomers" in await hand.look()  # the state was kept


async def test_q_leaves_a_terminal_that_is_too_small(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(40, 10)) as hand:
        await hand.types("q")
        assert hand.over


async def test_without_a_name_nothing_is_recorded(open_review, at_desk):
    async with at_desk(open_review("fresh"), actor="") as hand:
        await hand.types("a enter")
        assert hand.recorded() == []
        assert "the actor is not known" in hand.said[-1]
