"""Findings by tool are those of a dictionary, and what was kept stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.review.derived import found_by_tool
from analysis.review.derived.found_by_tool import FoundByTool

TOOLS = st.sampled_from("abcdefgh")
FOUND = st.lists(st.integers(0, 3), max_size=2).map(tuple)
STEPS = st.lists(st.one_of(st.tuples(TOOLS, FOUND), st.just("keep")), max_size=60)


@given(STEPS, st.integers(0, 5))
def test_it_is_a_dictionary_whose_states_can_be_kept(steps, most):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(found_by_tool, "_MAX_CHANGED", most)
        found: Any = FoundByTool()
        plain: dict[str, tuple[int, ...]] = {}
        kept: list[Any] = []
        for step in steps:
            if step == "keep":
                kept.append((found.kept(), dict(plain)))
            else:
                tool, now = step
                found.replace(tool, now)
                plain.pop(tool, None)
                plain.update({tool: now} if now else {})
        for view, then in [*kept, (found, plain)]:
            assert view == then
            assert dict(view) == dict(view.items()) == then
            assert (len(view), sorted(view.values())) == (len(then), sorted(then.values()))
            for tool in "abcdefgh":
                assert (view.get(tool), view.of(tool), tool in view) == (
                    then.get(tool),
                    then.get(tool, ()),
                    tool in then,
                )
