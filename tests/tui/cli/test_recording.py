"""Commands record the same events as the desk."""

import pytest

from analysis.review.session import Review


def events(path):
    review = Review.open(path, writable=False)
    try:
        return [(event.kind, event.data) for event in review.store.events[-1:]]
    finally:
        review.close()


@pytest.mark.parametrize(
    ("command", "kind", "data"),
    [
        (["retag", "@", "listTags", "--risk", "high"], "tool.retagged", {"value": "high", "reason": ""}),
        (
            ["retag", "@", "listTags", "--type", "billing", "--reason", "x"],
            "tool.retagged",
            {"value": "billing", "reason": "x"},
        ),
        (
            ["view", "@", "Money first", "class:billing"],
            "view.saved",
            {"name": "Money first", "query": "class:billing"},
        ),
        (
            [
                "dispose",
                "@",
                "--rule",
                "EXP-001",
                "--status",
                "false-positive",
                "--code",
                "not-present",
                "--reason",
                "x",
            ],
            "finding.disposed",
            {"status": "false-positive", "code": "not-present", "reason": "x"},
        ),
    ],
)
def test_a_command_records_the_same_event_as_the_desk(run, file, command, kind, data):
    assert run(*[file if word == "@" else word for word in command]).code == 0
    assert events(file) == [(kind, data)]
