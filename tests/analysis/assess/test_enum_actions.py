"""What a caller can choose counts, whatever the tool is called; what only filters does not."""

import pytest

from analysis.assess import assess
from analysis.model import Effect, Parameter, Reversibility, SourceId, Tool, ToolId, ToolType


def tool(name, *values, method="", input_name="action"):
    chosen = Parameter(input_name, "argument", required=True, type="string", description="", values=values)
    path = f"/{name}" if method else ""
    return Tool(
        ToolId("s:t"), SourceId("s"), name, method, path, name if method else "", "", "", "0" * 64, "", parameters=(chosen,)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "types"),
    [
        (tool("manage_branch", "list", "create", "delete"), (ToolType.CRITICAL,)),
        (tool("get_or_change_thing", "show", "purge_all"), (ToolType.CRITICAL,)),
        (tool("updateOrder", "hold", "refund", method="POST"), (ToolType.BILLING, ToolType.CRITICAL)),
        (tool("updateOrder", "archive", "delete", method="POST", input_name="operationType"), (ToolType.CRITICAL,)),
        (tool("updateRole", "keep", "delete", method="PUT"), (ToolType.ADMINISTRATIVE, ToolType.CRITICAL)),
    ],
)
def test_the_worst_that_can_be_chosen_counts(chosen, types):
    said = assess(chosen)
    assert (said.effect, said.types, said.reversibility) == (Effect.CRITICAL, types, Reversibility.IRREVERSIBLE)
    assert said.destructive
    assert not said.unclear
    (reason,) = [reason for reason in said.reasons if reason.where == "parameters"]
    assert reason.matched.startswith(chosen.parameters[0].name)


@pytest.mark.parametrize(
    "plain",
    [
        tool("listEvents", "create", "delete", method="GET"),
        tool("update_branch", "rename", "move"),
        tool("update_branch", "delete"),
        tool("create_event", "create", "delete", input_name="type"),
    ],
)
def test_what_filters_or_is_fixed_chooses_nothing(plain):
    assert assess(plain).effect is not Effect.CRITICAL


# --- choices that no plain enumeration states -----------------------------------------------------------


def with_input(name, input_name, **facts):
    """An MCP tool with one argument."""
    facts = {"required": False, "type": "string", "description": "", **facts}
    hints, text = facts.pop("hints", ()), facts.pop("text", "")
    return Tool(
        ToolId("s:t"), SourceId("s"), name, "", "", "", "", text, "0" * 64, "",
        parameters=(Parameter(input_name, "argument", **facts),), hints=hints,
    )  # fmt: skip


@pytest.mark.parametrize(
    "chosen",
    [
        with_input("handle_nests", "steps", type="array", choices=(("kind", ("list", "wipe")),)),
        with_input("handle_nests", "kind", choices=(("kind", ("ping", "purge")),)),
        with_input("handle_nests", "action", description="One of: `list`, `create`, `delete`."),
        with_input("handle_nests", "operation", description="create | update | destroy"),
        with_input("handle_nests", "action", text="Handles nests. action: list, add or erase"),
        with_input("get_nests", "purge", type="boolean"),
    ],
)
def test_a_tool_is_as_dangerous_as_its_most_dangerous_choice(chosen):
    said = assess(chosen)
    assert (said.effect, said.destructive) == (Effect.CRITICAL, True)
    assert any(reason.where == "parameters" for reason in said.reasons)


@pytest.mark.parametrize(
    "chosen",
    [
        with_input("plan_nests", "apply", type="boolean"),
        with_input("check_nests", "autofix", type="boolean", text="Checks nests"),
        with_input("check_nests", "dry_run", type="boolean", text="Checks nests"),
        with_input("get_nests", "action", values=("show", "rename")),
        with_input("get_picture", "save_to"),
        with_input("get_picture", "filePath", description="Where to save the picture", required=True),
        with_input(
            "get_picture", "filePath", description="Where to save the picture", hints=(("readOnlyHint", False),)
        ),
    ],
)
def test_a_choice_can_make_a_read_write(chosen):
    said = assess(chosen)
    assert said.effect is Effect.SIDE_EFFECT
    assert any(reason.where == "parameters" and not reason.against for reason in said.reasons)


@pytest.mark.parametrize(
    "plain",
    [
        with_input("read_text", "filePath", description="The file to read"),
        with_input("list_nests", "dry_run", type="boolean"),
        with_input("get_nests", "action", description="What the bird did last, such as a flight."),
        with_input("get_nests", "kind", values=("create", "delete")),
        with_input("get_nests", "apply", type="string"),
    ],
)
def test_what_only_looks_like_a_choice_leaves_a_read(plain):
    said = assess(plain)
    assert said.effect is Effect.READ


def test_a_file_that_a_read_may_also_write_is_told_and_never_sure():
    said = assess(with_input("get_picture", "filename", description="A file to save the picture to"))
    assert said.effect is Effect.READ
    assert said.confidence <= 0.9
    (reason,) = [reason for reason in said.reasons if reason.where == "parameters"]
    assert reason.against
