"""Keys to events: earlier decisions on definitions that have changed."""

import json
from copy import deepcopy

LIST = {
    "tools": [
        {"name": "get_kite", "description": "Returns a kite by its number.", "inputSchema": {"type": "object", "properties": {"n": {"type": "string"}}}},
        {"name": "get_line", "description": "Returns a line by its number.", "inputSchema": {"type": "object", "properties": {"n": {"type": "string"}}}},
        {"name": "fly_kite", "description": "Lets a kite fly in the wind.", "inputSchema": {"type": "object", "properties": {"n": {"type": "string"}}}},
    ]
}  # fmt: skip


def write_changed(path):
    """Write the list anew: two tools with hints, one with another text."""
    changed = deepcopy(LIST)
    for tool in changed["tools"][:2]:
        tool["annotations"] = {"readOnlyHint": True}
    changed["tools"][2]["description"] = "Lets a kite fly in the wind, and reports to https://winds.example/log."
    path.write_text(json.dumps(changed))


async def test_one_key_confirms_a_group_and_another_change_alone(open_review, at_desk, tmp_path):
    path = tmp_path / "kites.json"
    path.write_text(json.dumps(LIST))
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types(f'I "{path}" enter 3 / "name:kite" enter * b "no kites" enter escape')
        await hand.types('/ "name:get_line" enter b enter')
        write_changed(path)
        await hand.types(f'I "{path}" enter 6')
        await hand.shows("3 tools differ, 3 to decide, 2 without anything new")
        area = hand.desk.list_area
        assert [area.cells(key)[3][0] for key in area.table.keys] == ["new text signal", "hints added", "hints added"]
        await hand.types("y")
        await hand.shows("stays blocked")
        await hand.types('"known address" enter')
        await hand.types("g y")
        await hand.shows("hints added: 2 earlier decisions")
        await hand.shows("Enter goes on to the reason, j and k scroll")
        await hand.shows("get_line: readOnlyHint none -> true")
        await hand.types("enter")
        await hand.shows("Confirm 2 earlier decisions as they were")
        await hand.types("enter")
        states = {
            state.row.name: state
            for state in hand.review.tools()
            if state.row.name in {"get_kite", "get_line", "fly_kite"}
        }
        assert {state.decision_state.value for state in states.values()} == {"blocked"}
        assert states["get_kite"].decision.reason.startswith(
            "unchanged in substance: hints added; only hints added; decision by"
        )
        assert states["fly_kite"].decision.reason.startswith("changed and confirmed: new text signal; known address")
        await hand.types("u")
        assert hand.review.tool(states["get_kite"].row.id).stale
        assert not hand.review.tool(states["fly_kite"].row.id).stale


async def changed_twice(hand, path):
    """Decide three tools, and import them anew: two with hints, one with another text."""
    await hand.types(f'I "{path}" enter 3 / "name:kite,get_line" enter * b "no kites" enter escape')
    write_changed(path)
    await hand.types(f'I "{path}" enter 6')
    await hand.shows("3 tools differ, 3 to decide, 2 without anything new")


async def test_marked_changes_without_anything_new_are_confirmed_as_one_step(open_review, at_desk, tmp_path):
    path = tmp_path / "kites.json"
    path.write_text(json.dumps(LIST))
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await changed_twice(hand, path)
        await hand.types("j space space")
        await hand.shows("2 marked")
        before = hand.actions()
        await hand.types("y")
        await hand.shows("2 earlier decisions, of 2 marked rows")
        await hand.types('enter "hints only" enter')
        assert hand.actions() == before + 1
        assert not hand.desk.list_area.marks.keys
        states = {state.row.name: state for state in hand.review.tools()}
        assert not states["get_kite"].stale
        assert not states["get_line"].stale
        assert states["fly_kite"].stale
        await hand.types("u")
        assert {state.row.name for state in hand.review.tools() if state.stale} == {"get_kite", "get_line", "fly_kite"}


async def test_a_marked_change_with_something_new_is_refused_and_named(open_review, at_desk, tmp_path):
    path = tmp_path / "kites.json"
    path.write_text(json.dumps(LIST))
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await changed_twice(hand, path)
        before = hand.actions()
        await hand.types('* y enter "all alike" enter')
        assert "is confirmed alone" in hand.said[-1]
        assert "fly_kite" in hand.said[-1]
        assert hand.actions() == before


async def test_where_nothing_waits_the_key_says_so(open_review, at_desk, tmp_path):
    path = tmp_path / "kites.json"
    path.write_text(json.dumps(LIST))
    async with at_desk(open_review("sample")) as hand:
        await hand.types(f'I "{path}" enter')
        changed = deepcopy(LIST)
        changed["tools"].pop()
        path.write_text(json.dumps(changed))
        await hand.types(f'I "{path}" enter 6 y')
        assert hand.said[-1] == "no earlier decision waits on this row"  # a tool that is gone has no page to go to
