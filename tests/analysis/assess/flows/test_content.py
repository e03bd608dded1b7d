"""Untrusted content: readers of what people outside wrote, and calls that only look like them."""

import pytest

from analysis.assess import assess
from analysis.model import FlowRole, Parameter, SourceId, Tool, ToolId

UNTRUSTED, PRIVATE = FlowRole.UNTRUSTED_CONTENT, FlowRole.PRIVATE_DATA


def roles(call, text="", params="", fields="", *, returns="undescribed", **hints):
    """Return the flow roles of a call such as `GET /notes listNotes` or `read_notes`."""
    *where, name = call.split(" ")
    method, path = where or ("", "")
    listed = tuple(
        Parameter(one.rstrip("!"), "argument", required=one.endswith("!"), type="string", description="")
        for one in params.split()
    )
    near = tuple(fields.split())
    tool = Tool(
        ToolId(f"s:{name}"), SourceId("s"), name, method, path, name if method else "", "", text, "0" * 64, "",
        parameters=listed, shallow_fields=near, response_fields=near,
        returns="described" if near else returns, hints=tuple(hints.items()),
    )  # fmt: skip
    return {signal.flow_role for signal in assess(tool).flow_roles}


@pytest.mark.parametrize(
    ("call", "text", "params"),
    [
        ("read_mail", "", "folder"),
        ("get_ticket_by_number", "", "number!"),
        ("list_merge_discussions", "", ""),
        ("GET /boards/{id}/threads listThreads", "", ""),
        ("GET /search/threads searchThreads", "", ""),
        ("GET /calls/{id}/transcript.json callTranscript", "", ""),
        ("GET /drive/{id}/contents getContents", "", ""),
        ("messages_search", "", "text!"),
        ("read_text_file", "", "path!"),
        ("download_attachment", "", "id!"),
        ("get_product_reviews", "", "sku!"),
        ("tail_logs", "", "service!"),
        ("search", "", "words!"),
        ("web_lookup_and_search", "Searches the web for a phrase", "phrase!"),
        ("grab_view", "Returns the accessibility tree of the current page", ""),
        ("take_snapshot", "Takes a snapshot of the page that is open in the browser", ""),
        ("scrape_site", "", "start_url!"),
        ("read_document", "", "isUrl path!"),
        ("fetch_feed", "", "url!"),
        ("youtube_captions", "Returns the captions of a public video", "id!"),
        ("get_room", "Returns the facts of a room", "room! include_messages"),
        ("list_upcoming_events", "Lists what is next in the calendar", ""),
        ("get_cards", "", "board_id!"),
        ("list_my_tasks", "Returns what is assigned to the caller", ""),
        ("list_calls_with_transcripts", "", ""),
        ("shopforum_linkedin_search_beta", "", "words!"),
        ("list_patch_diffs", "", ""),
        ("read_object", "", "bucket! key!"),
        ("capture_site", "Captures a picture of the given URL", "request!"),
        ("team_tickets", "All open tickets of a team", "team_id"),
    ],
)
def test_a_reader_of_what_others_write_returns_untrusted_content(call, text, params):
    assert UNTRUSTED in roles(call, text, params)


@pytest.mark.parametrize(
    ("call", "text", "params", "fields"),
    [
        ("list_ticket_labels", "", "", ""),
        ("get_ticket_watchers", "Returns the watchers of a ticket", "ticket_id!", ""),
        ("list_change_builds", "Lists the builds for a merge request", "id!", ""),
        ("find_postal_code", "", "town!", ""),
        ("list_status_pages", "", "", ""),
        ("GET /tasks listTasks", "", "", "id state started_at queue"),
        ("GET /threads/{id}/members threadMembers", "", "", ""),
        ("GET /messages/stats messageStats", "", "", ""),
        ("getCreditNote", "", "", ""),
        ("GET /card-reviews listReviews", "", "", "amount charge currency opened_reason"),
        ("GET /hooks listHooks", "", "url", "id active events"),
        ("list_files", "", "folder!", ""),
        ("GET /files/{id} getFile", "", "", "id name size created_at"),
        ("get_upload_url", "", "", ""),
        ("create_comment", "", "text!", ""),
        ("delete_message", "", "id!", ""),
        ("add_numbers", "Adds two numbers", "a! b!", ""),
        ("get_exchange_rate", "Returns the rate of two currencies, with one page per day", "base!", ""),
        ("OPTIONS /files/content uploadCheck", "", "", ""),
        ("GET /user/emails listEmails", "", "", "address primary verified"),
    ],
)
def test_what_is_about_content_or_is_none_returns_no_untrusted_content(call, text, params, fields):
    assert UNTRUSTED not in roles(call, text, params, fields)


def test_a_read_that_is_declared_to_reach_an_open_world_returns_untrusted_content():
    assert UNTRUSTED in roles("get_forecast", "Returns a forecast", openWorldHint=True, readOnlyHint=True)
    assert UNTRUSTED not in roles("get_forecast", "Returns a forecast", openWorldHint=False, readOnlyHint=True)
    assert UNTRUSTED not in roles("set_forecast", "Sets a forecast", openWorldHint=True)


@pytest.mark.parametrize(("call", "private"), [("list_chats", True), ("list_issues", True), ("search_web", False)])
def test_what_was_written_for_some_is_private_and_what_is_published_is_not(call, private):
    assert (PRIVATE in roles(call)) is private


def test_a_call_that_returns_nothing_returns_no_content():
    assert UNTRUSTED not in roles("get_message", returns="nothing")
