"""Parameters of a call by their part in a flow."""

import pytest

from analysis.assess.flows.inputs import NO_INPUTS, FlowInputReader, Inputs
from analysis.assess.vocabulary import built_in_vocabulary
from analysis.model import Parameter


def read(name, kind="string", *, place="argument", required=True, values=()):
    parameter = Parameter(name, place, required=required, type=kind, description="", values=values)
    return FlowInputReader(built_in_vocabulary().lists).read([parameter])


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("pageUrl", "address"), ("source_uri", "address"), ("webhookUrl", "outlet"), ("callback", "outlet"),
        ("recipients", "recipient"), ("body", "message"), ("hostname", "host"), ("filePath", "local"), ("repo", "shared"),
    ],
)  # fmt: skip
def test_a_name_shows_the_part_of_a_parameter(name, part):
    assert getattr(read(name), part) == name
    assert read(name).free == name


@pytest.mark.parametrize("name", ["returnUrl", "avatar_url", "amount", "colour"])
def test_other_parameters_have_no_part(name):
    assert read(name) == Inputs(free=name, carries=name)


def test_an_address_is_known_by_its_type_and_by_a_switch():
    assert read("data", "string(uri)").address == "data"
    assert read("isUrl", "boolean") == Inputs(address="isUrl", address_required=True)
    assert read("include_url", "boolean") == NO_INPUTS
    assert not read("url", required=False).address_required


def test_what_cannot_carry_text_is_not_free():
    for kind in ("boolean", "integer", "number"):
        assert read("depth", kind) == NO_INPUTS
    assert read("id", place="path").free == ""
    assert read("X-Request-Id", place="header") == NO_INPUTS


def test_choices_count_in_arguments_that_select_the_action():
    assert read("action", values=("create", "list")).reading_choice == "list"
    assert read("action", values=("create", "sendNow")).sending_choice == "sendNow"
    assert read("voiceMethod", values=("GET", "POST")) == NO_INPUTS


@pytest.mark.parametrize(
    ("name", "aspect"),
    [
        ("thread_id", "holder"), ("parent_task_id", "holder"), ("mergeRequestIid", "holder"), ("message_id", "talk"),
        ("comment_text", "text"), ("fileData", "payload"), ("include_messages", "includes"), ("price", "carries"),
    ],
)  # fmt: skip
def test_a_name_shows_what_else_a_parameter_does(name, aspect):
    assert getattr(read(name), aspect) == name


def test_what_only_names_something_carries_no_text():
    assert read("thread_id").carries == ""
    assert read("issueKey").carries == ""
