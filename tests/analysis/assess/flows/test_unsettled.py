"""Flow roles that a definition leaves open, and what settles them."""

import pytest

from analysis.assess import assess
from analysis.model import FlowRole, Parameter, SourceId, Tool, ToolId

RETURNED = {FlowRole.PRIVATE_DATA, FlowRole.UNTRUSTED_CONTENT}
SINK = FlowRole.EXFILTRATION_SINK


def left_open(name, text="", *, kind="string", returns="undescribed", method="", **hints):
    parameter = Parameter("value", "argument", required=True, type=kind, description="")
    tool = Tool(
        ToolId("s:t"), SourceId("s"), name, method, f"/{name}" if method else "", name if method else "", "", text,
        "0" * 64, "", parameters=(parameter,), returns=returns, hints=tuple(hints.items()),
    )  # fmt: skip
    return {role.flow_role for role in assess(tool).open_flow_roles}


@pytest.mark.parametrize(
    ("call", "roles"),
    [
        (left_open("process_item", "Processes an item"), {*RETURNED, SINK}),
        (left_open("process_item", "Processes an item", kind="integer"), RETURNED),
        (left_open("process_item", "Processes an item", returns="described"), {SINK}),
        (left_open("process_item", "Processes an item", kind="integer", returns="nothing"), set()),
        (left_open("get_item"), RETURNED),
        (left_open("get_item", returns="described"), set()),
        (left_open("get_item", "Returns an item of the catalogue"), set()),
        (left_open("set_item"), {SINK}),
        (left_open("set_item", "Sets the price of an item"), set()),
        (left_open("set_item", method="PUT"), set()),
        (left_open("run_shell", "Runs a command"), set()),  # it can play every role
    ],
)
def test_what_a_definition_does_not_say_is_open(call, roles):
    assert call == roles


def test_a_declared_closed_world_settles_only_what_the_text_agrees_with():
    text = "Works through a problem in steps, each of which may revise the one before it"
    assert left_open("ponder", text, openWorldHint=False) == set()
    assert left_open("ponder", text) == {*RETURNED, SINK}
    assert left_open("ponder", "Ponders", openWorldHint=False) == {*RETURNED, SINK}
    assert left_open("ponder", text + " and asks a remote server", openWorldHint=False) == {*RETURNED, SINK}
    assert left_open("ponder", text + " and posts it to a remote server", openWorldHint=False) == {SINK}


def test_an_open_world_leaves_open_where_a_write_with_text_sends_it():
    text = "Sets the price of an item"
    assert left_open("set_item", text, openWorldHint=True) == {SINK}
    assert left_open("set_item", text, kind="integer", openWorldHint=True) == set()
    assert left_open("set_item", text, openWorldHint=False) == set()
