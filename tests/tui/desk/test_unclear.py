"""Tools of unclear effect: visible in the table."""

from dataclasses import replace

import pytest

from analysis.model import ToolType
from analysis.review.sources.sample import build_sample
from tui.desk.areas.tool_row import ToolColumns


@pytest.fixture(scope="module")
def sample_review(tmp_path_factory):
    review = build_sample(tmp_path_factory.mktemp("unclear") / "sample.clearance")
    yield review
    review.close()


def states(sample_review):
    some = [tool for tool in sample_review.tools() if tool.type is ToolType.SIDE_EFFECT][:3]
    return [replace(tool, row=replace(tool.row, unclear=True)) for tool in some]


def test_the_table_shows_unclear_types(sample_review):
    for state in states(sample_review):
        width = next(column.width for column in ToolColumns().columns if column.title == "Type")
        (text, _) = ToolColumns().cells(state)[2]
        assert text == "unclear"
        assert len(text) <= width
