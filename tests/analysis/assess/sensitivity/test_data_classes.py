"""Classes of fields: by name alone, and by what else a source tells of a field."""

import time

import pytest

from analysis.assess import assess, assess_all
from analysis.assess.sensitivity.data_classes import class_lists, classify_field
from analysis.model import SourceId, Tool, ToolId
from analysis.rules.pack.returned_data import SENSITIVE_CLASSES
from tests.benchmarks.label_fields import read_rows, score


@pytest.mark.parametrize(
    ("name", "schema", "description", "data", "shown_by"),
    [
        ("callerName", "", "", "personal", "ends in caller name"),
        ("name", "Room", "", "naming", "is called name"),
        ("nextToken", "Page", "The token of the next page.", None, None),
        ("message", "NotFoundException", "Says what is missing.", None, None),
        ("message", "Bulletin", "The message to show in the hall.", "free-text", "is described as message"),
        ("line2", "HomeAddress", "", "place", "is part of a address"),
        ("updatedAt", "HomeAddress", "", None, None),
        ("destination", "Parcel", "The e-mail address of the neighbour.", "identity", "is described as e-mail address"),
        ("confirmed", "Parcel", "Whether the e-mail address was confirmed.", None, None),
        ("comment", "Review", "", "free-text", "ends in comment"),
        ("user_has_strong_password", "User", "", None, None),
        ("isAdminEmail", "User", "The e-mail address is that of an administrator.", None, None),
        ("clientSecret", "AuthError", "", "secret", "ends in client secret"),
    ],
)
def test_class_of_a_field(name, schema, description, data, shown_by):
    found = classify_field(name, schema, description)
    assert (found.data, found.shown_by) == (data, shown_by) if data else found is None


def test_nothing_but_a_name_shows_a_class_that_weighs():
    lists = class_lists()
    assert lists.weighty == SENSITIVE_CLASSES
    others = {*lists.whole.values(), *lists.schemas.values(), *(kind for kind, _ in lists.described)}
    assert others.isdisjoint(SENSITIVE_CLASSES)


def tool(near, **more):
    return Tool(
        ToolId("s:t"), SourceId("s"), "getThing", "GET", "/thing", "getThing", "", "", "0" * 64, "",
        shallow_fields=near, response_fields=near, **more,
    )  # fmt: skip


def classes_of(said):
    return {hit.data: hit.fields for hit in said.data}


def test_notes_of_a_field_decide_where_they_exist():
    notes = (("name", "NotFoundException", ""), ("line2", "HomeAddress", ""))
    assert classes_of(assess(tool(("line2", "name", "title"), field_notes=notes))) == {
        "naming": ("title",), "place": ("line2",),
    }  # fmt: skip


def test_the_title_of_a_problem_report_is_no_name():
    assert classes_of(assess(tool(("detail", "status", "title", "type")))) == {}
    assert classes_of(assess(tool(("title",)))) == {"naming": ("title",)}


def test_many_tools_with_the_same_names_cost_little():
    tools = [tool(tuple(f"part{(n + m) % 400}_email" for m in range(100))) for n in range(11_000)]
    few = tools[:400]
    began = time.process_time()
    assess_all(few)
    first = time.process_time() - began
    began = time.process_time()
    assess_all(tools)
    assert time.process_time() - began < 40 * first + 1


def test_marks_of_vendors(shared):
    """Floors a little under what was measured: recall .73 and .88, precision .86 and .81."""
    found = score(read_rows(shared / "ground-truth"))["sources"]
    assert found["aws_fields"]["recall"] > 0.71
    assert found["aws_fields"]["precision"] > 0.83
    assert found["twilio_fields"]["recall"] > 0.85
    assert found["twilio_fields"]["precision"] > 0.78
