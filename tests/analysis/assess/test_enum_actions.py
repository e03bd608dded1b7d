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
