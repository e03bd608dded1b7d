"""Exfiltration sinks: where data leaves, and calls that only keep, move or read it."""

import pytest

from analysis.model import FlowRole
from tests.analysis.assess.flows.test_content import roles

SINK = FlowRole.EXFILTRATION_SINK


@pytest.mark.parametrize(
    ("call", "text", "params"),
    [
        ("fetch_page", "", "address_url!"),
        ("send_report", "", "text!"),
        ("chat.post", "", ""),
        ("POST /rooms/{id}/messages postMessage", "", "body!"),
        ("POST /repos/{id}/issues createIssue", "", "title!"),
        ("PUT /wiki/pages/{id} updatePage", "", "body!"),
        ("create_pull_request", "", "title! body!"),
        ("create_or_update_file", "", "owner! repo! path! content!"),
        ("git_push", "", "remote"),
        ("POST /hooks createHook", "", "url!"),
        ("PATCH /hooks/{id}/config updateHookConfig", "", "secret"),
        ("POST /jobs createJob", "", "callbackUrl"),
        ("POST /screenshots createScreenshot", "", "url!"),
        ("add_feed", "", "url!"),
        ("POST /folders/{id}/collaborations addCollaboration", "", "user!"),
        ("makeSharedLink", "", "file!"),
        ("upload_file", "", "path!"),
        ("browser_type", "Types text into an element of the page", "text!"),
        ("browser_drop", "Drops files onto an element of the page", "paths!"),
        ("fill_form", "Fills the form", "fields!"),
        ("goto", "Navigates the browser", "url!"),
        ("ring_customer", "", "to! text!"),
        ("dns_resolve", "Looks up a host name", "hostname!"),
        ("outreach", "Sends a mail to a customer", "text!"),
        ("extend_text", "Adds text at the end", "document_id! text!"),
        ("close_topic", "", "thread_id! message"),
        ("update_card", "", "board_id! card_id! description"),
        ("put_file_on_card", "", "card_id! data!"),
        ("set_room_picture", "", "chat_id! file_path!"),
        ("create_subtask", "", "parent_task_id! notes"),
        ("POST /conversations startConversation", "", "body!"),
        ("create_support_case", "", "subject! body!"),
        ("publish_draft_reply", "", "ticket_id!"),
        ("POST /commands createCommand", "", "trigger! url!"),
        ("capture_site", "Captures a picture of the given URL", "request!"),
        ("update_merge_request", "", "id! title"),
        ("create_campaign_update", "", "campaign_id! body!"),
        ("create-event", "Adds an event to the calendar", "summary!"),
        ("append_items", "", "block_id! children!"),
    ],
)
def test_data_leaves_through_a_sink(call, text, params):
    assert SINK in roles(call, text, params)


@pytest.mark.parametrize(
    ("call", "text", "params"),
    [
        ("move_file", "Moves a file of the machine", "source! destination!"),
        ("write_file", "Writes a file of the machine", "path! content!"),
        ("edit_document", "", "file_path! old! new!"),
        ("GET /links listLinks", "", "url"),
        ("search_links", "", "url!"),
        ("POST /customers createCustomer", "", "email! phone website"),
        ("POST /bookmarks createBookmark", "", "url!"),
        ("POST /checkouts createCheckout", "", "success_url! cancel_url!"),
        ("PUT /issues/{id}/lock lockIssue", "", "reason"),
        ("POST /issues/{id}/labels addLabels", "", "labels!"),
        ("PUT /settings/releases/settings setReleaseSettings", "", "mode!"),
        ("create_draft", "", "to! subject! body!"),
        ("DELETE /hooks/{id} deleteHook", "", ""),
        ("archive_channel", "", "channel!"),
        ("PUT /users/{id}/notification-preferences setPreferences", "", "daily"),
        ("POST /token-reviews createTokenReview", "", "token!"),
        ("resize_window", "Resizes the window of the browser", "width! height!"),
        ("wait_for", "Waits until a text is on the page", "text!"),
        ("buy_tickets", "", "event!"),
        ("post_search", "Searches by title", "words!"),
    ],
)
def test_what_stays_is_no_sink(call, text, params):
    assert SINK not in roles(call, text, params)
