"""An index that follows changes holds what one made anew would hold."""

import random
from dataclasses import replace

from analysis.model import DecisionState, FlowRole, ToolType
from analysis.rules.detect.lethal_trifecta import exposed_path_keys
from analysis.rules.engine.examples import example_decision, example_state
from analysis.rules.engine.index import Index, partition


def looks(tool):
    """Something to count under that decisions, legs and types change."""
    yield tool.type
    yield from exposed_path_keys(tool)


def plainly(groups):
    return [(key, [tool.row.id for tool in tools]) for key, tools in groups.items()]


def test_an_index_follows_whatever_changes():
    chance = random.Random(7)
    tools = [
        replace(
            example_state(f"tool{n}", chance.choice(list(ToolType)), flow_roles=tuple(chance.sample(list(FlowRole), 2)))
        )
        for n in range(60)
    ]
    index = Index(looks, tools)
    for _ in range(300):
        place = chance.randrange(len(tools))
        before = set(looks(tools[place]))
        other = example_state(
            f"tool{place}", chance.choice(list(ToolType)), flow_roles=tuple(chance.sample(list(FlowRole), 2))
        )
        blocked = example_decision(DecisionState.BLOCKED) if chance.random() < 0.3 else None
        tools[place] = example_state(f"tool{place}", other.type, blocked, flow_roles=other.row.flow_roles)
        assert index.update_one(place) or set(looks(tools[place])) == before
        assert dict(plainly(index.groups())) == dict(plainly(partition(tools, looks)))


def test_a_group_is_looked_up_as_it_stands():
    tools = [example_state("first"), example_state("second")]
    index = Index(lambda tool: (tool.type,), tools)
    listed = index.tools_at(ToolType.READ)
    tools[1] = example_state("second", ToolType.CRITICAL)
    assert index.update_one(1)
    assert [tool.row.name for tool in listed] == ["first"]
    assert [listed[0].row.name, len(listed), [tool.row.name for tool in listed[:5]]] == ["first", 1, ["first"]]
    assert not index.update_one(1)
    assert len(index.tools_at("nothing")) == 0
