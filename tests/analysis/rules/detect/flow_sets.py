"""Invented servers and APIs, and the exfiltration path over any of them together."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, TypeAlias

from analysis.assess import assess_all
from analysis.ingest import read
from analysis.model import SourceId, ToolRow, ToolState

#: Name, description, parameters (`!`: required), fields of the result, and hints of a tool.
Listed: TypeAlias = tuple[str, str, str, str, dict[str, bool]]

#: Name of a server -> its tools.
SERVERS: dict[str, list[Listed]] = {
    "disk": [
        ("read_document", "Reads a document of the machine", "path!", "", {}),
        ("save_document", "Saves a document of the machine", "path! content!", "", {}),
        ("rename_document", "Renames a document of the machine", "source! destination!", "", {}),
        ("list_folders", "Lists the names of folders", "path!", "", {}),
    ],
    "pages": [("grab", "Downloads a web page and returns its text", "url!", "", {})],
    "mailbox": [
        ("list_mails", "Lists the newest mails of the user", "folder", "", {}),
        ("send_mail", "Sends a mail", "to! subject! body!", "", {}),
    ],
    "mail_reader": [("read_mails", "Reads the newest mails of the user", "folder", "", {})],
    "tracker": [
        ("search_tickets", "Searches tickets", "words!", "", {}),
        ("get_ticket", "Returns one ticket with its comments", "number!", "", {}),
        ("add_comment", "Adds a comment to a ticket", "number! text!", "", {}),
    ],
    "browser": [
        ("open_page", "Opens an address in the browser", "url!", "", {}),
        ("page_text", "Returns the text of the current page", "", "", {}),
        ("press_button", "Clicks a button of the page", "selector!", "", {}),
        ("fill_field", "Types text into a field of the form", "selector! text!", "", {}),
    ],
    "wiki": [
        ("get_article", "Returns an article of the company wiki", "title!", "", {}),
        ("update_article", "Updates an article of the company wiki", "title! text!", "", {}),
    ],
    "people": [
        ("find_employees", "Finds employees by name", "name!", "full_name email phone salary", {}),
        ("update_phone", "Changes the phone number of an employee", "employee! phone!", "", {}),
    ],
    "chatroom": [
        ("read_channel_messages", "Returns the messages of a channel", "channel!", "", {}),
        ("post_message", "Posts a message to a channel", "channel! text!", "", {}),
    ],
    "shell": [("run_command", "Runs a command in a shell", "command!", "", {})],
    "hooks": [
        ("create_webhook", "Creates a webhook for events", "event! address!", "", {}),
        ("list_webhooks", "Lists webhooks", "url", "", {}),
    ],
    "search": [("web_search", "Searches the web", "words!", "", {})],
    "clock": [
        ("get_current_time", "Returns the current time in a zone", "zone!", "", {}),
        ("convert_time", "Converts a time between two zones", "time! zone!", "", {}),
    ],
    "calculator": [("add_numbers", "Adds two numbers", "first! second!", "", {})],
    "catalogue": [
        ("list_products", "Lists the products of the catalogue", "category", "name price stock", {}),
        ("get_price", "Returns the price of a product", "sku!", "price currency", {}),
    ],
    "orders": [
        ("list_orders", "Lists orders", "", "id amount currency created_at", {}),
        ("cancel_order", "Cancels an order", "id!", "", {}),
    ],
    "thinking": [
        ("ponder", "Works through a problem in steps, each of which may revise the one before it", "thought!", "",
         {"readOnlyHint": True, "openWorldHint": False}),
    ],
    "mystery": [("process_record", "Processes a record", "record!", "", {})],
    "silent": [("get_thing", "", "id!", "", {})],
    "versions": [
        ("show_commit", "Shows a commit of the repository", "hash!", "", {}),
        ("create_branch", "Creates a branch in the repository", "name!", "", {}),
    ],
    "forecasts": [("get_forecast", "Returns the forecast of a place", "place!", "", {"readOnlyHint": True, "openWorldHint": True})],
}  # fmt: skip


@cache
def server(name: str) -> tuple[ToolState, ...]:
    """Return the tools of an invented server, undecided."""
    return states(listing(name), name)


def listing(name: str) -> bytes:
    """Return the tools of an invented server as it would list them."""
    return json.dumps({"tools": [_listed(*each) for each in SERVERS[name]]}).encode()


def states(raw: bytes | str, source: str) -> tuple[ToolState, ...]:
    """Return the tools of a source, undecided."""
    inventory = read(raw, name=SourceId(source)).inventory
    assert inventory is not None
    tools = inventory.tools
    rows = [ToolRow.of(tool, assessment) for tool, assessment in zip(tools, assess_all(tools), strict=True)]
    return tuple(ToolState(row, row.risk, row.types[0], row.effect) for row in rows)


def _listed(name: str, text: str, parameters: str, fields: str, hints: dict[str, bool]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {each.rstrip("!"): {"type": "string"} for each in parameters.split()},
    }
    schema["required"] = [each.rstrip("!") for each in parameters.split() if each.endswith("!")]
    output = {"type": "object", "properties": {field: {"type": "string"} for field in fields.split()}}
    return {
        "name": name, "description": text, "inputSchema": schema, "annotations": hints,
        **({"outputSchema": output} if fields else {}),
    }  # fmt: skip
