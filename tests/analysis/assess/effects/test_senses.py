"""Verbs of two meanings: the object settles which one, in names, paths and texts; without it nothing is sure."""

import pytest

from analysis.assess import assess, assess_all
from analysis.assess.confidence import DEFAULT_CONFIDENCE
from analysis.assess.vocabulary import VERB_KINDS, built_in_vocabulary
from analysis.model import Effect, SourceId, Tool, ToolId, ToolType
from analysis.words import split_words

SURE = 0.95
SENSES = [group for group in built_in_vocabulary().groups if " " in group.kind]


def tool(name="", method="", path="", summary="", description=""):
    return Tool(
        ToolId(f"s:{name}{path}"), SourceId("s"), name or f"{method} {path}", method, path, name if method else "",
        summary, description, "0" * 64, "",
    )  # fmt: skip


@pytest.mark.parametrize("group", SENSES, ids=lambda group: f"{group.kind}-{group.example}")
def test_every_sense_has_a_kind_and_an_example_of_it(group):
    *verbs, kind = group.kind.split()
    assert kind in VERB_KINDS
    words = split_words(group.example)
    assert set(words) & set(verbs)
    said = assess(tool(group.example))
    assert (said.effect is Effect.READ) == (kind == "read"), said
    assert (ToolType.BILLING in said.types) >= (kind == "money")


PAIRS = """
capture_screenshot       read    capture_payment          money
charge_scooter           write   charge_card              money
recall_memories          read    recall_product           write
expand_url               read    expand_volume            write
stream_log_lines         read    simulate_click           write
simulate_price           read    simulate_outage          write
resolve_hostname         read    resolve_incident         write
convert_currency         read    convert_lead             write
format_sql               read    format_disk              destroy
open_nodes               read    open_dialog              write
quote_shipping_rate      read    quote_customer           write
profile_query            read    run_workflow             write
close_tab                write   close_position           money
"""
MEANING = {
    "read": {Effect.READ}, "write": {Effect.SIDE_EFFECT}, "money": {Effect.CRITICAL}, "destroy": {Effect.CRITICAL},
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "meaning"),
    [pair for row in PAIRS.split("\n") if row for pair in zip(row.split()[::2], row.split()[1::2], strict=True)],
)
def test_the_object_settles_the_verb(name, meaning):
    said = assess(tool(name))
    assert said.effect in MEANING[meaning]
    assert not said.unclear
    assert (ToolType.BILLING in said.types) == (meaning == "money")


@pytest.mark.parametrize("verb", sorted(built_in_vocabulary().lists["two-meanings"] - {"charge"}))
@pytest.mark.parametrize("method", ["", "POST"])
def test_without_an_object_it_is_unclear_and_never_sure(verb, method):
    said = assess(tool(f"{verb}_frob", method, "/x" if method else ""))
    assert (said.effect, said.unclear) == (Effect.SIDE_EFFECT, True)
    assert said.confidence < SURE


def test_the_object_may_stand_in_the_path():
    said = assess(tool("", "POST", "/payment_holds/{hold}/capture"))
    assert said.effect is Effect.CRITICAL
    assert assess(tool("capture", "POST", "/payments/{id}/capture")).effect is Effect.CRITICAL
    assert assess(tool("", "POST", "/screens/{id}/capture")).effect is Effect.READ


def test_the_object_may_stand_in_the_text():
    assert assess(tool("nest_resolve", description="Resolve a symbol to its definition.")).effect is Effect.READ
    assert assess(tool("nest_open", description="Open a file and return its lines.")).effect is Effect.READ
    assert assess(tool("nest_open", description="Open a dialog on the screen.")).effect is Effect.SIDE_EFFECT


def test_a_settled_read_by_post_is_not_called_sure():
    said = assess(tool("resolveHostname", "POST", "/x", "Resolve a hostname to an address"))
    assert said.effect is Effect.READ
    assert DEFAULT_CONFIDENCE["reads"] <= said.confidence < SURE


def test_a_battery_that_is_charged_is_no_bill():
    said = assess(tool("begin_charge", description="Begin charging the scooter at a station"))
    assert said.types == (ToolType.SIDE_EFFECT,)
    assert ToolType.BILLING in assess(tool("create_charge", description="Take money from a card")).types


# --- names of services --------------------------------------------------------------------------------

SERVICE = ["compute_disk_create", "compute_disk_get", "compute_image_delete", "compute_zone_list"]


def test_the_name_of_a_service_is_no_verb():
    tools = [tool(name) for name in [*SERVICE, "compute_shelf_mappings"]]
    created, read, deleted, listed, other = assess_all(tools)
    assert [said.effect for said in (created, read, deleted, listed)] == [
        Effect.SIDE_EFFECT, Effect.READ, Effect.CRITICAL, Effect.READ,
    ]  # fmt: skip
    assert (other.effect, other.unclear) == (Effect.SIDE_EFFECT, True)
    assert assess(tool("compute_distance")).effect is Effect.READ


def test_what_begins_with_the_same_verb_is_no_service():
    tools = [tool(name) for name in ("list_open_nests", "list_draft_nests", "list_group_nests", "search_open_nests")]
    assert {said.effect for said in assess_all(tools)} == {Effect.READ}
